//! The oracle's side of its enrolment.

use super::mac::EphemeralSecret;
use super::{
    Challenge, DialBack, DialBackAnswer, EnrolmentError, HeldTicket, Hello, Proof, Receipt, Statement, check,
};
use crate::did::Did;
use crate::envelope::{Audience, Expected, Order, Signed, Stamp, Verified};
use crate::genesis::SignedGenesis;
use crate::key::SigningKey;
use crate::limits::SESSION_MS_MAX;
use crate::octets::Nonce;
use crate::profile::Profile;
use crate::service_key::{Binding, ServiceSecrets};
use crate::time::Timestamp;

/// Who enrols, and where.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The swarm's genesis record, which the oracle has compared with what it pins (ticket or fingerprint).
    pub genesis: SignedGenesis,
    /// The DID's key.
    pub key: SigningKey,
    /// The keys that contracts will use.
    pub secrets: ServiceSecrets,
    /// The admin's ticket; none in a permissionless swarm.
    pub ticket: Option<HeldTicket>,
    /// Where the oracle is reached, and what it runs.
    pub profile: Profile,
}

/// Random octets for the oracle's proof.
#[derive(Debug)]
pub struct JoinEntropy {
    /// The proof's nonce.
    pub nonce: [u8; 16],
    /// The secret of the oracle's ephemeral key.
    pub ephemeral: [u8; 32],
}

/// An enrolment in progress, seen from the oracle.
#[derive(Debug)]
pub struct Joining {
    newcomer: Newcomer,
    hello: Signed<Hello>,
    session: Option<Nonce>,
}

impl Joining {
    /// Starts an enrolment: send the hello.
    ///
    /// # Errors
    /// [`EnrolmentError`] when profile, ticket and genesis do not fit each other.
    pub fn start(
        newcomer: Newcomer,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<(Self, Signed<Hello>), EnrolmentError> {
        newcomer.profile.check()?;
        let found = newcomer.genesis.swarm();
        if let Some(held) = &newcomer.ticket
            && held.ticket.header().swarm != found
        {
            return Err(EnrolmentError::OtherSwarm { found, expected: held.ticket.header().swarm });
        }
        if newcomer.secrets.public().eddsa == newcomer.key.public() {
            return Err(EnrolmentError::SharedKey);
        }
        let endpoint = newcomer.profile.endpoints[0].clone();
        let body = Hello { endpoint, ticket: newcomer.ticket.as_ref().map(|held| held.ticket.clone()) };
        let hello = Signed::by_did(&newcomer.key, stamp(&newcomer, nonce, now), body);
        Ok((Self { newcomer, hello: hello.clone(), session: None }, hello))
    }

    /// The controller's challenge came: send the proof.
    ///
    /// # Errors
    /// [`EnrolmentError`] when the challenge is not the pinned controller's answer to this hello.
    pub fn challenge(
        &mut self,
        challenge: Signed<Challenge>,
        entropy: JoinEntropy,
        now: Timestamp,
    ) -> Result<Signed<Proof>, EnrolmentError> {
        let challenge = challenge.verify(&self.expects_controller(now))?;
        if challenge.body().hello != self.hello.digest() {
            return Err(EnrolmentError::OtherEnrolment);
        }
        let Newcomer { genesis, key, secrets, ticket, profile } = &self.newcomer;
        let transcript = check::transcript(&self.hello, &challenge);
        let secret = EphemeralSecret::new(entropy.ephemeral);
        let session = challenge.body().session;
        let binding = Binding { swarm: genesis.swarm(), did: Did::of(key.public()), transcript };
        let statement = Statement {
            session,
            transcript,
            ephemeral: secret.public(),
            keys: secrets.public(),
            possession: secrets.prove(&binding),
            profile: profile.clone(),
        };
        let mac = secret.tag(&challenge.body().ephemeral, &statement).ok_or(EnrolmentError::BadMac)?;
        let claim_text = check::claim_text(&statement);
        let claim = ticket.as_ref().map(|held| held.secret.claim_key().sign(claim_text.as_bytes()));
        self.session = Some(session);
        let stamp = stamp(&self.newcomer, entropy.nonce, now);
        Ok(Signed::by_did(&self.newcomer.key, stamp, Proof { statement, mac, claim }))
    }

    /// The controller dialled back: answer it.
    ///
    /// # Errors
    /// [`EnrolmentError`] when it is not the pinned controller, or another enrolment.
    pub fn dial_back(
        &self,
        dial_back: Signed<DialBack>,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<Signed<DialBackAnswer>, EnrolmentError> {
        let dial_back = dial_back.verify(&self.expects_controller(now))?;
        let session = self.of_session(dial_back.body().session)?;
        let body = DialBackAnswer { session, dial_back: dial_back.digest() };
        Ok(Signed::by_did(&self.newcomer.key, stamp(&self.newcomer, nonce, now), body))
    }

    /// The receipt came: the oracle is in the log, and may announce itself.
    ///
    /// # Errors
    /// [`EnrolmentError`] when it is not the pinned controller's, or another enrolment's.
    pub fn receipt(
        &self,
        receipt: Signed<Receipt>,
        now: Timestamp,
    ) -> Result<Verified<Receipt>, EnrolmentError> {
        let receipt = receipt.verify(&self.expects_controller(now))?;
        self.of_session(receipt.body().session)?;
        Ok(receipt)
    }

    fn of_session(&self, session: Nonce) -> Result<Nonce, EnrolmentError> {
        if self.session == Some(session) { Ok(session) } else { Err(EnrolmentError::NoSession { session }) }
    }

    fn expects_controller(&self, now: Timestamp) -> Expected {
        let Newcomer { genesis, key, .. } = &self.newcomer;
        Expected::new(genesis.swarm(), Did::of(key.public()), now).by(genesis.controller())
    }
}

fn stamp(newcomer: &Newcomer, nonce: [u8; 16], now: Timestamp) -> Stamp {
    Stamp {
        swarm: newcomer.genesis.swarm(),
        audience: Audience::Did(newcomer.genesis.controller()),
        order: Order::Nonce(Nonce::new(nonce)),
        issued_at: now,
        validity_ms: 2 * SESSION_MS_MAX,
    }
}
