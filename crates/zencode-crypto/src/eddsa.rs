//! Ed25519.

mod known_keys;
mod multiples;

use curve25519_dalek::{EdwardsPoint, Scalar, edwards::CompressedEdwardsY};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha512};

pub use known_keys::KnownKeys;

/// Octets of a secret key (the seed) and of a public key.
pub const KEY_OCTETS: usize = 32;
/// Octets of a signature.
pub const SIGNATURE_OCTETS: usize = 64;

/// The bits of a signature's last octet that ed25519-donna wants to be zero.
const HIGH_BITS: u8 = 0b1110_0000;

/// The public key of a 32-octet seed.
///
/// # Source
/// RFC 8032, 5.1.5.
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    KeyPair::new(secret).public_key()
}

/// Signs a message.
///
/// # Source
/// RFC 8032, 5.1.6.
pub fn sign(secret: &[u8; 32], message: &[u8]) -> [u8; 64] {
    KeyPair::new(secret).sign(message)
}

/// A secret key with its public key at hand, which halves the work of a signature.
pub struct KeyPair(SigningKey);

impl KeyPair {
    /// Derives the public key of a 32-octet seed.
    ///
    /// # Source
    /// RFC 8032, 5.1.5.
    pub fn new(secret: &[u8; KEY_OCTETS]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The public key.
    ///
    /// # Source
    /// RFC 8032, 5.1.5.
    pub fn public_key(&self) -> [u8; KEY_OCTETS] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a message.
    ///
    /// # Source
    /// RFC 8032, 5.1.6.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_OCTETS] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyPair(..)")
    }
}

/// Whether a signature is the key's, small-order keys and non-canonical forms refused.
///
/// # Source
/// RFC 8032, 5.1.7; the strict rules of the Dalek library.
pub fn verify_strict(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// Whether a contract takes a signature for the key's: every signature that ed25519-donna accepts.
///
/// That is more than [`verify_strict`] does: keys of small order, keys that are written in another than the
/// shortest way, and an `S` that the order was added to. One message can so have many signatures.
/// [`KnownKeys::verify`] gives the same answer, sooner for a key that comes again.
///
/// # Source
/// The equation of RFC 8032, 5.1.7 without the cofactor, `R = S B - k A`, compared as octets;
/// zencode.md, F.2.
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let Some(key) = CompressedEdwardsY(*public).decompress() else { return false };
    let Some(equation) = Equation::new(public, message, signature) else { return false };
    let Equation { challenge, response, .. } = &equation;
    equation.holds(&EdwardsPoint::vartime_double_scalar_mul_basepoint(challenge, &-key, response))
}

/// What a signature claims: `R = S B - k A`.
struct Equation<'a> {
    /// `R`, as octets.
    commitment: &'a [u8; 32],
    /// `S`.
    response: Scalar,
    /// `k`.
    challenge: Scalar,
}

impl<'a> Equation<'a> {
    /// Reads a signature; none when ed25519-donna refuses its `S`.
    fn new(public: &[u8; 32], message: &[u8], signature: &'a [u8; 64]) -> Option<Self> {
        let (commitment, response) = signature.split_first_chunk::<32>()?;
        let response = <[u8; 32]>::try_from(response).ok()?;
        if response[31] & HIGH_BITS != 0 {
            return None;
        }
        let challenge = Sha512::new().chain_update(commitment).chain_update(public).chain_update(message);
        Some(Self {
            commitment,
            response: Scalar::from_bytes_mod_order(response),
            challenge: Scalar::from_bytes_mod_order_wide(&challenge.finalize().into()),
        })
    }

    /// Whether the right side is the left one.
    fn holds(&self, right: &EdwardsPoint) -> bool {
        right.compress().as_bytes() == self.commitment
    }
}

#[cfg(test)]
mod tests;
