//! The one writer of the log: checks, writes, and only then acknowledges.
//!
//! Changes wait in a queue; what has gathered is written in one transaction, so a storm of announcements costs
//! few syncs. A checkpoint is signed only over what is on disk. When the disk fails, the writer stops for good:
//! what it holds in memory would no longer be what a restart finds.

mod head;
mod replay;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use swarm_protocol::did::Did;
use swarm_protocol::envelope::Verified;
use swarm_protocol::key::SigningKey;
use swarm_protocol::registry::{Operation, Oracle, Registry, RegistryError, Renew};
use swarm_protocol::time::Timestamp;
use tokio::sync::oneshot;

pub use head::Head;
pub use replay::ReplayError;

use super::clock;
use crate::store::{BATCH_ENTRIES_MAX, Batch, Store, StoreError};

/// Changes that may wait; beyond it callers are told to come back.
const QUEUE_MAX: usize = 4096;
/// How old a checkpoint may become, in milliseconds, before it is signed anew.
const HEAD_AGE_MS_MAX: u64 = 30_000;
/// Time that oracles are given to renew after the controller comes back, in milliseconds.
const RESUME_MS: u64 = 60_000;

/// A change that is in the log.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its place.
    pub index: u64,
    /// When it was written.
    pub at: Timestamp,
}

/// Why a change is not in the log.
#[derive(Debug, thiserror::Error)]
pub enum RegistrarError {
    /// It is against the rules.
    #[error(transparent)]
    Refused(#[from] RegistryError),
    /// Too many changes wait.
    #[error("{QUEUE_MAX} changes wait to be written")]
    Busy,
    /// The log could not be written, now or earlier.
    #[error("the log cannot be written")]
    Stopped,
}

/// A change that waits, and who waits for it.
struct Job {
    operation: Operation,
    reply: Option<oneshot::Sender<Result<Written, RegistrarError>>>,
}

enum Event {
    Change(Box<Job>),
    /// An oracle's state changed without an entry.
    Refresh,
}

/// The registry, and the only way to change it.
#[derive(Debug)]
pub struct Registrar {
    events: SyncSender<Event>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What readers see.
#[derive(Debug)]
struct Shared {
    /// May be ahead of the disk by the batch that is being written.
    registry: RwLock<Registry>,
    /// Never ahead of the disk.
    head: RwLock<Arc<Head>>,
    /// Set before anybody learns that a change failed.
    has_stopped: AtomicBool,
}

impl Registrar {
    /// Reads the log, checks every entry of it, and starts to write.
    ///
    /// # Errors
    /// [`ReplayError`] when the log cannot be read or does not hold together.
    pub fn start(store: Arc<dyn Store>, key: SigningKey) -> Result<Self, ReplayError> {
        let mut registry = replay::registry(&*store)?;
        let now = clock::now();
        registry.resume(now.plus(RESUME_MS));
        let head = Arc::new(Head::of(&registry, &key, now));
        let shared = Arc::new(Shared {
            registry: RwLock::new(registry),
            head: RwLock::new(head),
            has_stopped: AtomicBool::new(false),
        });
        let (events, queue) = sync_channel(QUEUE_MAX);
        let writer = Writer { store, key, shared: shared.clone() };
        let thread = std::thread::Builder::new()
            .name("registrar".into())
            .spawn(move || writer.run(&queue))
            .map_err(|cause| ReplayError::Thread { cause })?;
        Ok(Self { events, shared, thread: Some(thread) })
    }

    /// Writes a change, and returns when it is on disk.
    ///
    /// # Errors
    /// [`RegistrarError`]; the log is as it was then.
    pub async fn write(&self, operation: Operation) -> Result<Written, RegistrarError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { operation, reply: Some(reply) };
        self.events.try_send(Event::Change(Box::new(job))).map_err(|error| match error {
            TrySendError::Full(_) => RegistrarError::Busy,
            TrySendError::Disconnected(_) => RegistrarError::Stopped,
        })?;
        answer.await.unwrap_or(Err(RegistrarError::Stopped))
    }

    /// Renews a lease: nothing is written.
    ///
    /// # Errors
    /// `Refused`.
    pub fn renew(&self, renewal: &Verified<Renew>) -> Result<Oracle, RegistrarError> {
        let now = clock::now();
        let mut registry = self.shared.registry_mut();
        let before =
            renewal.header().sender.did().and_then(|did| registry.oracle(&did)).map(|it| it.state(now));
        let oracle = registry.renew(renewal, now)?.clone();
        drop(registry);
        if before != Some(oracle.state(now)) {
            // A full queue refreshes by itself.
            drop(self.events.try_send(Event::Refresh));
        }
        Ok(oracle)
    }

    /// The registry, for reading; not to be held across an await.
    pub fn registry(&self) -> RwLockReadGuard<'_, Registry> {
        self.shared.registry()
    }

    /// The latest checkpoint, with what it is over.
    pub fn head(&self) -> Arc<Head> {
        self.shared.head.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether changes are still written.
    pub fn is_running(&self) -> bool {
        !self.shared.has_stopped.load(Ordering::SeqCst)
            && self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Registrar {
    fn drop(&mut self) {
        // The writer ends when nobody can send any more; what was queued is written first.
        let (closed, _) = sync_channel(0);
        self.events = closed;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer of the log ended by a fault of its own");
        }
    }
}

impl Shared {
    // A panic under the write lock would leave a half-made change: the rules do not panic, and the log is what
    // counts after a restart.
    fn registry(&self) -> RwLockReadGuard<'_, Registry> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn registry_mut(&self) -> RwLockWriteGuard<'_, Registry> {
        self.registry.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread's own part.
struct Writer {
    store: Arc<dyn Store>,
    key: SigningKey,
    shared: Arc<Shared>,
}

/// Changes that were made in memory and wait for the disk.
#[derive(Default)]
struct Gathered {
    batch: Batch,
    waiting: Vec<(oneshot::Sender<Result<Written, RegistrarError>>, Written)>,
}

impl Writer {
    fn run(&self, queue: &Receiver<Event>) {
        loop {
            let mut gathered = Gathered::default();
            match queue.recv_timeout(self.idle_time()) {
                Ok(Event::Change(job)) => self.gather(*job, &mut gathered),
                Ok(Event::Refresh) => {}
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while gathered.batch.entries.len() < BATCH_ENTRIES_MAX {
                match queue.try_recv() {
                    Ok(Event::Change(job)) => self.gather(*job, &mut gathered),
                    Ok(Event::Refresh) => {}
                    Err(_) => break,
                }
            }
            // In every round: a queue that is never empty must not keep leases alive.
            self.expire(&mut gathered);
            if let Err(error) = self.finish(gathered) {
                tracing::error!(%error, hint = error.hint(), "the log cannot be written: no change is accepted any more");
                return;
            }
        }
    }

    /// Until something changes without an event.
    fn idle_time(&self) -> Duration {
        let now = clock::now();
        let next_ms = self.shared.registry().next_change(now).map_or(u64::MAX, |time| time.since(now));
        Duration::from_millis(next_ms.clamp(1, HEAD_AGE_MS_MAX))
    }

    /// Checks a change and makes it in memory.
    fn gather(&self, Job { operation, reply }: Job, gathered: &mut Gathered) {
        let mut registry = self.shared.registry_mut();
        let written = registry.prepare(operation, clock::now()).and_then(|prepared| {
            let (index, at) = (prepared.entry().index, prepared.entry().at);
            let leaf = prepared.leaf();
            registry.commit(prepared)?;
            Ok((leaf, Written { index, at }))
        });
        match (written, reply) {
            (Ok((leaf, written)), reply) => {
                if gathered.batch.entries.is_empty() {
                    gathered.batch.first = written.index;
                }
                gathered.batch.entries.push(leaf.into_bytes());
                gathered.waiting.extend(reply.map(|reply| (reply, written)));
            }
            // Who no longer waits need not know.
            (Err(error), Some(reply)) => drop(reply.send(Err(error.into()))),
            (Err(error), None) => tracing::warn!(%error, "a lease is not ended"),
        }
    }

    /// Ends the leases that ran out for long enough.
    fn expire(&self, gathered: &mut Gathered) {
        let overdue: Vec<Did> = self.shared.registry().overdue(clock::now());
        let room = BATCH_ENTRIES_MAX - gathered.batch.entries.len();
        for oracle in overdue.into_iter().take(room) {
            tracing::info!(%oracle, "lease expired");
            self.gather(Job { operation: Operation::Expire { oracle }, reply: None }, gathered);
        }
    }

    /// Writes what was gathered, signs the new head, and only then acknowledges.
    fn finish(&self, Gathered { mut batch, waiting }: Gathered) -> Result<(), StoreError> {
        if !batch.entries.is_empty() {
            batch.values.push(replay::head_value(&self.shared.registry()));
            if let Err(error) = self.store.commit(&batch) {
                self.shared.has_stopped.store(true, Ordering::SeqCst);
                return Err(error);
            }
        }
        self.publish();
        for (reply, written) in waiting {
            drop(reply.send(Ok(written)));
        }
        Ok(())
    }

    /// Signs a new head when there is something new to sign.
    fn publish(&self) {
        let now = clock::now();
        let registry = self.shared.registry();
        let current = self.shared.head.read().unwrap_or_else(PoisonError::into_inner).clone();
        if current.is_of(&registry, now) && now.since(current.at()) < HEAD_AGE_MS_MAX {
            return;
        }
        let head = Arc::new(Head::of(&registry, &self.key, now));
        drop(registry);
        *self.shared.head.write().unwrap_or_else(PoisonError::into_inner) = head;
    }
}
