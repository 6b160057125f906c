//! The registry: which oracles there are, folded from the log.
//!
//! Every change is prepared, written to disk by the node, and then committed: what was acknowledged is in the log,
//! and what is refused leaves no trace. Renewals of leases are not logged, they only move a time in memory.

mod error;
mod operation;
mod oracle;
mod prepare;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

pub use error::RegistryError;
pub use operation::{
    Acknowledgement, Admit, Announce, Enrol, Evict, Goodbye, LogEntry, Operation, Renew, Suspend,
};
pub use oracle::{Oracle, State};
pub use snapshot::{Member, Snapshot};

use crate::did::Did;
use crate::envelope::{Sender, Verified};
use crate::genesis::SignedGenesis;
use crate::key::{PublicKey, SigningKey};
use crate::limits::SUSPECT_MS;
use crate::log::{self, Checkpoint, SignedCheckpoint, Tree};
use crate::octets::{Digest, Nonce};
use crate::service_key::EcdhPublicKey;
use crate::time::Timestamp;

/// The state of a swarm: a fold over its log.
#[derive(Debug, Clone)]
pub struct Registry {
    genesis: SignedGenesis,
    oracles: BTreeMap<Did, Oracle>,
    tickets: BTreeMap<(Sender, Nonce), u32>,
    ecdh_keys: BTreeSet<EcdhPublicKey>,
    eddsa_keys: BTreeSet<PublicKey>,
    commands: BTreeMap<(Sender, Nonce), Timestamp>,
    tree: Tree,
    written_at: Timestamp,
}

/// A change that was checked and not made yet.
#[derive(Debug)]
#[must_use = "write the entry to disk, then commit it"]
pub struct Prepared {
    entry: LogEntry,
    leaf: Digest,
    change: prepare::Change,
}

impl Prepared {
    /// What is to be written.
    pub const fn entry(&self) -> &LogEntry {
        &self.entry
    }

    /// The octets to be written: the leaf of the Merkle tree, canonical JSON.
    pub fn leaf(&self) -> String {
        self.entry.leaf()
    }
}

impl Registry {
    /// Begins a swarm. The entry is the first to be written.
    pub fn begin(genesis: SignedGenesis) -> (Self, LogEntry) {
        let at = genesis.genesis().created;
        let entry = LogEntry { index: 0, at, operation: Operation::Genesis(genesis.clone()) };
        let mut registry = Self {
            genesis,
            oracles: BTreeMap::new(),
            tickets: BTreeMap::new(),
            ecdh_keys: BTreeSet::new(),
            eddsa_keys: BTreeSet::new(),
            commands: BTreeMap::new(),
            tree: Tree::new(),
            written_at: at,
        };
        registry.tree.append(log::leaf_hash(entry.leaf().as_bytes()));
        (registry, entry)
    }

    /// Begins to read a log: its first entry, then [`Self::apply`] for each other.
    ///
    /// # Errors
    /// [`RegistryError::NoGenesis`] when the entry is another one.
    pub fn replay(first: &LogEntry) -> Result<Self, RegistryError> {
        match &first.operation {
            Operation::Genesis(genesis) => {
                let (registry, expected) = Self::begin(genesis.clone());
                if expected == *first { Ok(registry) } else { Err(RegistryError::NoGenesis) }
            }
            _ => Err(RegistryError::NoGenesis),
        }
    }

    /// Checks a change at this time, without making it.
    ///
    /// # Errors
    /// [`RegistryError`]; a clock that went back is given the time of the entry before.
    pub fn prepare(&self, operation: Operation, now: Timestamp) -> Result<Prepared, RegistryError> {
        let at = now.max(self.written_at);
        let entry = LogEntry { index: self.size(), at, operation };
        let leaf = log::leaf_hash(entry.leaf().as_bytes());
        let change = prepare::check(self, &entry, leaf)?;
        Ok(Prepared { entry, leaf, change })
    }

    /// Makes a prepared change, once its entry is on disk.
    ///
    /// # Errors
    /// [`RegistryError::OutOfOrder`] when another change was made since it was prepared.
    pub fn commit(&mut self, prepared: Prepared) -> Result<(), RegistryError> {
        let Prepared { entry, leaf, change } = prepared;
        if entry.index != self.size() {
            return Err(RegistryError::OutOfOrder { found: entry.index, expected: self.size() });
        }
        self.tree.append(leaf);
        self.written_at = entry.at;
        prepare::make(self, change);
        Ok(())
    }

    /// Checks and makes the change of an entry that is on disk already.
    ///
    /// # Errors
    /// [`RegistryError`], every signature checked again.
    pub fn apply(&mut self, entry: &LogEntry) -> Result<(), RegistryError> {
        if entry.index != self.size() || entry.at < self.written_at {
            return Err(RegistryError::OutOfOrder { found: entry.index, expected: self.size() });
        }
        let prepared = self.prepare(entry.operation.clone(), entry.at)?;
        self.commit(prepared)
    }

    /// Renews a lease. Nothing is written: after a restart the oracle renews again.
    ///
    /// # Errors
    /// [`RegistryError`] when the sequence does not go up, the lease is out of bounds, or the oracle has not
    /// announced or is over.
    pub fn renew(&mut self, renewal: &Verified<Renew>, now: Timestamp) -> Result<&Oracle, RegistryError> {
        let mut oracle = prepare::sender(self, renewal.header())?;
        match oracle.state(now) {
            State::Provisioned | State::Expired => {
                return Err(RegistryError::NotAnnounced { oracle: oracle.did });
            }
            State::Deactivated => return Err(RegistryError::Deactivated { oracle: oracle.did }),
            State::Active | State::Suspect | State::Quarantined | State::Suspended => {}
        }
        oracle.lease_until = Some(prepare::lease(renewal.body().lease_ms, now)?);
        let did = oracle.did;
        self.oracles.insert(did, oracle);
        Ok(&self.oracles[&did])
    }

    /// Lengthens every lease that has not been found expired to at least this time, so that a controller
    /// that was away for a while does not expire a healthy swarm.
    pub fn resume(&mut self, until: Timestamp) {
        for oracle in self.oracles.values_mut() {
            oracle.lease_until = oracle.lease_until.map(|lease| lease.max(until));
        }
    }

    /// The oracles whose leases ran out for so long that an [`Operation::Expire`] is due.
    pub fn overdue(&self, now: Timestamp) -> Vec<Did> {
        self.oracles.values().filter(|oracle| oracle.is_overdue(now)).map(|oracle| oracle.did).collect()
    }

    /// The earliest time at which [`Self::overdue`] or an oracle's state may change without a message.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let times = self.oracles.values().filter_map(|oracle| oracle.lease_until);
        times.flat_map(|lease| [lease.plus(1), lease.plus(SUSPECT_MS + 1)]).filter(|time| *time > now).min()
    }

    /// The genesis record.
    pub const fn genesis(&self) -> &SignedGenesis {
        &self.genesis
    }

    /// An oracle, whatever its state.
    pub fn oracle(&self, did: &Did) -> Option<&Oracle> {
        self.oracles.get(did)
    }

    /// Every oracle in the order of the DIDs, whatever its state.
    pub fn oracles(&self) -> impl Iterator<Item = &Oracle> {
        self.oracles.values()
    }

    /// The oracles that may sit on committees, in the order of the DIDs.
    pub fn active(&self, now: Timestamp) -> impl Iterator<Item = &Oracle> {
        self.oracles.values().filter(move |oracle| oracle.state(now) == State::Active)
    }

    /// How often a ticket was used.
    pub fn ticket_uses(&self, issuer: Sender, ticket: Nonce) -> u32 {
        self.tickets.get(&(issuer, ticket)).copied().unwrap_or(0)
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.tree.len()
    }

    /// The Merkle tree over the log.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The oracles that may sit on committees at this time, with the tree over them.
    pub fn snapshot(&self, now: Timestamp) -> Snapshot {
        Snapshot::new(
            self.active(now).map(|oracle| Member { did: oracle.did, document: oracle.document_digest }),
        )
    }

    /// The signed head of the log and of a snapshot.
    pub fn checkpoint(&self, snapshot: &Snapshot, key: &SigningKey, now: Timestamp) -> SignedCheckpoint {
        let checkpoint = Checkpoint {
            swarm: self.genesis.swarm(),
            size: self.size(),
            root: self.tree.root(),
            active: snapshot.root(),
            at: now,
        };
        checkpoint.sign(key)
    }
}
