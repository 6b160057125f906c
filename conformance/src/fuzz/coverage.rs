//! Which statements of the table were executed, and ended well, on both sides.

use std::collections::BTreeSet;

use zencode::{Note, Phase};

use crate::case::Case;
use crate::compare::Outcome;
use crate::ours;
use crate::random::{Sentence, Source, excluded, sentences_of};
use crate::settings::Settings;

/// Sentences that no contract survives.
const FATAL: &[&str] = &["break", "exit with error message ''"];

/// Statements executed so far.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    executed: BTreeSet<(Phase, &'static str)>,
}

impl Coverage {
    /// Adds what a contract executes that both engines end well.
    pub(super) fn add(&mut self, executed: &[&'static Sentence]) {
        self.executed.extend(executed.iter().map(|sentence| (sentence.phase, sentence.text.as_str())));
    }

    /// How many sentences of a source were executed.
    pub(super) fn count(&self, source: Source) -> usize {
        composed(source).filter(|sentence| self.executed.contains(&(sentence.phase, &sentence.text))).count()
    }

    /// Sentences that were never executed, those left out on purpose not counted.
    pub(super) fn never(&self, source: Source) -> Vec<String> {
        let never =
            composed(source).filter(|sentence| !self.executed.contains(&(sentence.phase, &sentence.text)));
        never.map(|sentence| format!("{} {}", sentence.phase.name(), sentence.text)).collect()
    }
}

/// How many sentences contracts are composed of.
pub(super) fn sentences(source: Source) -> usize {
    composed(source).count()
}

fn composed(source: Source) -> impl Iterator<Item = &'static Sentence> {
    source
        .sentences()
        .filter(|sentence| excluded(sentence).is_none() && !FATAL.contains(&sentence.text.as_str()))
}

/// The sentences that a contract executes, when it ends well.
pub(super) fn executed(case: &Case, settings: &Settings) -> Vec<&'static Sentence> {
    let traced = Case { script: format!("{}\nThen trace\n", case.script), ..case.clone() };
    let observed = ours::observe(&traced, settings);
    if !matches!(observed.outcome, Outcome::Printed(_)) {
        return Vec::new();
    }
    let lines = observed.notes.iter().rev().find_map(|note| match note {
        Note::Trace(lines) => Some(lines),
        _ => None,
    });
    let sentences = sentences_of(&case.script);
    let numbers: BTreeSet<usize> = lines.into_iter().flatten().filter_map(|line| number_of(line)).collect();
    numbers.iter().filter_map(|number| sentences.get(number).copied()).collect()
}

/// The number in `+12  When done`.
fn number_of(line: &str) -> Option<usize> {
    line.strip_prefix('+')?.split(' ').next()?.parse().ok()
}
