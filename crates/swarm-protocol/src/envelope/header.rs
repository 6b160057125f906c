//! The fields that every message has, and their checks.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{EnvelopeError, Expected, Message, SUITE};
use crate::canonical::{self, JsonError};
use crate::did::{Did, DidError};
use crate::key::PublicKey;
use crate::octets::{Digest, Nonce, text_type};
use crate::time::Timestamp;

/// What every admin's text starts with.
const ADMIN: &str = "admin:";

/// The text of the audience that is everyone.
const EVERYONE: &str = "*";

/// Who signs a message; its text is a DID, or `admin:` and a base58 key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// An oracle or a controller.
    Did(Did),
    /// An operator.
    Admin(PublicKey),
}

impl Sender {
    /// The key that must have made the signature.
    pub const fn key(&self) -> PublicKey {
        match self {
            Self::Did(did) => did.key(),
            Self::Admin(key) => *key,
        }
    }

    /// The DID, when the sender is a machine.
    pub const fn did(&self) -> Option<Did> {
        match self {
            Self::Did(did) => Some(*did),
            Self::Admin(_) => None,
        }
    }
}

impl From<Did> for Sender {
    fn from(did: Did) -> Self {
        Self::Did(did)
    }
}

text_type!(Sender);

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Did(did) => did.fmt(f),
            Self::Admin(key) => write!(f, "{ADMIN}{key}"),
        }
    }
}

impl FromStr for Sender {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        match text.strip_prefix(ADMIN) {
            Some(key) => Ok(Self::Admin(key.parse()?)),
            None => text.parse().map(Self::Did),
        }
    }
}

/// Whom a message is for; its text is a DID, or `*`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// One machine.
    Did(Did),
    /// Every machine of the swarm.
    Everyone,
}

impl From<Did> for Audience {
    fn from(did: Did) -> Self {
        Self::Did(did)
    }
}

text_type!(Audience);

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Did(did) => did.fmt(f),
            Self::Everyone => f.write_str(EVERYONE),
        }
    }
}

impl FromStr for Audience {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        if text == EVERYONE { Ok(Self::Everyone) } else { text.parse().map(Self::Did) }
    }
}

/// What makes a message unrepeatable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// A random value that the receiver remembers until the message expires.
    Nonce(Nonce),
    /// A number that only goes up, per sender.
    Sequence(u64),
}

/// What the signer decides about a message; the key adds the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The swarm.
    pub swarm: Digest,
    /// Whom it is for.
    pub audience: Audience,
    /// Nonce or sequence number.
    pub order: Order,
    /// The time at the signer.
    pub issued_at: Timestamp,
    /// How long it holds, in milliseconds.
    pub validity_ms: u64,
}

impl Stamp {
    /// A message that is answered at once: it holds for one minute, and is good once.
    pub fn once(swarm: Digest, audience: impl Into<Audience>, nonce: [u8; 16], now: Timestamp) -> Self {
        let order = Order::Nonce(Nonce::new(nonce));
        Self { swarm, audience: audience.into(), order, issued_at: now, validity_ms: 60_000 }
    }

    pub(super) fn header(self, sender: Sender) -> Header {
        let Self { swarm, audience, order, issued_at, validity_ms } = self;
        Header { swarm, sender, audience, order, issued_at, expires_at: issued_at.plus(validity_ms) }
    }
}

/// The fields that every message has, except `type` and `suite`, which are constants of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The swarm: digest of its genesis record.
    pub swarm: Digest,
    /// Who signs.
    pub sender: Sender,
    /// Whom it is for.
    pub audience: Audience,
    /// Nonce or sequence number.
    pub order: Order,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// When it stops to hold.
    pub expires_at: Timestamp,
}

impl Header {
    /// The nonce, when the message has one.
    pub fn nonce(&self) -> Option<Nonce> {
        match self.order {
            Order::Nonce(nonce) => Some(nonce),
            Order::Sequence(_) => None,
        }
    }

    /// The sequence number, when the message has one.
    pub fn sequence(&self) -> Option<u64> {
        match self.order {
            Order::Nonce(_) => None,
            Order::Sequence(sequence) => Some(sequence),
        }
    }

    /// Writes the header's fields into the body.
    pub(super) fn put<B: Message>(&self, body: &mut Map<String, Value>) {
        let mut put = |key: &str, value: Value| {
            let before = body.insert(key.to_owned(), value);
            debug_assert!(before.is_none(), "message {} has a field named like the header's: {key}", B::TYPE);
        };
        put("type", Value::from(B::TYPE));
        put("suite", Value::from(SUITE));
        put("swarm", Value::from(self.swarm.to_string()));
        put("sender", Value::from(self.sender.to_string()));
        put("audience", Value::from(self.audience.to_string()));
        put("issued_at", Value::from(self.issued_at.millis()));
        put("expires_at", Value::from(self.expires_at.millis()));
        match self.order {
            Order::Nonce(nonce) => put("nonce", Value::from(nonce.to_string())),
            Order::Sequence(sequence) => put("sequence", Value::from(sequence)),
        }
    }

    /// Takes the header's fields out of the body.
    pub(super) fn take<B: Message>(body: &mut Map<String, Value>) -> Result<Self, EnvelopeError> {
        let found: String = take::<B, _>(body, "type")?;
        if found != B::TYPE {
            return Err(EnvelopeError::WrongType { found, expected: B::TYPE });
        }
        let found: String = take::<B, _>(body, "suite")?;
        if found != SUITE {
            return Err(EnvelopeError::WrongSuite { found });
        }
        Ok(Self {
            swarm: take::<B, _>(body, "swarm")?,
            sender: take::<B, _>(body, "sender")?,
            audience: take::<B, _>(body, "audience")?,
            order: match body.contains_key("sequence") {
                true => Order::Sequence(take::<B, _>(body, "sequence")?),
                false => Order::Nonce(take::<B, _>(body, "nonce")?),
            },
            issued_at: take::<B, _>(body, "issued_at")?,
            expires_at: take::<B, _>(body, "expires_at")?,
        })
    }

    /// Checks who, whom and when against what the receiver expects.
    pub(super) fn check<B: Message>(&self, expected: &Expected) -> Result<(), EnvelopeError> {
        if self.swarm != expected.swarm {
            return Err(EnvelopeError::WrongSwarm { found: self.swarm, expected: expected.swarm });
        }
        if let Some(sender) = expected.sender.filter(|sender| *sender != self.sender) {
            return Err(EnvelopeError::WrongSender { found: self.sender, expected: sender });
        }
        let for_us = match self.audience {
            Audience::Did(did) => did == expected.audience,
            Audience::Everyone => B::TO_EVERYONE,
        };
        if !for_us {
            return Err(EnvelopeError::WrongAudience { found: self.audience, expected: expected.audience });
        }
        self.check_times::<B>(expected)
    }

    fn check_times<B: Message>(&self, expected: &Expected) -> Result<(), EnvelopeError> {
        let Self { issued_at, expires_at, .. } = *self;
        if expires_at <= issued_at {
            return Err(EnvelopeError::NoValidity { issued_at, expires_at });
        }
        let validity_ms = expires_at.since(issued_at);
        if validity_ms > B::VALIDITY_MS_MAX {
            return Err(EnvelopeError::TooLong { validity_ms, validity_ms_max: B::VALIDITY_MS_MAX });
        }
        if issued_at > expected.now.plus(expected.skew_ms) {
            return Err(EnvelopeError::Future { issued_at, now: expected.now });
        }
        if expected.now > expires_at.plus(expected.skew_ms) {
            return Err(EnvelopeError::Stale { expires_at, now: expected.now });
        }
        Ok(())
    }
}

fn take<B: Message, T: DeserializeOwned + Serialize>(
    body: &mut Map<String, Value>,
    key: &'static str,
) -> Result<T, EnvelopeError> {
    let fields = |reason| EnvelopeError::Json(JsonError::Fields { what: B::TYPE, reason });
    let value = body.shift_remove(key).ok_or_else(|| fields(format!("missing field `{key}`")))?;
    canonical::fields(value, key).map_err(|error| fields(format!("field `{key}`: {}", error)))
}
