//! Why a change of the registry is refused.

use crate::did::Did;
use crate::enrolment::EnrolmentError;
use crate::envelope::{EnvelopeError, Sender};
use crate::octets::Nonce;
use crate::profile::ProfileError;
use crate::time::Timestamp;

/// Why a change of the registry is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The log does not begin with a genesis record, or has a second one.
    #[error("a log has one genesis record, at its beginning")]
    NoGenesis,
    /// The entry is not the next one.
    #[error("log entry {found} is not the next one, {expected}")]
    OutOfOrder {
        /// The index found.
        found: u64,
        /// The index of the next entry.
        expected: u64,
    },
    /// The message is not what it should be.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The enrolment is not good.
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// The profile is not valid.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// No oracle has this DID.
    #[error("{oracle} is not enrolled")]
    Unknown {
        /// The DID.
        oracle: Sender,
    },
    /// An oracle has this DID already.
    #[error("{oracle} is enrolled already")]
    Enrolled {
        /// The DID.
        oracle: Did,
    },
    /// Another oracle has the same service key.
    #[error("service keys of {oracle} are another oracle's")]
    KeysTaken {
        /// The DID.
        oracle: Did,
    },
    /// The DID is over.
    #[error("{oracle} is deactivated")]
    Deactivated {
        /// The DID.
        oracle: Did,
    },
    /// The oracle has no announcement that could be renewed.
    #[error("{oracle} has no live announcement")]
    NotAnnounced {
        /// The DID.
        oracle: Did,
    },
    /// The sequence number does not go up.
    #[error("sequence {found} of {oracle} is not above {latest}")]
    StaleSequence {
        /// The DID.
        oracle: Did,
        /// The number found.
        found: u64,
        /// The latest number accepted.
        latest: u64,
    },
    /// The message needs a sequence number.
    #[error("message has no sequence number")]
    NoSequence,
    /// The lease is too short or too long.
    #[error("lease of {lease_ms} ms is not between {lease_ms_min} and {lease_ms_max}")]
    Lease {
        /// The lease found.
        lease_ms: u64,
        /// The shortest.
        lease_ms_min: u64,
        /// The longest.
        lease_ms_max: u64,
    },
    /// The sender is no admin of this swarm.
    #[error("{sender} is no admin of this swarm")]
    NotAnAdmin {
        /// Who sent it.
        sender: Sender,
    },
    /// The admin's command was carried out before.
    #[error("command with nonce {nonce} was carried out before")]
    Repeated {
        /// The nonce.
        nonce: Nonce,
    },
    /// The admin's command has no nonce.
    #[error("command has no nonce")]
    NoNonce,
    /// The lease has not run out for long enough.
    #[error("lease of {oracle} runs until {}", .lease_until.millis())]
    NotOverdue {
        /// The DID.
        oracle: Did,
        /// Until when it runs.
        lease_until: Timestamp,
    },
    /// The swarm is full.
    #[error("swarm has {oracles_max} oracles, the most there may be")]
    Full {
        /// The most there may be.
        oracles_max: usize,
    },
}

impl RegistryError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoGenesis | Self::OutOfOrder { .. } => {
                "the log is damaged, or was changed by two controllers at once"
            }
            Self::Envelope(error) => error.hint(),
            Self::Enrolment(error) => error.hint(),
            Self::Profile(error) => error.hint(),
            Self::Unknown { .. } => "enrol first",
            Self::Enrolled { .. } => "announce instead: an oracle enrols once and keeps its DID",
            Self::KeysTaken { .. } => "make a keyring of its own for each oracle",
            Self::Deactivated { .. } => "enrol with a new keyring and a new ticket",
            Self::NotAnnounced { .. } => "announce instead of renewing",
            Self::StaleSequence { .. } => "use a higher number: the time in milliseconds serves",
            Self::NoSequence => "sign this kind of message with a sequence number",
            Self::Lease { .. } => "ask for between one second and one day",
            Self::NotAnAdmin { .. } => "sign with an admin key that the genesis record names",
            Self::Repeated { .. } | Self::NoNonce => "sign a new command with a fresh nonce",
            Self::NotOverdue { .. } => "wait until the lease has run out",
            Self::Full { .. } => "begin another swarm",
        }
    }
}
