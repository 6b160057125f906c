//! ML-DSA-44: signatures on module lattices, of security category 2.

use libcrux_ml_dsa::ml_dsa_44 as fast;
use ml_dsa::{B32, ExpandedSigningKey, ExpandedSigningKeyBytes, MlDsa44, SigningKey};
use zeroize::Zeroizing;

use crate::random::Generator;

/// Octets of a secret key, in the expanded form of the standard.
pub const SECRET_OCTETS: usize = 2560;
/// Octets of a public key.
pub const PUBLIC_OCTETS: usize = 1312;
/// Octets of a signature.
pub const SIGNATURE_OCTETS: usize = 2420;
/// The longest context.
pub const CONTEXT_OCTETS_MAX: usize = 255;

/// Octets of the digest of a public key inside the secret one.
const DIGEST_OCTETS: usize = 64;
/// Where the digest stands in a secret key: after two seeds.
const DIGEST_AT: usize = 64;
/// Octets of the two vectors of small coefficients: eight polynomials of 256 times 3 bits.
const SMALL_OCTETS: usize = 8 * 96;
/// Small coefficients are from -2 to 2, written as 2 less the coefficient.
const SMALL_MAX: u8 = 4;

/// Why a key, a context or a signature was refused.
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
    /// A context that is too long.
    #[error("context of {0} octets found, expected at most {CONTEXT_OCTETS_MAX}")]
    ContextLength(usize),
    /// No signature was found, which happens with damaged secret keys only.
    #[error("no signature was found: the secret key was damaged")]
    Exhausted,
}

/// Draws a secret key from 32 octets.
///
/// # Source
/// FIPS 204, 6.1, algorithm 6; zenroom-cli.md, 2: draws.
pub fn generate(generator: &mut Generator) -> Zeroizing<Vec<u8>> {
    let seed = Zeroizing::new(B32::from(generator.array::<32>()));
    encoded(SigningKey::<MlDsa44>::from_seed(&seed).expanded_key())
}

#[expect(deprecated, reason = "the reference engine keeps keys in the expanded form")]
fn encoded(key: &ExpandedSigningKey<MlDsa44>) -> Zeroizing<Vec<u8>> {
    let encoded = Zeroizing::new(key.to_expanded());
    Zeroizing::new(encoded.as_slice().to_vec())
}

/// The public key of a secret one.
///
/// # Errors
/// `SecretLength`, `SecretRange`.
///
/// # Source
/// FIPS 204, 6.1, algorithm 6, lines 3 to 8.
pub fn public_key(secret: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(signing_key(secret)?.verifying_key().encode().as_slice().to_vec())
}

/// The octets of a secret key whose small coefficients are in range: others would be read as something else.
fn checked(secret: &[u8]) -> Result<&[u8; SECRET_OCTETS], Error> {
    let octets = secret.try_into().map_err(|_| Error::SecretLength(secret.len()))?;
    if is_small(&secret[DIGEST_AT + DIGEST_OCTETS..]) { Ok(octets) } else { Err(Error::SecretRange) }
}

#[expect(deprecated, reason = "the reference engine keeps keys in the expanded form")]
fn signing_key(secret: &[u8]) -> Result<ExpandedSigningKey<MlDsa44>, Error> {
    let encoded = Zeroizing::new(ExpandedSigningKeyBytes::<MlDsa44>::from(*checked(secret)?));
    Ok(ExpandedSigningKey::from_expanded(&encoded))
}

/// Whether the small coefficients at the start are in range. Looks at all of them, so that time tells nothing.
pub(crate) fn is_small(vectors: &[u8]) -> bool {
    let large = vectors.chunks_exact(3).take(SMALL_OCTETS / 3).fold(0, |large, three| {
        let bits = u32::from_le_bytes([three[0], three[1], three[2], 0]);
        let coefficients = (0..8).map(|index| (bits >> (3 * index) & 7) as u8);
        coefficients.fold(large, |large, coefficient| large | (SMALL_MAX.wrapping_sub(coefficient) >> 7))
    });
    large == 0
}

/// The message under a context, as it is signed.
///
/// # Errors
/// `ContextLength`.
///
/// # Source
/// FIPS 204, 5.2, algorithm 2, line 10: M'.
pub fn framed(message: &[u8], context: &[u8]) -> Result<Vec<u8>, Error> {
    let length = u8::try_from(context.len()).map_err(|_| Error::ContextLength(context.len()))?;
    Ok([&[0, length], context, message].concat())
}

/// Signs a message that was framed. Draws 32 octets, or none when the octets of the seed add up to zero.
///
/// # Errors
/// `SecretLength`, `SecretRange`, `Exhausted`.
///
/// # Source
/// FIPS 204, 6.2, algorithm 7; Zenroom `zen_qp.c`, `ml_dsa_44_signature`.
pub fn sign(secret: &[u8], framed: &[u8], generator: &mut Generator) -> Result<Vec<u8>, Error> {
    let secret = checked(secret)?;
    let drawn = if generator.seed_adds_up_to_zero() { [0; 32] } else { generator.array() };
    let drawn = Zeroizing::new(drawn);
    // Its own copy of the key is wiped by nobody, as it is with that of the C library of the reference engine.
    let signature = fast::sign_internal(&fast::MLDSA44SigningKey::new(*secret), framed, *drawn);
    Ok(signature.map_err(|_| Error::Exhausted)?.as_slice().to_vec())
}

/// Whether a signature of a framed message is the key's.
///
/// # Errors
/// `PublicLength`.
///
/// # Source
/// FIPS 204, 6.3, algorithm 8.
pub fn verify(public: &[u8], framed: &[u8], signature: &[u8]) -> Result<bool, Error> {
    let key = public.try_into().map_err(|_| Error::PublicLength(public.len()))?;
    let Ok(signature) = signature.try_into() else { return Ok(false) };
    let (key, signature) = (fast::MLDSA44VerificationKey::new(key), fast::MLDSA44Signature::new(signature));
    Ok(fast::verify_internal(&key, framed, &signature).is_ok())
}

#[cfg(test)]
mod tests;
