//! What can be written into the log, and the signed messages that ask for it.

use serde::{Deserialize, Serialize};

use super::{Oracle, State};
use crate::canonical::{self, JsonError};
use crate::did::Did;
use crate::enrolment::{Admission, Challenge, Hello, Proof};
use crate::envelope::{Message, Signed};
use crate::genesis::SignedGenesis;
use crate::limits::MESSAGE_OCTETS_MAX as ENTRY_OCTETS_MAX;
use crate::octets::Digest;
use crate::profile::{Name, Profile};
use crate::time::Timestamp;

/// Oracle to controller: I am here (with a sequence number; logged). It starts a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// Where it is reached, and what it runs.
    pub profile: Profile,
    /// How long the announcement holds without renewal, in milliseconds: 1 second to 1 day.
    pub lease_ms: u64,
}

impl Message for Announce {
    const TYPE: &'static str = "announce";
}

/// Oracle to controller: I am still here (with a sequence number; not logged). It renews the lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// How long the renewal holds, in milliseconds: 1 second to 1 day.
    pub lease_ms: u64,
}

impl Message for Renew {
    const TYPE: &'static str = "renew";
}

/// Oracle to controller: I am leaving (with a sequence number; logged). It may come back by announcing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goodbye {}

impl Message for Goodbye {
    const TYPE: &'static str = "goodbye";
}

/// Controller to oracle: done. Without it an oracle must not believe that it is announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The digest of the announcement, renewal or goodbye that was accepted.
    pub accepted: Digest,
    /// What the oracle is now.
    pub state: State,
    /// Until when its announcement holds.
    pub lease_until: Timestamp,
    /// The operation's place in the log; renewals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
}

impl Message for Acknowledgement {
    const TYPE: &'static str = "acknowledgement";
}

impl Acknowledgement {
    /// Says what became of a message, as the registry has it now.
    pub fn of<B: Message>(message: &Signed<B>, oracle: &Oracle, index: Option<u64>, now: Timestamp) -> Self {
        Self {
            accepted: message.digest(),
            state: oracle.state(now),
            lease_until: oracle.lease_until.unwrap_or(now),
            index,
        }
    }
}

/// Admin to controller: this oracle may sit on committees. Ends quarantine and suspension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admit {
    /// The oracle.
    pub oracle: Did,
}

impl Message for Admit {
    const TYPE: &'static str = "admit";
}

/// Admin to controller: this oracle sits on no committee until it is admitted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    /// The oracle.
    pub oracle: Did,
    /// Why, for the log.
    pub reason: Name,
}

impl Message for Suspend {
    const TYPE: &'static str = "suspend";
}

/// Admin to controller: this DID is over; a new keyring needs a new enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evict {
    /// The oracle.
    pub oracle: Did,
    /// Why, for the log.
    pub reason: Name,
}

impl Message for Evict {
    const TYPE: &'static str = "evict";
}

/// An enrolment with everything that lets an auditor check it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The oracle's first message, with its ticket.
    pub hello: Signed<Hello>,
    /// The controller's answer.
    pub challenge: Signed<Challenge>,
    /// The oracle's proof.
    pub proof: Signed<Proof>,
    /// What the oracle is from here on.
    pub admission: Admission,
}

/// One change of the registry. What machines and admins ask for carries their signature; the controller's own
/// decisions are signed with the checkpoint that covers them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// The swarm begins; always and only at index 0.
    Genesis(SignedGenesis),
    /// An oracle enrols.
    Enrol(Box<Enrol>),
    /// An oracle announces itself.
    Announce(Signed<Announce>),
    /// An oracle leaves.
    Goodbye(Signed<Goodbye>),
    /// An admin admits an oracle.
    Admit(Signed<Admit>),
    /// An admin suspends an oracle.
    Suspend(Signed<Suspend>),
    /// An admin ends an oracle.
    Evict(Signed<Evict>),
    /// The controller finds a lease run out for too long.
    Expire {
        /// The oracle.
        oracle: Did,
    },
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// Its place, from 0.
    pub index: u64,
    /// When the controller wrote it; never earlier than the entry before.
    pub at: Timestamp,
    /// What changed.
    pub operation: Operation,
}

impl LogEntry {
    /// Reads an entry of the log.
    ///
    /// # Errors
    /// [`JsonError`].
    pub fn parse(json: &[u8]) -> Result<Self, JsonError> {
        canonical::parse_as(json, ENTRY_OCTETS_MAX, "log entry")
    }

    /// The leaf of the Merkle tree, and what the store keeps: canonical JSON.
    pub fn leaf(&self) -> String {
        canonical::text_of(self)
    }
}
