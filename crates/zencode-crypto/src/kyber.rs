//! Kyber512 of the third round, which ML-KEM-512 came from.
//!
//! Keys and ciphertexts are those of ML-KEM-512. The message is hashed before it is used, and the secret is hashed
//! once more, together with the digest of the ciphertext.

use sha3::{Digest as _, Sha3_256};
use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::mlkem512;
use crate::random::Generator;

pub use crate::mlkem512::{
    CIPHERTEXT_OCTETS, Encapsulated, Error, PUBLIC_OCTETS, SECRET_OCTETS, SHARED_OCTETS, generate, public_key,
};

/// Where the secret of refused ciphertexts stands in a secret key: at its end.
const REFUSAL_AT: usize = SECRET_OCTETS - SHARED_OCTETS;

/// Makes a secret for the holder of a key, drawing 32 octets.
///
/// # Errors
/// `PublicLength`, `PublicRange`.
///
/// # Source
/// Kyber 3.02, algorithm 8.
pub fn encapsulate(public: &[u8], generator: &mut Generator) -> Result<Encapsulated, Error> {
    let message = || {
        let drawn = Zeroizing::new(generator.array::<32>());
        Zeroizing::new(Sha3_256::digest(drawn.as_slice()).into())
    };
    let made = mlkem512::encapsulate_message(public, message)?;
    let shared = shake(&[&made.shared, &Sha3_256::digest(&made.ciphertext)]);
    Ok(Encapsulated { shared: Zeroizing::new(shared.to_vec()), ..made })
}

/// The secret of a ciphertext; one that nobody else knows when the ciphertext was not made for the key.
///
/// # Errors
/// `SecretLength`, `Secret`, `CiphertextLength`.
///
/// # Source
/// Kyber 3.02, algorithm 9.
pub fn decapsulate(secret: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let shared = mlkem512::decapsulate(secret, ciphertext)?;
    let refusal = &secret[REFUSAL_AT..];
    // ML-KEM hashes the refused ciphertext into its secret, where Kyber takes the refusal as it is.
    let refused = shared.ct_eq(&*shake(&[refusal, ciphertext]));
    let mut chosen = Zeroizing::new([0; SHARED_OCTETS]);
    for ((chosen, shared), refusal) in chosen.iter_mut().zip(&*shared).zip(refusal) {
        *chosen = u8::conditional_select(shared, refusal, refused);
    }
    Ok(Zeroizing::new(shake(&[&*chosen, &Sha3_256::digest(ciphertext)]).to_vec()))
}

fn shake(parts: &[&[u8]]) -> Zeroizing<[u8; SHARED_OCTETS]> {
    let mut hash = Shake256::default();
    parts.iter().for_each(|part| hash.update(part));
    let mut digest = Zeroizing::new([0; SHARED_OCTETS]);
    hash.finalize_xof().read(&mut *digest);
    digest
}

#[cfg(test)]
mod tests;
