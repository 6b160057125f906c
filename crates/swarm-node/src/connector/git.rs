//! Git repositories in the files folder: verified, cloned, committed to.
//!
//! No program is started and no hook runs. Of a repository's configuration nothing is obeyed that leads out of
//! it: no included files, no other worktree, no borrowed objects, no filters.

mod checkout;
mod clone;
mod commit;
mod repository;
mod smart;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use url::Url;
use zencode::GitRequest;

use super::Scope;
use super::confined;
use super::dial::Dialer;
use super::fault::{Fault, Target};
use smart::Smart;

/// What takes its time.
const WORK: &str = "work on a git repository";

/// Performs requests about repositories.
#[derive(Debug)]
pub(crate) struct Git {
    dialer: Arc<Dialer>,
    files: Option<PathBuf>,
    /// Commits wait for each other.
    writing: Arc<tokio::sync::Mutex<()>>,
}

/// What ends work on a repository before it is done.
#[derive(Debug, Clone)]
struct Stop {
    until: Instant,
    limit: std::time::Duration,
    /// Nobody waits any more.
    abandoned: Arc<AtomicBool>,
}

/// Tells the thread when nobody waits any more.
struct Abandon(Arc<AtomicBool>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Stop {
    /// Fails when the time is over.
    fn check(&self) -> Result<(), Fault> {
        if self.abandoned.load(Ordering::Relaxed) || Instant::now() >= self.until {
            return Err(self.fault());
        }
        Ok(())
    }

    fn fault(&self) -> Fault {
        Fault::Timeout { what: WORK.to_owned(), limit: self.limit }
    }
}

impl Git {
    pub(crate) fn new(dialer: Arc<Dialer>, files: Option<PathBuf>) -> Self {
        Self { dialer, files, writing: Arc::default() }
    }

    /// Performs one request; the answer is a JSON text. `now_seconds` is the time of a commit.
    pub(crate) async fn answer(
        &self,
        request: GitRequest,
        now_seconds: i64,
        scope: &Scope,
    ) -> Result<String, Fault> {
        let folder = confined::folder(self.files.as_ref())?.to_owned();
        let abandon = Abandon(Arc::default());
        let limit = self.dialer.timeout();
        let stop = Stop { until: Instant::now() + limit, limit, abandoned: abandon.0.clone() };
        match request {
            GitRequest::Verify { path } => {
                finish(&abandon, stop, move |_| repository::find(&folder, &path).map(|_| "null".to_owned()))
                    .await
            }
            GitRequest::Clone { url, path } => {
                let source = self.dialer.within(WORK, self.source(&folder, &url, scope)).await?;
                let work = move |stop: &Stop| clone::run(&folder, &path, source, stop);
                finish(&abandon, stop, move |stop| work(stop).map(|()| "null".to_owned())).await
            }
            GitRequest::Commit { path, commit } => {
                let turn = async { Ok(self.writing.clone().lock_owned().await) };
                let turn = self.dialer.within(WORK, turn).await?;
                finish(&abandon, stop, move |stop| {
                    let hash = commit::run(&folder, &path, &commit, now_seconds, stop);
                    drop(turn);
                    hash.map(|hash| format!("\"{hash}\""))
                })
                .await
            }
        }
    }

    /// Where a clone comes from: a server that the egress policy allows, or the files folder.
    async fn source(&self, folder: &Path, address: &str, scope: &Scope) -> Result<Source, Fault> {
        if let Some(path) = address.strip_prefix("file://") {
            let path = path.trim_start_matches('/').trim_end_matches('/');
            return repository::find(folder, path).map(|_| Source::Folder(path.to_owned()));
        }
        let (url, target) = parse(address)?;
        let client = self.dialer.client(&target, &url, scope).await?;
        Ok(Source::Server { smart: Box::new(Smart::new(client, target)), url })
    }
}

/// Works on a thread where waiting for a disk or a server holds nobody up. When the time is over the thread is
/// told so and awaited: it leaves nothing half done.
async fn finish(
    abandon: &Abandon,
    stop: Stop,
    work: impl FnOnce(&Stop) -> Result<String, Fault> + Send + 'static,
) -> Result<String, Fault> {
    let until = stop.until.into();
    let over = stop.clone();
    let mut thread = tokio::task::spawn_blocking(move || work(&stop));
    let done = match tokio::time::timeout_at(until, &mut thread).await {
        Ok(done) => done,
        Err(_) => {
            abandon.0.store(true, Ordering::Relaxed);
            thread.await.map(|done| done.map_err(|_| over.fault()))
        }
    };
    done.unwrap_or_else(|_| Err(Fault::refused("git", "the work could not be done")))
}

/// Where a clone comes from.
enum Source {
    /// A repository below the files folder.
    Folder(String),
    Server {
        smart: Box<Smart>,
        url: Url,
    },
}

fn parse(address: &str) -> Result<(Url, Target), Fault> {
    let wrong = || {
        Fault::input(format!(
            "{} octets of text are not the address of a git repository; write it like \
             https://host/name.git, without a password, or like file://name",
            address.len()
        ))
    };
    let url = Url::parse(address).map_err(|_| wrong())?;
    let plain = url.query().is_none() && url.fragment().is_none();
    let open = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain || !open || address.len() > 8 * 1024 {
        return Err(wrong());
    }
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(wrong()) };
    let target = Target { kind: "git server", host: host.to_owned(), port };
    Ok((url, target))
}

/// An error of the library as one.
fn fault(error: impl std::error::Error) -> Fault {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        words = format!("{words}: {source}");
        cause = source.source();
    }
    Fault::refused("git", words)
}
