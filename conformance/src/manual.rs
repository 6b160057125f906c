//! The manual: an index, a page per scenario, and the pages about rules, encodings and the configuration string.

use anyhow::Result;
use zencode::LIBRARY;

use crate::catalogue::{Entry, catalogue};

mod encodings;
mod index;
mod settings;
mod statements;

/// Every page: its file name and its text.
///
/// # Errors
/// When an example is malformed, or its recording cannot be read.
pub(crate) fn pages() -> Result<Vec<(String, String)>> {
    let entries = catalogue()?;
    let mut pages = vec![
        ("README.md".to_owned(), index::page(&entries)),
        ("rules.md".to_owned(), settings::rules()),
        ("configuration.md".to_owned(), settings::configuration()),
        ("encodings.md".to_owned(), encodings::page()?),
    ];
    for scenario in LIBRARY {
        let listed: Vec<&Entry> =
            entries.iter().filter(|entry| entry.scenario.name == scenario.name).collect();
        pages.push((format!("{}.md", scenario.name), statements::page(scenario, &listed)?));
    }
    Ok(pages)
}
