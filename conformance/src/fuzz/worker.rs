//! One worker: takes case after case, asks both engines, and makes what differs small.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use anyhow::Result;

use super::coverage::executed;
use super::known::{KnownRules, failed_line, failed_lines};
use super::shrink::shrink;
use super::{Options, save};
use crate::case::Case;
use crate::compare::{Outcome, Verdict as Comparison, compare};
use crate::random::{Sentence, sentences_of};
use crate::reference::Reference;
use crate::settings::Settings;
use crate::{ours, random};

/// Differences of one way that are made small and saved; more of them are counted.
const FINDINGS_PER_WAY_MAX: u64 = 1;
/// The same where both engines print, which says little about the cause.
const PRINTED_FINDINGS_MAX: u64 = 8;
/// What this implementation says where the reference engine never returns.
const NEVER_RETURNS: &[&str] = &["division by zero"];

/// What became of one case.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Both print the same; these sentences were executed.
    Same(Vec<&'static Sentence>),
    BothFail,
    /// The reference's answer cannot be compared.
    NoAnswer,
    /// The reference was not asked, for this reason.
    LeftOut(&'static str),
    /// They differ as this rule says, at this sentence.
    Known(String, String),
    /// They differ as others do that were saved.
    Repeated,
    Unexplained(Box<Finding>),
}

/// A difference without a reason, made small and saved.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) way: String,
    number: u64,
    case: Case,
    difference: String,
    folder: PathBuf,
}

impl Finding {
    /// The case, the difference and the command that shows it again.
    pub(super) fn text(&self) -> String {
        let Case { script, data, keys, conf, .. } = &self.case;
        let mut text = format!("\ncase {}: {}\n{script}", self.number, self.way);
        for (name, part) in [("data", data), ("keys", keys)] {
            if !part.is_empty() {
                text += &format!("{name}: {part}\n");
            }
        }
        if let Some(conf) = conf {
            text += &format!("conf: {conf}\n");
        }
        text + &format!("{}\ncargo run -p conformance -- {}\n", self.difference, self.folder.display())
    }
}

/// What all workers share.
#[derive(Debug)]
pub(super) struct Job<'a> {
    options: &'a Options,
    known: &'a KnownRules,
    ways: Mutex<BTreeMap<String, u64>>,
}

impl<'a> Job<'a> {
    pub(super) fn new(options: &'a Options, known: &'a KnownRules) -> Self {
        Self { options, known, ways: Mutex::new(BTreeMap::new()) }
    }

    /// Works until every case is taken or the run is stopped.
    pub(super) fn work(&self, next: &AtomicU64, stop: &AtomicBool, verdicts: &Sender<Verdict>) -> Result<()> {
        let mut reference = Reference::start(&self.options.parts)?;
        while !stop.load(Ordering::Relaxed) {
            let taken = next.fetch_add(1, Ordering::Relaxed);
            if taken >= self.options.cases {
                break;
            }
            let verdict = self.judge(&mut reference, self.options.first + taken)?;
            if verdicts.send(verdict).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn judge(&self, reference: &mut Reference, number: u64) -> Result<Verdict> {
        let case = random::case(self.options.source, self.options.seed, number);
        let settings = settings_of(&case)?;
        let ours = ours::run(&case, &settings);
        if never_returns(&ours) {
            return Ok(Verdict::LeftOut("the reference engine never returns from a division by zero"));
        }
        let mut theirs = reference.run_or_restart(&case, &settings);
        let unexplained = self.known.explain(&case, &ours, &theirs).is_none();
        if unexplained && differs(&ours, &theirs) {
            // The machine may have been busy, or an earlier case has spoilt the engine's memory.
            theirs = reference.run_afresh(&case, &settings);
        }
        match compare(&ours, &theirs) {
            Comparison::SameOutput => return Ok(Verdict::Same(executed(&case, &settings))),
            Comparison::BothFail => return Ok(Verdict::BothFail),
            Comparison::NoReference if !theirs.is_missing() => return Ok(Verdict::NoAnswer),
            Comparison::NoReference | Comparison::Differ(_) => {}
        }
        if let Some(rule) = self.known.explain(&case, &ours, &theirs) {
            return Ok(Verdict::Known(rule, sentence_of(&case, &ours, &theirs)));
        }
        let way = way(&case, &ours, &theirs);
        if self.repeats(&way) {
            return Ok(Verdict::Repeated);
        }
        self.find(reference, number, &case, way)
    }

    fn repeats(&self, way: &str) -> bool {
        let mut ways = self.ways.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let count = ways.entry(way.to_owned()).or_default();
        *count += 1;
        *count > if way.contains("failed") { FINDINGS_PER_WAY_MAX } else { PRINTED_FINDINGS_MAX }
    }

    fn find(&self, reference: &mut Reference, number: u64, case: &Case, wanted: String) -> Result<Verdict> {
        let mut ask = |case: &Case| {
            let settings = settings_of(case).ok()?;
            let ours = ours::run(case, &settings);
            let theirs =
                if never_returns(&ours) { ours.clone() } else { reference.run_or_restart(case, &settings) };
            Some((ours, theirs))
        };
        let small = shrink(case, &mut |smaller| {
            ask(smaller).is_some_and(|(ours, theirs)| {
                differs(&ours, &theirs) && way(smaller, &ours, &theirs) == wanted
            })
        });
        let Some((ours, theirs)) = ask(&small) else { return Ok(Verdict::Repeated) };
        if let Some(rule) = self.known.explain(&small, &ours, &theirs) {
            return Ok(Verdict::Known(rule, sentence_of(&small, &ours, &theirs)));
        }
        let difference = match compare(&ours, &theirs) {
            Comparison::Differ(text) => text,
            Comparison::NoReference => "the reference engine gave no answer".to_owned(),
            Comparison::SameOutput | Comparison::BothFail => {
                "it does not differ a second time: one of the engines is not deterministic here".to_owned()
            }
        };
        let folder = save::save(&self.options.save, self.options.seed, number, &small)?;
        Ok(Verdict::Unexplained(Box::new(Finding { way: wanted, number, case: small, difference, folder })))
    }
}

fn differs(ours: &Outcome, theirs: &Outcome) -> bool {
    match compare(ours, theirs) {
        Comparison::Differ(_) => true,
        Comparison::NoReference => theirs.is_missing(),
        Comparison::SameOutput | Comparison::BothFail => false,
    }
}

fn settings_of(case: &Case) -> Result<Settings> {
    case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf)
}

fn never_returns(ours: &Outcome) -> bool {
    match ours {
        Outcome::Failed { message, .. } => NEVER_RETURNS.iter().any(|text| message.contains(text)),
        _ => false,
    }
}

/// The way in which two runs differ: how each ends and at which sentence, values left out.
fn way(case: &Case, ours: &Outcome, theirs: &Outcome) -> String {
    let sentences = sentences_of(&case.script);
    let end = |outcome: &Outcome| match outcome {
        Outcome::Printed(_) => "printed".to_owned(),
        Outcome::Unknown(why) => (*why).to_owned(),
        Outcome::Failed { message, .. } => {
            let sentence = failed_line(outcome).and_then(|number| sentences.get(&number));
            let at = sentence.map_or("?", |sentence| sentence.text.as_str());
            format!("failed at `{at}`: {}", without_values(message))
        }
    };
    format!("ours {}; theirs {}", end(ours), end(theirs))
}

/// The sentence of the line that failed first.
fn sentence_of(case: &Case, ours: &Outcome, theirs: &Outcome) -> String {
    let sentence = failed_lines(ours, theirs).min().and_then(|line| sentences_of(&case.script).remove(&line));
    sentence.map_or_else(|| "what was printed".to_owned(), |sentence| sentence.text.clone())
}

/// The words of a message up to the first value.
fn without_values(message: &str) -> String {
    let words = message.lines().next().unwrap_or_default().split(' ');
    words
        .take(4)
        .filter(|word| word.chars().all(|sign| sign.is_ascii_lowercase()))
        .collect::<Vec<_>>()
        .join(" ")
}
