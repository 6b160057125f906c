//! Which swarm this oracle belongs to: kept in its state folder, and alive while it serves.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::Receipt;
use swarm_protocol::envelope::{Expected, Message, Order, Signed, Stamp};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::MESSAGE_OCTETS_MAX;
use swarm_protocol::registry::Acknowledgement;
use swarm_protocol::replay::Nonces;
use swarm_protocol::time::Timestamp;
use url::Url;

use crate::config::SwarmConfig;
use crate::controller::clock;
use crate::controller::keyfile::{self, FileError};
use crate::controller::remote::Remote;
use crate::oracle::SwarmError;

const FILE: &str = "membership.json";
/// How long an ordinary message to the controller holds, in milliseconds.
const MESSAGE_VALIDITY_MS: u64 = 60_000;

/// What is kept of an enrolment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Address of the controller.
    pub controller: Url,
    /// The swarm's genesis record, whose controller is the pinned one.
    pub genesis: SignedGenesis,
    /// The controller's receipt; absent when it was lost on the way and the oracle is known all the
    /// same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Signed<Receipt>>,
}

impl Record {
    /// Reads the record of a state folder.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(state: &Path) -> Result<Option<Self>, FileError> {
        let path = state.join(FILE);
        match keyfile::read_text(&path, 2 * MESSAGE_OCTETS_MAX) {
            Err(FileError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
            Ok(text) => serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| FileError::Damaged { path, cause: error.to_string() }),
        }
    }

    /// Writes the record; there is one, and it is not overwritten.
    pub(super) fn write(&self, state: &Path) -> Result<(), FileError> {
        let path = state.join(FILE);
        let json = serde_json::to_vec_pretty(self)
            .map_err(|error| FileError::Damaged { path: path.clone(), cause: error.to_string() })?;
        keyfile::write_new(&path, &json, 0o600)
    }

    /// Checks that the record is of the swarm that is configured, and the receipt this oracle's.
    pub(super) fn check(&self, config: Option<&SwarmConfig>, did: Did) -> Result<(), SwarmError> {
        if let Some(config) = config {
            pinned(&self.genesis, config)?;
        }
        if let Some(receipt) = &self.receipt {
            let expected = Expected::new(self.genesis.swarm(), did, clock::now());
            receipt.clone().verify(&expected.by(self.genesis.controller()))?;
        }
        Ok(())
    }
}

/// A genesis record is only believed when it names the key that the operator pinned.
pub(super) fn pinned(genesis: &SignedGenesis, config: &SwarmConfig) -> Result<(), SwarmError> {
    let found = genesis.genesis().controller;
    if found != config.issuer_key {
        return Err(SwarmError::OtherIssuer { found, expected: config.issuer_key });
    }
    Ok(())
}

/// A place in a swarm, while the oracle serves.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) genesis: SignedGenesis,
    pub(super) controller: Remote,
    /// The controller's address.
    pub(super) tracker: Url,
    since: OnceLock<Timestamp>,
    seen: Mutex<Nonces>,
    sequence: Mutex<u64>,
    standing: Mutex<Option<Acknowledgement>>,
}

impl Membership {
    pub(super) fn new(record: &Record) -> Result<Self, SwarmError> {
        Ok(Self {
            genesis: record.genesis.clone(),
            controller: Remote::new(record.controller.as_str())?,
            tracker: record.controller.clone(),
            since: OnceLock::new(),
            seen: Mutex::default(),
            sequence: Mutex::new(0),
            standing: Mutex::new(None),
        })
    }

    /// When the controller first acknowledged this process, by its own clock; none before that.
    ///
    /// Assignments from before this moment are refused: nobody remembers which were answered.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        self.since.get().copied()
    }

    /// The nonces of assignments that were accepted.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Nonces> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the controller last acknowledged.
    pub(crate) fn standing(&self) -> Option<Acknowledgement> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn acknowledge(&self, issued_at: Timestamp, acknowledgement: Acknowledgement) {
        self.since.get_or_init(|| issued_at);
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Some(acknowledgement);
    }

    /// Signs a message about this oracle. Its sequence is the time, so that it goes up over
    /// restarts without being written.
    pub(super) fn sign<B: Message>(&self, key: &SigningKey, body: B) -> Signed<B> {
        let now = clock::now();
        let mut sequence = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        *sequence = now.millis().max(*sequence + 1);
        Signed::by_did(key, self.stamp(Order::Sequence(*sequence), now), body)
    }

    fn stamp(&self, order: Order, issued_at: Timestamp) -> Stamp {
        Stamp {
            swarm: self.genesis.swarm(),
            audience: self.genesis.controller().into(),
            order,
            issued_at,
            validity_ms: MESSAGE_VALIDITY_MS,
        }
    }
}
