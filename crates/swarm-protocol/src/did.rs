//! `did:dyne` identifiers: parse, check, and the key that an oracle's DID is made of.

mod document;

use std::fmt;
use std::str::FromStr;

pub use document::{
    DID_KEY, DidDocument, DocumentMetadata, ECDH_KEY, EDDSA_KEY, Resolution, Service, VerificationMethod,
    multikey, verify_proof,
};

use crate::key::PublicKey;
use crate::limits::DID_OCTETS_MAX;
use crate::octets::{OctetsError, text_type};

/// What every DID of this method starts with.
const METHOD: &str = "did:dyne:";

/// What every DID of this swarm software starts with.
const PREFIX: &str = "did:dyne:zenswarm:";

/// The DID of an oracle or a controller: `did:dyne:zenswarm:` and the base58 of its Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(PublicKey);

/// Why a text is not a DID that is served or used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Not of the form `did:method:id`.
    #[error("`{found}` is not a DID")]
    Syntax {
        /// The text, at most 80 characters of it.
        found: String,
    },
    /// A DID of another method.
    #[error("DID method `{method}` is not `dyne`")]
    Method {
        /// The method found.
        method: String,
    },
    /// A `did:dyne` whose specific part is not `context:base58`.
    #[error("`{found}` is not a valid did:dyne identifier")]
    Specific {
        /// The text, at most 80 characters of it.
        found: String,
    },
    /// A valid `did:dyne` where only a `did:dyne:zenswarm` can be used.
    #[error("DID context `{context}` is not `zenswarm`")]
    Context {
        /// The context found.
        context: String,
    },
    /// The last part is not an Ed25519 public key.
    #[error("DID does not end in a public key: {0}")]
    Key(#[from] OctetsError),
}

impl DidError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "a DID looks like did:dyne:zenswarm:<44 characters>",
            Self::Method { .. } => "only did:dyne is served here",
            Self::Specific { .. } => "expected did:dyne:<context>:<1 to 44 characters of base58>",
            Self::Context { .. } => "oracles and controllers have a did:dyne:zenswarm",
            Self::Key(error) => error.hint(),
        }
    }
}

impl Did {
    /// The DID of a public key.
    pub const fn of(key: PublicKey) -> Self {
        Self(key)
    }

    /// The public key that the DID is made of; it verifies what the DID signs.
    pub const fn key(&self) -> PublicKey {
        self.0
    }
}

text_type!(Did);

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.0)
    }
}

impl FromStr for Did {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        if let Some(key) = text.strip_prefix(PREFIX) {
            return Ok(Self(key.parse()?));
        }
        Err(DidError::Context { context: Identifier::from_str(text)?.context })
    }
}

/// Any valid `did:dyne` identifier, of ours or of older software.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    context: String,
    id: String,
}

impl Identifier {
    /// Domain, sub-domain and role, as in `sandbox.test_A`.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The last part: 1 to 44 characters of base58.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{METHOD}{}:{}", self.context, self.id)
    }
}

impl FromStr for Identifier {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        let found = || text.chars().take(80).collect::<String>();
        if text.len() > DID_OCTETS_MAX {
            return Err(DidError::Syntax { found: found() });
        }
        let rest = text.strip_prefix("did:").ok_or_else(|| DidError::Syntax { found: found() })?;
        let (method, specific) = rest.split_once(':').ok_or_else(|| DidError::Syntax { found: found() })?;
        let is_method =
            !method.is_empty() && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !is_method || specific.is_empty() {
            return Err(DidError::Syntax { found: found() });
        }
        if method != "dyne" {
            return Err(DidError::Method { method: method.to_owned() });
        }
        match specific.split_once(':') {
            Some((context, id)) if is_context(context) && is_base58(id) => {
                Ok(Self { context: context.to_owned(), id: id.to_owned() })
            }
            _ => Err(DidError::Specific { found: found() }),
        }
    }
}

/// Domain, optionally `.` and a sub-domain, optionally `_` and one of the roles `A C U D T`.
fn is_context(context: &str) -> bool {
    let names = match context.split_once('_') {
        Some((names, "A" | "C" | "U" | "D" | "T")) => names,
        Some(_) => return false,
        None => context,
    };
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match names.split_once('.') {
        Some((domain, sub_domain)) => is_name(domain) && is_name(sub_domain),
        None => is_name(names),
    }
}

/// 1 to 44 characters of the Bitcoin alphabet.
fn is_base58(id: &str) -> bool {
    (1..=44).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> DidError {
        text.parse::<Did>().unwrap_err()
    }

    #[test]
    fn the_did_of_the_second_key_of_rfc_8032_has_its_base58() {
        let hex = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let octets = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap();
        let did = Did::of(PublicKey::from_octets(octets).unwrap());
        assert_eq!(did.to_string(), "did:dyne:zenswarm:586Z7H2vpX9qNhN2T4e9Utugie3ogjbxzGaMtM3E6HR5");
        assert_eq!(did.to_string().parse(), Ok(did));
    }

    #[test]
    fn identifiers_of_older_software_are_valid() {
        for text in
            ["did:dyne:id:8REPQXUsFmaN6avGN6aozQtkhLNC9xUmZZNRM7u2UqEZ", "did:dyne:sandbox.test_A:8REPQX"]
        {
            assert_eq!(text.parse::<Identifier>().map(|did| did.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn each_fault_has_its_own_error() {
        assert!(matches!(error("dyne:zenswarm:x"), DidError::Syntax { .. }));
        assert!(matches!(error("did:web:example.org"), DidError::Method { .. }));
        assert!(matches!(error("did:dyne:zenswarm"), DidError::Specific { .. }));
        assert!(matches!(error("did:dyne::8REPQX"), DidError::Specific { .. }));
        assert!(matches!(error("did:dyne:ifacer.A.b:8REPQX"), DidError::Specific { .. }));
        assert!(matches!(error("did:dyne:ifacer_B:8REPQX"), DidError::Specific { .. }));
        assert!(matches!(error("did:dyne:../etc:8REPQX"), DidError::Specific { .. }));
        assert!(matches!(error("did:dyne:ifacer:8REPQX"), DidError::Context { .. }));
        assert!(matches!(error("did:dyne:zenswarm:8REPQX"), DidError::Key(_)));
    }

    #[test]
    fn a_did_longer_than_the_limit_is_refused() {
        assert!(matches!(error(&format!("did:dyne:{}:1", "a".repeat(300))), DidError::Syntax { .. }));
    }
}
