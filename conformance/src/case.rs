//! A case: one contract with the inputs that stand beside it in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Octets of one file of a case that are read at most; the reference engine takes no more either.
const FILE_OCTETS_MAX: u64 = 16 * 1024 * 1024;

/// One contract and its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Path below the folder of cases without ending, such as `given/string_array`.
    pub name: String,
    /// Where its files are, without ending; absent for a case made in memory.
    pub stem: Option<PathBuf>,
    /// The contract.
    pub script: String,
    /// DATA, as JSON text; empty when absent.
    pub data: String,
    /// KEYS, as JSON text; empty when absent.
    pub keys: String,
    /// The reference engine's configuration string; `None` is the harness's own.
    pub conf: Option<String>,
}

impl Case {
    /// A case without inputs, made in memory.
    pub fn from_text(name: &str, script: &str) -> Self {
        Self {
            name: name.into(),
            stem: None,
            script: script.into(),
            data: String::new(),
            keys: String::new(),
            conf: None,
        }
    }

    /// Reads the case whose contract is `contract`, named relative to `folder`.
    ///
    /// Inputs are the files with the same stem and the ending `.data.json` or `.data`, `.keys.json` or
    /// `.keys`, and `.conf`.
    ///
    /// # Errors
    /// When a file that exists cannot be read, is too large or is not UTF-8.
    pub fn read(folder: &Path, contract: &Path) -> Result<Self> {
        let stem = contract.with_extension("");
        let name = stem.strip_prefix(folder).unwrap_or(&stem).display().to_string();
        Ok(Self {
            name,
            script: read_text(contract)?,
            data: read_first(&stem, &[".data.json", ".data"])?.unwrap_or_default(),
            keys: read_first(&stem, &[".keys.json", ".keys"])?.unwrap_or_default(),
            conf: read_first(&stem, &[".conf"])?.map(|text| text.trim().to_owned()),
            stem: Some(stem),
        })
    }

    /// Reads every case below `folder`, in the order of their names.
    ///
    /// # Errors
    /// When the folder does not exist, holds no contract, or one of its files cannot be read.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>> {
        let mut contracts = Vec::new();
        collect_contracts(folder, &mut contracts)?;
        if contracts.is_empty() {
            bail!("{} holds no file that ends in .zen", folder.display());
        }
        contracts.sort();
        contracts.iter().map(|contract| Self::read(folder, contract)).collect()
    }
}

/// The path of a case's file with the given ending.
pub(crate) fn file_of(stem: &Path, ending: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

fn collect_contracts(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_contracts(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "zen") {
            found.push(path);
        }
    }
    Ok(())
}

fn read_first(stem: &Path, endings: &[&str]) -> Result<Option<String>> {
    for ending in endings {
        let path = file_of(stem, ending);
        if path.exists() {
            return read_text(&path).map(Some);
        }
    }
    Ok(None)
}

fn read_text(path: &Path) -> Result<String> {
    let octets = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if octets > FILE_OCTETS_MAX {
        bail!("{} has {octets} octets, at most {FILE_OCTETS_MAX} are read", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("cannot read {} as UTF-8", path.display()))
}
