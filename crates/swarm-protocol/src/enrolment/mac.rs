//! The secret that both sides of an enrolment share without sending it, and the MAC made with it.

use std::fmt;

use zencode_crypto::{hash, x25519};
use zeroize::Zeroizing;

use super::{Ephemeral, Statement};
use crate::canonical;
use crate::octets::Digest;

/// What the MAC's key is derived for.
const LABEL: &[u8] = b"zenswarm/v1/enrolment-mac";

/// The secret half of an ephemeral key, wiped when dropped.
#[derive(Clone)]
pub(super) struct EphemeralSecret(Zeroizing<[u8; 32]>);

impl fmt::Debug for EphemeralSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EphemeralSecret(..)")
    }
}

impl EphemeralSecret {
    pub(super) fn new(octets: [u8; 32]) -> Self {
        Self(Zeroizing::new(octets))
    }

    pub(super) fn public(&self) -> Ephemeral {
        Ephemeral::new(x25519::public_key(&self.0))
    }

    /// The MAC of a statement, by either side; `None` when the other side's key forces the secret to zero.
    ///
    /// # Source
    /// RFC 7748, 6.1; RFC 5869 with SHA-256 and the transcript as salt; RFC 2104.
    pub(super) fn tag(&self, other: &Ephemeral, statement: &Statement) -> Option<Digest> {
        let shared = x25519::shared(&self.0, other.octets())?;
        let key = hash::hkdf_sha256(statement.transcript.octets(), &shared[..], LABEL, 32);
        let key = Zeroizing::new(key.expect("HKDF gives up to 8,160 octets, 32 are asked for"));
        Some(Digest::new(hash::hmac_sha256(&key, canonical::text_of(statement).as_bytes())))
    }

    /// Checks the MAC of a statement, in constant time.
    pub(super) fn verify(&self, statement: &Statement, tag: &Digest) -> bool {
        self.tag(&statement.ephemeral, statement).is_some_and(|expected| is_equal(&expected, tag))
    }
}

/// Compares every octet, whatever differs first.
fn is_equal(one: &Digest, other: &Digest) -> bool {
    one.octets().iter().zip(other.octets()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
