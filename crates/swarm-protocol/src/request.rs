//! A request that the caller's DID signed: who calls, what is asked, of which oracle, and that it is asked once.
//!
//! The message travels beside the request it is about, in a header; it holds the digest of the body, not the body. An
//! intermediary can pass the two on, and can neither change nor repeat them.

use serde::{Deserialize, Serialize};

use crate::did::Did;
use crate::envelope::{EnvelopeError, Expected, Message, Signed, Verified};
use crate::octets::Digest;
use crate::time::Timestamp;

/// The swarm of oracles that belong to none: no genesis record has this digest.
pub const NO_SWARM: Digest = Digest::new([0; 32]);

/// How far the caller's clock may be ahead of the oracle's or behind it, in milliseconds. It is also the time after the
/// oracle's start for which signed requests are refused, so it is shorter than the one between machines of a swarm.
pub const REQUEST_SKEW_MS_MAX: u64 = 1_000;

/// What is asked: the request line and the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The verb, in capitals.
    pub method: String,
    /// Path and query, as they stand in the request line: `/api/sum?data=%7B%7D`.
    pub target: String,
    /// SHA-256 of the body's octets; of none, when there is no body.
    pub content: Digest,
}

impl Message for Request {
    const TYPE: &'static str = "request";
    const VALIDITY_MS_MAX: u64 = 5 * 60 * 1000;
    const OCTETS_MAX: usize = 16 * 1024;
}

/// What came over the wire, to be compared with what was signed.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The verb.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
}

/// What an oracle expects of a signed request.
#[derive(Debug, Clone, Copy)]
pub struct Receiver {
    /// Its swarm, or [`NO_SWARM`].
    pub swarm: Digest,
    /// The oracle.
    pub did: Did,
    /// When it began to remember nonces.
    pub since: Timestamp,
}

/// Why a signed request is refused; a repeated one is found by [`crate::replay::Nonces`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The message itself.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// An admin's key signed, which is for commands to the controller.
    #[error("an admin's key signed, expected a DID")]
    NotADid,
    /// Another request line.
    #[error("`{found}` was signed, the request is `{expected}`")]
    OtherRequest {
        /// What was signed.
        found: String,
        /// What was sent.
        expected: String,
    },
    /// Another body.
    #[error("a body with the digest {found} was signed, the body here has {expected}")]
    OtherBody {
        /// What was signed.
        found: Digest,
        /// What was sent.
        expected: Digest,
    },
    /// Nobody remembers whether it was seen: it may be older than the oracle's memory.
    #[error("request was signed at {}, this oracle remembers requests since {}", .issued_at.millis(), .since.millis())]
    BeforeStart {
        /// When it was signed.
        issued_at: Timestamp,
        /// From when on requests are accepted.
        since: Timestamp,
    },
}

impl RequestError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.hint(),
            Self::NotADid => "sign with the key of a DID",
            Self::OtherRequest { .. } => "sign verb, path and query as they are sent",
            Self::OtherBody { .. } => "sign the SHA-256 of the body's octets as they are sent",
            Self::BeforeStart { .. } => "the oracle has just started: sign again in a second",
        }
    }
}

impl Request {
    /// What to sign for a request.
    pub fn new(method: &str, target: &str, body: &[u8]) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), content: Digest::of(body) }
    }

    /// Checks everything that can be checked before the body is there; [`Self::matches`] does the rest.
    ///
    /// # Errors
    /// [`RequestError`], except `OtherBody`.
    pub fn accept(
        signed: Signed<Self>,
        line: Line<'_>,
        receiver: Receiver,
        now: Timestamp,
    ) -> Result<(Did, Verified<Self>), RequestError> {
        let Receiver { swarm, did, since } = receiver;
        let skew_ms = REQUEST_SKEW_MS_MAX;
        let verified = signed.verify(&Expected { skew_ms, ..Expected::new(swarm, did, now) })?;
        let caller = verified.header().sender.did().ok_or(RequestError::NotADid)?;
        // What was accepted before `since` was signed at most the skew after it, by the caller's clock.
        let since = since.plus(skew_ms);
        let issued_at = verified.header().issued_at;
        if issued_at <= since {
            return Err(RequestError::BeforeStart { issued_at, since });
        }
        let body = verified.body();
        if (body.method.as_str(), body.target.as_str()) != (line.method, line.target) {
            return Err(RequestError::OtherRequest {
                found: format!("{} {}", body.method, body.target),
                expected: format!("{} {}", line.method, line.target),
            });
        }
        Ok((caller, verified))
    }

    /// Compares the body that came with the one that was signed.
    ///
    /// # Errors
    /// [`RequestError::OtherBody`].
    pub fn matches(&self, body: &[u8]) -> Result<(), RequestError> {
        let (found, expected) = (self.content, Digest::of(body));
        if found == expected { Ok(()) } else { Err(RequestError::OtherBody { found, expected }) }
    }
}
