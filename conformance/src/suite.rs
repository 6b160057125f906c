//! The committed cases: where they are, and the swarm's own contracts and the manual's examples as cases.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::Case;
use crate::difference::KnownDifferences;
use crate::example::example_cases;

/// The folder of cases, below this crate.
pub const CASES_FOLDER: &str = "cases";
/// Inputs for the contracts that the workspace ships, below this crate: `CONTRACT/NAME.data.json`.
const CONTRACT_INPUTS_FOLDER: &str = "contracts";
/// The list of known differences, below this crate.
const DIFFERENCES_FILE: &str = "differences.txt";

/// What makes both engines skip statements that they do not know.
pub(crate) const SKIP_REQUESTS: &str = "Rule unknown ignore\n";

/// A folder or file of this crate.
pub fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The known differences.
///
/// # Errors
/// When the list cannot be read.
pub(crate) fn known_differences() -> Result<KnownDifferences> {
    KnownDifferences::read(&folder_of(DIFFERENCES_FILE))
}

/// Every committed case and the known differences among them.
///
/// # Errors
/// When a file cannot be read, an example is malformed, or inputs stand for a contract that does not exist.
pub fn committed_cases() -> Result<(Vec<Case>, KnownDifferences)> {
    let mut cases = Case::read_all(&folder_of(CASES_FOLDER))?;
    cases.extend(contract_cases()?);
    cases.extend(example_cases()?);
    Ok((cases, known_differences()?))
}

/// The contracts in the workspace's `contracts/` folder, once per input that stands here, and once on the
/// example that stands beside the contract.
///
/// Both engines are told to skip the lines that ask the host, and the input holds what the host would
/// have brought.
fn contract_cases() -> Result<Vec<Case>> {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("contracts");
    if !contracts.exists() {
        return Ok(Vec::new());
    }
    let mut cases = Vec::new();
    for mut contract in Case::read_all(&contracts)? {
        // Keys in YAML are for lines that ask the host; the engines take JSON.
        if !contract.keys.starts_with('{') {
            contract.keys.clear();
        }
        let folder = folder_of(CONTRACT_INPUTS_FOLDER).join(&contract.name);
        if !contract.data.is_empty() || !contract.keys.is_empty() {
            cases.push(Case { stem: Some(folder.join("example")), ..contract_case(&contract, "example") });
        }
        for name in input_names(&folder)? {
            let Case { data, keys, conf, stem, .. } = read_inputs(&folder.join(&name))?;
            cases.push(Case { data, keys, conf, stem, ..contract_case(&contract, &name) });
        }
    }
    Ok(cases)
}

fn contract_case(contract: &Case, name: &str) -> Case {
    Case {
        name: format!("contracts/{}/{name}", contract.name),
        script: format!("{SKIP_REQUESTS}{}", contract.script),
        ..contract.clone()
    }
}

fn input_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if !folder.exists() {
        return Ok(names);
    }
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
