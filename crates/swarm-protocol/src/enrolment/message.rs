//! The messages of an enrolment, in the order in which they are sent.

use serde::{Deserialize, Serialize};

use super::ticket::Ticket;
use crate::envelope::{Message, Signed};
use crate::key::Signature;
use crate::octets::{Digest, Nonce, octets_type};
use crate::profile::{Endpoint, Profile};
use crate::service_key::{Possession, ServiceKeys};

octets_type!(
    /// An X25519 public key, made for one enrolment; its text is base58 of 32 octets.
    Ephemeral,
    32
);

/// Oracle to controller: I would like to enrol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Where the controller will dial back.
    pub endpoint: Endpoint,
    /// The admin's ticket; without one the swarm must be permissionless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Signed<Ticket>>,
}

impl Message for Hello {
    const TYPE: &'static str = "hello";
}

/// Controller to oracle: prove it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Names this enrolment.
    pub session: Nonce,
    /// The digest of the hello that this answers.
    pub hello: Digest,
    /// The controller's key for this enrolment (ePK); its secret never travels.
    pub ephemeral: Ephemeral,
}

impl Message for Challenge {
    const TYPE: &'static str = "challenge";
}

/// Oracle to controller: every key, each proved, bound to the challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What is proved.
    pub statement: Statement,
    /// HMAC-SHA-256 of the statement, under the secret shared by the two ephemeral keys.
    pub mac: Digest,
    /// Signature of the statement by the ticket's claim key; absent without a ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Signature>,
}

impl Message for Proof {
    const TYPE: &'static str = "proof";
}

/// What the oracle states, and proves by DID key, service keys, ephemeral key and ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The enrolment.
    pub session: Nonce,
    /// The digest of hello and challenge.
    pub transcript: Digest,
    /// The oracle's key for this enrolment.
    pub ephemeral: Ephemeral,
    /// The keys that its contracts use.
    pub keys: ServiceKeys,
    /// That it holds them.
    pub possession: Possession,
    /// Where it is reached, and what it runs.
    pub profile: Profile,
}

/// Controller to the claimed endpoint: are you the one who proved?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DialBack {
    /// The enrolment.
    pub session: Nonce,
}

impl Message for DialBack {
    const TYPE: &'static str = "dial-back";
}

/// Oracle to controller, from the claimed endpoint: I am.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DialBackAnswer {
    /// The enrolment.
    pub session: Nonce,
    /// The digest of the dial-back that this answers.
    pub dial_back: Digest,
}

impl Message for DialBackAnswer {
    const TYPE: &'static str = "dial-back-answer";
}

/// What an oracle is right after enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// May sit on committees once it has announced.
    Active,
    /// May announce, but sits on no committee until an admin admits it.
    Quarantined,
}

/// Controller to oracle: you are in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The enrolment.
    pub session: Nonce,
    /// What the oracle is now.
    pub admission: Admission,
    /// The enrolment's place in the log.
    pub index: u64,
}

impl Message for Receipt {
    const TYPE: &'static str = "receipt";
    const VALIDITY_MS_MAX: u64 = crate::limits::INTEGER_MAX;
}
