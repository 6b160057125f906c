//! What makes an enrolment good: the same checks at the controller's desk and for every reader of the log.

use super::{Challenge, Hello, Proof, Statement, Ticket, TicketRefusal};
use crate::canonical;
use crate::did::Did;
use crate::envelope::{self, EnvelopeError, Expected, Sender, Signed, Verified};
use crate::genesis::SignedGenesis;
use crate::limits::TICKET_USES_MAX;
use crate::octets::{Digest, Nonce};
use crate::profile::ProfileError;
use crate::replay::ReplayError;
use crate::service_key::{Binding, ServiceKeyError};
use crate::time::Timestamp;

/// Why an enrolment is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnrolmentError {
    /// A message is not what it should be.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The ticket does not serve.
    #[error("ticket {0}")]
    Ticket(#[from] TicketRefusal),
    /// The swarm does not enrol without a ticket.
    #[error("no ticket, and this swarm is not permissionless")]
    TicketNeeded,
    /// The sender of a message is no machine.
    #[error("{sender} is not a DID")]
    NotAMachine {
        /// Who sent it.
        sender: Sender,
    },
    /// The challenge answers another hello, or the proof another challenge.
    #[error("message belongs to another enrolment")]
    OtherEnrolment,
    /// A service key is not proved.
    #[error(transparent)]
    ServiceKey(#[from] ServiceKeyError),
    /// The DID's key is also the service key.
    #[error("the DID's key is the service key too")]
    SharedKey,
    /// The profile is not valid.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The dialled endpoint is not the profile's first.
    #[error("the profile's first endpoint is not the one of the hello")]
    OtherEndpoint,
    /// The MAC under the ephemeral keys is wrong.
    #[error("mac is not made with the key of this enrolment")]
    BadMac,
    /// The hello was seen before.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// No enrolment of this name is in progress, or not at this point.
    #[error("no enrolment {session} waits for this message")]
    NoSession {
        /// The session.
        session: Nonce,
    },
    /// Too many enrolments in progress.
    #[error("{sessions_max} enrolments are in progress already")]
    Busy {
        /// The most there may be.
        sessions_max: usize,
    },
    /// Too many hellos without a ticket from one address.
    #[error("more than {per_minute_max} enrolments a minute without a ticket")]
    TooMany {
        /// The most in a minute.
        per_minute_max: u32,
    },
    /// The genesis record is not of the swarm that the ticket is for.
    #[error("controller's swarm is {found}, the ticket's is {expected}")]
    OtherSwarm {
        /// The controller's swarm.
        found: Digest,
        /// The ticket's swarm.
        expected: Digest,
    },
}

impl EnrolmentError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.hint(),
            Self::Ticket(error) => error.hint(),
            Self::TicketNeeded => "ask an admin for a ticket",
            Self::NotAMachine { .. } => "enrol with the oracle's own key",
            Self::OtherEnrolment | Self::BadMac => "start again with a new hello",
            Self::Replay(error) => error.hint(),
            Self::NoSession { .. } => "start again with a new hello: an enrolment takes at most one minute",
            Self::Busy { .. } | Self::TooMany { .. } => "try again in a minute",
            Self::OtherSwarm { .. } => {
                "check the controller's address, and compare fingerprints with the admin"
            }
            Self::ServiceKey(error) => error.hint(),
            Self::SharedKey => "make the service keyring from other secrets than the DID's key",
            Self::Profile(error) => error.hint(),
            Self::OtherEndpoint => "state in the proof the endpoint of the hello",
        }
    }
}

/// The digest of hello and challenge: what everything later is bound to.
pub(super) fn transcript(hello: &Signed<Hello>, challenge: &Signed<Challenge>) -> Digest {
    let text =
        envelope::label("transcript") + &hello.digest().to_string() + "\n" + &challenge.digest().to_string();
    Digest::of(text.as_bytes())
}

/// The text of a statement that the ticket's claim key signs.
pub(super) fn claim_text(statement: &Statement) -> String {
    envelope::label("claim") + &canonical::text_of(statement)
}

/// A hello that may begin an enrolment.
pub(super) struct Greeting {
    pub(super) hello: Verified<Hello>,
    pub(super) did: Did,
    pub(super) ticket: Option<Verified<Ticket>>,
}

/// Checks a hello and its ticket, but for the uses that only the log has to tell.
pub(super) fn check_hello(
    hello: &Signed<Hello>,
    genesis: &SignedGenesis,
    now: Timestamp,
) -> Result<Greeting, EnrolmentError> {
    let expected = Expected::new(genesis.swarm(), genesis.controller(), now);
    let hello = hello.clone().verify(&expected)?;
    let sender = hello.header().sender;
    let did = sender.did().ok_or(EnrolmentError::NotAMachine { sender })?;
    let Some(ticket) = hello.body().ticket.clone() else {
        return if genesis.genesis().permissionless {
            Ok(Greeting { hello, did, ticket: None })
        } else {
            Err(EnrolmentError::TicketNeeded)
        };
    };
    let ticket = ticket.verify(&expected)?;
    match ticket.header().sender {
        Sender::Admin(key) if genesis.genesis().admins.contains(&key) => {}
        issuer => return Err(TicketRefusal::NotAnAdmin { issuer }.into()),
    }
    if !(1..=TICKET_USES_MAX).contains(&ticket.body().uses) {
        return Err(TicketRefusal::Uses { uses: ticket.body().uses, uses_max: TICKET_USES_MAX }.into());
    }
    if !ticket.body().host.may_admit(&hello.body().endpoint) {
        return Err(TicketRefusal::OtherHost { host: ticket.body().host.clone() }.into());
    }
    Ok(Greeting { hello, did, ticket: Some(ticket) })
}

/// The statement that is proved, but for the MAC, which only the controller can check.
pub(crate) fn check_proof(
    hello: &Signed<Hello>,
    challenge: &Signed<Challenge>,
    proof: &Signed<Proof>,
    genesis: &SignedGenesis,
    now: Timestamp,
) -> Result<(Did, Statement, Option<Verified<Ticket>>), EnrolmentError> {
    let Greeting { did, ticket, .. } = check_hello(hello, genesis, now)?;
    let swarm = genesis.swarm();
    challenge.clone().verify(&Expected::new(swarm, did, now).by(genesis.controller()))?;
    let proof = proof.clone().verify(&Expected::new(swarm, genesis.controller(), now).by(did))?;
    let Proof { statement, claim, .. } = proof.body();
    let transcript = transcript(hello, challenge);
    let challenge = challenge.body();
    if challenge.hello != hello.digest()
        || statement.session != challenge.session
        || statement.transcript != transcript
    {
        return Err(EnrolmentError::OtherEnrolment);
    }
    statement.profile.check()?;
    if statement.profile.endpoints[0] != hello.body().endpoint {
        return Err(EnrolmentError::OtherEndpoint);
    }
    // Contracts sign with the service key what their callers send: it must never be the one that votes.
    if statement.keys.eddsa == did.key() {
        return Err(EnrolmentError::SharedKey);
    }
    statement.possession.verify(&statement.keys, &Binding { swarm, did, transcript })?;
    if let Some(ticket) = &ticket {
        let claimed = claim
            .as_ref()
            .is_some_and(|claim| ticket.body().claim.verify(claim_text(statement).as_bytes(), claim));
        if !claimed {
            return Err(TicketRefusal::NotClaimed.into());
        }
    }
    Ok((did, statement.clone(), ticket))
}

/// The name of a ticket in the registry: its nonce, which its issuer chose.
pub(crate) fn ticket_id(ticket: &Verified<Ticket>) -> Result<(Sender, Nonce), EnrolmentError> {
    let header = ticket.header();
    let nonce = header.nonce().ok_or(TicketRefusal::NoNonce)?;
    Ok((header.sender, nonce))
}
