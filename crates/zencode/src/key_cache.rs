//! Forms of keys that cost time to make, kept for the runs to come.

use std::sync::{Arc, OnceLock};

use zencode_crypto::eddsa::{self, KeyPair, KnownKeys};
use zencode_crypto::secret::Secret;

/// What a host keeps beside the KEYS that it grants again and again.
///
/// An Ed25519 signature needs the public key too; deriving it costs as much as signing. The first key that
/// signs under a cache is expanded once; any other key is expanded for each use. Public keys of others that
/// come again and again are expanded too, up to a number of them. What a run gives does not depend on it.
#[derive(Clone, Default)]
pub struct KeyCache {
    eddsa: Arc<OnceLock<(Secret<32>, KeyPair)>>,
    known: KnownKeys,
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyCache(..)")
    }
}

impl KeyCache {
    /// A cache for other KEYS of the same host, with the public keys that this one knows.
    pub fn for_other_keys(&self) -> Self {
        Self { eddsa: Arc::default(), known: self.known.clone() }
    }

    /// Signs with Ed25519.
    ///
    /// # Source
    /// RFC 8032, 5.1.6.
    pub(crate) fn eddsa_sign(&self, secret: &[u8; 32], message: &[u8]) -> [u8; 64] {
        let wanted = Secret::new(*secret);
        let (kept, pair) = self.eddsa.get_or_init(|| (Secret::new(*secret), KeyPair::new(secret)));
        if *kept == wanted { pair.sign(message) } else { eddsa::sign(secret, message) }
    }

    /// Whether an Ed25519 signature is authentic, by the rules of [`eddsa::verify`].
    ///
    /// # Source
    /// RFC 8032, 5.1.7.
    pub(crate) fn eddsa_verify(&self, public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        self.known.verify(public, message, signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_key_signs_with_itself_and_not_with_the_kept_one() {
        let cache = KeyCache::default();
        for secret in [[1; 32], [2; 32], [1; 32]] {
            let signature = cache.eddsa_sign(&secret, b"message");
            assert!(eddsa::verify_strict(&eddsa::public_key(&secret), b"message", &signature));
        }
    }

    #[test]
    fn a_kept_public_key_takes_its_own_signatures_alone() {
        let cache = KeyCache::default();
        let public = eddsa::public_key(&[1; 32]);
        for _ in 0..5 {
            assert!(cache.eddsa_verify(&public, b"message", &eddsa::sign(&[1; 32], b"message")));
            assert!(!cache.eddsa_verify(&public, b"message", &eddsa::sign(&[2; 32], b"message")));
            assert!(!cache.eddsa_verify(&public, b"another", &eddsa::sign(&[1; 32], b"message")));
        }
    }

    #[test]
    fn a_cache_for_other_keys_keeps_no_secret_key() {
        let cache = KeyCache::default();
        cache.eddsa_sign(&[1; 32], b"message");
        assert!(cache.for_other_keys().eddsa.get().is_none());
    }

    #[test]
    fn it_shows_nothing() {
        assert_eq!(format!("{:?}", KeyCache::default()), "KeyCache(..)");
    }
}
