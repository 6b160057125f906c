//! The demonstration's processes: this program, started again with other words.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::report::{Exit, Failure};

/// How long a process may take until it can be used.
const READY_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a process may take to say goodbye before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a command may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A process that serves.
pub(super) struct Process {
    child: Child,
}

/// A command that ended: its exit code, and what it printed.
pub(super) struct Ended {
    code: Option<i32>,
    document: Option<Value>,
    error: String,
}

fn command(words: &[&str], files: &[&OsStr]) -> Result<Command, Failure> {
    let program = std::env::current_exe().map_err(Failure::internal)?;
    let mut command = Command::new(program);
    command.args(words).args(files).arg("--json");
    // The demonstration is the same everywhere: no setting of the caller's own swarm may leak in.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ZENSWARM_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Ok(command)
}

/// Runs a command to its end.
pub(super) async fn call(words: &[&str], files: &[&OsStr]) -> Result<Ended, Failure> {
    let output = tokio::time::timeout(CALL_TIMEOUT, command(words, files)?.output()).await;
    let output = output
        .map_err(|_| Failure::internal(format!("`zenswarm {}` did not end", words.join(" "))))?
        .map_err(Failure::internal)?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let document = stdout.lines().last().and_then(|line| serde_json::from_str(line).ok());
    Ok(Ended {
        code: output.status.code(),
        document,
        error: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

impl Ended {
    /// What a command that succeeded printed.
    pub(super) fn success(self) -> Result<Value, Failure> {
        match (self.code, self.document) {
            (Some(0), Some(document)) => Ok(document),
            (code, _) => Err(Failure::new(
                Exit::Failed,
                format!("a step of the demonstration failed with {code:?}: {}", self.error),
            )),
        }
    }

    /// What a command that had to fail with a failed query, and did, printed as its error.
    pub(super) fn failure(self, unexpected: &str) -> Result<Value, Failure> {
        if self.code != Some(Exit::Failed as i32) {
            let code = self.code;
            return Err(Failure::new(Exit::Failed, format!("{unexpected}: exit {code:?}: {}", self.error)));
        }
        let printed = self.error.lines().rev().find_map(|line| serde_json::from_str(line).ok());
        printed
            .or(self.document)
            .ok_or_else(|| Failure::internal(format!("no report was printed: {}", self.error)))
    }
}

impl Process {
    /// Starts a process and waits until it says that it can be used.
    pub(super) async fn start(words: &[&str], files: &[&OsStr]) -> Result<(Self, Value), Failure> {
        let mut child = command(words, files)?.spawn().map_err(Failure::internal)?;
        let stdout = child.stdout.take().ok_or_else(|| Failure::internal("no standard output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = tokio::time::timeout(READY_TIMEOUT, async {
            while let Ok(Some(line)) = lines.next_line().await {
                let document: Option<Value> = serde_json::from_str(&line).ok();
                if let Some(document) =
                    document.filter(|it| it.get("event").is_some_and(|event| event == "ready"))
                {
                    return Some(document);
                }
            }
            None
        });
        let Ok(Some(document)) = ready.await else {
            let name = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
            let error = last_words(&mut child).await;
            return Err(Failure::new(Exit::Failed, format!("`zenswarm {name}` did not start: {error}")));
        };
        // Both pipes are read to their ends, so that the process never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        if let Some(mut stderr) = child.stderr.take() {
            tokio::spawn(async move { tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await });
        }
        Ok((Self { child }, document))
    }

    /// The process id, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    pub(super) async fn kill(&mut self) {
        // A process that is gone already is what was wanted.
        drop(self.child.kill().await);
    }

    /// Asks it to stop, and ends it when it does not.
    pub(super) async fn stop(&mut self) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id
            && kill_process(id, Signal::TERM).is_ok()
            && tokio::time::timeout(STOP_TIMEOUT, self.child.wait()).await.is_ok()
        {
            return;
        }
        self.kill().await;
    }

    /// Lets it run when this program ends.
    pub(super) fn leave_running(self) {
        // Dropping the handle would kill the process.
        std::mem::forget(self.child);
    }
}

/// What a process that did not start wrote on standard error.
async fn last_words(child: &mut Child) -> String {
    const OCTETS_MAX: u64 = 4096;
    drop(child.start_kill());
    let mut text = String::new();
    if let Some(stderr) = child.stderr.take() {
        drop(stderr.take(OCTETS_MAX).read_to_string(&mut text).await);
    }
    text.trim().to_owned()
}
