//! Which statements make objects of a type, as the examples of the manual show it.
//!
//! Each example is run up to each of its lines. When an object of a type is there after a line, and none was before it,
//! the line made it. One statement serves several algorithms, and its example shows one: for the others it makes what
//! their names say.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;
use zencode::{Contract, LIBRARY, Library, Limits, Phase, Scenario, Statement};

use crate::case::Case;
use crate::catalogue::Entry;
use crate::compare::Outcome;
use crate::markdown::{cell, code};
use crate::ours;
use crate::settings::Settings;

/// Shows what the machine knows of each object.
const SHOW: &str = "Then print codec";
/// What stands for the name of an algorithm in the words of a statement.
const ALGORITHM: &str = "{scheme}";

/// Links to the statements that make objects of a type, by its name.
pub(super) struct Makers(BTreeMap<String, Vec<String>>);

/// A type that a statement made, and the algorithm that its sentence named.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Made {
    place: (&'static str, u32),
    kind: String,
    algorithm: Option<String>,
}

impl Makers {
    /// Asks every example.
    ///
    /// # Errors
    /// When the configuration of an example is not understood, or it does not compile.
    pub(super) fn of(entries: &[Entry]) -> Result<Self> {
        let mut made = BTreeSet::new();
        for entry in entries {
            let shown = entry.example.iter().filter(|example| example.scenario == entry.scenario.name);
            for example in shown {
                made.extend(made_in(&example.case).with_context(|| entry.key())?);
            }
        }
        let mut makers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in LIBRARY {
            for statement in row.statements {
                for made in made.iter().filter(|made| made.place == place(statement)) {
                    let links = makers.entry(made.kind_for(row)).or_default();
                    links.extend(link(row, statement).filter(|link| !links.contains(link)));
                }
            }
        }
        Ok(Self(makers))
    }

    /// The statements that make one; none when it comes in alone.
    pub(super) fn of_type(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

impl Made {
    /// What the same statement makes for the algorithm of a row.
    fn kind_for(&self, row: &Scenario) -> String {
        match (&self.algorithm, algorithm(row)) {
            (Some(shown), Some(other)) => self.kind.replacen(shown, &other, 1),
            _ => self.kind.clone(),
        }
    }
}

/// Where a statement is written, which tells it from all others.
fn place(statement: &Statement) -> (&'static str, u32) {
    (statement.file, statement.line)
}

/// The sentence of a statement as a link to its page.
fn link(row: &Scenario, statement: &Statement) -> Option<String> {
    let (_, sentence) = row.written(statement).into_iter().find(|(phase, _)| *phase == Phase::When)?;
    Some(format!("[{}]({}.md#{})", cell(&code(&sentence)), row.name, statement.name))
}

/// The name of the algorithm that the sentences of a row are said for.
fn algorithm(row: &Scenario) -> Option<String> {
    let sentences = row.sentences();
    row.statements.iter().flat_map(|statement| statement.patterns).find_map(|pattern| {
        let (before, after) = pattern.split_once(ALGORITHM)?;
        let between = |sentence: &str| Some(sentence.strip_prefix(before)?.strip_suffix(after)?.to_owned());
        sentences.iter().find_map(|(_, sentence, _)| between(sentence).filter(|name| !name.contains(' ')))
    })
}

/// What the lines of an example make. It is read up to a line that chooses or repeats.
fn made_in(case: &Case) -> Result<BTreeSet<Made>> {
    let limits = Limits::default();
    let contract = Contract::compile(&case.script, Library::Language, &limits).map_err(anyhow::Error::msg)?;
    let settings = case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf)?;
    let mut made = BTreeSet::new();
    let mut known: Option<BTreeSet<String>> = None;
    for used in contract.uses() {
        if matches!(used.phase, Phase::If | Phase::Foreach) {
            break;
        }
        if used.phase != Phase::When {
            continue;
        }
        let before = known.unwrap_or_else(|| kinds_after(case, used.line - 1, &settings));
        let after = kinds_after(case, used.line, &settings);
        made.extend(after.difference(&before).map(|kind| Made {
            place: place(used.statement),
            kind: kind.clone(),
            algorithm: algorithm(used.scenario).filter(|name| kind.contains(name.as_str())),
        }));
        known = Some(after);
    }
    Ok(made)
}

/// The types in memory after so many lines of an example; none when one of them ends the run.
fn kinds_after(case: &Case, lines: usize, settings: &Settings) -> BTreeSet<String> {
    let script: Vec<&str> = case.script.lines().take(lines).chain([SHOW]).collect();
    let case = Case { script: script.join("\n") + "\n", ..case.clone() };
    let Outcome::Printed(output) = ours::run(&case, settings) else { return BTreeSet::new() };
    let shown: Value = serde_json::from_str(&output).unwrap_or_default();
    let objects = shown["codec"].as_object().into_iter().flat_map(|objects| objects.values());
    objects.filter_map(|object| object["schema"].as_str()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(script: &str) -> Vec<String> {
        made_in(&Case::from_text("x", script)).unwrap().into_iter().map(|made| made.kind).collect()
    }

    #[test]
    fn what_comes_in_is_not_made() {
        let case = Case {
            data: r#"{"eddsa_public_key":"FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP"}"#.into(),
            ..Case::from_text(
                "x",
                "Scenario 'eddsa'\nGiven I have a 'eddsa public key'\nWhen I create the new array\nThen print data\n",
            )
        };
        assert_eq!(made_in(&case).unwrap(), BTreeSet::new());
    }

    #[test]
    fn a_copy_makes_no_type_that_is_there() {
        let script = "Scenario 'eddsa'\nGiven nothing\nWhen I create the eddsa key\nWhen I create the eddsa public key\n\
                      When I copy 'eddsa public key' to 'another'\nThen print data\n";
        assert_eq!(kinds(script), ["keyring", "eddsa_public_key"]);
    }

    #[test]
    fn a_statement_of_several_algorithms_makes_the_type_of_each() {
        let mut entries = crate::catalogue::catalogue().unwrap();
        entries.retain(|entry| ["create_public_key", "create_kem"].contains(&entry.statement.name));
        let makers = Makers::of(&entries).unwrap();
        for name in ["ecdh_public_key", "eddsa_public_key", "mldsa44_public_key", "rsa_public_key"] {
            let links = makers.of_type(name).unwrap().join(" ");
            assert!(links.contains("#create_public_key)"), "{name}: {links}");
        }
        assert!(makers.of_type("ntrup_kem").unwrap()[0].contains("ntrup"));
    }

    #[test]
    fn every_algorithm_has_its_name() {
        let names: BTreeSet<String> = LIBRARY.iter().filter_map(algorithm).collect();
        let expected = [
            "bitcoin",
            "dilithium",
            "ecdh",
            "eddsa",
            "es256",
            "ethereum",
            "kyber",
            "mldsa44",
            "mlkem512",
            "ntrup",
            "rsa",
            "schnorr",
            "testnet",
        ];
        assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
