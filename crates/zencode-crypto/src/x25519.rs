//! X25519, for keys that two machines agree on.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// The public key of 32 secret octets, which are clamped as they are used.
///
/// # Source
/// RFC 7748, 6.1.
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

/// The secret that two keys share, or nothing if the other key forces it to zero.
///
/// # Source
/// RFC 7748, 6.1, with the check for zero that it allows and RFC 8446, 7.4.2 demands.
pub fn shared(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let shared = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
    shared.was_contributory().then(|| Zeroizing::new(shared.to_bytes()))
}
