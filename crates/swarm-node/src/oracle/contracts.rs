//! The contracts of an oracle: read from a folder, compiled once, looked up by name.
//!
//! A contract `NAME` is the file `NAME.zen` in the contracts folder or below it; a chain `NAME.chain` is
//! `NAME.yml`, or `NAME.chain.yaml`. Beside them lie optional companions: `NAME.keys` (or `.keys.json`),
//! what the contract gets as KEYS; `NAME.data` (or `.data.json`), an example; `NAME.schema.json`, what
//! DATA must look like; `NAME.conf`, the engine's configuration; `NAME.metadata.json`, which says what
//! the contract may do and who may call it. Without a folder, the contracts inside the binary are served.
//!
//! What was read is a snapshot. A changed folder makes a new one (`reload`); a call keeps the
//! entry that it began with.

mod access;
mod assembly;
mod chains;
mod embedded;
pub(crate) mod fault;
mod folder;
mod keys;
mod limits;
mod metadata;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use swarm_protocol::octets::Digest;
use zencode::{Configuration, Contract, Diagnostic, KeyCache};
use zeroize::Zeroizing;

use super::chain::{self, Plan};
use crate::connector::{Caller, Scope, Writes};
use crate::http::openapi::Description;
pub use access::{Access, Auth};
pub use fault::{ContractsError, Fault};
pub use folder::Places;
pub(crate) use keys::Secret;
pub use limits::Limits as ContractLimits;
pub use metadata::{Autorun, BodyType, Grant, Input, MediaType, Metadata, Status};
pub(crate) use schema::Mismatch;
pub use schema::Schema;

/// Contracts and chains served at once.
pub const CONTRACTS_MAX: usize = 10_000;
/// Octets of one companion file.
pub const COMPANION_OCTETS_MAX: usize = 1024 * 1024;
/// What the names of chains end with.
pub const CHAIN_ENDING: &str = ".chain";

/// One contract or chain, ready to run.
#[derive(Debug)]
pub struct Entry {
    /// Its name: the path below the folder, without `.zen`; a chain's ends with `.chain`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// SHA-256 of its text.
    pub digest: Digest,
    /// What is run.
    pub program: Program,
    /// What it may do.
    pub metadata: Metadata,
    /// An example of its data: JSON text.
    pub example: Option<String>,
    /// What its data must look like.
    pub schema: Option<Schema>,
    /// Whether nobody may call it: it is private, or only a step of a chain.
    pub is_hidden: bool,
    /// Why nobody may call it until its metadata says so.
    pub closed: Option<Closed>,
    /// What it gets as KEYS.
    pub(crate) keys: Secret,
    /// How the engine runs it.
    pub(crate) configuration: Configuration,
    /// What must end well before it is run.
    pub(crate) precondition: Option<Arc<Precondition>>,
    /// Digest of all that it was made of.
    version: Digest,
    /// Names of the contracts that are its steps.
    steps: BTreeSet<String>,
}

/// What an entry runs, or why it cannot.
#[derive(Debug)]
pub enum Program {
    /// A contract.
    Contract(Result<Contract, Diagnostic>),
    /// A chain.
    Chain(Result<Arc<Plan>, Diagnostic>),
}

/// A contract that must end well on the same DATA.
#[derive(Debug)]
pub(crate) struct Precondition {
    pub(crate) contract: Contract,
    pub(crate) keys: Secret,
}

/// Why a contract is closed until its metadata says `"public": true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// All of the folder is.
    Folder,
    /// It is granted a key of the oracle's.
    Granted,
    /// It writes to a store or a ledger.
    Writes,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "contracts are closed here unless they are opened",
            Self::Granted => "it is granted a key of the oracle's",
            Self::Writes => "it writes to a store or a ledger",
        })
    }
}

/// Whether contracts without metadata may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FolderDefault {
    /// They may.
    #[default]
    Open,
    /// Only those whose metadata says so.
    Closed,
}

/// All contracts and chains of an oracle, as a folder was at one moment.
#[derive(Debug, Default)]
pub struct Contracts {
    entries: BTreeMap<String, Arc<Entry>>,
    /// What is wrong with files that are not served, or in an older version.
    faults: Vec<Fault>,
    /// Every text that was compiled, by its digest.
    compiled: BTreeMap<Digest, Result<Contract, Diagnostic>>,
    /// Public keys that signatures were verified with, kept from one snapshot to the next.
    known: KeyCache,
    /// What is said of them, once somebody has asked.
    pub(crate) description: OnceLock<Arc<Description>>,
}

impl Contracts {
    /// Reads a folder, or takes the contracts inside the binary.
    ///
    /// `keyring` goes to the contracts that are granted it, and to no other.
    ///
    /// # Errors
    /// Every file that cannot be read, is too large, or says what is not understood.
    pub fn load(folder: Option<&Path>, keyring: &Zeroizing<String>) -> Result<Self, ContractsError> {
        let places = Places { contracts: folder.map(Path::to_owned), private: None };
        Self::read(&places, FolderDefault::Open, keyring)
    }

    /// Reads the folders of contracts.
    ///
    /// # Errors
    /// As [`Contracts::load`].
    pub fn read(
        places: &Places,
        default: FolderDefault,
        keyring: &Zeroizing<String>,
    ) -> Result<Self, ContractsError> {
        assembly::assemble(places, default, keyring, None)
    }

    /// Reads the folders again. What is at fault stays as it is in this snapshot.
    ///
    /// # Errors
    /// When a folder cannot be read at all.
    pub fn read_again(
        &self,
        places: &Places,
        default: FolderDefault,
        keyring: &Zeroizing<String>,
    ) -> Result<Self, ContractsError> {
        assembly::assemble(places, default, keyring, Some(self))
    }

    /// A contract or chain that exists for callers, be it closed.
    pub fn public(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(name).filter(|entry| !entry.is_hidden)
    }

    /// All that callers may reach, be it only those who say who they are, by name.
    pub fn all_public(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values().filter(|entry| !entry.is_hidden && entry.access() != Access::Nobody)
    }

    /// All that lists and descriptions name.
    pub fn listed(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.all_public().filter(|entry| !entry.metadata.hide_from_openapi)
    }

    /// Everything, private contracts too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values()
    }

    /// What is wrong with files that are not served, or in an older version.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The public name nearest to one that is not there.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let distance = |entry: &Arc<Entry>| crate::config::distance(name, &entry.name);
        let nearest = self.listed().min_by_key(|entry| distance(entry))?;
        (distance(nearest) <= 3).then_some(nearest.name.as_str())
    }

    /// Names that came, changed and went since an older snapshot.
    pub(crate) fn changes(&self, old: &Self) -> (usize, usize, usize) {
        let is_new = |name: &&String| !old.entries.contains_key(*name);
        let came = self.entries.keys().filter(is_new).count();
        let went = old.entries.keys().filter(|name| !self.entries.contains_key(*name)).count();
        let is_changed = |(name, entry): &(&String, &Arc<Entry>)| {
            old.entries.get(*name).is_some_and(|old| old.version != entry.version)
        };
        (came, self.entries.iter().filter(is_changed).count(), went)
    }
}

impl Entry {
    /// Who may call it.
    pub fn access(&self) -> Access<'_> {
        self.metadata.access(self.closed.is_some())
    }

    /// What the language may use: what the metadata say, and else what the configuration of the engine says.
    pub(crate) fn limits(&self) -> zencode::Limits {
        self.metadata.limits.language(chain::limits(&self.configuration.limits))
    }

    /// On whose behalf it asks the world.
    pub(crate) fn scope(&self, caller: Option<Caller>) -> Scope {
        Scope { egress: self.metadata.egress.clone(), writes: Writes::Allowed, caller }
    }

    /// The contract, or why it does not compile; none for a chain.
    pub fn contract(&self) -> Option<Result<&Contract, &Diagnostic>> {
        match &self.program {
            Program::Contract(contract) => Some(contract.as_ref()),
            Program::Chain(_) => None,
        }
    }

    /// Why it cannot be run.
    pub(crate) fn broken(&self) -> Option<&Diagnostic> {
        match &self.program {
            Program::Contract(contract) => contract.as_ref().err(),
            Program::Chain(plan) => plan.as_ref().err(),
        }
    }
}
