//! The manual: an index, a page per scenario, and the pages about what is no statement.

use anyhow::Result;
use zencode::{LIBRARY, Scenario};

use crate::catalogue::{Entry, catalogue};
use crate::suite::known_differences;

mod connectors;
mod encodings;
mod index;
mod legacy;
mod settings;
mod statements;
mod types;

/// Every page: its file name and its text.
///
/// # Errors
/// When an example is malformed, or its recording or the list of differences cannot be read.
pub(crate) fn pages() -> Result<Vec<(String, String)>> {
    let entries = catalogue()?;
    let known = known_differences()?;
    let mut pages = vec![
        ("README.md".to_owned(), index::page(&entries)),
        ("rules.md".to_owned(), settings::rules()),
        ("configuration.md".to_owned(), settings::configuration()),
        ("encodings.md".to_owned(), encodings::page()?),
        ("types.md".to_owned(), types::page(&entries)?),
        ("legacy.md".to_owned(), legacy::page(&entries)),
        ("connectors.md".to_owned(), connectors::page()?),
    ];
    for scenario in scenarios() {
        let listed: Vec<&Entry> =
            entries.iter().filter(|entry| entry.scenario.name == scenario.name).collect();
        pages.push((format!("{}.md", scenario.name), statements::page(scenario, &listed, &known)?));
    }
    Ok(pages)
}

/// Every scenario once: one with two algorithms has two rows in the library.
fn scenarios() -> Vec<&'static Scenario> {
    let mut once: Vec<&Scenario> = Vec::new();
    for scenario in LIBRARY {
        if !once.iter().any(|known| known.name == scenario.name) {
            once.push(scenario);
        }
    }
    once
}
