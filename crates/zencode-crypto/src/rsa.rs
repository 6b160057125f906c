//! RSA signatures with keys of 4096 bits: PKCS #1 v1.5 with SHA-256, the `RS256` of JSON Web Signatures.

mod prime;
mod usual;

use ::rsa::{BoxedUint, Pkcs1v15Sign, RsaPrivateKey};
use crypto_bigint::{NonZero, Resize as _};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::bls12_381::significant;
use crate::hash::sha256;
use crate::random::{Draws, Generator, Seed};

/// Octets of a secret key: p, q, dP, dQ and the inverse of p modulo q.
pub const SECRET_OCTETS: usize = 5 * PRIME_OCTETS;
/// Octets of a public key: the modulus and the exponent.
pub const PUBLIC_OCTETS: usize = SIGNATURE_OCTETS + EXPONENT_OCTETS;
/// Octets of a signature, and of the modulus.
pub const SIGNATURE_OCTETS: usize = 2 * PRIME_OCTETS;

const PRIME_OCTETS: usize = 256;
const PRIME_BITS: u32 = 2048;
const EXPONENT_OCTETS: usize = 4;
/// The exponent of new keys.
const EXPONENT: u32 = 65_537;

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {SECRET_OCTETS}")]
    SecretLength(usize),
    /// A secret key whose numbers do not belong together.
    #[error("secret key is not p, q, dP, dQ and the inverse of p modulo q of a key of 4096 bits")]
    Secret,
    /// A public key of another length.
    #[error("public key of {0} octets found, expected {PUBLIC_OCTETS}")]
    PublicLength(usize),
    /// A public key that is none.
    #[error("public key is not a modulus of 4096 bits and an odd exponent")]
    Public,
}

/// Draws a secret key with the exponent 65537. This takes a second or more.
///
/// # Source
/// Milagro `rsa.c.in`, `RSA_WWW_KEY_PAIR`; zenroom-cli.md, 2: draws.
pub fn generate(generator: &mut Generator) -> Zeroizing<Vec<u8>> {
    let p = prime::draw(generator);
    let q = prime::draw(generator);
    let e = BoxedUint::from(EXPONENT);
    let inverse = |of: &BoxedUint, modulus: BoxedUint| {
        let modulus = NonZero::new(modulus).into_option().expect("a prime less one is not zero");
        let inverse = of.resize_unchecked(PRIME_BITS).invert_mod(&modulus).into_option();
        inverse.expect("primes were drawn for the exponent, and are not equal")
    };
    let one = BoxedUint::one_with_precision(PRIME_BITS);
    let (dp, dq) = (inverse(&e, p.wrapping_sub(&one)), inverse(&e, q.wrapping_sub(&one)));
    let coefficient = inverse(&p, q.clone());
    let numbers = [p, q, dp, dq, coefficient].map(Zeroizing::new);
    let octets = numbers.iter().map(|number| Zeroizing::new(number.to_be_bytes().into_vec()));
    Zeroizing::new(octets.fold(Vec::with_capacity(SECRET_OCTETS), |mut all, octets| {
        all.extend_from_slice(&octets);
        all
    }))
}

/// The public key of a secret one.
///
/// # Errors
/// `SecretLength`, `Secret`.
///
/// # Source
/// RFC 8017, 3.1; Zenroom `zen_rsa.c`, `rsa_pubgen`.
pub fn public_key(secret: &[u8]) -> Result<Vec<u8>, Error> {
    use ::rsa::traits::PublicKeyParts as _;
    let key = private_key(secret)?;
    let modulus = key.n().to_be_bytes();
    let exponent = key.e().to_be_bytes();
    let exponent = exponent.get(exponent.len() - EXPONENT_OCTETS..).ok_or(Error::Secret)?;
    Ok([&modulus, exponent].concat())
}

/// Reads the primes and the exponent, which is the inverse of dP, of a secret key.
fn private_key(secret: &[u8]) -> Result<RsaPrivateKey, Error> {
    if secret.len() != SECRET_OCTETS {
        return Err(Error::SecretLength(secret.len()));
    }
    let number = |index: usize| {
        let octets = &secret[index * PRIME_OCTETS..][..PRIME_OCTETS];
        BoxedUint::from_be_slice(octets, PRIME_BITS).map(Zeroizing::new).map_err(|_| Error::Secret)
    };
    let (p, q, dp) = (number(0)?, number(1)?, number(2)?);
    // The modulus has all its octets, and both primes are below its root as the crate wants them.
    if p.bits() != PRIME_BITS || q.bits() != PRIME_BITS {
        return Err(Error::Secret);
    }
    let order = NonZero::new(p.wrapping_sub(BoxedUint::one_with_precision(PRIME_BITS)));
    let order = order.into_option().ok_or(Error::Secret)?;
    // Nearly every key has the usual exponent, and a product is made sooner than an inverse.
    let usual = BoxedUint::from(EXPONENT).resize_unchecked(PRIME_BITS);
    let exponent = if dp.mul_mod(&usual, &order) == BoxedUint::one_with_precision(PRIME_BITS) {
        usual
    } else {
        dp.invert_mod(&order).into_option().ok_or(Error::Secret)?
    };
    if exponent.bits() > 8 * EXPONENT_OCTETS as u32 {
        return Err(Error::Secret);
    }
    let exponent = exponent.resize_unchecked(64);
    RsaPrivateKey::from_p_q((*p).clone(), (*q).clone(), exponent).map_err(|_| Error::Secret)
}

/// Signs a message. Nothing is drawn: a message has one signature under a key.
///
/// # Errors
/// `SecretLength`, `Secret`.
///
/// # Source
/// RFC 8017, 8.2.1.
pub fn sign(secret: &[u8], message: &[u8]) -> Result<Vec<u8>, Error> {
    if let Some(signature) = usual::sign(secret, message) {
        return Ok(signature);
    }
    let key = private_key(secret)?;
    let digest = sha256(message);
    // Blinding keeps the time that signing takes from telling the key. It does not show in the signature, so
    // that it need not be drawn: key and message make it.
    let seed = Zeroizing::new([secret, &digest[..]].concat());
    let mut blinding = Generator::new(&Seed::Fresh(sha256(&seed)));
    let signature = key.sign_with_rng(&mut Draws(&mut blinding), Pkcs1v15Sign::new::<Sha256>(), &digest);
    signature.map_err(|_| Error::Secret)
}

/// Whether a signature of a message is the key's.
///
/// # Errors
/// `PublicLength`, `Public`.
///
/// # Source
/// RFC 8017, 8.2.2.
pub fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, Error> {
    let Some((modulus, exponent)) = public.split_at_checked(SIGNATURE_OCTETS) else {
        return Err(Error::PublicLength(public.len()));
    };
    if exponent.len() != EXPONENT_OCTETS {
        return Err(Error::PublicLength(public.len()));
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !is_odd(modulus) || !is_odd(exponent) || significant(exponent) == [1] {
        return Err(Error::Public);
    }
    let key = RsaPublicKeyComponents { n: significant(modulus), e: significant(exponent) };
    Ok(key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok())
}

#[cfg(test)]
mod tests;
