//! Reading the body of a request: never more than asked for, and a malformed one is a [`Problem`].

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use http_body_util::LengthLimitError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::http::error::Problem;

/// Octets of a `/v1/…` message, at most, unless a route says otherwise.
pub const MESSAGE_OCTETS_MAX: usize = 256 * 1024;

/// Time for a client to send a body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a whole body.
///
/// # Errors
/// 413 when it exceeds `octets_max`, 400 when the connection ends early, 408 when it does not come in its time.
pub async fn read(body: Body, octets_max: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, octets_max)).await;
    read.map_err(|_| Problem::too_slow(BODY_TIMEOUT.as_secs()))?.map_err(|error| {
        let too_large = std::error::Error::source(&error).is_some_and(|it| it.is::<LengthLimitError>());
        if too_large {
            Problem::too_large(octets_max)
        } else {
            Problem::malformed("the body ends before its announced length")
        }
    })
}

/// Parses JSON into a type; the detail names line and column.
///
/// # Errors
/// 400 with what was found.
pub fn parse<'a, T: Deserialize<'a>>(octets: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(octets)
        .map_err(|error| Problem::malformed(format!("the body is not what this address takes: {error}")))
}

/// Reads and parses at once.
///
/// # Errors
/// See [`read`] and [`parse`].
pub async fn read_json<T: DeserializeOwned>(body: Body, octets_max: usize) -> Result<T, Problem> {
    parse(&read(body, octets_max).await?)
}
