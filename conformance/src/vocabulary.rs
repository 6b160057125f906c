//! The sentences of the reference engine, and which of them the language has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use zencode::{LIBRARY, Load};

/// The list, committed.
const LIST: &str = include_str!("../reference/statements.tsv");
/// What the list calls the sentences that need no `Scenario`.
pub(crate) const CORE: &str = "core";

/// One scenario of the reference engine.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// How many sentences it has, counted once per phase.
    pub(crate) sentences: usize,
    /// Those that the language has not, as `PHASE SENTENCE`.
    pub(crate) missing: Vec<String>,
}

impl Vocabulary {
    /// How many of its sentences the language has.
    pub(crate) fn present(&self) -> usize {
        self.sentences - self.missing.len()
    }
}

/// Every scenario of the reference engine by name.
///
/// # Errors
/// When a line of the list is malformed.
pub(crate) fn vocabularies() -> Result<BTreeMap<&'static str, Vocabulary>> {
    let ours = sentences();
    let mut found: BTreeMap<&str, Vocabulary> = BTreeMap::new();
    for (phase, scenario, sentence) in list()? {
        let vocabulary = found.entry(scenario).or_default();
        vocabulary.sentences += 1;
        if !ours.contains(&(phase, sentence.to_owned())) {
            vocabulary.missing.push(format!("{phase} {sentence}"));
        }
    }
    Ok(found)
}

/// Sentences of the language that the reference engine has not, as `PHASE SENTENCE`; connectors aside.
///
/// # Errors
/// When a line of the list is malformed.
pub(crate) fn beyond_the_reference() -> Result<Vec<String>> {
    let theirs: BTreeSet<(&str, &str)> =
        list()?.into_iter().map(|(phase, _, sentence)| (phase, sentence)).collect();
    let ours = sentences().into_iter();
    let beyond = ours.filter(|(phase, sentence)| !theirs.contains(&(*phase, sentence.as_str())));
    Ok(beyond.map(|(phase, sentence)| format!("{phase} {sentence}")).collect())
}

fn sentences() -> BTreeSet<(&'static str, String)> {
    let scenarios = LIBRARY.iter().filter(|scenario| scenario.load != Load::Connectors);
    let sentences = scenarios.flat_map(|scenario| scenario.sentences());
    sentences.map(|(phase, sentence, _)| (phase.name(), sentence)).collect()
}

/// The rows: phase, scenario, sentence.
fn list() -> Result<Vec<(&'static str, &'static str, &'static str)>> {
    let rows = (1..).zip(LIST.lines()).filter(|(_, line)| !line.starts_with('#'));
    let rows = rows.map(|(number, line)| {
        let mut columns = line.split('\t');
        let row = (columns.next(), columns.next(), columns.next());
        let (Some(phase), Some(scenario), Some(sentence)) = row else { return Err(number) };
        Ok((phase, scenario, sentence))
    });
    rows.collect::<Result<_, usize>>()
        .map_err(|number| anyhow::anyhow!("line {number} has fewer than three columns"))
        .context("reference/statements.tsv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::note_of;

    #[test]
    fn every_scenario_of_the_reference_is_explained() {
        for name in vocabularies().unwrap().keys().filter(|name| **name != CORE) {
            assert!(note_of(name).is_some(), "say in NOTES what {name} is for");
        }
    }

    #[test]
    fn a_sentence_that_is_missing_is_not_counted_as_present() {
        let vocabulary = Vocabulary { sentences: 3, missing: vec!["when x".into()] };
        assert_eq!(vocabulary.present(), 2);
    }
}
