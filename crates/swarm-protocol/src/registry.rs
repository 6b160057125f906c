//! The registry: which oracles there are, folded from the log.

mod operation;

use serde::{Deserialize, Serialize};

pub use operation::{
    Acknowledgement, Admit, Announce, Enrol, Evict, Goodbye, LogEntry, Operation, Renew, Suspend,
};

/// What an oracle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Enrolled, and has not announced yet.
    Provisioned,
    /// Enrolled without a ticket, and no admin has admitted it yet.
    Quarantined,
    /// Announced, with a live lease: may sit on committees.
    Active,
    /// Its lease ran out a short time ago.
    Suspect,
    /// An admin suspended it.
    Suspended,
    /// Its lease ran out a while ago, or it said goodbye. It may come back by announcing.
    Expired,
    /// An admin ended it, for good.
    Deactivated,
}
