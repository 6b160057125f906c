//! The contracts of an oracle: read once at the start, compiled once, looked up by name.
//!
//! A contract `NAME` is the file `NAME.zen` in the contracts folder or below it, with three
//! optional companions: `NAME.keys.json` (or `NAME.keys`), which the contract gets as KEYS,
//! `NAME.data.json`, an example, and `NAME.metadata.json`, which says what it may do. Without a
//! folder, the contracts inside the binary are served.

mod access;
mod embedded;
mod folder;
mod limits;
mod metadata;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};
use swarm_protocol::octets::Digest;
use zencode::{Contract, Diagnostic, KeyCache, Library, Limits};
use zeroize::Zeroizing;

pub use access::{Access, Auth};
pub use limits::Limits as ContractLimits;
pub use metadata::{Grant, Input, Metadata};

/// Contracts served at once.
pub const CONTRACTS_MAX: usize = 10_000;
/// Octets of one companion file.
pub const COMPANION_OCTETS_MAX: usize = 1024 * 1024;

/// Why a folder of contracts is refused; a contract that does not compile is no reason.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct ContractsError {
    /// The file or folder.
    pub path: PathBuf,
    /// What was found.
    pub cause: String,
}

/// One contract, ready to run.
#[derive(Debug)]
pub struct Entry {
    /// Its name: the path below the folder, without `.zen`.
    pub name: String,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// The compiled contract, or why it does not compile.
    pub contract: Result<Contract, Diagnostic>,
    /// What it may do.
    pub metadata: Metadata,
    /// An example of its data: JSON text.
    pub example: Option<String>,
    /// What it gets as KEYS: JSON text, empty when nothing.
    pub(crate) keys: Secret,
}

/// A secret text, with what is kept of its keys: wiped when dropped, never printed.
#[derive(Clone, Default)]
pub(crate) struct Secret {
    pub(crate) text: Arc<Zeroizing<String>>,
    pub(crate) cache: KeyCache,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The files of one contract, before they are understood.
#[derive(Debug, Default)]
struct Files {
    text: Option<String>,
    keys: Option<Zeroizing<String>>,
    data: Option<String>,
    metadata: Option<String>,
}

/// All contracts of an oracle.
#[derive(Debug, Default)]
pub struct Contracts {
    entries: BTreeMap<String, Arc<Entry>>,
}

impl Contracts {
    /// Reads a folder, or takes the contracts inside the binary.
    ///
    /// `keyring` goes to the contracts that are granted it, and to no other.
    ///
    /// # Errors
    /// When a file cannot be read, is too large, or says what is not understood.
    pub fn load(folder: Option<&Path>, keyring: &Zeroizing<String>) -> Result<Self, ContractsError> {
        let (files, root) = match folder {
            Some(folder) => (folder::read(folder)?, folder.to_owned()),
            None => (embedded::files(), PathBuf::from("(inside the binary)")),
        };
        let mut entries = BTreeMap::new();
        for (name, files) in files {
            let entry = entry(&name, files, keyring).map_err(|(companion, cause)| ContractsError {
                path: root.join(name.clone() + companion),
                cause,
            })?;
            if let Err(diagnostic) = &entry.contract {
                tracing::warn!(contract = name, %diagnostic, "does not compile");
            }
            entries.insert(name, Arc::new(entry));
        }
        Ok(Self { entries })
    }

    /// A contract that callers may reach.
    pub fn public(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(name).filter(|entry| !entry.metadata.private)
    }

    /// All contracts that callers may reach, by name.
    pub fn all_public(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values().filter(|entry| !entry.metadata.private)
    }

    /// The public name nearest to one that is not there.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let distance = |entry: &Arc<Entry>| crate::config::distance(name, &entry.name);
        let nearest = self.all_public().min_by_key(|entry| distance(entry))?;
        (distance(nearest) <= 3).then_some(nearest.name.as_str())
    }
}

/// Understands the files of one contract; the error names the companion to blame.
fn entry(name: &str, files: Files, keyring: &Zeroizing<String>) -> Result<Entry, (&'static str, String)> {
    let text = files.text.ok_or((".zen", "companions are there, the contract is not".to_owned()))?;
    let metadata = match files.metadata {
        Some(json) => Metadata::parse(&json).map_err(|cause| (".metadata.json", cause))?,
        None => Metadata::default(),
    };
    if let Some(data) = &files.data {
        object(data).map_err(|cause| (".data.json", cause))?;
    }
    let granted = metadata.is_granted(Grant::Keyring).then_some(keyring);
    let keys = merge_keys(files.keys, granted).map_err(|cause| (".keys.json", cause))?;
    Ok(Entry {
        name: name.to_owned(),
        digest: Digest::of(text.as_bytes()),
        contract: Contract::compile(&text, Library::Connectors, &Limits::default()),
        metadata,
        example: files.data,
        keys: Secret { text: Arc::new(keys), cache: KeyCache::default() },
    })
}

/// The contract's own keys and the granted keyring in one object.
fn merge_keys(
    own: Option<Zeroizing<String>>,
    keyring: Option<&Zeroizing<String>>,
) -> Result<Zeroizing<String>, String> {
    let Some(own) = own else { return Ok(keyring.cloned().unwrap_or_default()) };
    let members = object(&own)?;
    let Some(keyring) = keyring else { return Ok(own) };
    if members.contains_key("keyring") {
        return Err("it holds a keyring, and the metadata grants the oracle's: one must go".to_owned());
    }
    if members.is_empty() {
        return Ok(keyring.clone());
    }
    // Texts are joined, not values: a parsed keyring would leave copies of its secrets behind.
    let inside = |text: &str| -> Option<Zeroizing<String>> {
        let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        Some(Zeroizing::new(inside.to_owned()))
    };
    match (inside(keyring), inside(&own)) {
        (Some(keyring), Some(own)) => Ok(Zeroizing::new(format!("{{{},{}}}", *keyring, *own))),
        _ => Err("it is JSON, but no object".to_owned()),
    }
}

fn object(json: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("it is JSON, but no object".to_owned()),
        Err(error) if error.is_syntax() || error.is_eof() => {
            // The parser's message could quote a secret; the place is enough.
            Err(format!("it is not JSON, line {} column {}", error.line(), error.column()))
        }
        Err(error) => Err(error.to_string()),
    }
}
