//! Dilithium2 of the third round (version 3.1), which ML-DSA-44 came from.
//!
//! Keys and signatures have the same form as those of ML-DSA-44, but for the digest of the public key, which has
//! 32 octets here, and for what is hashed with the message. So ML-DSA-44 makes and reads the keys; signing and
//! verifying have no counterpart there.

use pqcrypto_dilithium::dilithium2;
use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _, SecretKey as _};
use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use zeroize::Zeroizing;

use crate::mldsa44;
use crate::random::Generator;

/// Octets of a secret key.
pub const SECRET_OCTETS: usize = 2528;
/// Octets of a public key.
pub const PUBLIC_OCTETS: usize = mldsa44::PUBLIC_OCTETS;
/// Octets of a signature.
pub const SIGNATURE_OCTETS: usize = mldsa44::SIGNATURE_OCTETS;

/// Octets of the digest of a public key inside the secret one.
const DIGEST_OCTETS: usize = 32;
/// Where the digest stands in a secret key: after two seeds.
const DIGEST_AT: usize = 64;
/// Octets that ML-DSA-44 has more.
const LONGER: usize = mldsa44::SECRET_OCTETS - SECRET_OCTETS;

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {SECRET_OCTETS}")]
    SecretLength(usize),
    /// A secret key that no key generation makes.
    #[error(
        "secret key holds a coefficient that is out of range: it was damaged, or is of another algorithm"
    )]
    SecretRange,
    /// A public key of another length.
    #[error("public key of {0} octets found, expected {PUBLIC_OCTETS}")]
    PublicLength(usize),
}

/// Draws a secret key from 32 octets.
///
/// The seed is expanded as FIPS 204 does, which adds two octets to what the third round expands: the key is a
/// Dilithium2 key like any other, only not the one that the third round makes of the same seed.
///
/// # Source
/// FIPS 204, 6.1; Dilithium 3.1, figure 4.
pub fn generate(generator: &mut Generator) -> Zeroizing<Vec<u8>> {
    let wide = mldsa44::generate(generator);
    let public = mldsa44::public_key(&wide).expect("a key just drawn is in range");
    let (seeds, rest) = wide.split_at(DIGEST_AT);
    let (_, vectors) = rest.split_at(DIGEST_OCTETS + LONGER);
    Zeroizing::new([seeds, &shake::<DIGEST_OCTETS>(&[&public]), vectors].concat())
}

/// The key as ML-DSA-44 has it, a digest of zeros in place of its own: it is for what needs no digest.
fn wide(secret: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    if secret.len() != SECRET_OCTETS {
        return Err(Error::SecretLength(secret.len()));
    }
    let (seeds, rest) = secret.split_at(DIGEST_AT);
    let (_, vectors) = rest.split_at(DIGEST_OCTETS);
    Ok(Zeroizing::new([seeds, &[0; DIGEST_OCTETS + LONGER], vectors].concat()))
}

/// The public key of a secret one.
///
/// # Errors
/// `SecretLength`, `SecretRange`.
///
/// # Source
/// Dilithium 3.1, figure 4.
pub fn public_key(secret: &[u8]) -> Result<Vec<u8>, Error> {
    mldsa44::public_key(&wide(secret)?).map_err(|_| Error::SecretRange)
}

/// Signs a message. Nothing is drawn: a message has one signature under a key.
///
/// # Errors
/// `SecretLength`, `SecretRange`.
///
/// # Source
/// Dilithium 3.1, figure 4, the deterministic variant.
pub fn sign(secret: &[u8], message: &[u8]) -> Result<Vec<u8>, Error> {
    if secret.len() != SECRET_OCTETS {
        return Err(Error::SecretLength(secret.len()));
    }
    if !mldsa44::is_small(&secret[DIGEST_AT + DIGEST_OCTETS..]) {
        return Err(Error::SecretRange);
    }
    let key = dilithium2::SecretKey::from_bytes(secret).expect("its length was checked");
    Ok(dilithium2::detached_sign(message, &key).as_bytes().to_vec())
}

/// Whether a signature of a message is the key's.
///
/// # Errors
/// `PublicLength`.
///
/// # Source
/// Dilithium 3.1, figure 4.
pub fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, Error> {
    let key = dilithium2::PublicKey::from_bytes(public).map_err(|_| Error::PublicLength(public.len()))?;
    if signature.len() != SIGNATURE_OCTETS {
        return Ok(false);
    }
    let signature = dilithium2::DetachedSignature::from_bytes(signature);
    Ok(signature
        .is_ok_and(|signature| dilithium2::verify_detached_signature(&signature, message, &key).is_ok()))
}

fn shake<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut hash = Shake256::default();
    parts.iter().for_each(|part| hash.update(part));
    let mut digest = [0; N];
    hash.finalize_xof().read(&mut digest);
    digest
}

#[cfg(test)]
mod tests;
