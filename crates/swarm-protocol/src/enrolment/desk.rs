//! The controller's side of enrolments: a bounded number at once, each with an end.
//!
//! One method per message. Each takes what came and returns what to do next; the node does it and calls the next.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::check::Greeting;
use super::mac::EphemeralSecret;
use super::{
    Admission, Challenge, DialBack, DialBackAnswer, EnrolmentError, Hello, HostRule, Proof, Receipt, Ticket,
    TicketRefusal, check, ticket_id,
};
use crate::did::Did;
use crate::envelope::{Audience, Expected, Order, Signed, Stamp, Verified};
use crate::genesis::SignedGenesis;
use crate::key::SigningKey;
use crate::limits::{HELLO_ADDRESSES_MAX, HELLOS_PER_MINUTE_MAX, INTEGER_MAX, SESSION_MS_MAX, SESSIONS_MAX};
use crate::octets::Nonce;
use crate::profile::Endpoint;
use crate::registry::{Enrol, Operation, Registry, RegistryError};
use crate::replay::Nonces;
use crate::time::Timestamp;

/// The window in which hellos are counted, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// The enrolments in progress at a controller.
#[derive(Debug)]
pub struct Desk {
    genesis: SignedGenesis,
    key: SigningKey,
    sessions: BTreeMap<Nonce, Session>,
    hellos: BTreeMap<IpAddr, (Timestamp, u32)>,
    seen: Nonces,
}

/// Random octets for one enrolment.
#[derive(Debug)]
pub struct HelloEntropy {
    /// Names the session.
    pub session: [u8; 16],
    /// The challenge's nonce.
    pub nonce: [u8; 16],
    /// The secret of the controller's ephemeral key.
    pub ephemeral: [u8; 32],
}

/// What to dial, with what to say there.
#[derive(Debug, Clone, PartialEq)]
pub struct DialOrder {
    /// The session.
    pub session: Nonce,
    /// Where: `POST {endpoint}/v1/dial-backs`.
    pub endpoint: Endpoint,
    /// What to send; the answer is a [`DialBackAnswer`].
    pub message: Signed<DialBack>,
    /// When the enrolment ends unanswered.
    pub until: Timestamp,
    host: HostRule,
    admission: Admission,
}

impl DialOrder {
    /// Whether this address may be dialled: the one that the ticket names; without a ticket, only the one that the
    /// proof came from, so that nobody makes the controller knock at somebody else's door.
    pub fn admits(&self, address: IpAddr, proof_from: IpAddr) -> bool {
        match self.admission {
            Admission::Active => self.host.admits(&self.endpoint, address),
            Admission::Quarantined => address.to_canonical() == proof_from.to_canonical(),
        }
    }
}

#[derive(Debug)]
struct Session {
    did: Did,
    hello: Signed<Hello>,
    challenge: Signed<Challenge>,
    secret: EphemeralSecret,
    host: HostRule,
    admission: Admission,
    until: Timestamp,
    proved: Option<(Signed<Proof>, Signed<DialBack>)>,
    is_written: bool,
}

impl Desk {
    /// A desk of the controller that holds this key (iSK).
    pub fn new(genesis: SignedGenesis, key: SigningKey) -> Self {
        Self { genesis, key, sessions: BTreeMap::new(), hellos: BTreeMap::new(), seen: Nonces::default() }
    }

    /// An oracle says hello, from this address: answer with the challenge.
    ///
    /// # Errors
    /// [`RegistryError::Enrolment`], nothing remembered but the count of hellos; [`RegistryError::Enrolled`] when
    /// the DID is known already.
    pub fn hello(
        &mut self,
        hello: Signed<Hello>,
        from: IpAddr,
        entropy: HelloEntropy,
        registry: &Registry,
        now: Timestamp,
    ) -> Result<Signed<Challenge>, RegistryError> {
        self.sessions.retain(|_, session| session.until > now);
        let Greeting { hello: verified, did, ticket } = check::check_hello(&hello, &self.genesis, now)?;
        // First of all: who lost the receipt comes back with a ticket that is used up.
        if registry.oracle(&did).is_some() {
            return Err(RegistryError::Enrolled { oracle: did });
        }
        match &ticket {
            Some(ticket) => unused(ticket, registry)?,
            None => self.count(from, now)?,
        }
        // A hello sent again by somebody who listened would break the enrolment off that it began.
        self.seen.admit(&verified, now).map_err(EnrolmentError::from)?;
        // One enrolment per DID: who starts again gives the earlier one up.
        self.sessions.retain(|_, session| session.did != did);
        if self.sessions.len() >= SESSIONS_MAX {
            return Err(EnrolmentError::Busy { sessions_max: SESSIONS_MAX }.into());
        }
        let secret = EphemeralSecret::new(entropy.ephemeral);
        let session = Nonce::new(entropy.session);
        let body = Challenge { session, hello: hello.digest(), ephemeral: secret.public() };
        let challenge = Signed::by_did(&self.key, self.stamp(did, entropy.nonce, now), body);
        let (host, admission) = match ticket {
            Some(ticket) => (ticket.body().host.clone(), Admission::Active),
            None => (HostRule::Any, Admission::Quarantined),
        };
        let until = now.plus(SESSION_MS_MAX);
        let (proved, is_written) = (None, false);
        let answer = challenge.clone();
        self.sessions.insert(
            session,
            Session { did, hello, challenge, secret, host, admission, until, proved, is_written },
        );
        Ok(answer)
    }

    /// An oracle proves its keys: dial the endpoint back before believing it.
    ///
    /// # Errors
    /// [`EnrolmentError`]; the session goes on until its end, so that nobody else can break it off.
    pub fn proof(
        &mut self,
        proof: Signed<Proof>,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<DialOrder, EnrolmentError> {
        let id = proof.body().statement.session;
        let session = open(&mut self.sessions, id, now)?;
        if session.proved.is_some() {
            return Err(EnrolmentError::NoSession { session: id });
        }
        let (_, statement, _) =
            check::check_proof(&session.hello, &session.challenge, &proof, &self.genesis, now)?;
        if !session.secret.verify(&statement, &proof.body().mac) {
            return Err(EnrolmentError::BadMac);
        }
        let (did, until) = (session.did, session.until);
        let (host, admission) = (session.host.clone(), session.admission);
        let endpoint = session.hello.body().endpoint.clone();
        let message = Signed::by_did(&self.key, self.stamp(did, nonce, now), DialBack { session: id });
        open(&mut self.sessions, id, now)?.proved = Some((proof, message.clone()));
        Ok(DialOrder { session: id, endpoint, message, until, host, admission })
    }

    /// The endpoint answered from this address: prepare the operation, write it, commit it, then [`Self::receipt`].
    ///
    /// # Errors
    /// [`EnrolmentError`]; the session is over.
    pub fn dialed_back(
        &mut self,
        id: Nonce,
        reached_at: IpAddr,
        answer: Signed<DialBackAnswer>,
        now: Timestamp,
    ) -> Result<Operation, EnrolmentError> {
        let checked = self.check_answer(id, reached_at, answer, now);
        if checked.is_err() {
            self.sessions.remove(&id);
        }
        checked
    }

    /// The endpoint did not answer: the enrolment is over.
    pub fn dial_failed(&mut self, id: Nonce) {
        self.sessions.remove(&id);
    }

    /// The operation was written at this place of the log: answer with the receipt.
    ///
    /// # Errors
    /// [`EnrolmentError::NoSession`].
    pub fn receipt(
        &mut self,
        id: Nonce,
        index: u64,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<Signed<Receipt>, EnrolmentError> {
        // A session whose time ran out while the disk was busy still gets what is in the log.
        let session = self.sessions.remove(&id).filter(|session| session.is_written);
        let session = session.ok_or(EnrolmentError::NoSession { session: id })?;
        let mut stamp = self.stamp(session.did, nonce, now);
        stamp.validity_ms = INTEGER_MAX;
        Ok(Signed::by_did(&self.key, stamp, Receipt { session: id, admission: session.admission, index }))
    }

    /// Enrolments in progress.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Whether none is in progress.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    fn check_answer(
        &mut self,
        id: Nonce,
        reached_at: IpAddr,
        answer: Signed<DialBackAnswer>,
        now: Timestamp,
    ) -> Result<Operation, EnrolmentError> {
        let session = open(&mut self.sessions, id, now)?;
        let (proof, dial_back) = session.proved.clone().ok_or(EnrolmentError::NoSession { session: id })?;
        let expected = Expected::new(self.genesis.swarm(), self.genesis.controller(), now).by(session.did);
        let answer = answer.verify(&expected)?;
        if answer.body().session != id || answer.body().dial_back != dial_back.digest() {
            return Err(EnrolmentError::OtherEnrolment);
        }
        let hello = session.hello.clone();
        if !session.host.admits(&hello.body().endpoint, reached_at) {
            return Err(TicketRefusal::OtherHost { host: session.host.clone() }.into());
        }
        session.is_written = true;
        let challenge = session.challenge.clone();
        Ok(Operation::Enrol(Box::new(Enrol { hello, challenge, proof, admission: session.admission })))
    }

    fn stamp(&self, audience: Did, nonce: [u8; 16], now: Timestamp) -> Stamp {
        Stamp {
            swarm: self.genesis.swarm(),
            audience: Audience::Did(audience),
            order: Order::Nonce(Nonce::new(nonce)),
            issued_at: now,
            validity_ms: SESSION_MS_MAX,
        }
    }

    /// Counts a hello without a ticket.
    fn count(&mut self, from: IpAddr, now: Timestamp) -> Result<(), EnrolmentError> {
        let refused = EnrolmentError::TooMany { per_minute_max: HELLOS_PER_MINUTE_MAX };
        self.hellos.retain(|_, (since, _)| now.since(*since) < MINUTE_MS);
        let address = neighbourhood(from);
        if self.hellos.len() >= HELLO_ADDRESSES_MAX && !self.hellos.contains_key(&address) {
            return Err(refused);
        }
        let (_, count) = self.hellos.entry(address).or_insert((now, 0));
        *count += 1;
        if *count > HELLOS_PER_MINUTE_MAX { Err(refused) } else { Ok(()) }
    }
}

/// Who counts as one: an IPv4 address, or an IPv6 network of 64 bits, of which one host has all the addresses.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

fn open(
    sessions: &mut BTreeMap<Nonce, Session>,
    id: Nonce,
    now: Timestamp,
) -> Result<&mut Session, EnrolmentError> {
    sessions
        .get_mut(&id)
        .filter(|session| session.until > now && !session.is_written)
        .ok_or(EnrolmentError::NoSession { session: id })
}

fn unused(ticket: &Verified<Ticket>, registry: &Registry) -> Result<(), EnrolmentError> {
    let (issuer, nonce) = ticket_id(ticket)?;
    let uses = ticket.body().uses;
    if registry.ticket_uses(issuer, nonce) >= uses {
        Err(TicketRefusal::UsedUp { uses }.into())
    } else {
        Ok(())
    }
}
