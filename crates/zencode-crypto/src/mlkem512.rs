//! ML-KEM-512: a secret that two agree on, by a module lattice, of security category 1.

#![expect(deprecated, reason = "the reference engine keeps keys in the expanded form")]

use libcrux_ml_kem::mlkem512::{self as fast, MlKem512Ciphertext, MlKem512PrivateKey, MlKem512PublicKey};
use ml_kem::ml_kem_512::DecapsulationKey;
use ml_kem::{ExpandedKeyEncoding as _, Seed};
use zeroize::Zeroizing;

use crate::random::Generator;

/// Octets of a secret key, in the expanded form of the standard.
pub const SECRET_OCTETS: usize = 1632;
/// Octets of a public key.
pub const PUBLIC_OCTETS: usize = 800;
/// Octets of a ciphertext.
pub const CIPHERTEXT_OCTETS: usize = 768;
/// Octets of the secret that is agreed on.
pub const SHARED_OCTETS: usize = 32;

/// Where the public key stands in a secret one: after its own polynomials.
const PUBLIC_AT: usize = 768;

/// Why a key or a ciphertext was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {SECRET_OCTETS}")]
    SecretLength(usize),
    /// A secret key whose parts do not belong together.
    #[error(
        "secret key does not hold the digest of its public key: it was damaged, or is of another algorithm"
    )]
    Secret,
    /// A public key of another length.
    #[error("public key of {0} octets found, expected {PUBLIC_OCTETS}")]
    PublicLength(usize),
    /// A public key with a coefficient that is not below the modulus.
    #[error(
        "public key holds a coefficient that is out of range: it was damaged, or is of another algorithm"
    )]
    PublicRange,
    /// A ciphertext of another length.
    #[error("ciphertext of {0} octets found, expected {CIPHERTEXT_OCTETS}")]
    CiphertextLength(usize),
}

/// A secret, and the ciphertext that tells it to the holder of the secret key.
pub struct Encapsulated {
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
    /// The secret.
    pub shared: Zeroizing<Vec<u8>>,
}

/// Draws a secret key from 64 octets.
///
/// # Source
/// FIPS 203, 6.1, algorithm 16; zenroom-cli.md, 2: draws.
pub fn generate(generator: &mut Generator) -> Zeroizing<Vec<u8>> {
    let seed = Zeroizing::new(Seed::from(generator.array::<64>()));
    let encoded = Zeroizing::new(DecapsulationKey::from_seed(*seed).to_expanded_bytes());
    Zeroizing::new(encoded.as_slice().to_vec())
}

/// The public key inside a secret one.
///
/// # Errors
/// `SecretLength`.
///
/// # Source
/// FIPS 203, 6.1, algorithm 16, line 3.
pub fn public_key(secret: &[u8]) -> Result<Vec<u8>, Error> {
    match secret.len() {
        SECRET_OCTETS => Ok(secret[PUBLIC_AT..][..PUBLIC_OCTETS].to_vec()),
        other => Err(Error::SecretLength(other)),
    }
}

/// Makes a secret for the holder of a key, drawing 32 octets.
///
/// # Errors
/// `PublicLength`, `PublicRange`.
///
/// # Source
/// FIPS 203, 6.2, algorithm 17; zenroom-cli.md, 2: draws.
pub fn encapsulate(public: &[u8], generator: &mut Generator) -> Result<Encapsulated, Error> {
    encapsulate_message(public, || Zeroizing::new(generator.array()))
}

/// Makes a secret of a message, which is asked for when the key is a key.
pub(crate) fn encapsulate_message(
    public: &[u8],
    message: impl FnOnce() -> Zeroizing<[u8; 32]>,
) -> Result<Encapsulated, Error> {
    let key = MlKem512PublicKey::try_from(public).map_err(|_| Error::PublicLength(public.len()))?;
    if !fast::validate_public_key(&key) {
        return Err(Error::PublicRange);
    }
    let (ciphertext, shared) = fast::encapsulate(&key, *message());
    let shared = Zeroizing::new(Zeroizing::new(shared).to_vec());
    Ok(Encapsulated { ciphertext: ciphertext.as_slice().to_vec(), shared })
}

/// The secret of a ciphertext; one that nobody else knows when the ciphertext was not made for the key.
///
/// # Errors
/// `SecretLength`, `Secret`, `CiphertextLength`.
///
/// # Source
/// FIPS 203, 6.3, algorithm 18; 7.3: the checks.
pub fn decapsulate(secret: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let key = MlKem512PrivateKey::try_from(secret).map_err(|_| Error::SecretLength(secret.len()))?;
    let length = ciphertext.len();
    let ciphertext = MlKem512Ciphertext::try_from(ciphertext).map_err(|_| Error::CiphertextLength(length))?;
    let public = &secret[PUBLIC_AT..][..PUBLIC_OCTETS];
    let public = MlKem512PublicKey::try_from(public).map_err(|_| Error::Secret)?;
    if !fast::validate_public_key(&public) || !fast::validate_private_key(&key, &ciphertext) {
        return Err(Error::Secret);
    }
    Ok(Zeroizing::new(Zeroizing::new(fast::decapsulate(&key, &ciphertext)).to_vec()))
}

#[cfg(test)]
mod tests;
