//! Certificates: an answer with everything that lets anybody check it, years later, without a network.
//!
//! The chain of trust: the genesis record's digest is the swarm; it names the controller, who signed a checkpoint
//! of the registry; the checkpoint covers the oracles that were eligible; the committee is the one that the
//! seed draws from them; enough of its members signed the outcome. The relay's signature covers the whole file,
//! which has one form only, so that a change of any octet is noticed.

mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use verify::{CertificateError, Report};

use crate::canonical::JsonError;
use crate::consensus::{Agreement, Failed};
use crate::did::{Did, DidDocument};
use crate::envelope::{Audience, EnvelopeError, Message, Order, Signed, Stamp};
use crate::genesis::SignedGenesis;
use crate::key::SigningKey;
use crate::limits::{CERTIFICATE_OCTETS_MAX, INTEGER_MAX};
use crate::log::SignedCheckpoint;
use crate::octets::{Digest, Nonce};
use crate::query::{Assignment, Outcome, Vote};
use crate::registry::{Registry, Snapshot};
use crate::time::Timestamp;

/// An answer and what carries it.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate(Signed<Contents>);

/// What a certificate says. The header's sender is the relay; its nonce is fresh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// The swarm's beginning.
    pub genesis: SignedGenesis,
    /// The registry when the committee was drawn.
    pub checkpoint: SignedCheckpoint,
    /// What was asked, and of whom.
    pub assignment: Signed<Assignment>,
    /// That each member of the committee was eligible and drawn, in the order of the draw.
    pub seats: Vec<Seat>,
    /// The answer.
    pub outcome: Outcome,
    /// The votes for it, in the order of the voters' DIDs.
    pub votes: Vec<Signed<Vote>>,
    /// The voters' DID documents, in the same order.
    pub documents: Vec<DidDocument>,
    /// The votes for something else, in the order of the voters' DIDs.
    pub dissenters: Vec<Signed<Vote>>,
    /// Pairs of different votes by one oracle.
    pub equivocations: Vec<[Signed<Vote>; 2]>,
    /// Members that failed, as the relay saw it.
    pub failures: Vec<Failed>,
    /// Members that had not answered yet, as the relay saw it.
    pub laggards: Vec<Did>,
}

impl Message for Contents {
    const TYPE: &'static str = "certificate";
    const VALIDITY_MS_MAX: u64 = INTEGER_MAX;
    const OCTETS_MAX: usize = CERTIFICATE_OCTETS_MAX;
    const TO_EVERYONE: bool = true;
}

/// The proof that a member of a committee was eligible: a leaf of the checkpoint's tree of active oracles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Its position among the eligible oracles, which the draw must give.
    pub position: u64,
    /// The digest of its DID document.
    pub document: Digest,
    /// The path from the leaf to the root.
    pub path: Vec<Digest>,
}

/// What a certificate will need about the committee, taken when the committee is drawn.
#[derive(Debug, Clone)]
pub struct Evidence {
    genesis: SignedGenesis,
    checkpoint: SignedCheckpoint,
    assignment: Signed<Assignment>,
    seats: Vec<Seat>,
    documents: BTreeMap<Did, DidDocument>,
}

impl Evidence {
    /// Takes the evidence for an assignment: `None` when it was not drawn from this snapshot and registry.
    pub fn new(
        registry: &Registry,
        snapshot: &Snapshot,
        checkpoint: SignedCheckpoint,
        assignment: Signed<Assignment>,
    ) -> Option<Self> {
        let mut seats = Vec::new();
        let mut documents = BTreeMap::new();
        for did in &assignment.body().committee {
            let position = snapshot.position(did)?;
            let document = snapshot.members().get(position)?.document;
            seats.push(Seat { position: position as u64, document, path: snapshot.proof(position)? });
            documents.insert(*did, registry.oracle(did)?.document());
        }
        Some(Self { genesis: registry.genesis().clone(), checkpoint, assignment, seats, documents })
    }

    /// The assignment.
    pub const fn assignment(&self) -> &Signed<Assignment> {
        &self.assignment
    }
}

impl Certificate {
    /// Builds and seals a certificate with the relay's key.
    pub fn new(
        evidence: Evidence,
        agreement: Agreement,
        nonce: [u8; 16],
        relay: &SigningKey,
        now: Timestamp,
    ) -> Self {
        let Evidence { genesis, checkpoint, assignment, seats, mut documents } = evidence;
        let Agreement { outcome, votes, dissenters, equivocations, failures, laggards } = agreement;
        let voters = votes.iter().filter_map(|vote| vote.header().sender.did());
        let documents = voters.filter_map(|voter| documents.remove(&voter)).collect();
        let stamp = Stamp {
            swarm: genesis.swarm(),
            audience: Audience::Everyone,
            order: Order::Nonce(Nonce::new(nonce)),
            issued_at: now,
            validity_ms: INTEGER_MAX,
        };
        let contents = Contents {
            genesis,
            checkpoint,
            assignment,
            seats,
            outcome,
            votes,
            documents,
            dissenters,
            equivocations,
            failures,
            laggards,
        };
        Self(Signed::by_did(relay, stamp, contents))
    }

    /// Reads a certificate file: exactly the canonical JSON and one newline. [`Self::verify`] checks what it says.
    ///
    /// # Errors
    /// [`CertificateError::Envelope`] for what is no certificate, with [`JsonError::NotCanonical`] for one in another form.
    pub fn parse(file: &[u8]) -> Result<Self, CertificateError> {
        let certificate = Self(Signed::parse(file)?);
        // Written back and compared: of all texts that mean the same, one is the certificate.
        let text = certificate.to_file();
        if text.as_bytes() != file {
            let same = text.bytes().zip(file).take_while(|(ours, theirs)| ours == *theirs).count();
            return Err(EnvelopeError::Json(JsonError::NotCanonical { position: same }).into());
        }
        Ok(certificate)
    }

    /// The file: canonical JSON and one newline.
    pub fn to_file(&self) -> String {
        self.0.to_json() + "\n"
    }

    /// What it says. Nothing in it is to be trusted before [`Self::verify`].
    pub const fn contents(&self) -> &Contents {
        self.0.body()
    }

    /// Checks everything, offline. `trust` is the swarm that the reader pins; without it the report says which
    /// swarm it is, and the reader must compare the fingerprint.
    ///
    /// # Errors
    /// [`CertificateError`], the first thing that does not hold.
    pub fn verify(&self, trust: Option<Digest>) -> Result<Report, CertificateError> {
        verify::verify(&self.0, trust)
    }
}
