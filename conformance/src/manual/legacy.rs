//! The page about sentences of earlier versions, each with what to write today.

use std::fmt::Write;

use zencode::{LEGACY, LIBRARY, Phase};

use crate::catalogue::Entry;
use crate::markdown::{cell, code};

/// What stands above the table.
const INTRODUCTION: &str = "\
# Sentences of earlier versions

Old contracts say sentences that version 5.38.1 has no more. These are still run here, as what stands for them today, with a deprecation warning;
the reference engine refuses them. New contracts should not use them.

[All statements](README.md)

| phase | earlier | today | difference | gone in |
|---|---|---|---|---|
";

/// The page.
pub(super) fn page(entries: &[Entry]) -> String {
    let mut text = INTRODUCTION.to_owned();
    for row in LEGACY {
        let today = link(entries, row.phase, row.new);
        let cells = [
            row.phase.name().to_owned(),
            cell(&code(row.old)),
            today,
            cell(row.differs),
            row.gone_in.to_owned(),
        ];
        writeln!(text, "| {} |", cells.join(" | ")).expect("a String takes any text");
    }
    text
}

/// The statement of a sentence, as the manual shows it.
fn link(entries: &[Entry], phase: Phase, sentence: &str) -> String {
    let rows = LIBRARY.iter().flat_map(|scenario| {
        scenario
            .sentences()
            .into_iter()
            .map(move |(phase, sentence, statement)| (scenario, phase, sentence, statement))
    });
    let found = rows.into_iter().find(|(_, found, words, _)| *found == phase && words == sentence);
    let entry = found.and_then(|(scenario, _, _, statement)| {
        entries
            .iter()
            .find(|entry| entry.scenario.name == scenario.name && entry.statement.name == statement.name)
    });
    entry.map_or_else(
        || cell(&code(sentence)),
        |entry| format!("[{}]({})", cell(&code(sentence)), entry.address()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    #[test]
    fn every_old_sentence_leads_to_a_statement() {
        let page = page(&catalogue().unwrap());
        let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| phase"));
        for row in rows {
            assert!(row.contains(".md#"), "{row}");
        }
    }
}
