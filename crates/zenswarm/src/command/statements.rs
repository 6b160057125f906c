//! `zenswarm statements`.

use serde_json::json;
use zencode::{LIBRARY, Load};

use crate::args::statements::Statements;
use crate::report::{Console, Exit, Failure, Format};

/// Lists the statements whose sentence or documentation holds every word.
///
/// # Errors
/// None: nothing found is a result too.
pub(crate) fn run(arguments: Statements, console: &Console) -> Result<Exit, Failure> {
    let words: Vec<String> = arguments.search.iter().map(|word| word.to_lowercase()).collect();
    let mut found = 0_usize;
    for scenario in LIBRARY {
        let mut titled = false;
        for (phase, sentence, statement) in scenario.sentences() {
            let text = format!("{} {sentence} {}", scenario.name, statement.docs).to_lowercase();
            if !words.iter().all(|word| text.contains(word)) {
                continue;
            }
            found += 1;
            if !titled && console.format() == Format::Human {
                println!("\n{}{}", scenario.name, how_loaded(scenario.load));
                titled = true;
            }
            let summary = statement.docs.lines().next().unwrap_or_default();
            let human = format!("  {:<8}{sentence}\n          {summary}", phase.name());
            let document = json!({
                "scenario": scenario.name,
                "phase": phase.name(),
                "sentence": sentence,
                "parameters": statement.parameters,
                "documentation": statement.docs,
                "deprecated": statement.deprecated,
                "source": format!("{}:{}", statement.file, statement.line),
            });
            console.print(&human, &document);
        }
    }
    if found == 0 && console.format() == Format::Human {
        println!("no statement holds all of: {}", words.join(" "));
    }
    Ok(Exit::Done)
}

fn how_loaded(load: Load) -> &'static str {
    match load {
        Load::Always => "",
        Load::OnDemand => " (after Scenario)",
        Load::Connectors => " (on an oracle)",
    }
}
