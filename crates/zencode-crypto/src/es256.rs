//! ECDSA on P-256 with SHA-256: `ES256` of JSON Web Signatures.

use crate::hash::sha256;
use crate::random::Generator;
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::ops::{Invert as _, Reduce as _};
use p256::{FieldBytes, NonZeroScalar, Scalar};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use zeroize::{Zeroize as _, Zeroizing};

/// Octets of a secret key.
pub const SECRET_OCTETS: usize = 32;
/// Octets of a public key: x and y.
pub const PUBLIC_OCTETS: usize = 64;
/// Octets of a signature: r and s.
pub const SIGNATURE_OCTETS: usize = 64;

/// What SEC 1 writes before two coordinates.
const UNCOMPRESSED: u8 = 4;

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key of another length.
    #[error("secret key of {0} octets found, expected {SECRET_OCTETS}")]
    SecretLength(usize),
    /// A secret key that is zero, or not below the order of the curve.
    #[error("secret key is out of range, expected a number from 1 to the order of the curve less one")]
    SecretRange,
    /// Octets that are no point of the curve.
    #[error("public key is not a point on the curve, expected 64, 65 or 33 octets of P-256")]
    PublicKey,
    /// The curve's library gave no multiple of the base point.
    #[error("no multiple of the base point found, expected AWS-LC to give one for every number in range")]
    Multiplication,
}

/// Draws a secret key: 32 octets, drawn again until they are in range.
///
/// # Source
/// FIPS 186-5, A.2.2; zenroom-cli.md, 2: draws.
pub fn generate(generator: &mut Generator) -> Zeroizing<[u8; SECRET_OCTETS]> {
    Zeroizing::new(draw(generator).to_bytes().into())
}

/// A number from 1 to the order less one, of 32 octets that are drawn until they are one.
fn draw(generator: &mut Generator) -> Zeroizing<NonZeroScalar> {
    loop {
        let octets = Zeroizing::new(generator.array::<SECRET_OCTETS>());
        if let Ok(scalar) = scalar(&*octets) {
            return scalar;
        }
    }
}

/// The public key of a secret one: x and y.
///
/// # Errors
/// `SecretLength`, `SecretRange`, `Multiplication`.
///
/// # Source
/// SEC 1, 3.2.1.
pub fn public_key(secret: &[u8]) -> Result<[u8; PUBLIC_OCTETS], Error> {
    multiple_of_base(&*scalar(secret)?)
}

/// The two coordinates of the base point multiplied: the public half of a key agreement whose secret is the scalar.
/// The library wipes its copies of the scalar when it frees them.
///
/// # Errors
/// `Multiplication`.
///
/// # Source
/// SEC 1, 2.2.1 and 2.3.3; AWS-LC `p256-nistz.c`.
fn multiple_of_base(scalar: &NonZeroScalar) -> Result<[u8; PUBLIC_OCTETS], Error> {
    let octets = Zeroizing::new(<[u8; SECRET_OCTETS]>::from(scalar.to_bytes()));
    let key = PrivateKey::from_private_key(&ECDH_P256, &*octets).map_err(|_| Error::Multiplication)?;
    let point = key.compute_public_key().map_err(|_| Error::Multiplication)?;
    match point.as_ref() {
        [UNCOMPRESSED, coordinates @ ..] => coordinates.try_into().map_err(|_| Error::Multiplication),
        _ => Err(Error::Multiplication),
    }
}

/// Reads a public key: x and y, with `04` before them or not, or x alone after `02` or `03`.
///
/// # Errors
/// `PublicKey`.
///
/// # Source
/// SEC 1, 2.3.4; Zenroom `zen_p256.c`, `allocate_raw_public_key`.
fn verifying_key(public: &[u8]) -> Result<VerifyingKey, Error> {
    let key = match public.len() {
        PUBLIC_OCTETS => VerifyingKey::from_sec1_bytes(&[&[UNCOMPRESSED], public].concat()),
        // The library's other forms, infinity and the compact one, are not the reference engine's.
        _ if matches!(public, [2..=4, ..]) => VerifyingKey::from_sec1_bytes(public),
        _ => return Err(Error::PublicKey),
    };
    key.map_err(|_| Error::PublicKey)
}

/// Whether the octets are a public key in one of its three forms.
///
/// # Source
/// SEC 1, 2.3.4.
pub fn is_public_key(public: &[u8]) -> bool {
    verifying_key(public).is_ok()
}

/// The two coordinates of a public key, one behind the other.
///
/// # Errors
/// `PublicKey`.
///
/// # Source
/// SEC 1, 2.3.4.
pub fn coordinates(public: &[u8]) -> Result<[u8; PUBLIC_OCTETS], Error> {
    let point = verifying_key(public)?.to_sec1_point(false);
    let coordinates = point.as_bytes().last_chunk();
    Ok(*coordinates.expect("an uncompressed point ends with its two coordinates"))
}

/// Signs a message with a nonce of 32 octets from the generator.
///
/// # Errors
/// `SecretLength`, `SecretRange`, `Multiplication`.
///
/// # Source
/// FIPS 186-5, 6.4.1; RFC 7518, 3.4; Zenroom `zen_p256.c`.
pub fn sign(
    secret: &[u8],
    message: &[u8],
    generator: &mut Generator,
) -> Result<[u8; SIGNATURE_OCTETS], Error> {
    let secret = scalar(secret)?;
    let digest = Scalar::reduce(&FieldBytes::from(sha256(message)));
    loop {
        if let Some(signature) = sign_digest(&secret, &draw(generator), &digest)? {
            return Ok(signature.to_bytes().into());
        }
    }
}

/// The signature of a digest with a nonce; none when r or s is zero, which asks for another nonce.
///
/// # Errors
/// `Multiplication`.
///
/// # Source
/// FIPS 186-5, 6.4.1, steps 4 to 11.
fn sign_digest(
    secret: &NonZeroScalar,
    nonce: &NonZeroScalar,
    digest: &Scalar,
) -> Result<Option<Signature>, Error> {
    let point = multiple_of_base(nonce)?;
    let (x, _) = point.split_first_chunk::<SECRET_OCTETS>().expect("a coordinate is half of a point");
    let r = Scalar::reduce(&FieldBytes::from(*x));
    let inverse = Zeroizing::new(nonce.invert());
    let sum = Zeroizing::new(*digest + r * **secret);
    Ok(Signature::from_scalars(r, **inverse * *sum).ok())
}

/// Whether a signature of a message is the key's. Both values of `s` are taken.
///
/// # Source
/// FIPS 186-5, 6.4.2.
pub fn verify(public: &[u8], message: &[u8], signature: &[u8; SIGNATURE_OCTETS]) -> bool {
    let key = match public.len() {
        PUBLIC_OCTETS => [&[UNCOMPRESSED], public].concat(),
        _ => match coordinates(public) {
            Ok(coordinates) => [&[UNCOMPRESSED], &coordinates[..]].concat(),
            Err(_) => return false,
        },
    };
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(message, signature).is_ok()
}

fn scalar(octets: &[u8]) -> Result<Zeroizing<NonZeroScalar>, Error> {
    let mut octets = FieldBytes::try_from(octets).map_err(|_| Error::SecretLength(octets.len()))?;
    let scalar = Option::<NonZeroScalar>::from(NonZeroScalar::from_repr(octets));
    octets.zeroize();
    scalar.map(Zeroizing::new).ok_or(Error::SecretRange)
}

#[cfg(test)]
mod tests;
