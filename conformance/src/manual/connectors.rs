//! The page that says of every sentence of the reference servers whether it is here.

use std::fmt::Write;

use anyhow::{Context, Result};
use zencode::{ABSENT, Contract, Library, Limits};

use crate::markdown::{cell, code};

/// What the reference servers' plugins declare: SYSTEM, PACKAGE, SENTENCE, PHASE.
const SENTENCES: &str = include_str!("../../reference/connectors.tsv");
/// What marks a sentence that the reference server declares and has no code for.
const EMPTY: &str = "declared, no code behind it";

const INTRODUCTION: &str = "\
# Connectors: the sentences of restroom-mw and slangroom

Every sentence that the plugins of the two reference servers declare, and what it is here. An oracle performs them; the command
`zenswarm zenroom` refuses them. In a sentence of slangroom the order of what is sent is free, `and output into 'x'` is optional, and
`Prepare 'x': … with name 'y'` says the same as `Given I send name 'y' and … and output into 'x'`, as `Compute` does for `Then`.

[All statements](README.md)

Different on purpose: certificates are always verified, every request has a time limit, a redirect is followed on the same host only, what
is not public is reached only where the operator allows it, no request can name the keyring, a line of a log stays one line, a folder is
listed by name, `sequential` works, and a missing name is told with the line that has it.
";

/// A sentence of a reference server.
pub(crate) struct Sentence {
    pub(crate) package: &'static str,
    /// As a contract would say it, without the first word.
    pub(crate) body: String,
    after: bool,
    empty: bool,
}

/// What a sentence is here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The statement: its scenario and its name.
    Here(&'static str, &'static str),
    /// Why it is left out.
    Absent(&'static str),
    /// Nobody has said why.
    Forgotten,
}

/// Every sentence, in the order of the list.
///
/// # Errors
/// When a row of the list has not its columns.
pub(crate) fn sentences() -> Result<Vec<Sentence>> {
    let rows = SENTENCES.lines().skip(1).map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let [_, package, sentence, phase] = columns[..] else {
            return Err(anyhow::anyhow!("{row:?} has not four columns"));
        };
        let body = sentence.strip_prefix("Given|Then I ").unwrap_or(sentence);
        let body = body.split(" [and output").next().context("a split has a first part")?;
        let body = body.replace("'{}'", "{}").replace("{}", "'x'");
        Ok(Sentence { package, body, after: phase == "Then", empty: phase == EMPTY })
    });
    rows.collect()
}

/// Finds a sentence in the language.
pub(crate) fn place(sentence: &Sentence) -> Place {
    if sentence.empty {
        return Place::Absent("the reference server declares it and does nothing");
    }
    let script = if sentence.after {
        format!("Given nothing\nThen print data\nThen I {}\n", sentence.body)
    } else {
        format!("Given I {}\nGiven nothing\nThen print data\n", sentence.body)
    };
    let reason = ABSENT.iter().find(|row| row.package == sentence.package);
    match Contract::compile(&script, Library::Connectors, &Limits::default()) {
        Ok(contract) => {
            let uses = contract.uses();
            let used = if sentence.after { uses.last() } else { uses.first() };
            used.map_or(Place::Forgotten, |used| Place::Here(used.scenario.name, used.statement.name))
        }
        Err(_) => reason.map_or(Place::Forgotten, |row| Place::Absent(row.reason)),
    }
}

/// The page.
///
/// # Errors
/// When the list cannot be read.
pub(super) fn page() -> Result<String> {
    let sentences = sentences()?;
    let here = sentences.iter().filter(|it| matches!(place(it), Place::Here(..))).count();
    let mut text = INTRODUCTION.to_owned();
    write!(
        text,
        "\n{here} of {} are here.\n\n| package | sentence | here |\n|---|---|---|\n",
        sentences.len()
    )?;
    for sentence in &sentences {
        let shown = match place(sentence) {
            Place::Here(scenario, statement) => format!("[{statement}]({scenario}.md#{statement})"),
            Place::Absent(reason) => format!("no: {reason}"),
            Place::Forgotten => "no".to_owned(),
        };
        let word = if sentence.after { "Then" } else { "Given" };
        let line = cell(&code(&format!("{word} I {}", sentence.body.replace("'x'", "'…'"))));
        writeln!(text, "| {} | {line} | {} |", sentence.package, cell(&shown))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_here_or_has_its_reason() {
        let forgotten: Vec<_> =
            sentences().unwrap().into_iter().filter(|it| place(it) == Place::Forgotten).collect();
        let told: Vec<_> = forgotten.iter().map(|it| format!("{}: {}", it.package, it.body)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }

    #[test]
    fn no_reason_is_given_for_what_is_here() {
        let sentences = sentences().unwrap();
        for row in ABSENT {
            let left = sentences.iter().filter(|it| it.package == row.package);
            assert!(left.into_iter().any(|it| matches!(place(it), Place::Absent(_))), "{}", row.package);
        }
    }

    #[test]
    fn who_writes_a_sentence_that_is_left_out_is_told_why() {
        for sentence in
            sentences().unwrap().iter().filter(|it| matches!(place(it), Place::Absent(_)) && !it.empty)
        {
            let script = format!("Given I {}\nGiven nothing\nThen print data\n", sentence.body);
            let fault = Contract::compile(&script, Library::Connectors, &Limits::default()).unwrap_err();
            assert!(fault.hint.is_some(), "{}: {fault}", sentence.body);
        }
    }
}
