//! What each operation needs, and what it changes.

use super::oracle::Standing;
use super::{Announce, Enrol, LogEntry, Operation, Oracle, Registry, RegistryError};
use crate::did::Did;
use crate::enrolment::{self, Admission, EnrolmentError, TicketRefusal};
use crate::envelope::{Expected, Header, Message, Sender, Signed, Verified};
use crate::limits::{CLOCK_SKEW_MS_MAX, LEASE_MS_MAX, LEASE_MS_MIN, ORACLES_MAX};
use crate::octets::{Digest, Nonce};
use crate::time::Timestamp;

/// What a checked operation will change: one oracle, and what must not happen twice.
#[derive(Debug)]
pub(super) struct Change {
    oracle: Oracle,
    ticket: Option<(Sender, Nonce)>,
    command: Option<((Sender, Nonce), Timestamp)>,
}

impl From<Oracle> for Change {
    fn from(oracle: Oracle) -> Self {
        Self { oracle, ticket: None, command: None }
    }
}

/// Makes a checked change.
pub(super) fn make(registry: &mut Registry, Change { oracle, ticket, command }: Change) {
    let written_at = registry.written_at;
    registry.commands.retain(|_, until| *until >= written_at);
    registry.commands.extend(command);
    if let Some(ticket) = ticket {
        *registry.tickets.entry(ticket).or_default() += 1;
    }
    registry.ecdh_keys.insert(oracle.keys.ecdh);
    registry.eddsa_keys.insert(oracle.keys.eddsa);
    registry.oracles.insert(oracle.did, oracle);
}

/// Checks an operation against everything before it.
pub(super) fn check(registry: &Registry, entry: &LogEntry, leaf: Digest) -> Result<Change, RegistryError> {
    let at = entry.at;
    let mut change = match &entry.operation {
        Operation::Genesis(_) => return Err(RegistryError::NoGenesis),
        Operation::Enrol(enrol) => return enrolled(registry, enrol, at, leaf),
        Operation::Announce(announce) => announced(registry, announce, at)?.into(),
        Operation::Goodbye(goodbye) => {
            let goodbye = verify(registry, goodbye, at)?;
            let oracle = sender(registry, goodbye.header())?;
            Oracle { has_left: true, lease_until: None, ..oracle }.into()
        }
        Operation::Admit(command) => {
            judged(registry, command, command.body().oracle, Standing::Admitted, at)?
        }
        Operation::Suspend(command) => {
            judged(registry, command, command.body().oracle, Standing::Suspended, at)?
        }
        Operation::Evict(command) => judged(registry, command, command.body().oracle, Standing::Evicted, at)?,
        Operation::Expire { oracle } => expired(registry, *oracle, at)?.into(),
    };
    change.oracle.updated_at = at;
    change.oracle.version = leaf;
    change.oracle.document_digest = change.oracle.document().digest();
    Ok(change)
}

fn enrolled(
    registry: &Registry,
    enrol: &Enrol,
    at: Timestamp,
    leaf: Digest,
) -> Result<Change, RegistryError> {
    let Enrol { hello, challenge, proof, admission } = enrol;
    let (did, statement, ticket) = enrolment::check_proof(hello, challenge, proof, &registry.genesis, at)?;
    if registry.oracles.contains_key(&did) {
        return Err(RegistryError::Enrolled { oracle: did });
    }
    if registry.oracles.len() >= ORACLES_MAX {
        return Err(RegistryError::Full { oracles_max: ORACLES_MAX });
    }
    let keys = statement.keys;
    if registry.ecdh_keys.contains(&keys.ecdh) || registry.eddsa_keys.contains(&keys.eddsa) {
        return Err(RegistryError::KeysTaken { oracle: did });
    }
    let used = match &ticket {
        None => None,
        Some(ticket) => {
            let id = enrolment::ticket_id(ticket)?;
            if registry.ticket_uses(id.0, id.1) >= ticket.body().uses {
                return Err(EnrolmentError::from(TicketRefusal::UsedUp { uses: ticket.body().uses }).into());
            }
            Some(id)
        }
    };
    // Without a ticket nobody vouches for the oracle, whatever the controller wrote.
    if used.is_none() && *admission == Admission::Active {
        return Err(EnrolmentError::TicketNeeded.into());
    }
    let oracle = Oracle::enrolled(did, keys, statement.profile, *admission, at, leaf);
    Ok(Change { oracle, ticket: used, command: None })
}

fn announced(
    registry: &Registry,
    announce: &Signed<Announce>,
    at: Timestamp,
) -> Result<Oracle, RegistryError> {
    let announce = verify(registry, announce, at)?;
    let oracle = sender(registry, announce.header())?;
    let Announce { profile, lease_ms } = announce.body().clone();
    profile.check()?;
    Ok(Oracle { profile, lease_until: Some(lease(lease_ms, at)?), has_left: false, ..oracle })
}

fn judged<B: Message>(
    registry: &Registry,
    command: &Signed<B>,
    did: Did,
    standing: Standing,
    at: Timestamp,
) -> Result<Change, RegistryError> {
    let command = verify(registry, command, at)?;
    let header = command.header();
    match header.sender {
        Sender::Admin(key) if registry.genesis.genesis().admins.contains(&key) => {}
        sender => return Err(RegistryError::NotAnAdmin { sender }),
    }
    let nonce = header.nonce().ok_or(RegistryError::NoNonce)?;
    if registry.commands.contains_key(&(header.sender, nonce)) {
        return Err(RegistryError::Repeated { nonce });
    }
    let oracle = known(registry, did)?;
    let until = header.expires_at.plus(CLOCK_SKEW_MS_MAX);
    let command = Some(((header.sender, nonce), until));
    Ok(Change { oracle: Oracle { standing, ..oracle }, ticket: None, command })
}

fn expired(registry: &Registry, did: Did, at: Timestamp) -> Result<Oracle, RegistryError> {
    let oracle = known(registry, did)?;
    match oracle.lease_until {
        Some(lease_until) if !oracle.is_overdue(at) => {
            Err(RegistryError::NotOverdue { oracle: did, lease_until })
        }
        Some(_) => Ok(Oracle { has_left: true, lease_until: None, ..oracle }),
        None => Err(RegistryError::NotAnnounced { oracle: did }),
    }
}

/// A message to the controller, checked as of the time of its entry.
fn verify<B: Message>(
    registry: &Registry,
    message: &Signed<B>,
    at: Timestamp,
) -> Result<Verified<B>, RegistryError> {
    let genesis = &registry.genesis;
    Ok(message.clone().verify(&Expected::new(genesis.swarm(), genesis.controller(), at))?)
}

/// The oracle that sent a message, with the message's sequence number, which must have gone up.
pub(super) fn sender(registry: &Registry, header: &Header) -> Result<Oracle, RegistryError> {
    let did = header.sender.did().ok_or(RegistryError::Unknown { oracle: header.sender })?;
    let oracle = known(registry, did)?;
    let found = header.sequence().ok_or(RegistryError::NoSequence)?;
    if found <= oracle.sequence {
        return Err(RegistryError::StaleSequence { oracle: did, found, latest: oracle.sequence });
    }
    Ok(Oracle { sequence: found, ..oracle })
}

/// An oracle that is not over.
fn known(registry: &Registry, did: Did) -> Result<Oracle, RegistryError> {
    let oracle = registry.oracles.get(&did).ok_or(RegistryError::Unknown { oracle: did.into() })?;
    match oracle.standing {
        Standing::Evicted => Err(RegistryError::Deactivated { oracle: did }),
        Standing::Quarantined | Standing::Admitted | Standing::Suspended => Ok(oracle.clone()),
    }
}

/// The end of a lease that starts now.
pub(super) fn lease(lease_ms: u64, now: Timestamp) -> Result<Timestamp, RegistryError> {
    if (LEASE_MS_MIN..=LEASE_MS_MAX).contains(&lease_ms) {
        Ok(now.plus(lease_ms))
    } else {
        Err(RegistryError::Lease { lease_ms, lease_ms_min: LEASE_MS_MIN, lease_ms_max: LEASE_MS_MAX })
    }
}
