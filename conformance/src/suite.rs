//! The committed cases: where they are, and the swarm's own contracts as cases.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::Case;
use crate::difference::KnownDifferences;

/// The folder of cases, below this crate.
pub const CASES_FOLDER: &str = "cases";
/// Inputs for the contracts that the workspace ships, below this crate: `CONTRACT/NAME.data.json`.
const CONTRACT_INPUTS_FOLDER: &str = "contracts";
/// The list of known differences, below this crate.
const DIFFERENCES_FILE: &str = "differences.txt";

/// A folder or file of this crate.
pub fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every committed case and the known differences among them.
///
/// # Errors
/// When a file cannot be read, or inputs stand for a contract that does not exist.
pub fn committed_cases() -> Result<(Vec<Case>, KnownDifferences)> {
    let mut cases = Case::read_all(&folder_of(CASES_FOLDER))?;
    cases.extend(contract_cases()?);
    Ok((cases, KnownDifferences::read(&folder_of(DIFFERENCES_FILE))?))
}

/// The contracts in the workspace's `contracts/` folder, once per input that stands here.
///
/// A contract that asks its host for something says `Rule unknown ignore`; both engines then skip
/// the connector lines, and the input holds what a connector would have brought.
fn contract_cases() -> Result<Vec<Case>> {
    let inputs = folder_of(CONTRACT_INPUTS_FOLDER);
    if !inputs.exists() {
        return Ok(Vec::new());
    }
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("contracts");
    let mut cases = Vec::new();
    let mut folders = std::fs::read_dir(&inputs)?.collect::<std::io::Result<Vec<_>>>()?;
    folders.sort_by_key(std::fs::DirEntry::file_name);
    for folder in folders.iter().filter(|entry| entry.path().is_dir()) {
        let contract = folder.file_name().display().to_string();
        let path = contracts.join(format!("{contract}.zen"));
        let script = std::fs::read_to_string(&path).with_context(|| {
            format!("{} has inputs but no contract {}", folder.path().display(), path.display())
        })?;
        for name in input_names(&folder.path())? {
            let stem = folder.path().join(&name);
            // The reader of a case takes any contract file; only the inputs beside it matter here.
            let inputs = read_inputs(&stem)?;
            cases.push(Case {
                name: format!("contracts/{contract}/{name}"),
                script: script.clone(),
                ..inputs
            });
        }
    }
    Ok(cases)
}

fn input_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.file_name().display().to_string();
        if let Some(name) = file.strip_suffix(".data.json").or_else(|| file.strip_suffix(".keys.json")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn read_inputs(stem: &Path) -> Result<Case> {
    let read = |ending: &str| {
        let path = crate::case::file_of(stem, ending);
        if path.exists() {
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())
        } else {
            Ok(String::new())
        }
    };
    let conf = read(".conf")?;
    Ok(Case {
        name: String::new(),
        stem: Some(stem.to_owned()),
        script: String::new(),
        data: read(".data.json")?,
        keys: read(".keys.json")?,
        conf: (!conf.is_empty()).then(|| conf.trim().to_owned()),
    })
}
