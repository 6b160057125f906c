//! Reading a folder of contracts: plain files with plain names, each of bounded size.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zencode::Limits;
use zeroize::Zeroizing;

use super::{COMPANION_OCTETS_MAX, CONTRACTS_MAX, ContractsError, Files};

/// Levels of folders below the contracts folder.
const DEPTH_MAX: usize = 8;

pub(super) fn read(root: &Path) -> Result<BTreeMap<String, Files>, ContractsError> {
    let mut files = BTreeMap::new();
    descend(root, "", 0, &mut files)?;
    // A file without its contract is something else that lies there.
    files.retain(|_, files| files.text.is_some());
    Ok(files)
}

fn descend(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut BTreeMap<String, Files>,
) -> Result<(), ContractsError> {
    let fault = |cause: String| ContractsError { path: folder.to_owned(), cause };
    if depth > DEPTH_MAX {
        return Err(fault(format!("folders are nested deeper than {DEPTH_MAX}")));
    }
    for entry in std::fs::read_dir(folder).map_err(|error| fault(error.to_string()))? {
        let entry = entry.map_err(|error| fault(error.to_string()))?;
        let kind = entry.file_type().map_err(|error| fault(error.to_string()))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            descend(&entry.path(), &format!("{prefix}{name}/"), depth + 1, files)?;
        } else if kind.is_file() {
            take(&entry.path(), prefix, &name, files)?;
        }
        if files.len() > CONTRACTS_MAX {
            return Err(fault(format!("there are more than {CONTRACTS_MAX} contracts")));
        }
    }
    Ok(())
}

/// Sorts one file to its contract.
fn take(
    path: &Path,
    prefix: &str,
    name: &str,
    files: &mut BTreeMap<String, Files>,
) -> Result<(), ContractsError> {
    let fault = |cause: &str| ContractsError { path: path.to_owned(), cause: cause.to_owned() };
    let of = |stem: &str| format!("{prefix}{stem}");
    if let Some(stem) = name.strip_suffix(".zen") {
        if !stem.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.')) {
            return Err(fault("a contract's name has letters, digits, and - _ . only"));
        }
        let text = content(path, Limits::default().contract_octets_max)?;
        files.entry(of(stem)).or_default().text = Some(text);
    } else if let Some(stem) = name.strip_suffix(".metadata.json") {
        files.entry(of(stem)).or_default().metadata = Some(content(path, COMPANION_OCTETS_MAX)?);
    } else if let Some(stem) = name.strip_suffix(".data.json") {
        files.entry(of(stem)).or_default().data = Some(content(path, COMPANION_OCTETS_MAX)?);
    } else if let Some(stem) = name.strip_suffix(".keys.json").or_else(|| name.strip_suffix(".keys")) {
        let keys = &mut files.entry(of(stem)).or_default().keys;
        if keys.is_some() {
            return Err(fault("there are both NAME.keys and NAME.keys.json: one must go"));
        }
        *keys = Some(Zeroizing::new(content(path, COMPANION_OCTETS_MAX)?));
    }
    Ok(())
}

fn content(path: &Path, octets_max: usize) -> Result<String, ContractsError> {
    let fault = |cause: String| ContractsError { path: path.to_owned(), cause };
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(octets_max as u64 + 1).read_to_string(&mut text))
        .map_err(|error| fault(error.to_string()))?;
    if text.len() > octets_max {
        return Err(fault(format!("it is larger than {octets_max} octets")));
    }
    Ok(text)
}
