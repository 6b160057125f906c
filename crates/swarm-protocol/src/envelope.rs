//! Signed messages: one text, one key, one meaning, one addressee, one time.
//!
//! What is signed is the text `zenswarm/v1/<type>`, a newline and the canonical JSON of the body. The label
//! keeps a message of one type from being read as another; no label contains a newline, so the text has one
//! reading. On the wire a message is `{"body":{…},"signature":"…"}`. The body is one flat object: the header's
//! fields and the message's own.

mod error;
mod header;

use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub use error::EnvelopeError;
pub use header::{Audience, Header, Order, Sender, Stamp};

use crate::canonical;
use crate::did::Did;
use crate::key::{Signature, SigningKey};
use crate::limits::{CLOCK_SKEW_MS_MAX, MESSAGE_OCTETS_MAX, VALIDITY_MS_MAX};
use crate::octets::Digest;
use crate::time::Timestamp;

/// The signature suite of every message.
pub const SUITE: &str = "eddsa";

/// A kind of message. Its fields must not be named like the header's
/// (`type suite swarm sender audience nonce sequence issued_at expires_at`), and it must refuse unknown ones.
pub trait Message: Serialize + DeserializeOwned + Clone {
    /// The `type` field and the end of the domain label: lower-case letters and hyphens.
    const TYPE: &'static str;

    /// Longest time from issue to expiry, in milliseconds.
    const VALIDITY_MS_MAX: u64 = VALIDITY_MS_MAX;

    /// Largest message of this kind on the wire, in octets.
    const OCTETS_MAX: usize = MESSAGE_OCTETS_MAX;

    /// Whether the message may be addressed to everyone.
    const TO_EVERYONE: bool = false;
}

/// A message with the signature it came with, which nobody has checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed<B> {
    header: Header,
    body: B,
    signature: Signature,
    /// What is signed, as it was made or as it came: never put together again from the fields.
    text: String,
}

/// A message whose signature, type, swarm, sender, audience and time were right when it was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<B>(Signed<B>);

/// What a receiver expects of a message.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// The swarm this machine belongs to.
    pub swarm: Digest,
    /// The only sender accepted, or any.
    pub sender: Option<Sender>,
    /// This machine: the message must be addressed to it (or to everyone, where its kind allows that).
    pub audience: Did,
    /// The time at the receiver.
    pub now: Timestamp,
    /// How far the clocks may differ, in milliseconds.
    pub skew_ms: u64,
}

impl Expected {
    /// Expects a message from anyone, with the usual tolerance for clocks.
    pub fn new(swarm: Digest, audience: Did, now: Timestamp) -> Self {
        Self { swarm, sender: None, audience, now, skew_ms: CLOCK_SKEW_MS_MAX }
    }

    /// Accepts only this sender.
    #[must_use]
    pub fn by(mut self, sender: impl Into<Sender>) -> Self {
        self.sender = Some(sender.into());
        self
    }
}

impl<B: Message> Signed<B> {
    /// Signs a message as the DID of this key.
    pub fn by_did(key: &SigningKey, stamp: Stamp, body: B) -> Self {
        Self::by(key, Sender::Did(Did::of(key.public())), stamp, body)
    }

    /// Signs a message as an admin with this key.
    pub fn by_admin(key: &SigningKey, stamp: Stamp, body: B) -> Self {
        Self::by(key, Sender::Admin(key.public()), stamp, body)
    }

    fn by(key: &SigningKey, sender: Sender, stamp: Stamp, body: B) -> Self {
        let header = stamp.header(sender);
        let text = label(B::TYPE) + &canonical::text_of(&flat(&header, &body));
        Self { signature: key.sign(text.as_bytes()), header, body, text }
    }

    /// Reads a message from another machine. Nothing in it is to be trusted before [`Self::verify`].
    ///
    /// # Errors
    /// [`EnvelopeError::Json`] for what is not strict JSON or has other fields than this kind of message,
    /// [`EnvelopeError::WrongType`] and [`EnvelopeError::WrongSuite`].
    pub fn parse(json: &[u8]) -> Result<Self, EnvelopeError> {
        Self::from_value(canonical::parse(json, B::OCTETS_MAX)?)
    }

    /// Reads a message that is part of a larger record.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_value(value: Value) -> Result<Self, EnvelopeError> {
        let Wire { mut body, signature } = canonical::fields(value, "signed message")?;
        let text = label(B::TYPE) + &canonical::text_of(&body);
        let header = Header::take::<B>(&mut body)?;
        let body = canonical::fields(Value::Object(body), B::TYPE)?;
        Ok(Self { header, body, signature, text })
    }

    /// The message on the wire: canonical JSON.
    pub fn to_json(&self) -> String {
        // The two keys are in their order, and base58 needs no escape.
        format!("{{\"body\":{},\"signature\":\"{}\"}}", self.json(), self.signature)
    }

    /// The text that is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The SHA-256 digest of the text that is signed; it names the message without its signature.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// The body's part of the text.
    fn json(&self) -> &str {
        self.text.split_once('\n').map_or("", |(_, json)| json)
    }

    /// Who says it, to whom, when.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What is said.
    pub const fn body(&self) -> &B {
        &self.body
    }

    /// The signature.
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Checks everything but repetition, which is [`crate::replay::Nonces`]'s or the sequence's part.
    ///
    /// # Errors
    /// Each [`EnvelopeError`] after `Json`: swarm, sender and audience first, then the times, then the signature.
    pub fn verify(self, expected: &Expected) -> Result<Verified<B>, EnvelopeError> {
        self.check(expected)?;
        Ok(Verified(self))
    }

    /// As [`Self::verify`], where nothing is done with the message but reading on.
    pub(crate) fn check(&self, expected: &Expected) -> Result<(), EnvelopeError> {
        self.header.check::<B>(expected)?;
        if !self.header.sender.key().verify(self.text().as_bytes(), &self.signature) {
            return Err(EnvelopeError::BadSignature { sender: self.header.sender });
        }
        Ok(())
    }
}

impl<B> Verified<B> {
    /// Gives the message up, to store or to send it on.
    pub fn into_signed(self) -> Signed<B> {
        self.0
    }
}

impl<B> Deref for Verified<B> {
    type Target = Signed<B>;

    fn deref(&self) -> &Signed<B> {
        &self.0
    }
}

/// A message as it travels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    body: Map<String, Value>,
    signature: Signature,
}

impl<B: Message> Serialize for Signed<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // From the text, so that what is passed on is what was signed.
        let body = serde_json::from_str(self.json()).map_err(serde::ser::Error::custom)?;
        Wire { body, signature: self.signature }.serialize(serializer)
    }
}

impl<'de, B: Message> Deserialize<'de> for Signed<B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The domain label of a type of message.
pub(crate) fn label(kind: &str) -> String {
    format!("zenswarm/v1/{kind}\n")
}

/// The body as one object.
fn flat<B: Message>(header: &Header, body: &B) -> Map<String, Value> {
    let mut object = match serde_json::to_value(body) {
        Ok(Value::Object(object)) => object,
        // A message is a struct of serializable fields: it can only become an object.
        other => unreachable!("message {} is not an object: {other:?}", B::TYPE),
    };
    header.put::<B>(&mut object);
    object
}
