//! The secret that both sides of an enrolment share without sending it, and the MAC made with it.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{Ephemeral, Statement};
use crate::canonical;
use crate::octets::Digest;

/// What the MAC's key is derived for.
const LABEL: &[u8] = b"zenswarm/v1/enrolment-mac";

/// The secret half of an ephemeral key, wiped when dropped.
#[derive(Clone)]
pub(super) struct EphemeralSecret(StaticSecret);

impl std::fmt::Debug for EphemeralSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EphemeralSecret(..)")
    }
}

impl EphemeralSecret {
    pub(super) fn new(octets: [u8; 32]) -> Self {
        Self(StaticSecret::from(octets))
    }

    pub(super) fn public(&self) -> Ephemeral {
        Ephemeral::new(PublicKey::from(&self.0).to_bytes())
    }

    /// The MAC of a statement, by either side; `None` when the other side's key forces the secret to zero.
    ///
    /// # Source
    /// RFC 7748, 6.1; RFC 5869 with SHA-256 and the transcript as salt; RFC 2104.
    pub(super) fn mac(&self, other: &Ephemeral, statement: &Statement) -> Option<Hmac<Sha256>> {
        let shared = self.0.diffie_hellman(&PublicKey::from(*other.octets()));
        if !shared.was_contributory() {
            return None;
        }
        let mut key = Zeroizing::new([0_u8; 32]);
        Hkdf::<Sha256>::new(Some(statement.transcript.octets()), shared.as_bytes())
            .expand(LABEL, &mut key[..])
            .expect("HKDF gives up to 8,160 octets, 32 are asked for");
        let mut mac = <Hmac<Sha256>>::new_from_slice(&key[..]).expect("HMAC takes a key of any length");
        mac.update(canonical::text_of(statement).as_bytes());
        Some(mac)
    }

    /// Makes the MAC of a statement.
    pub(super) fn tag(&self, other: &Ephemeral, statement: &Statement) -> Option<Digest> {
        self.mac(other, statement).map(|mac| Digest::new(mac.finalize().into_bytes().into()))
    }

    /// Checks the MAC of a statement in constant time.
    pub(super) fn verify(&self, statement: &Statement, tag: &Digest) -> bool {
        self.mac(&statement.ephemeral, statement).is_some_and(|mac| mac.verify_slice(tag.octets()).is_ok())
    }
}
