//! What the controller writes down: one append-only log of entries, and a little state beside it.
//!
//! A batch is all or nothing, and durable when `commit` returns: an acknowledged entry survives a
//! process killed at any moment. The store knows octets only; what they mean is the registry's.

use std::path::PathBuf;

pub mod disk;
pub mod memory;

/// Entries of one batch, at most: bounds what a single commit holds in memory.
pub const BATCH_ENTRIES_MAX: usize = 1024;
/// Octets of one entry, at most.
pub const ENTRY_OCTETS_MAX: usize = 1024 * 1024;
/// Octets of one value of the state, at most.
pub const VALUE_OCTETS_MAX: usize = 1024 * 1024;
/// Octets of a key of the state, at most.
pub const KEY_OCTETS_MAX: usize = 128;

/// Entries and values that are written together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The index of the first entry: the number of entries that the log has.
    pub first: u64,
    /// The entries, in order.
    pub entries: Vec<Vec<u8>>,
    /// Values of the state to set, by key.
    pub values: Vec<(String, Vec<u8>)>,
}

/// An append-only log and a small state, written together.
pub trait Store: std::fmt::Debug + Send + Sync + 'static {
    /// How many entries the log has.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn entries_count(&self) -> Result<u64, StoreError>;

    /// At most `count_max` entries from index `first` on; fewer at the end of the log.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn entries(&self, first: u64, count_max: usize) -> Result<Vec<Vec<u8>>, StoreError>;

    /// A value of the state; `None` when it was never set.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes a batch, durably: when this returns, the batch is not lost with the process.
    ///
    /// # Errors
    /// `OutOfOrder` when `batch.first` is not the end of the log, `TooLarge` beyond a limit, or when the
    /// store cannot be written; nothing of the batch is there then.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;
}

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The batch does not continue the log.
    #[error("the batch starts at entry {first}, the log ends at {end}")]
    OutOfOrder {
        /// Where the batch starts.
        first: u64,
        /// How many entries there are.
        end: u64,
    },
    /// A limit of this module is exceeded.
    #[error("{what} of {found} is above the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Another process has the file open.
    #[error("{} is open in another process", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// There is no database at the path.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The database file.
        path: PathBuf,
    },
    /// The file is not a whole database.
    #[error("{} is damaged: {cause}", path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What the database engine found.
        cause: String,
    },
    /// The file cannot be read or written.
    #[error("cannot read or write {}: {cause}", path.display())]
    Io {
        /// The database file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::OutOfOrder { .. } => "a second writer is at work on the same log: stop one of them",
            Self::TooLarge { .. } => "send less at a time",
            Self::InUse { .. } => {
                "stop the other controller that serves this folder, or choose another --state"
            }
            Self::Missing { .. } => "make the controller first: zenswarm controller init --state DIR",
            Self::Damaged { .. } => {
                "restore the file from a backup; the log of every oracle's receipt lets you check that nothing is missing"
            }
            Self::Io { .. } => {
                "check that the disk has room and that the file belongs to the user who runs this"
            }
        }
    }
}

/// Refuses a batch beyond the limits, or one that does not continue a log of `end` entries.
fn check(batch: &Batch, end: u64) -> Result<(), StoreError> {
    if batch.first != end {
        return Err(StoreError::OutOfOrder { first: batch.first, end });
    }
    within("a batch", batch.entries.len(), BATCH_ENTRIES_MAX)?;
    for entry in &batch.entries {
        within("an entry", entry.len(), ENTRY_OCTETS_MAX)?;
    }
    for (key, value) in &batch.values {
        within("a key", key.len(), KEY_OCTETS_MAX)?;
        within("a value", value.len(), VALUE_OCTETS_MAX)?;
    }
    Ok(())
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), StoreError> {
    if found > limit {
        return Err(StoreError::TooLarge { what, found, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
