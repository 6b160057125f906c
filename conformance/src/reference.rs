//! The reference engine in a Node.js process that is loaded once and asked often.
//!
//! The process answers one JSON line per request. It is killed and started again when an answer is
//! late, because some contracts make the reference engine run for ever.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::Case;
use crate::compare::{CRASHED, LATE, Outcome};
use crate::settings::Settings;

/// The worker's text, written to the process's argument so that no path has to be found at run time.
const WORKER: &str = include_str!("../reference/worker.mjs");
/// The version of npm `zenroom` that this implementation follows.
const ENGINE_VERSION: &str = "5.38.1";
/// How long the engine may take to load.
const LOAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How long one contract may take, per execution.
const CASE_TIMEOUT: Duration = Duration::from_secs(20);
/// The same for a composed contract, which does not much.
const SHORT_TIMEOUT: Duration = Duration::from_secs(8);

/// Cases that one process of a fuzzer takes.
const CASES_PER_WORKER: u64 = 2000;

/// The folder that `cargo xtask parts` fills, for a program built in this workspace.
pub fn default_parts_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("parts")
}

/// The reference engine.
#[derive(Debug)]
pub struct Reference {
    parts: PathBuf,
    worker: Option<Worker>,
    cases: u64,
}

/// How long the reference engine took, one entry per execution.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What the last execution ended with.
    pub outcome: Outcome,
    /// Processor time of the whole process, in microseconds.
    pub cpu_us: Vec<u64>,
    /// Time on the wall, in microseconds.
    pub wall_us: Vec<u64>,
}

#[derive(Debug)]
struct Worker {
    process: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    ok: bool,
    mangled: bool,
    stdout: String,
    log: String,
    #[serde(default)]
    cpu_us: Vec<u64>,
    #[serde(default)]
    wall_us: Vec<u64>,
}

impl Reference {
    /// Starts the engine from the folder that holds `node_modules/zenroom`.
    ///
    /// # Errors
    /// When the package is not installed there, has another version, or Node.js cannot be started.
    pub fn start(parts: &Path) -> Result<Self> {
        check_version(parts)?;
        let mut reference = Self { parts: parts.to_owned(), worker: None, cases: 0 };
        reference.worker = Some(Worker::start(parts)?);
        Ok(reference)
    }

    /// Runs a case once.
    ///
    /// # Errors
    /// When the engine's process ends or answers what is not an answer. A refused contract is an outcome.
    pub fn run(&mut self, case: &Case, settings: &Settings) -> Result<Outcome> {
        Ok(match self.ask(&request(case, settings), CASE_TIMEOUT)? {
            Some(answer) => outcome(&answer),
            None => Outcome::Unknown(LATE),
        })
    }

    /// Runs a case once; an engine that hangs or crashes is an outcome, and is started again.
    ///
    /// The process is also renewed after [`CASES_PER_WORKER`] cases, because it keeps some memory of each.
    pub(crate) fn run_or_restart(&mut self, case: &Case, settings: &Settings) -> Outcome {
        self.cases += 1;
        if self.cases.is_multiple_of(CASES_PER_WORKER) {
            self.worker = None;
        }
        self.ask(&request(case, settings), SHORT_TIMEOUT).map_or(Outcome::Unknown(CRASHED), |answer| {
            answer.map_or(Outcome::Unknown(LATE), |answer| outcome(&answer))
        })
    }

    /// Runs a case in a new process: the answer is of this case alone, and not of what an earlier one left behind.
    pub(crate) fn run_afresh(&mut self, case: &Case, settings: &Settings) -> Outcome {
        self.worker = None;
        self.run_or_restart(case, settings)
    }

    /// Runs a case several times and measures each execution inside the engine's process.
    ///
    /// # Errors
    /// As [`Reference::run`], and when the engine gives no answer.
    pub fn measure(&mut self, case: &Case, settings: &Settings, repeat: u32) -> Result<Measured> {
        let mut request = request(case, settings);
        request["repeat"] = json!(repeat);
        let answer = self
            .ask(&request, CASE_TIMEOUT + Duration::from_secs(repeat.into()))?
            .ok_or_else(|| anyhow!("the reference engine gave no answer to {}", case.name))?;
        Ok(Measured { outcome: outcome(&answer), cpu_us: answer.cpu_us, wall_us: answer.wall_us })
    }

    fn ask(&mut self, request: &Value, timeout: Duration) -> Result<Option<Answer>> {
        let worker = match &mut self.worker {
            Some(worker) => worker,
            None => self.worker.insert(Worker::start(&self.parts)?),
        };
        if let Err(error) = worker.send(request) {
            self.worker = None;
            return Err(error);
        }
        match worker.answers.recv_timeout(timeout) {
            Ok(line) => {
                serde_json::from_str(&line).with_context(|| format!("the worker answered {line}")).map(Some)
            }
            Err(RecvTimeoutError::Timeout) => {
                self.worker = None;
                Ok(None)
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.worker = None;
                bail!("the worker of the reference engine ended without an answer; its messages are above")
            }
        }
    }
}

impl Worker {
    fn start(parts: &Path) -> Result<Self> {
        let mut process = Command::new("node")
            .args(["--input-type=module", "--eval", WORKER, "--"])
            .arg(parts)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start `node`; hint: install Node.js 20.19 or newer, on Debian 13 `apt-get install nodejs npm`")?;
        let stdin = process.stdin.take().context("the worker has no standard input")?;
        let stdout = process.stdout.take().context("the worker has no standard output")?;
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let worker = Self { process, stdin, answers };
        worker.answers.recv_timeout(LOAD_TIMEOUT).context("the reference engine did not load")?;
        Ok(worker)
    }

    fn send(&mut self, request: &Value) -> Result<()> {
        writeln!(self.stdin, "{request}").context("the worker of the reference engine ended")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left behind.
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}

fn check_version(parts: &Path) -> Result<()> {
    let manifest = parts.join("node_modules/zenroom/package.json");
    let text = std::fs::read_to_string(&manifest).with_context(|| {
        format!("the reference engine is not installed in {}; hint: run `cargo xtask parts`", parts.display())
    })?;
    let found: Value = serde_json::from_str(&text).with_context(|| manifest.display().to_string())?;
    if found["version"] != ENGINE_VERSION {
        bail!(
            "found npm zenroom {}, expected {ENGINE_VERSION}; hint: run `cargo xtask parts`",
            found["version"]
        );
    }
    Ok(())
}

fn request(case: &Case, settings: &Settings) -> Value {
    let mut request = json!({
        "id": case.name, "script": case.script, "conf": settings.conf, "now_ms": settings.now_ms
    });
    for (key, text) in [("data", &case.data), ("keys", &case.keys)] {
        if !text.is_empty() {
            request[key] = json!(text);
        }
    }
    request
}

fn outcome(answer: &Answer) -> Outcome {
    match answer {
        Answer { mangled: true, .. } => {
            Outcome::Unknown("printed octets that are not UTF-8, which npm cannot hand on")
        }
        Answer { ok: true, stdout, .. } => Outcome::Printed(stdout.clone()),
        Answer { log, .. } => failure(log),
    }
}

/// Reads line and message of a failure from the engine's log.
fn failure(log: &str) -> Outcome {
    let blamed = log
        .lines()
        .filter_map(|line| line.trim_start_matches('"').strip_prefix("[!] "))
        .map(|line| line.trim_end_matches(',').trim_end_matches('"'))
        .filter(|line| !matches!(*line, "Zencode runtime error" | "Zencode parser error"))
        .rfind(|line| *line != "Execution aborted with errors.")
        .unwrap_or("no reason in the log");
    Outcome::Failed { line: blamed_line(blamed), message: without_places(blamed) }
}

/// The words with which the engine names a line, each followed by its number.
const LINE_MARKS: &[&str] =
    &["Zencode line ", "Invalid Zencode prefix ", "branching closing at line ", "looping closing at line "];

fn blamed_line(message: &str) -> Option<usize> {
    LINE_MARKS.iter().find_map(|mark| {
        let (_, rest) = message.split_once(mark)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    })
}

/// Drops the engine's own source positions, such as `/zencode.lua:819: `.
fn without_places(message: &str) -> String {
    match message.rsplit_once(".lua:") {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, tail)| tail),
        None => message,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log_line: &str, line: Option<usize>, message: &str) {
        let log = format!(
            "[ \"LOG\",\n\"[!] Zencode runtime error\",\n\"[!] {log_line}\",\n\"[!] Execution aborted with errors.\",\n]"
        );
        assert_eq!(failure(&log), Outcome::Failed { line, message: message.into() });
    }

    #[test]
    fn a_runtime_failure_names_its_line() {
        check(
            "/zencode.lua:819: Zencode line 2: /zencode_hash.lua:35: Cannot find object: x",
            Some(2),
            "Cannot find object: x",
        );
    }

    #[test]
    fn an_unknown_prefix_names_its_line() {
        check(
            "/zencode.lua:567: Invalid Zencode prefix 2: 'Suddenly'",
            Some(2),
            "Invalid Zencode prefix 2: 'Suddenly'",
        );
    }

    #[test]
    fn an_exceeded_loop_limit_names_no_line() {
        check("/zencode.lua:696: Limit of iterations exceeded: 2", None, "Limit of iterations exceeded: 2");
    }

    #[test]
    fn a_missing_package_says_how_to_install_it() {
        let error = Reference::start(Path::new("/nowhere")).unwrap_err();
        assert!(format!("{error:#}").contains("cargo xtask parts"));
    }
}
