//! The differential fuzzer: composed contracts through both engines under one seed, differences made small,
//! explained by a rule or saved as a case.
//!
//! Each worker has a reference engine of its own. Which cases are run depends on the seed and their numbers
//! alone; only how many of them fit into the time depends on the machine.

mod coverage;
mod known;
mod save;
mod shrink;
mod tree;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::random::Source;
use crate::suite::folder_of;
use coverage::Coverage;
pub use known::KnownRules;
pub use save::saved_differences_folder;
use worker::{Finding, Job, Verdict};

/// The rules of known differences, below this crate.
const KNOWN_FILE: &str = "known.txt";
/// How often the progress line is printed.
const PROGRESS: Duration = Duration::from_secs(5);

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// What cases are composed of.
    pub source: Source,
    /// What cases are made of.
    pub seed: u64,
    /// Number of the first case.
    pub first: u64,
    /// Cases run at most.
    pub cases: u64,
    /// Time after which no further case is begun.
    pub time: Duration,
    /// Engines that run at once.
    pub workers: usize,
    /// Where `node_modules/zenroom` is.
    pub parts: PathBuf,
    /// Where differences are saved.
    pub save: PathBuf,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Summary {
    source: Source,
    cases: u64,
    same: u64,
    both_fail: u64,
    no_answer: u64,
    left_out: BTreeMap<&'static str, u64>,
    /// By rule, then by sentence.
    known: BTreeMap<String, BTreeMap<String, u64>>,
    findings: Vec<Finding>,
    repeated: u64,
    coverage: Coverage,
    seconds: u64,
    /// Every case that was asked for was run.
    complete: bool,
}

/// Runs cases until all are done or the time is over.
///
/// # Errors
/// When the reference engine is not installed, the rules cannot be read, or a difference cannot be saved.
pub fn run(options: &Options) -> Result<Summary> {
    let path = folder_of(KNOWN_FILE);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let known = KnownRules::parse(&text).with_context(|| path.display().to_string())?;
    let job = Job::new(options, &known);
    let (sender, verdicts) = channel();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..options.workers.max(1) {
            let (sender, next, stop, job) = (sender.clone(), &next, &stop, &job);
            workers.push(scope.spawn(move || {
                let result = job.work(next, stop, &sender);
                stop.fetch_or(result.is_err(), Ordering::Relaxed);
                result
            }));
        }
        drop(sender);
        let summary = collect(&verdicts, options, &stop);
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked; its message is above"))??;
        }
        Ok(summary)
    })
}

fn collect(verdicts: &Receiver<Verdict>, options: &Options, stop: &AtomicBool) -> Summary {
    let started = Instant::now();
    let mut shown = started;
    let mut summary = Summary { source: options.source, ..Summary::default() };
    loop {
        match verdicts.recv_timeout(PROGRESS) {
            Ok(verdict) => summary.add(verdict),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        summary.seconds = started.elapsed().as_secs();
        if started.elapsed() > options.time {
            stop.store(true, Ordering::Relaxed);
        }
        if shown.elapsed() > PROGRESS {
            shown = Instant::now();
            eprintln!("{}", summary.progress());
        }
    }
    summary.complete = summary.cases >= options.cases;
    summary
}

impl Summary {
    /// Whether every difference has a reason.
    pub fn is_explained(&self) -> bool {
        self.findings.is_empty()
    }

    fn add(&mut self, verdict: Verdict) {
        self.cases += 1;
        match verdict {
            Verdict::Same(executed) => {
                self.same += 1;
                self.coverage.add(&executed);
            }
            Verdict::BothFail => self.both_fail += 1,
            Verdict::NoAnswer => self.no_answer += 1,
            Verdict::LeftOut(reason) => *self.left_out.entry(reason).or_default() += 1,
            Verdict::Known(rule, sentence) => {
                *self.known.entry(rule).or_default().entry(sentence).or_default() += 1;
            }
            Verdict::Repeated => self.repeated += 1,
            Verdict::Unexplained(finding) => {
                println!("{}", finding.text());
                self.findings.push(*finding);
            }
        }
    }

    fn progress(&self) -> String {
        format!(
            "{} s: {} cases, {} a second, {} same, {} fail on both sides, {} known, {} unexplained, {} of {} statements",
            self.seconds,
            self.cases,
            self.cases / self.seconds.max(1),
            self.same,
            self.both_fail,
            self.known.values().flat_map(BTreeMap::values).sum::<u64>(),
            self.unexplained(),
            self.coverage.count(self.source),
            coverage::sentences(self.source),
        )
    }

    fn unexplained(&self) -> u64 {
        self.findings.len() as u64 + self.repeated
    }

    /// What was run and found, for a person.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |line: String| writeln!(text, "{line}").expect("a String takes any text");
        for (reason, count) in &self.left_out {
            line(format!("left out {count}: {reason}"));
        }
        if self.no_answer > 0 {
            line(format!(
                "no comparable answer {}: the reference printed octets that are no text",
                self.no_answer
            ));
        }
        for (rule, sentences) in &self.known {
            line(format!("known {}: {rule}", sentences.values().sum::<u64>()));
            for (sentence, count) in sentences {
                line(format!("    {count} at {sentence}"));
            }
        }
        for sentence in self.coverage.never(self.source) {
            line(format!("never executed: {sentence}"));
        }
        let ways: BTreeSet<&str> = self.findings.iter().map(|finding| finding.way.as_str()).collect();
        for way in ways {
            line(format!("unexplained: {way}"));
        }
        line(self.progress());
        if !self.complete {
            line("the time was over before every case was run".to_owned());
        }
        text
    }
}
