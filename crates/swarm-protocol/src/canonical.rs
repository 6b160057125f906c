//! One text for one value: canonical JSON out, strict JSON in, and the digest of the canonical text.
//!
//! What cannot be written back unchanged is refused on the way in, because two machines that read it
//! differently would sign or compare different things.

mod number;
mod strict;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::octets::Digest;

/// Why a foreign JSON text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// More octets than the place allows.
    #[error("JSON of {octets} octets is longer than {octets_max}")]
    TooLarge {
        /// Octets found.
        octets: usize,
        /// Octets allowed.
        octets_max: usize,
    },
    /// Arrays and objects nested too deep.
    #[error("JSON is nested deeper than {nesting_max} levels at octet {position}")]
    TooDeep {
        /// Levels allowed.
        nesting_max: usize,
        /// Octets from the start.
        position: usize,
    },
    /// A number that reads back as another one.
    #[error("number `{number}` at octet {position} is not kept exactly by canonical JSON")]
    Number {
        /// The number as written, at most 32 characters of it.
        number: String,
        /// Octets from the start.
        position: usize,
    },
    /// A key that is twice in one object.
    #[error("key `{key}` is twice in one object")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// Not JSON.
    #[error("not JSON at line {line}, column {column}: {reason}")]
    Syntax {
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
        /// What the reader found.
        reason: String,
    },
    /// JSON, but not the fields that belong here.
    #[error("{what} does not have the expected fields: {reason}")]
    Fields {
        /// The record that was expected.
        what: &'static str,
        /// Which field, and what is wrong with it.
        reason: String,
    },
    /// JSON, but not in its canonical form where only that is accepted.
    #[error("JSON is not in its canonical form from octet {position}")]
    NotCanonical {
        /// Octets from the start to the first difference.
        position: usize,
    },
}

impl JsonError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "send less, or a reference to it",
            Self::TooDeep { .. } => "flatten the data",
            Self::Number { .. } => {
                "write long numbers as strings: integers above 2^53 - 1 and more than 17 digits change"
            }
            Self::DuplicateKey { .. } => "keep one of the two",
            Self::Syntax { .. } => "check the text with a JSON tool; it must be one value in UTF-8",
            Self::Fields { .. } => "compare the fields with the documented record; unknown ones are refused",
            Self::NotCanonical { .. } => "the file was edited or reformatted: use the original",
        }
    }
}

/// The canonical text of a JSON value.
///
/// # Source
/// RFC 8785 (JCS).
pub fn text(value: &Value) -> String {
    text_of(value)
}

/// The canonical text of one of our records.
pub(crate) fn text_of<T: Serialize>(record: &T) -> String {
    serde_json_canonicalizer::to_string(record).expect("records have string keys and finite numbers")
}

/// The SHA-256 digest of the canonical text of a JSON value: what votes compare.
///
/// # Example
/// ```
/// let one = swarm_protocol::canonical::parse(br#"{"b":1.0,"a":"x"}"#, 64)?;
/// let other = swarm_protocol::canonical::parse(br#"{ "a": "x", "b": 1 }"#, 64)?;
/// assert_eq!(swarm_protocol::canonical::digest(&one), swarm_protocol::canonical::digest(&other));
/// # Ok::<(), swarm_protocol::canonical::JsonError>(())
/// ```
pub fn digest(value: &Value) -> Digest {
    Digest::of(text(value).as_bytes())
}

/// Reads a foreign JSON text: one value, bounded, no key twice, every number kept exactly.
///
/// # Errors
/// Each [`JsonError`] except `Fields` and `NotCanonical`.
///
/// # Source
/// RFC 8259, RFC 7493 (I-JSON).
pub fn parse(json: &[u8], octets_max: usize) -> Result<Value, JsonError> {
    if json.len() > octets_max {
        return Err(JsonError::TooLarge { octets: json.len(), octets_max });
    }
    number::scan(json)?;
    strict::read(json)
}

/// Reads a foreign JSON text as one of our records.
///
/// # Errors
/// As [`parse`], and [`JsonError::Fields`] when the fields are not `what`'s.
pub fn parse_as<T: DeserializeOwned>(
    json: &[u8],
    octets_max: usize,
    what: &'static str,
) -> Result<T, JsonError> {
    fields(parse(json, octets_max)?, what)
}

/// Reads a JSON value as one of our records.
///
/// # Errors
/// [`JsonError::Fields`] when the fields are not `what`'s.
pub fn fields<T: DeserializeOwned>(value: Value, what: &'static str) -> Result<T, JsonError> {
    serde_json::from_value(value).map_err(|error| JsonError::Fields { what, reason: error.to_string() })
}

#[cfg(test)]
mod tests;
