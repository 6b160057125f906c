//! The statements that contracts are composed of, read from the language's own table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use zencode::{LIBRARY, Load, Phase};

/// Sentences that are never composed, each with the reason. Values that are never given to one are in
/// `argument.rs`, shapes in `heap.rs`.
const EXCLUDED: &[(&str, &str)] = &[
    (
        "create random ulid",
        "the time part of theirs is none, and the random part is not of the run's generator",
    ),
    ("config", "theirs shows the settings of its own machine"),
    ("create dilithium key", OF_THE_SYSTEM),
    ("create kyber key", OF_THE_SYSTEM),
    ("create ntrup key", OF_THE_SYSTEM),
    ("create kyber kem for ''", OF_THE_SYSTEM),
    ("create ntrup kem for ''", OF_THE_SYSTEM),
];

const OF_THE_SYSTEM: &str = "theirs is drawn from the operating system, whatever the seed";

/// One sentence of the table.
#[derive(Debug)]
pub(crate) struct Sentence {
    /// The table it is found in.
    pub(crate) phase: Phase,
    /// Its words, `''` for a quoted part.
    pub(crate) text: String,
    /// What its quoted parts are called.
    pub(crate) parameters: &'static [&'static str],
    /// The scenario that a contract has to ask for.
    pub(crate) scenario: Option<&'static str>,
}

static TABLE: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let mut table = Vec::new();
    for scenario in LIBRARY.iter().filter(|scenario| scenario.load != Load::Connectors) {
        for (phase, text, statement) in scenario.sentences() {
            table.push(Sentence {
                phase,
                text,
                parameters: statement.parameters,
                scenario: (scenario.load == Load::OnDemand).then_some(scenario.name),
            });
        }
    }
    table
});

static INDEX: LazyLock<BTreeMap<(Phase, String), usize>> = LazyLock::new(|| {
    TABLE.iter().enumerate().map(|(at, sentence)| ((sentence.phase, reduced(&sentence.text)), at)).collect()
});

/// Every sentence that the reference engine has, in the order of the manual.
pub(crate) fn table() -> &'static [Sentence] {
    &TABLE
}

/// Why a sentence is never composed.
pub(crate) fn excluded(sentence: &Sentence) -> Option<&'static str> {
    EXCLUDED.iter().find(|(text, _)| *text == sentence.text).map(|(_, reason)| *reason)
}

/// The sentences that the lines of a contract say, by the number of the line.
pub(crate) fn sentences_of(script: &str) -> BTreeMap<usize, &'static Sentence> {
    let mut found = BTreeMap::new();
    let mut last = None;
    for (number, line) in (1..).zip(script.split(['\n', '\r'])) {
        let first = line.split_whitespace().next().unwrap_or_default().to_lowercase();
        let phase = match first.as_str() {
            "given" => Some(Phase::Given),
            "when" => Some(Phase::When),
            "if" => Some(Phase::If),
            "foreach" => Some(Phase::Foreach),
            "then" => Some(Phase::Then),
            "and" => last,
            _ => continue,
        };
        last = phase;
        if let Some(at) = phase.and_then(|phase| INDEX.get(&(phase, reduced(line)))) {
            found.insert(number, &TABLE[*at]);
        }
    }
    found
}

/// Words that may stand in a sentence without a meaning.
const FILLERS: &[&str] = &["the", "a", "an", "i", "have", "valid", "all", "that", "known"];

/// A line or sentence without quoted parts, prefix and words that carry no meaning.
fn reduced(line: &str) -> String {
    let unquoted = line.split('\'').step_by(2).collect::<Vec<_>>().join("''").to_lowercase();
    let mut words = unquoted.split_whitespace().peekable();
    words.next_if(|word| ["given", "when", "if", "foreach", "then", "and"].contains(word));
    let meaning = words.filter(|word| !FILLERS.contains(word));
    meaning.map(|word| if word == "inside" { "in" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_sentences_are_alike_without_their_fillers() {
        assert_eq!(INDEX.len(), TABLE.len());
    }

    #[test]
    fn a_line_is_found_in_the_table_of_its_phase() {
        let script =
            "Given I have a valid 'string' named 'x'\nand I have a 'y'\nIf I verify the 'x' is found\n";
        let found: Vec<_> =
            sentences_of(script).values().map(|found| (found.phase, found.text.as_str())).collect();
        let expected =
            [(Phase::Given, "'' named ''"), (Phase::Given, "''"), (Phase::If, "verify '' is found")];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_excluded_stands_in_the_table() {
        for (text, _) in EXCLUDED {
            assert!(TABLE.iter().any(|sentence| sentence.text == *text), "{text}");
        }
    }
}
