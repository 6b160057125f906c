use super::index::INDEX;
use super::*;
use crate::words;

#[test]
fn every_sentence_is_declared_once() {
    let count: usize = LIBRARY.iter().map(|row| row.sentences().len()).sum();
    assert_eq!(INDEX.sentences.len() + INDEX.orders.len(), count);
}

#[test]
fn every_sentence_survives_its_own_normalisation() {
    for (phase, sentence) in INDEX.sentences.keys() {
        let line = sentence.replace("''", "'x'");
        assert_eq!(&words::sentence(&format!("{} I {line}", phase.name()), *phase), sentence);
    }
}

#[test]
fn every_statement_says_what_it_does() {
    for statement in LIBRARY.iter().flat_map(|row| row.statements) {
        assert!(statement.docs.lines().next().is_some_and(|line| line.ends_with('.')), "{}", statement.name);
    }
}

#[test]
fn a_misspelt_sentence_finds_its_neighbour() {
    let hint = Loaded::default().suggest(Phase::When, "create rendom ''", false);
    assert_eq!(hint.as_deref(), Some("did you mean: create random ''"));
}

#[test]
fn a_scenario_that_is_left_out_says_why() {
    let hint = unknown_scenario("mayo");
    assert_eq!(hint, "not supported, because there is no well-kept Rust implementation of it");
    assert!(unknown_scenario("longfellow").starts_with("not supported, because "));
    assert!(unknown_scenario("maya").contains("lists the scenarios"));
}
