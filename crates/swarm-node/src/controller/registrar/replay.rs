//! From the log on disk to the registry in memory, every entry checked again.

use swarm_protocol::canonical::JsonError;
use swarm_protocol::octets::Digest;
use swarm_protocol::registry::{LogEntry, Registry, RegistryError};

use crate::store::{BATCH_ENTRIES_MAX, Store, StoreError};

/// The key under which size and root of the log are kept next to it.
const HEAD: &str = "head";

/// Why a log cannot be taken up.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry cannot be read.
    #[error("entry {index} of the log cannot be read: {cause}")]
    Entry {
        /// Its place.
        index: u64,
        /// What was found.
        cause: JsonError,
    },
    /// An entry is against the rules: it was changed after it was written.
    #[error("entry {index} of the log is not valid: {cause}")]
    Invalid {
        /// Its place.
        index: u64,
        /// Which rule.
        cause: Box<RegistryError>,
    },
    /// There is no entry.
    #[error("the log is empty")]
    Empty,
    /// The entries do not give the root that was written with the last of them.
    #[error("the log has the head {found}, and {expected} was written")]
    Head {
        /// Size and root of the entries.
        found: String,
        /// Size and root as written.
        expected: String,
    },
    /// The writer's thread cannot be started.
    #[error("the system gives no thread: {cause}")]
    Thread {
        /// What the system said.
        cause: std::io::Error,
    },
}

impl ReplayError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Store(error) => error.hint(),
            Self::Entry { .. } | Self::Invalid { .. } | Self::Empty | Self::Head { .. } => {
                "the log was damaged or changed: restore log.redb from a backup"
            }
            Self::Thread { .. } => "raise the limit of processes for this user",
        }
    }
}

/// The registry of a log.
pub(super) fn registry(store: &dyn Store) -> Result<Registry, ReplayError> {
    let mut registry = Registry::replay(&first(store)?).map_err(|cause| invalid(0, cause))?;
    loop {
        let entries = store.entries(registry.size(), BATCH_ENTRIES_MAX)?;
        if entries.is_empty() {
            break;
        }
        for octets in entries {
            let index = registry.size();
            let entry = parse(index, &octets)?;
            registry.apply(&entry).map_err(|cause| invalid(index, cause))?;
            // What is hashed is what the entry says; what is kept must be the same text.
            if entry.leaf().as_bytes() != octets {
                return Err(invalid(index, RegistryError::OutOfOrder { found: index, expected: index }));
            }
        }
    }
    check_head(store, &registry)?;
    Ok(registry)
}

fn first(store: &dyn Store) -> Result<LogEntry, ReplayError> {
    let octets = store.entries(0, 1)?.pop().ok_or(ReplayError::Empty)?;
    parse(0, &octets)
}

fn parse(index: u64, octets: &[u8]) -> Result<LogEntry, ReplayError> {
    LogEntry::parse(octets).map_err(|cause| ReplayError::Entry { index, cause })
}

fn invalid(index: u64, cause: RegistryError) -> ReplayError {
    ReplayError::Invalid { index, cause: Box::new(cause) }
}

/// Size and root of the log, to be written in the same transaction as its last entry.
pub(super) fn head_value(registry: &Registry) -> (String, Vec<u8>) {
    (HEAD.to_owned(), head_text(registry.size(), &registry.tree().root()).into_bytes())
}

fn head_text(size: u64, root: &Digest) -> String {
    format!("{size} {root}")
}

fn check_head(store: &dyn Store, registry: &Registry) -> Result<(), ReplayError> {
    let found = head_text(registry.size(), &registry.tree().root());
    match store.value(HEAD)? {
        Some(expected) if expected != found.as_bytes() => {
            let expected = String::from_utf8_lossy(&expected).into_owned();
            Err(ReplayError::Head { found, expected })
        }
        // A log that holds nothing but the genesis record was written before there was a head to write.
        _ => Ok(()),
    }
}
