//! Requests that a DID signed: `Authorization: Zenswarm` and, in base64url without padding, the JSON of a
//! [`Request`] message.
//!
//! It names this oracle and its swarm, verb, path, query and the digest of the body, and is good once, within its time.
//! Seen nonces are remembered until their messages have expired; what was signed before the oracle was started is
//! refused, because nobody remembers it.

use std::sync::PoisonError;

use data_encoding::BASE64URL_NOPAD;
use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Message as _, Signed, Verified};
use swarm_protocol::replay::ReplayError;
use swarm_protocol::request::{Line, Receiver, Request, RequestError};

use super::head::{Head, SCHEME};
use super::unauthorized;
use crate::controller::clock;
use crate::http::error::Problem;
use crate::oracle::Shared;
use crate::oracle::contracts::Auth;

/// What a signed request to this oracle must name.
pub(super) fn challenge(oracle: &Shared) -> String {
    format!("{SCHEME} realm=\"zenswarm\", audience=\"{}\", swarm=\"{}\"", oracle.keys.did(), oracle.swarm())
}

/// Checks everything but the body and the nonce.
pub(super) fn accept(oracle: &Shared, head: &Head, text: &str) -> Result<(Did, Verified<Request>), Problem> {
    let malformed = |detail: &str| {
        unauthorized(oracle, Auth::Did, "malformed-credential", detail)
            .hint("make the header with: zenswarm did sign-request")
    };
    if text.len() > Request::OCTETS_MAX * 4 / 3 + 4 {
        return Err(malformed("the signed request is too long"));
    }
    let json = BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes());
    let json = json.map_err(|_| malformed("the signed request is not base64url"))?;
    let signed = Signed::parse(&json).map_err(|error| refused(oracle, &error.into()))?;
    let line = Line { method: head.method.as_str(), target: &head.target };
    let receiver = Receiver { swarm: oracle.swarm(), did: oracle.keys.did(), since: oracle.since };
    Request::accept(signed, line, receiver, clock::now()).map_err(|error| refused(oracle, &error))
}

/// Compares the body, and takes note of the nonce.
pub(super) fn confirm(
    oracle: &Shared,
    signed: &Verified<Request>,
    expected: bool,
    body: &[u8],
) -> Result<(), Problem> {
    signed.body().matches(body).map_err(|error| refused(oracle, &error))?;
    let seen = &oracle.seen_requests[usize::from(expected)];
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.admit(signed, clock::now()).map_err(|error| match error {
        ReplayError::Full { .. } => Problem::busy(error.to_string()),
        _ => unauthorized(oracle, Auth::Did, "replayed-message", error.to_string()).hint(error.hint()),
    })
}

fn refused(oracle: &Shared, error: &RequestError) -> Problem {
    let problem = match error {
        RequestError::Envelope(error) => Problem::from(error.clone()),
        _ => Problem::malformed(""),
    };
    let kind = match error {
        RequestError::Envelope(_) => problem.word(),
        RequestError::OtherRequest { .. } | RequestError::OtherBody { .. } => "other-request",
        RequestError::BeforeStart { .. } => "stale-message",
        _ => "wrong-sender",
    };
    unauthorized(oracle, Auth::Did, kind, error.to_string()).hint(error.hint())
}
