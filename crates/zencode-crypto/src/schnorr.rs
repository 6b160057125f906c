//! Schnorr signatures on secp256k1, as Bitcoin has them.

use crate::ecdh::LIBRARY;
use crate::random::Generator;
use k256::FieldBytes;
use k256::schnorr::{SigningKey, VerifyingKey};
use secp256k1::XOnlyPublicKey;
use secp256k1::schnorr::Signature;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

/// Octets of a secret key, and of a public key, which is an x coordinate.
pub const KEY_OCTETS: usize = 32;
/// Octets of a signature.
pub const SIGNATURE_OCTETS: usize = 64;
/// Octets of the auxiliary randomness of a signature.
pub const AUXILIARY_OCTETS: usize = 32;

/// Why a secret key was refused, or did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {KEY_OCTETS}")]
    SecretLength(usize),
    /// A secret key that is zero, or not below the order of the curve.
    #[error("secret key is out of range, expected a number from 1 to the order of the curve less one")]
    SecretRange,
    /// A nonce or an answer that came out as zero, which nobody has ever seen.
    #[error("key and message give no signature, try other auxiliary randomness")]
    Unlucky,
}

/// Draws a secret key: 32 octets, drawn again until they are in range.
///
/// # Source
/// BIP-340, "Public Key Generation"; zenroom-cli.md, 2: draws.
pub fn generate(generator: &mut Generator) -> Zeroizing<[u8; KEY_OCTETS]> {
    loop {
        let secret = Zeroizing::new(generator.array());
        if signing_key(&*secret).is_ok() {
            return secret;
        }
    }
}

/// The public key of a secret one: the x coordinate of its point, 32 octets.
///
/// # Errors
/// `SecretLength`, `SecretRange`.
///
/// # Source
/// BIP-340, "Public Key Generation".
pub fn public_key(secret: &[u8]) -> Result<[u8; KEY_OCTETS], Error> {
    Ok(signing_key(secret)?.verifying_key().to_bytes().into())
}

/// Whether the octets are the x coordinate of a point on the curve.
///
/// # Source
/// BIP-340, `lift_x`.
pub fn is_public_key(public: &[u8]) -> bool {
    VerifyingKey::from_slice(public).is_ok()
}

/// Signs a message of any length.
///
/// # Errors
/// `SecretLength`, `SecretRange`, `Unlucky`.
///
/// # Source
/// BIP-340, "Default Signing".
pub fn sign(
    secret: &[u8],
    message: &[u8],
    auxiliary: &[u8; AUXILIARY_OCTETS],
) -> Result<[u8; SIGNATURE_OCTETS], Error> {
    let signature = signing_key(secret)?.sign_raw(message, auxiliary).map_err(|_| Error::Unlucky)?;
    Ok(signature.to_bytes())
}

/// Whether a signature of a message is the key's.
///
/// # Source
/// BIP-340, "Verification".
pub fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(public), Ok(signature)) = (public.try_into(), signature.try_into()) else { return false };
    let signature = Signature::from_byte_array(signature);
    XOnlyPublicKey::from_byte_array(public)
        .is_ok_and(|key| LIBRARY.verify_schnorr(&signature, message, &key).is_ok())
}

/// A digest for one purpose: SHA-256 of the tag's digest, twice, and the message.
///
/// # Source
/// BIP-340, "Design": tagged hashes.
pub fn tagged_hash(tag: &str, message: &[u8]) -> [u8; 32] {
    let tag = Sha256::digest(tag);
    Sha256::new().chain_update(tag).chain_update(tag).chain_update(message).finalize().into()
}

/// The key wipes its scalar when it is dropped.
fn signing_key(secret: &[u8]) -> Result<SigningKey, Error> {
    let mut octets = FieldBytes::try_from(secret).map_err(|_| Error::SecretLength(secret.len()))?;
    let key = SigningKey::from_bytes(&octets).map_err(|_| Error::SecretRange);
    octets.zeroize();
    key
}

#[cfg(test)]
mod tests;
