//! Streamlined NTRU Prime `sntrup761`: a secret that two agree on, by a lattice without structure to attack.

use sntrup::sntrup761::{self, Ciphertext, DecapsulationKey, EncapsulationKey};
use zeroize::Zeroizing;

use crate::mlkem512::Encapsulated;
use crate::random::{Draws, Generator};

/// Octets of a secret key.
pub const SECRET_OCTETS: usize = sntrup761::SECRET_KEY_SIZE;
/// Octets of a public key.
pub const PUBLIC_OCTETS: usize = sntrup761::PUBLIC_KEY_SIZE;
/// Octets of a ciphertext.
pub const CIPHERTEXT_OCTETS: usize = sntrup761::CIPHERTEXT_SIZE;
/// Octets of the secret that is agreed on.
pub const SHARED_OCTETS: usize = sntrup761::SHARED_SECRET_SIZE;

/// Why a key or a ciphertext was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {SECRET_OCTETS}")]
    SecretLength(usize),
    /// A public key of another length.
    #[error("public key of {0} octets found, expected {PUBLIC_OCTETS}")]
    PublicLength(usize),
    /// A ciphertext of another length.
    #[error("ciphertext of {0} octets found, expected {CIPHERTEXT_OCTETS}")]
    CiphertextLength(usize),
}

/// Draws a secret key.
///
/// # Source
/// NTRU Prime, round 3, 3.3: `KeyGen`.
pub fn generate(generator: &mut Generator) -> Zeroizing<Vec<u8>> {
    let (_, secret) = sntrup761::generate_key(&mut Draws(generator));
    Zeroizing::new(secret.as_ref().to_vec())
}

/// The public key inside a secret one.
///
/// # Errors
/// `SecretLength`.
///
/// # Source
/// NTRU Prime, round 3, 3.3: `KEM_KeyGen`.
pub fn public_key(secret: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(decapsulation_key(secret)?.encapsulation_key().as_ref().to_vec())
}

fn decapsulation_key(secret: &[u8]) -> Result<DecapsulationKey, Error> {
    DecapsulationKey::try_from(secret).map_err(|_| Error::SecretLength(secret.len()))
}

/// Makes a secret for the holder of a key.
///
/// # Errors
/// `PublicLength`.
///
/// # Source
/// NTRU Prime, round 3, 3.3: `Encap`.
pub fn encapsulate(public: &[u8], generator: &mut Generator) -> Result<Encapsulated, Error> {
    let key = EncapsulationKey::try_from(public).map_err(|_| Error::PublicLength(public.len()))?;
    let (ciphertext, shared) = key.encapsulate(&mut Draws(generator));
    let shared = Zeroizing::new(shared.as_ref().to_vec());
    Ok(Encapsulated { ciphertext: ciphertext.as_ref().to_vec(), shared })
}

/// The secret of a ciphertext; one that nobody else knows when the ciphertext was not made for the key.
///
/// # Errors
/// `SecretLength`, `CiphertextLength`.
///
/// # Source
/// NTRU Prime, round 3, 3.3: `Decap`.
pub fn decapsulate(secret: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let key = decapsulation_key(secret)?;
    let length = ciphertext.len();
    let ciphertext = Ciphertext::try_from(ciphertext).map_err(|_| Error::CiphertextLength(length))?;
    Ok(Zeroizing::new(key.decapsulate(&ciphertext).as_ref().to_vec()))
}

#[cfg(test)]
mod tests;
