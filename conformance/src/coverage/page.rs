//! `docs/conformance.md`: how far the language agrees with the reference engine, statement by statement.

use std::fmt::Write;

use anyhow::{Result, ensure};
use zencode::LEGACY;

use super::{Count, Coverage};
use crate::catalogue::{Entry, catalogue};
use crate::document::GENERATED;
use crate::markdown::{cell, code};
use crate::scenarios::{NOTES, note_of};
use crate::vocabulary::{CORE, Vocabulary, beyond_the_reference, vocabularies};

/// What stands above the tables.
const INTRODUCTION: &str = "\
The reference engine is npm `zenroom` 5.38.1. Under the same `rngseed`, the same contract on the same input has to print the same octets
here and there, or fail on the same line. How that is compared is explained in [conformance](../conformance/README.md); what stays
different on purpose, in [differences](differences.md).

A case is a contract with its input; what the reference engine answered is recorded beside it. The example of every statement in the
[manual](reference/README.md) is a case. A case *agrees* when both engines printed the same octets, or both refused on the same line.
";

/// The page.
///
/// # Errors
/// When a case or an example cannot be read, or a difference names a statement that does not exist.
pub(crate) fn page() -> Result<String> {
    let entries = catalogue()?;
    let coverage = Coverage::measure()?;
    for statement in coverage.known.of_statements().keys() {
        ensure!(
            entries.iter().any(|entry| entry.key() == *statement),
            "differences.txt names the statement {statement}, which does not exist"
        );
    }
    let mut text = format!("{GENERATED}# Conformance with the reference engine\n\n{INTRODUCTION}\n");
    text.push_str(&totals(&entries, &coverage));
    text.push_str(&scenarios()?);
    text.push_str("\n## Statements\n\n");
    text.push_str(
        "*Example*: whether the runnable example of the manual agrees. *Cases*: how many of the cases that use the statement agree.\n",
    );
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.scenario.name).collect();
    names.dedup();
    for name in names {
        let rows: Vec<&Entry> = entries.iter().filter(|entry| entry.scenario.name == name).collect();
        text.push_str(&statements(name, &rows, &coverage));
    }
    text.push_str(&cases_that_differ(&coverage));
    Ok(text)
}

fn totals(entries: &[Entry], coverage: &Coverage) -> String {
    let examples = entries.iter().filter(|entry| entry.example.is_some()).count();
    let agreeing = entries.iter().filter(|entry| example_agrees(entry, coverage) == Some(true)).count();
    let used = entries.iter().filter(|entry| coverage.of(&entry.key()).cases > 0).count();
    let cases = coverage.agreements.len();
    let differ = cases - coverage.same_output - coverage.both_fail;
    let rows = [
        ("statements", entries.len().to_string()),
        ("used by at least one case", used.to_string()),
        ("with a runnable example", examples.to_string()),
        ("examples that agree", agreeing.to_string()),
        ("cases", cases.to_string()),
        ("cases with the same output", coverage.same_output.to_string()),
        ("cases that both engines refuse", coverage.both_fail.to_string()),
        ("cases that differ, each with its reason", differ.to_string()),
        ("contracts among the cases that do not compile: agree", of(coverage.not_compiled)),
    ];
    let mut text = String::from("## Totals\n\n| what | how many |\n|---|---:|\n");
    for (what, count) in rows {
        row(&mut text, &[what.to_owned(), count]);
    }
    text
}

fn scenarios() -> Result<String> {
    let vocabularies = vocabularies()?;
    let mut text = String::from(
        "\n## Scenarios\n\nEvery sentence that the reference engine looks up, counted once per phase, and how many of them the language has. \
         `core` is what needs no `Scenario` line.\n\n| scenario | is for | in the reference | here | status |\n|---|---|---:|---:|---|\n",
    );
    let mut missing = String::new();
    let ordered = std::iter::once(CORE).chain(NOTES.iter().map(|note| note.name));
    for name in ordered {
        let Some(vocabulary) = vocabularies.get(name) else { continue };
        let about = note_of(name).map_or("the language itself", |note| note.about);
        let about = about.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let numbers = [vocabulary.sentences.to_string(), vocabulary.present().to_string()];
        let [theirs, here] = numbers;
        row(&mut text, &[code(name), cell(about), theirs, here, status(name, vocabulary)]);
        if vocabulary.present() > 0 {
            for sentence in &vocabulary.missing {
                writeln!(missing, "- {}: {}", code(name), code(sentence)).expect("a String takes any text");
            }
        }
    }
    if !missing.is_empty() {
        write!(text, "\nMissing in scenarios that are there:\n\n{missing}").expect("a String takes any text");
    }
    let beyond = beyond_the_reference()?;
    if !beyond.is_empty() {
        text.push_str("\nSentences that only the language has:\n\n");
        for sentence in beyond {
            writeln!(text, "- {}", code(&sentence)).expect("a String takes any text");
        }
    }
    writeln!(
        text,
        "\nNot counted: the connectors, which the reference engine has not, and {} [sentences of earlier versions](reference/legacy.md), which are \
         run with a warning.",
        LEGACY.len()
    )
    .expect("a String takes any text");
    Ok(text)
}

fn status(name: &str, vocabulary: &Vocabulary) -> String {
    match (note_of(name).and_then(|note| note.refused), vocabulary.present()) {
        (Some(why), _) => format!("not supported: {why}"),
        (None, 0) => "not yet".to_owned(),
        (None, _) if vocabulary.missing.is_empty() => "supported".to_owned(),
        (None, present) => format!("{} %", present * 100 / vocabulary.sentences),
    }
}

fn statements(scenario: &str, entries: &[&Entry], coverage: &Coverage) -> String {
    let title = note_of(scenario).map_or(scenario, |note| note.title);
    let mut text = format!(
        "\n### {title}\n\n| phase | statement | implemented at | example | cases |\n|---|---|---|---|---|\n"
    );
    let mut differences = String::new();
    for entry in entries {
        let mut phases: Vec<&str> = entry.sentences.iter().map(|(phase, _)| phase.name()).collect();
        phases.sort_unstable();
        phases.dedup();
        let link = format!("[{}](reference/{})", cell(&code(entry.title())), entry.address());
        row(
            &mut text,
            &[
                phases.join(", "),
                link,
                place(entry),
                example(entry, coverage).to_owned(),
                of(coverage.of(&entry.key())),
            ],
        );
        for reason in coverage.known.of_statements().get(&entry.key()).into_iter().flatten() {
            writeln!(differences, "- {}: {reason}", code(entry.title())).expect("a String takes any text");
        }
    }
    if !differences.is_empty() {
        write!(text, "\nKnown differences:\n\n{differences}").expect("a String takes any text");
    }
    text
}

fn place(entry: &Entry) -> String {
    let (file, line) = (entry.statement.file, entry.statement.line);
    let short = file.rsplit_once("/library/").map_or(file, |(_, short)| short);
    format!("[{short}:{line}](../{file}#L{line})")
}

fn example(entry: &Entry, coverage: &Coverage) -> &'static str {
    match example_agrees(entry, coverage) {
        None => "none",
        Some(true) => "agrees",
        Some(false) => "differs",
    }
}

fn example_agrees(entry: &Entry, coverage: &Coverage) -> Option<bool> {
    coverage.agreements.get(&entry.example.as_ref()?.case.name).copied()
}

fn of(count: Count) -> String {
    match count {
        Count { cases: 0, .. } => "none".to_owned(),
        Count { agree, cases } => format!("{agree} of {cases}"),
    }
}

fn cases_that_differ(coverage: &Coverage) -> String {
    let mut text = String::new();
    for (case, _) in coverage.agreements.iter().filter(|(_, agrees)| !**agrees) {
        let reason = coverage.known.reason(case).unwrap_or("not explained");
        writeln!(text, "- {}: {reason}", code(case)).expect("a String takes any text");
    }
    if text.is_empty() { text } else { format!("\n## Cases that differ\n\n{text}") }
}

fn row(text: &mut String, cells: &[String]) {
    writeln!(text, "| {} |", cells.join(" | ")).expect("a String takes any text");
}
