//! Live reload: a file that came, changed or went takes effect at once, and disturbs no call.
//!
//! Calls under way end on the version that they began with. A file that is at fault leaves its older
//! version in service; the log and `/health` say so.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use zeroize::Zeroizing;

use super::Shared;
use super::contracts::{Contracts, ContractsError, Fault, FolderDefault, Places};

/// Quiet after a change, so that a file that is being written is read once and whole.
const QUIET: Duration = Duration::from_millis(50);
/// The longest time that changes without a pause put a reload off.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often a folder is looked at that cannot be watched.
const POLL: Duration = Duration::from_secs(1);

/// What is served, and where it comes from.
#[derive(Debug)]
pub(crate) struct Served {
    places: Places,
    default: FolderDefault,
    current: RwLock<Arc<Contracts>>,
    /// Why the last reload changed nothing.
    refused: RwLock<Option<Fault>>,
}

impl Served {
    /// Reads the folders for the first time.
    pub(super) fn open(
        places: Places,
        default: FolderDefault,
        keyring: &Zeroizing<String>,
    ) -> Result<Self, ContractsError> {
        let contracts = Contracts::read(&places, default, keyring)?;
        Ok(Self { places, default, current: RwLock::new(Arc::new(contracts)), refused: RwLock::default() })
    }

    /// The present snapshot.
    pub(crate) fn current(&self) -> Arc<Contracts> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Files whose present text is not what is served, by their path below the folder, with the line.
    pub(crate) fn faults(&self) -> Vec<(String, Option<usize>)> {
        let refused = self.refused.read().unwrap_or_else(PoisonError::into_inner).clone();
        let current = self.current();
        let faults = current.faults().iter().chain(&refused);
        faults.map(|fault| (self.inside(&fault.path), fault.line)).collect()
    }

    /// The path of a file as callers may see it.
    fn inside(&self, path: &Path) -> String {
        let mut roots = self.places.contracts.iter().chain(&self.places.private);
        let inside = roots.find_map(|root| path.strip_prefix(root).ok());
        let shown = inside.filter(|inside| !inside.as_os_str().is_empty());
        shown.map_or_else(|| "the contracts folder".to_owned(), |inside| inside.display().to_string())
    }

    /// Reads the folders again; takes as long as disk and compiler take.
    fn reload(&self, keyring: &Zeroizing<String>) {
        let old = self.current();
        let refused = match old.read_again(&self.places, self.default, keyring) {
            Ok(new) => {
                let (came, changed, went) = new.changes(&old);
                let faults = new.faults().len();
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                tracing::info!(came, changed, went, faults, "contracts were read again");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the contracts stay as they are");
                error.faults.into_iter().next()
            }
        };
        *self.refused.write().unwrap_or_else(PoisonError::into_inner) = refused;
    }
}

/// Reloads on every change, until it is dropped. Nothing is watched when nothing is read from a folder.
pub(super) async fn keep(oracle: Arc<Shared>) {
    let places = &oracle.served.places;
    let roots: Vec<PathBuf> = places.contracts.iter().chain(&places.private).cloned().collect();
    if roots.is_empty() {
        return;
    }
    let changed = Arc::new(Notify::new());
    let mut watched = watch(&roots, &changed);
    // What changed between the first reading and the first watch.
    changed.notify_one();
    loop {
        // A folder that is not there sends no word when it comes back.
        let is_whole = watched.real.iter().all(Option::is_some);
        let wait = if is_whole { Duration::MAX } else { POLL };
        if tokio::time::timeout(wait, changed.notified()).await.is_err() && watched.real == real(&roots) {
            continue;
        }
        settle(&changed).await;
        let served = oracle.clone();
        let reloading = tokio::task::spawn_blocking(move || served.served.reload(served.keys.keyring()));
        if let Err(error) = reloading.await {
            tracing::error!(%error, "the contracts could not be read again");
        }
        // A root that is a link may lead elsewhere by now, and a folder may be another of the same name.
        if watched.real != real(&roots) {
            watched = watch(&roots, &changed);
            // What changed before it was watched.
            changed.notify_one();
        }
    }
}

/// Waits until changes pause.
async fn settle(changed: &Notify) {
    let pause = async { while tokio::time::timeout(QUIET, changed.notified()).await.is_ok() {} };
    // Whoever writes without a pause is read in the middle; what comes later is read later.
    let _ = tokio::time::timeout(PATIENCE, pause).await;
}

/// A watcher, and the folders that its roots led to.
struct Watched {
    real: Vec<Option<Real>>,
    _watcher: Option<Box<dyn Watcher + Send>>,
}

/// Which folder it is that is found by a path; one made anew is another, even where it takes over the number.
#[derive(Debug, PartialEq, Eq)]
struct Real {
    path: PathBuf,
    number: (u64, u64),
    made: Option<SystemTime>,
}

fn real(roots: &[PathBuf]) -> Vec<Option<Real>> {
    let real = |root: &PathBuf| {
        let path = root.canonicalize().ok()?;
        let metadata = path.metadata().ok()?;
        Some(Real { path, number: (metadata.dev(), metadata.ino()), made: metadata.created().ok() })
    };
    roots.iter().map(real).collect()
}

fn watch(roots: &[PathBuf], changed: &Arc<Notify>) -> Watched {
    let real = real(roots);
    let notified = |changed: Arc<Notify>| {
        move |event: notify::Result<notify::Event>| {
            // Reading is an event too, and reloading reads.
            let is_change = |event: &notify::Event| match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
                EventKind::Access(_) => false,
                _ => true,
            };
            // A watcher that lost count says so by an error: then all is read again.
            if event.as_ref().map_or(true, is_change) {
                changed.notify_one();
            }
        }
    };
    let quick =
        RecommendedWatcher::new(notified(changed.clone()), Config::default()).and_then(|mut watcher| {
            follow(&mut watcher, roots).map(|()| Box::new(watcher) as Box<dyn Watcher + Send>)
        });
    let watcher = quick.or_else(|error| {
        tracing::warn!(%error, "the contracts folder cannot be watched, and is looked at every second");
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(false);
        PollWatcher::new(notified(changed.clone()), config).and_then(|mut watcher| {
            follow(&mut watcher, roots).map(|()| Box::new(watcher) as Box<dyn Watcher + Send>)
        })
    });
    if let Err(error) = &watcher {
        tracing::error!(%error, "changes of the contracts folder go unseen until the oracle is started again");
    }
    Watched { real, _watcher: watcher.ok() }
}

fn follow(watcher: &mut impl Watcher, roots: &[PathBuf]) -> notify::Result<()> {
    // One that is not there is looked for every second.
    for root in roots.iter().filter(|root| root.exists()) {
        watcher.watch(root, RecursiveMode::Recursive)?;
        // A release is switched in by replacing the link that the folder is.
        if root.is_symlink()
            && let Some(parent) = root.parent()
        {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            watcher.watch(parent, RecursiveMode::NonRecursive)?;
        }
    }
    Ok(())
}
