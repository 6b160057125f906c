//! The contracts under measurement, in each server's conventions: the files of the folder `contracts`, their rule, and
//! a keyring that the reference engine made.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::CONTRACTS;
use crate::workspace;

/// Makes the reference engine pass over the sentences that a server performs. The others have no such sentence; this
/// oracle reads the rule too, so that all of them serve the same text.
const RULE: &str = "Rule unknown ignore\n";

/// Writes the contracts into a new folder; the name of a contract's keys ends with `keys_ending`.
pub(super) fn write(folder: &Path, keys_ending: &str, keyring: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    for measured in CONTRACTS {
        let text = shipped(&format!("{}.zen", measured.name))?;
        fs::write(folder.join(format!("{}.zen", measured.name)), format!("{RULE}{text}"))?;
        if text.contains("'keyring'") {
            fs::write(folder.join(format!("{}{keys_ending}", measured.name)), keyring)?;
        }
    }
    Ok(())
}

/// The body of a request: the contract's own example.
pub(crate) fn body(name: &str) -> Result<String> {
    let example = shipped(&format!("{name}.data.json"));
    let data: Value = example.map_or(Ok(json!({})), |text| serde_json::from_str(&text))?;
    Ok(json!({ "data": data }).to_string())
}

fn shipped(file: &str) -> Result<String> {
    let path = workspace::root().join("contracts").join(file);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes so many contracts, no two alike, a hundred to a folder; returns the last one's name.
pub(super) fn write_many(folder: &Path, count: usize) -> Result<String> {
    let mut name = String::new();
    for number in 0..count {
        let below = format!("shelf{:03}", number / 100);
        if number % 100 == 0 {
            fs::create_dir_all(folder.join(&below))?;
        }
        name = format!("{below}/contract{number:05}");
        let text = format!(
            "# Contract {number} of a large folder.\n\nGiven nothing\nWhen I write string 'number {number}' in \
             'answer'\nWhen I create the hash of 'answer'\nThen print the 'answer'\nThen print the 'hash'\n"
        );
        fs::write(folder.join(format!("{name}.zen")), text)?;
    }
    Ok(name)
}
