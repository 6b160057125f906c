//! The page of a scenario: its statements with documentation, example and recorded output.

use std::fmt::Write;

use anyhow::{Context, Result};
use zencode::{Load, Scenario, Statement};

use crate::catalogue::{Entry, Example};
use crate::compare::Outcome;
use crate::difference::KnownDifferences;
use crate::markdown::{block, cell, code};
use crate::recording::Recording;
use crate::scenarios::note_of;
use crate::settings::Settings;
use crate::{Case, ours};

/// The page.
///
/// # Errors
/// When a recording cannot be read.
pub(super) fn page(scenario: &Scenario, entries: &[&Entry], known: &KnownDifferences) -> Result<String> {
    let note = note_of(scenario.name).with_context(|| format!("{} has no title", scenario.name))?;
    let mut text = format!("# {}\n\n{}\n", note.title, note.about);
    if scenario.load == Load::OnDemand {
        write!(
            text,
            "\nA contract loads these statements with the line {}.\n",
            code(&format!("Scenario '{}'", scenario.name))
        )
        .expect("a String takes any text");
    }
    text.push_str("\n[All statements](README.md)\n\n| statement | does |\n|---|---|\n");
    for entry in entries {
        let title = cell(&code(entry.title()));
        writeln!(text, "| [{title}](#{}) | {} |", entry.statement.name, cell(entry.statement.summary()))
            .expect("a String takes any text");
    }
    for entry in entries {
        text.push_str(&statement(entry, known).with_context(|| entry.key())?);
    }
    Ok(text)
}

fn statement(entry: &Entry, known: &KnownDifferences) -> Result<String> {
    let mut text = format!("\n<a id=\"{}\"></a>\n\n## {}\n\n", entry.statement.name, code(entry.title()));
    let others: Vec<String> = entry.sentences.iter().skip(1).map(|(_, sentence)| code(sentence)).collect();
    if !others.is_empty() {
        write!(text, "Also: {}\n\n", others.join(", ")).expect("a String takes any text");
    }
    text.push_str(&with_bold_headings(&entry.statement.documentation()));
    if let Some(instead) = entry.statement.deprecated {
        write!(text, "\nDeprecated, and still understood. Write {} instead.\n", code(instead))
            .expect("a String takes any text");
    }
    for reason in known.of_statements().get(&entry.key()).into_iter().flatten() {
        write!(text, "\nDiffers from the reference engine: {reason}\n").expect("a String takes any text");
    }
    match &entry.example {
        Some(example) if example.scenario == entry.scenario.name => {
            text.push_str(&shown(entry.statement, &example.case)?)
        }
        Some(Example { scenario, .. }) => {
            let name = entry.statement.name;
            write!(
                text,
                "\nThe example stands with [{scenario}]({scenario}.md#{name}); {} is used alike.\n",
                code(entry.scenario.name)
            )
            .expect("a String takes any text");
        }
        None => {}
    }
    Ok(text)
}

/// Headings inside a documentation would break the page's outline.
fn with_bold_headings(documentation: &str) -> String {
    let mut text = String::new();
    for line in documentation.lines() {
        match line.strip_prefix("# ") {
            Some(heading) => writeln!(text, "**{heading}.**"),
            None => writeln!(text, "{line}"),
        }
        .expect("a String takes any text");
    }
    text
}

/// What an example may have besides its contract.
const INPUTS: &[(&str, &str)] =
    &[("Data", "json data"), ("Keys", "json keys"), ("The host answers", "json answer")];

/// The contract, its inputs, and what the reference engine printed.
fn shown(statement: &Statement, case: &Case) -> Result<String> {
    let mut text = format!("\n{}", block("zencode", &statement.example("zencode").unwrap_or_default()));
    for (title, kind) in INPUTS {
        if let Some(input) = statement.example(kind) {
            write!(text, "\n{title}:\n\n{}", block("json", &input)).expect("a String takes any text");
        }
    }
    let Some(recording) = Recording::read(case)? else { return Ok(text) };
    let end = match recording.outcome()? {
        Outcome::Printed(output) => format!("\nPrints:\n\n{}", block("json", &output)),
        Outcome::Failed { .. } => refusal(case)?,
        Outcome::Unknown(_) => String::new(),
    };
    Ok(text + &end)
}

/// How a refusal reads here: the wording is ours, only the line is compared.
fn refusal(case: &Case) -> Result<String> {
    let settings = case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf)?;
    Ok(match ours::run(case, &settings) {
        Outcome::Failed { line: Some(line), message } => {
            format!("\nEnds with an error at line {line}:\n\n{}", block("text", &message))
        }
        Outcome::Failed { line: None, message } => {
            format!("\nEnds with an error:\n\n{}", block("text", &message))
        }
        Outcome::Printed(output) => {
            format!("\nPrints here, and is refused by the reference engine:\n\n{}", block("json", &output))
        }
        Outcome::Unknown(_) => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_inside_a_documentation_is_bold_text() {
        assert_eq!(with_bold_headings("Does it.\n\n# Source\nA book."), "Does it.\n\n**Source.**\nA book.\n");
    }

    #[test]
    fn an_example_shows_its_inputs_and_what_was_printed() {
        let entries = crate::catalogue::catalogue().unwrap();
        let entry = entries.iter().find(|entry| entry.key() == "hash/create_hash").unwrap();
        let known = KnownDifferences::parse("statement hash/create_hash it is faster").unwrap();
        let text = statement(entry, &known).unwrap();
        let places = [
            "Differs from the reference engine: it is faster\n",
            "```zencode\nGiven ",
            "\nData:\n\n```json\n{",
            "\nPrints:\n\n```json\n{\"hash\":",
        ];
        let places: Vec<usize> = places.iter().map(|part| text.find(part).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }
}
