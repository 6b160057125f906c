//! Ed25519.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// The public key of a 32-octet seed.
///
/// # Source
/// RFC 8032, 5.1.5.
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

/// Signs a message.
///
/// # Source
/// RFC 8032, 5.1.6.
pub fn sign(secret: &[u8; 32], message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&Zeroizing::new(*secret)).sign(message).to_bytes()
}

/// Whether a signature is the key's, small-order keys and non-canonical forms refused.
///
/// # Source
/// RFC 8032, 5.1.7; the strict rules of the Dalek library.
pub fn verify_strict(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}
