//! The statements as the documentation lists them: once per scenario, each with its sentences and its example.

use anyhow::{Context, Result};
use zencode::{LIBRARY, Phase, Scenario, Statement};

use crate::case::Case;
use crate::example::{case_of, statements};

/// One statement of one scenario.
#[derive(Debug)]
pub struct Entry {
    /// The scenario that lists it.
    pub scenario: &'static Scenario,
    /// The statement.
    pub statement: &'static Statement,
    /// Its sentences as a person writes them, quoted parts filled with the names of the parameters.
    pub sentences: Vec<(Phase, String)>,
    /// What its documentation shows.
    pub example: Option<Example>,
}

/// The example of a statement.
#[derive(Debug, Clone)]
pub struct Example {
    /// The scenario that it shows; an algorithm's example serves the other algorithms too.
    pub scenario: &'static str,
    /// The contract and its inputs.
    pub case: Case,
}

impl Entry {
    /// `SCENARIO/STATEMENT`, by which lists name it.
    pub fn key(&self) -> String {
        key(self.scenario, self.statement)
    }

    /// The sentence that stands for it in lists.
    pub fn title(&self) -> &str {
        self.sentences.first().map_or(self.statement.name, |(_, sentence)| sentence)
    }

    /// The address of its place in the manual, below the manual's folder.
    pub fn address(&self) -> String {
        format!("{}.md#{}", self.scenario.name, self.statement.name)
    }
}

/// `SCENARIO/STATEMENT`.
pub(crate) fn key(scenario: &Scenario, statement: &Statement) -> String {
    format!("{}/{}", scenario.name, statement.name)
}

/// Every statement of every scenario, in the order of the manual.
///
/// # Errors
/// When an example is malformed; the message names the statement and its place.
pub fn catalogue() -> Result<Vec<Entry>> {
    let examples = examples()?;
    let mut entries: Vec<Entry> = Vec::new();
    for scenario in LIBRARY {
        for statement in scenario.statements {
            let example = examples.iter().find(|(known, _)| is_same(known, statement));
            let example = example.map(|(_, example)| example.clone());
            let sentences = scenario.written(statement);
            // A scenario with two algorithms has two rows, and one page.
            let twin = |entry: &&mut Entry| entry.key() == key(scenario, statement);
            match entries.iter_mut().find(twin) {
                Some(known) => known.sentences.extend(sentences),
                None => entries.push(Entry { scenario, statement, sentences, example }),
            }
        }
    }
    Ok(entries)
}

/// Constants have no identity: a statement that two scenarios list is the same one where its place is.
fn is_same(left: &Statement, right: &Statement) -> bool {
    (left.file, left.line, left.name) == (right.file, right.line, right.name)
}

fn examples() -> Result<Vec<(&'static Statement, Example)>> {
    let mut found = Vec::new();
    for (statement, scenarios) in statements() {
        let case = case_of(statement, &scenarios)
            .with_context(|| format!("{} ({}:{})", statement.name, statement.file, statement.line))?;
        let Some(case) = case else { continue };
        let named = |scenario: &&&str| case.name == format!("example/{scenario}/{}", statement.name);
        let scenario = scenarios.iter().find(named).copied().unwrap_or_default();
        found.push((statement, Example { scenario, case }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_key_names_one_statement() {
        let entries = catalogue().unwrap();
        let keys: BTreeSet<String> = entries.iter().map(Entry::key).collect();
        assert_eq!(keys.len(), entries.len());
    }
}
