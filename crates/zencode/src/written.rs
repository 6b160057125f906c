//! From the sentence that the compiler looks up to the line that a person writes.
//!
//! The compiler drops articles and other words without meaning. Where the example of a statement says the
//! sentence, its line is taken; else the words are put back by rule.

use crate::contract::{Contract, Library};
use crate::library::{Scenario, phases};
use crate::limits::Limits;
use crate::statement::{Action, Phase, Statement};

impl Scenario {
    /// The sentences of one of its statements as a person writes them, the names of the parameters between
    /// the quotes: `When I create the hash of 'source'`.
    pub fn written(&self, statement: &Statement) -> Vec<(Phase, String)> {
        let shown = statement.example("zencode").map(shown_lines).unwrap_or_default();
        let mut sentences = Vec::new();
        if let Action::Order(form, _) = statement.run {
            let listed =
                self.statements.iter().any(|it| (it.file, it.line) == (statement.file, statement.line));
            let phases = if listed { phases(&statement.run) } else { &[] };
            for (phase, phrase) in phases.iter().flat_map(|phase| form.phrases.iter().map(|it| (*phase, it)))
            {
                sentences.push((phase, format!("{} I {}", prefix(phase), form.written(phrase))));
            }
            return sentences;
        }
        for (phase, pattern, found) in self.sentences() {
            if (found.file, found.line, found.name) != (statement.file, statement.line, statement.name) {
                continue;
            }
            let line = shown.iter().find(|(sentence, _)| *sentence == pattern).map(|(_, line)| line.as_str());
            let body = line.map_or_else(|| with_filler(phase, &pattern), ToOwned::to_owned);
            sentences.push((phase, format!("{} {}", prefix(phase), named(&body, statement.parameters))));
        }
        sentences
    }
}

/// What the lines of a contract are looked up by, and the lines without their first word.
fn shown_lines(script: String) -> Vec<(String, String)> {
    let Ok(contract) = Contract::compile(&script, Library::Connectors, &Limits::default()) else {
        return Vec::new();
    };
    let lines = contract.uses().into_iter().filter_map(|used| {
        let (_, body) = used.source.split_once(' ')?;
        Some((used.sentence, body.trim().to_owned()))
    });
    lines.collect()
}

fn prefix(phase: Phase) -> &'static str {
    match phase {
        Phase::Given => "Given",
        Phase::When => "When",
        Phase::If => "If",
        Phase::Foreach => "Foreach",
        Phase::Then => "Then",
    }
}

/// Puts back the words that make a sentence English.
fn with_filler(phase: Phase, pattern: &str) -> String {
    let begins = |start: &str| pattern.starts_with(start);
    match phase {
        Phase::Given if begins("''") || begins("endpoint ") => format!("I have a {pattern}"),
        Phase::Given if begins("my ''") => format!("I have {pattern}"),
        Phase::Given if begins("my name ") => pattern.to_owned(),
        Phase::When if begins("for each ") => pattern.to_owned(),
        _ if !pattern.contains(' ') => pattern.to_owned(),
        Phase::Given | Phase::When | Phase::If => match pattern.split_once(' ') {
            Some(("create", rest)) => format!("I create the {rest}"),
            _ => format!("I {pattern}"),
        },
        Phase::Foreach | Phase::Then => pattern.to_owned(),
    }
}

/// Writes the names of the parameters between the quotes, in order.
fn named(line: &str, parameters: &[&str]) -> String {
    let mut names = parameters.iter();
    let parts = line.split('\'').enumerate().map(|(position, part)| {
        if position % 2 == 0 {
            return part.to_owned();
        }
        names.next().map_or_else(|| part.to_owned(), |name| name.trim_start_matches('_').replace('_', " "))
    });
    parts.collect::<Vec<_>>().join("'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::LIBRARY;

    fn contract_around(phase: Phase, line: &str) -> String {
        match phase {
            Phase::Given => format!("{line}\nThen nothing\n"),
            Phase::When | Phase::Then => format!("Given nothing\n{line}\n"),
            Phase::If => format!("Given nothing\n{line}\nWhen I done\nEndIf\n"),
            Phase::Foreach => format!("Given nothing\n{line}\nWhen I done\nEndForeach\n"),
        }
    }

    #[test]
    fn every_written_sentence_is_its_statement() {
        for scenario in LIBRARY {
            for statement in scenario.statements {
                for (phase, sentence) in scenario.written(statement) {
                    let load = format!("Scenario '{}'\n", scenario.name);
                    let contract = load + &contract_around(phase, &sentence);
                    let compiled = Contract::compile(&contract, Library::Connectors, &Limits::default());
                    let uses = compiled.unwrap_or_else(|fault| panic!("{sentence}: {fault:?}")).uses();
                    let found = uses.iter().any(|used| {
                        (used.phase, used.scenario.name, used.statement.name)
                            == (phase, scenario.name, statement.name)
                    });
                    assert!(found, "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_sentence_reads_as_an_example_says_it() {
        assert_eq!(
            named("I have a 'string' named 'name of it'", &["kind", "a_name"]),
            "I have a 'kind' named 'a name'"
        );
    }

    #[test]
    fn a_creation_has_its_article() {
        assert_eq!(with_filler(Phase::When, "create hash of ''"), "I create the hash of ''");
    }

    #[test]
    fn a_loop_has_no_person() {
        assert_eq!(with_filler(Phase::Foreach, "'' in ''"), "'' in ''");
    }
}
