//! `zenswarm statements`.

use serde_json::{Value, json};
use zencode::{LIBRARY, Load, Phase, Scenario, Statement};

use crate::args::statements::Statements;
use crate::report::{Console, Exit, Failure, Format};

mod search;
mod text;

/// A statement as one scenario lists it.
#[derive(Debug)]
struct Listed {
    scenario: &'static Scenario,
    statement: &'static Statement,
    /// As a person writes them.
    sentences: Vec<(Phase, String)>,
}

/// Lists statements, best match first.
///
/// # Errors
/// None: nothing found is a result too.
pub(crate) fn run(arguments: Statements, console: &Console) -> Result<Exit, Failure> {
    let listed = listed(arguments.phase.as_deref(), arguments.scenario.as_deref());
    let query = search::Query::new(&arguments.search);
    match console.format() {
        Format::Human => console.print(text::of(&listed, &query, text::width()).trim_end(), &Value::Null),
        Format::Json => {
            let found = search::find(&listed, &query);
            for statement in found.by_sentence.into_iter().chain(found.by_documentation) {
                console.print("", &document(statement));
            }
        }
    }
    Ok(Exit::Done)
}

/// Every statement, in the order of the manual, that a phase and a scenario let through.
fn listed(phase: Option<&str>, scenario: Option<&str>) -> Vec<Listed> {
    let scenarios = LIBRARY.iter().filter(|it| scenario.is_none_or(|name| it.name == name));
    let all = scenarios.flat_map(|scenario| {
        scenario.statements.iter().map(move |statement| Listed {
            scenario,
            statement,
            sentences: scenario.written(statement),
        })
    });
    let said = |sentences: &[(Phase, String)], name| sentences.iter().any(|(phase, _)| phase.name() == name);
    all.filter(|it| phase.is_none_or(|name| said(&it.sentences, name))).collect()
}

fn document(listed: &Listed) -> Value {
    let Listed { scenario, statement, sentences } = listed;
    let sentences: Vec<Value> = sentences
        .iter()
        .map(|(phase, sentence)| json!({ "phase": phase.name(), "sentence": sentence }))
        .collect();
    let mut patterns: Vec<String> = scenario
        .sentences()
        .into_iter()
        .filter(|(.., it)| it.name == statement.name)
        .map(|(_, it, _)| it)
        .collect();
    patterns.dedup();
    let example = statement.example("zencode").map(|contract| {
        json!({
            "contract": contract,
            "data": statement.example("json data"),
            "keys": statement.example("json keys"),
            "answer": statement.example("json answer"),
        })
    });
    json!({
        "scenario": scenario.name,
        "loaded": loaded(scenario.load),
        "sentences": sentences,
        "patterns": patterns,
        "parameters": statement.parameters,
        "documentation": statement.documentation(),
        "example": example,
        "deprecated": statement.deprecated,
        "source": format!("{}:{}", statement.file, statement.line),
    })
}

fn loaded(load: Load) -> &'static str {
    match load {
        Load::Always => "always",
        Load::OnDemand => "scenario",
        Load::Connectors => "connectors",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_filter_every_statement_is_listed() {
        let count: usize = LIBRARY.iter().map(|scenario| scenario.statements.len()).sum();
        assert_eq!(listed(None, None).len(), count);
    }

    #[test]
    fn a_phase_lets_its_own_statements_through() {
        let listed = listed(Some("foreach"), None);
        assert!(!listed.is_empty());
        assert!(listed.iter().all(|it| it.sentences.iter().any(|(_, text)| text.starts_with("Foreach "))));
    }

    #[test]
    fn a_scenario_lets_its_own_statements_through() {
        assert!(listed(None, Some("pack")).iter().all(|it| it.scenario.name == "pack"));
    }

    #[test]
    fn a_document_holds_sentence_pattern_and_example() {
        let listed = listed(None, Some("hash"));
        let hash = listed.iter().find(|it| it.statement.name == "create_hash").unwrap();
        let document = document(hash);
        assert_eq!(document["sentences"][0]["sentence"], "When I create the hash of 'source'");
        assert_eq!(document["patterns"], json!(["create hash of ''"]));
        assert_eq!(document["parameters"], json!(["source"]));
        assert!(document["example"]["contract"].as_str().unwrap().starts_with("Given "));
        assert_eq!(document["example"]["keys"], Value::Null);
    }
}
