//! ML-DSA-44: signatures on module lattices, of security category 2.

use ml_dsa::{
    B32, EncodedSignature, EncodedVerifyingKey, ExpandedSigningKey, ExpandedSigningKeyBytes, MlDsa44,
    Signature, SigningKey, VerifyingKey,
};
use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use zeroize::Zeroizing;

use crate::random::{Draws, Generator};

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

/// Reads a secret key whose small coefficients are in range: others would be read as something else.
#[expect(deprecated, reason = "the reference engine keeps keys in the expanded form")]
fn signing_key(secret: &[u8]) -> Result<ExpandedSigningKey<MlDsa44>, Error> {
    let encoded = ExpandedSigningKeyBytes::<MlDsa44>::try_from(secret);
    let encoded = Zeroizing::new(encoded.map_err(|_| Error::SecretLength(secret.len()))?);
    if !is_small(&secret[DIGEST_AT + DIGEST_OCTETS..]) {
        return Err(Error::SecretRange);
    }
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

/// What is signed in place of a message of any length.
fn digest(key_digest: &[u8], framed: &[u8]) -> [u8; 64] {
    let mut hash = Shake256::default();
    hash.update(key_digest);
    hash.update(framed);
    let mut digest = [0; 64];
    hash.finalize_xof().read(&mut digest);
    digest
}

/// Signs a message that was framed. Draws 32 octets, or none when the octets of the seed add up to zero.
///
/// # Errors
/// `SecretLength`, `SecretRange`, `Exhausted`.
///
/// # Source
/// FIPS 204, 6.2, algorithm 7; Zenroom `zen_qp.c`, `ml_dsa_44_signature`.
pub fn sign(secret: &[u8], framed: &[u8], generator: &mut Generator) -> Result<Vec<u8>, Error> {
    let key = signing_key(secret)?;
    let digest = digest(&secret[DIGEST_AT..][..DIGEST_OCTETS], framed).into();
    let mut draws = Draws(generator);
    let signature = if draws.0.seed_adds_up_to_zero() {
        key.sign_mu_deterministic(&digest)
    } else {
        key.sign_mu_randomized(&digest, &mut draws).map_err(|_| Error::Exhausted)?
    };
    Ok(signature.encode().as_slice().to_vec())
}

/// Whether a signature of a framed message is the key's.
///
/// # Errors
/// `PublicLength`.
///
/// # Source
/// FIPS 204, 6.3, algorithm 8.
pub fn verify(public: &[u8], framed: &[u8], signature: &[u8]) -> Result<bool, Error> {
    let key = verifying_key(public)?;
    Ok(decoded(signature).is_some_and(|signature| key.verify_internal(framed, &signature)))
}

/// Reads a public key.
pub(crate) fn verifying_key(public: &[u8]) -> Result<VerifyingKey<MlDsa44>, Error> {
    let encoded = EncodedVerifyingKey::<MlDsa44>::try_from(public);
    Ok(VerifyingKey::decode(&encoded.map_err(|_| Error::PublicLength(public.len()))?))
}

/// Reads a signature; none when it is of another length or form.
pub(crate) fn decoded(signature: &[u8]) -> Option<Signature<MlDsa44>> {
    Signature::decode(&EncodedSignature::<MlDsa44>::try_from(signature).ok()?)
}

#[cfg(test)]
mod tests;
