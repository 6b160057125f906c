//! The keys that an oracle's contracts use, and the proof that the oracle holds them.
//!
//! Contracts may sign whatever a caller sends: text, dictionaries, or octets decoded from base64. So a label in
//! front of the text is no protection here: an attacker who wants to enrol another oracle's service key as his
//! own would ask that oracle's signing API for a signature over exactly our text. The proof of possession
//! therefore uses signatures that no such API can produce, whatever it is given:
//!
//! - eddsa: Ed25519ph with our label as its context. RFC 8032 made its first hash input disjoint from plain
//!   Ed25519's, which is all that Zenroom's `eddsa` scenario has.
//! - ecdh: ECDSA over HMAC-SHA-256 keyed with our label, used as the digest. Zenroom's `ecdh` scenario signs a
//!   plain hash of its message, and to find a message with our digest is to invert that hash.
//!
//! Both cover swarm, DID and the enrolment's transcript, so a proof serves one enrolment of one oracle.

use std::fmt;
use std::str::FromStr;

use k256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use k256::elliptic_curve::sec1::ToSec1Point as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zencode_crypto::hash;
use zeroize::Zeroizing;

use crate::canonical;
use crate::did::Did;
use crate::envelope;
use crate::key::{PublicKey, Signature, SigningKey};
use crate::octets::{self, Digest, OctetsError, text_type};

/// The domain label of proofs of possession.
const POSSESSION: &str = "possession";

/// A secp256k1 public key: a point of the curve, uncompressed; its text is base58 of 65 octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EcdhPublicKey([u8; 65]);

impl EcdhPublicKey {
    /// Checks and wraps the octets of a point, compressed or not.
    ///
    /// # Errors
    /// [`ServiceKeyError::NotAPoint`].
    pub fn from_octets(octets: &[u8]) -> Result<Self, ServiceKeyError> {
        let key = k256::PublicKey::from_sec1_bytes(octets).map_err(|_| ServiceKeyError::NotAPoint)?;
        Ok(Self::of(&key))
    }

    /// `04`, x and y.
    pub const fn octets(&self) -> &[u8; 65] {
        &self.0
    }

    fn of(key: &k256::PublicKey) -> Self {
        let point = key.to_sec1_point(false);
        Self(point.as_bytes().try_into().expect("an uncompressed point has 65 octets"))
    }
}

text_type!(EcdhPublicKey);

impl fmt::Display for EcdhPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&octets::to_base58(&self.0))
    }
}

impl FromStr for EcdhPublicKey {
    type Err = ServiceKeyError;

    fn from_str(text: &str) -> Result<Self, ServiceKeyError> {
        Self::from_octets(&octets::from_base58::<65>(text)?)
    }
}

/// Why a service key is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceKeyError {
    /// The text is not base58 of the right length.
    #[error(transparent)]
    Octets(#[from] OctetsError),
    /// The octets are not a point of secp256k1.
    #[error("octets are not a secp256k1 public key")]
    NotAPoint,
    /// The octets are not a scalar between 1 and the order of secp256k1.
    #[error("octets are not a secp256k1 secret key")]
    NotAScalar,
    /// The proof of possession does not verify.
    #[error("possession of the {kind} key is not proved")]
    NotProved {
        /// The kind of key.
        kind: &'static str,
    },
}

impl ServiceKeyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Octets(error) => error.hint(),
            Self::NotAPoint => "an ecdh public key is a point of secp256k1: 65 octets that start with 04",
            Self::NotAScalar => "make a new keyring",
            Self::NotProved { .. } => "prove with the key's own secret, over this enrolment's transcript",
        }
    }
}

/// The public half of an oracle's service keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceKeys {
    /// The key of Zenroom's `ecdh` scenario: secp256k1.
    pub ecdh: EcdhPublicKey,
    /// The key of Zenroom's `eddsa` scenario: Ed25519. It differs from the DID's key.
    pub eddsa: PublicKey,
}

/// One proof of possession per service key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Possession {
    /// ECDSA, r and s, 32 octets each.
    pub ecdh: Signature,
    /// Ed25519ph.
    pub eddsa: Signature,
}

/// What a proof of possession is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The swarm.
    pub swarm: Digest,
    /// The oracle that enrols.
    pub did: Did,
    /// The digest of hello and challenge.
    pub transcript: Digest,
}

impl Binding {
    fn text(&self, kind: &str) -> String {
        let Self { swarm, did, transcript } = self;
        canonical::text(&json!({"did": did, "kind": kind, "swarm": swarm, "transcript": transcript}))
    }
}

/// The secret half of an oracle's service keyring: wiped when dropped, never printed.
#[derive(Clone)]
pub struct ServiceSecrets {
    ecdh: k256::ecdsa::SigningKey,
    eddsa: SigningKey,
}

impl ServiceSecrets {
    /// The keyring's two secrets: `keyring.ecdh` (32 octets, base64 in Zenroom's JSON) and `keyring.eddsa`
    /// (32 octets, base58).
    ///
    /// # Errors
    /// [`ServiceKeyError::NotAScalar`] when the first is 0 or not below the order of the curve.
    pub fn new(ecdh: [u8; 32], eddsa: [u8; 32]) -> Result<Self, ServiceKeyError> {
        let ecdh = Zeroizing::new(ecdh);
        let ecdh = k256::ecdsa::SigningKey::from_slice(&ecdh[..]).map_err(|_| ServiceKeyError::NotAScalar)?;
        Ok(Self { ecdh, eddsa: SigningKey::from_octets(eddsa) })
    }

    /// The public halves.
    pub fn public(&self) -> ServiceKeys {
        let ecdh = k256::PublicKey::from(self.ecdh.verifying_key());
        ServiceKeys { ecdh: EcdhPublicKey::of(&ecdh), eddsa: self.eddsa.public() }
    }

    /// Proves possession of both keys.
    pub fn prove(&self, binding: &Binding) -> Possession {
        let digest = keyed_digest(&binding.text("ecdh"));
        let ecdh: k256::ecdsa::Signature =
            self.ecdh.sign_prehash(&digest).expect("a digest of 32 octets is as long as the order");
        let context = envelope::label(POSSESSION);
        let eddsa = self.eddsa.sign_in_context(context.as_bytes(), binding.text("eddsa").as_bytes());
        Possession { ecdh: Signature::new(ecdh.to_bytes().into()), eddsa }
    }
}

impl fmt::Debug for ServiceSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceSecrets(..)")
    }
}

impl Possession {
    /// Checks both proofs.
    ///
    /// # Errors
    /// [`ServiceKeyError::NotProved`], with the kind of the first key that is not.
    pub fn verify(&self, keys: &ServiceKeys, binding: &Binding) -> Result<(), ServiceKeyError> {
        let ecdh = k256::ecdsa::Signature::from_slice(self.ecdh.octets()).is_ok_and(|signature| {
            let digest = keyed_digest(&binding.text("ecdh"));
            k256::ecdsa::VerifyingKey::from_sec1_bytes(keys.ecdh.octets())
                .is_ok_and(|key| key.verify_prehash(&digest, &signature).is_ok())
        });
        if !ecdh {
            return Err(ServiceKeyError::NotProved { kind: "ecdh" });
        }
        let context = envelope::label(POSSESSION);
        let text = binding.text("eddsa");
        if !keys.eddsa.verify_in_context(context.as_bytes(), text.as_bytes(), &self.eddsa) {
            return Err(ServiceKeyError::NotProved { kind: "eddsa" });
        }
        Ok(())
    }
}

fn keyed_digest(text: &str) -> [u8; 32] {
    hash::hmac_sha256(envelope::label(POSSESSION).as_bytes(), text.as_bytes())
}
