//! Zenroom's `ecdh`: ECDSA and Diffie-Hellman on secp256k1.
//!
//! The signatures are not Ethereum's or Bitcoin's: the message is hashed with SHA-512, of which the first 32
//! octets are signed, and both values of `s` are accepted.

use std::sync::LazyLock;

use crate::hash;
use crate::random::Generator;
use k256::elliptic_curve::PrimeField as _;
use k256::elliptic_curve::ops::Reduce as _;
use k256::elliptic_curve::point::AffineCoordinates as _;
use k256::elliptic_curve::sec1::{FromSec1Point as _, ToSec1Point as _};
use k256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, Sec1Point, WideBytes};
use secp256k1::{All, Message, PublicKey, Secp256k1, SecretKey};
use zeroize::{Zeroize as _, Zeroizing};

/// Octets of a secret key, a coordinate, `r` and `s`.
pub const SCALAR_OCTETS: usize = 32;
/// Octets of an uncompressed public key: `04`, x, y.
pub const PUBLIC_KEY_OCTETS: usize = 65;
/// Octets of a compressed public key: `02` or `03`, x.
pub const COMPRESSED_OCTETS: usize = 33;

/// The library's tables.
pub(crate) static LIBRARY: LazyLock<Secp256k1<All>> = LazyLock::new(Secp256k1::new);

/// Why a key or signature was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A secret key longer than 32 octets.
    #[error("secret key of {0} octets found, expected at most 32")]
    SecretLength(usize),
    /// A secret key that is zero modulo the order. The reference engine takes it for one.
    #[error("secret key is zero, expected a number within the order of the curve")]
    SecretZero,
    /// Octets that are no point of the curve.
    #[error("public key is not a point on the curve, expected 33 or 65 octets of secp256k1")]
    PublicKey,
    /// A part of a signature longer than 32 octets.
    #[error("signature part of {0} octets found, expected at most 32")]
    SignatureLength(usize),
}

/// A signature: two integers of 32 octets, big-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The x coordinate of the nonce's point, modulo the order.
    pub r: [u8; SCALAR_OCTETS],
    /// The other half.
    pub s: [u8; SCALAR_OCTETS],
}

impl Signature {
    /// Reads the two integers, which may be shorter, or longer by leading zeros.
    ///
    /// # Errors
    /// `SignatureLength` if one does not fit in 32 octets.
    ///
    /// # Source
    /// Zenroom's schema `ecdh_signature`.
    pub fn from_parts(r: &[u8], s: &[u8]) -> Result<Self, Error> {
        let part = |octets| padded(octets).ok_or(Error::SignatureLength(<[u8]>::len(octets)));
        Ok(Self { r: part(r)?, s: part(s)? })
    }

    /// Reads `r` and `s` one after the other.
    ///
    /// # Source
    /// RFC 7515 A.3.1, as Zenroom's JWS have it.
    pub fn from_octets(octets: &[u8; 2 * SCALAR_OCTETS]) -> Self {
        let mut signature = Self { r: [0; SCALAR_OCTETS], s: [0; SCALAR_OCTETS] };
        let (r, s) = octets.split_at(SCALAR_OCTETS);
        signature.r.copy_from_slice(r);
        signature.s.copy_from_slice(s);
        signature
    }

    /// Writes `r` and `s` one after the other.
    ///
    /// # Source
    /// RFC 7515 A.3.1, as Zenroom's JWS have it.
    pub fn to_octets(self) -> [u8; 2 * SCALAR_OCTETS] {
        let mut octets = [0; 2 * SCALAR_OCTETS];
        octets[..SCALAR_OCTETS].copy_from_slice(&self.r);
        octets[SCALAR_OCTETS..].copy_from_slice(&self.s);
        octets
    }
}

/// Draws a secret key: 64 octets modulo the order.
///
/// # Source
/// Milagro `ECP_KEY_PAIR_GENERATE`; zencode.md, F.0 "Random scalar".
pub fn generate(generator: &mut Generator) -> Zeroizing<[u8; SCALAR_OCTETS]> {
    loop {
        let secret = Zeroizing::new(draw(generator));
        if !bool::from(secret.is_zero()) {
            return Zeroizing::new(secret.to_bytes().into());
        }
    }
}

/// The public key of a secret one: 65 octets, uncompressed.
///
/// # Errors
/// `SecretLength`, `SecretZero`.
///
/// # Source
/// SEC 1, 3.2.1 and 2.3.3; Zenroom `create ecdh public key`.
pub fn public_key(secret: &[u8]) -> Result<[u8; PUBLIC_KEY_OCTETS], Error> {
    times_generator(&*secret_scalar(secret)?).ok_or(Error::SecretZero)
}

/// The compressed form of a public key: 33 octets.
///
/// # Errors
/// `PublicKey`.
///
/// # Source
/// SEC 1, 2.3.3.
pub fn compress(public: &[u8]) -> Result<[u8; COMPRESSED_OCTETS], Error> {
    let point = point(public)?.to_sec1_point(true);
    Ok(point.as_bytes().try_into().expect("a point other than infinity has an x coordinate and a parity"))
}

/// Whether the octets are a point on the curve, compressed or not.
///
/// # Source
/// SEC 1, 2.3.4; Zenroom `ECDH.pubcheck`, which also takes octets that follow the point.
pub fn is_public_key(public: &[u8]) -> bool {
    point(public).is_ok()
}

/// Signs a message with a nonce from the generator.
///
/// Each try draws 64 octets for the nonce and 64 more: as in the reference engine they mask the inversion of the nonce,
/// and leave no trace in the signature.
///
/// # Errors
/// `SecretLength`, `SecretZero`.
///
/// # Source
/// Milagro `ECP_SP_DSA`; zencode.md, F.0 and F.1.
pub fn sign(secret: &[u8], message: &[u8], generator: &mut Generator) -> Result<Signature, Error> {
    let secret = secret_scalar(secret)?;
    let hash = message_scalar(message);
    loop {
        let nonce = Zeroizing::new(draw(generator));
        let mask = Zeroizing::new(draw(generator));
        if let Some((signature, _)) = equation(&secret, &hash, &nonce, masked_inverse(&nonce, &mask)) {
            return Ok(signature);
        }
    }
}

/// Signs a message with a nonce that comes from key and message: the same signature every time.
///
/// # Errors
/// `SecretLength`, `SecretZero`.
///
/// # Source
/// RFC 6979 with HMAC-SHA-512 over the first 32 octets of the message's SHA-512;
/// Zenroom `create ecdh deterministic signature of ''`.
pub fn sign_deterministic(secret: &[u8], message: &[u8]) -> Result<Signature, Error> {
    let octets = secret_octets(secret)?;
    let secret = secret_scalar(secret)?;
    let hash = message_scalar(message);
    let mut nonces = Nonces::new(&octets, &message_hash(message));
    loop {
        let nonce = Zeroizing::new(nonces.next());
        if let Some((signature, _)) = equation(&secret, &hash, &nonce, inverse(&nonce)) {
            return Ok(signature);
        }
    }
}

/// Whether a signature is the key's, given compressed or not. Every `s` below the order is accepted, so that
/// each signature has a twin.
///
/// # Source
/// SEC 1, 4.1.4, with the hash of zencode.md, F.1.
pub fn verify(public: &[u8], message: &[u8], signature: &Signature) -> bool {
    verify_hash(public, message_scalar(message), signature)
}

/// [`verify`] for a message that is a number already.
pub(crate) fn verify_hash(public: &[u8], hash: Scalar, signature: &Signature) -> bool {
    // The library's other forms are not the reference engine's.
    if !matches!(public, [4, ..] | [2 | 3, ..]) {
        return false;
    }
    let Ok(key) = PublicKey::from_slice(public) else { return false };
    let Ok(mut signature) = secp256k1::ecdsa::Signature::from_compact(&signature.to_octets()) else {
        return false;
    };
    // The library takes the lower of the two values of `s` only.
    signature.normalize_s();
    LIBRARY.verify_ecdsa(Message::from_digest(hash.to_bytes().into()), &signature, &key).is_ok()
}

/// The x coordinate of the point that two keys share: 32 octets.
///
/// # Errors
/// `SecretLength`, `SecretZero`, `PublicKey`.
///
/// # Source
/// SEC 1, 3.3.1.
pub fn shared_x(secret: &[u8], public: &[u8]) -> Result<Zeroizing<[u8; SCALAR_OCTETS]>, Error> {
    let secret = secret_scalar(secret)?;
    let shared = ProjectivePoint::from(point(public)?) * *secret;
    Ok(Zeroizing::new(shared.to_affine().x().into()))
}

/// The key that two parties share: [`hash::kdf_sha256`] of [`shared_x`].
///
/// # Errors
/// As [`shared_x`].
///
/// # Source
/// Zenroom `ECDH.session`, behind `encrypt secret message of '' for ''`.
pub fn session(secret: &[u8], public: &[u8]) -> Result<Zeroizing<[u8; SCALAR_OCTETS]>, Error> {
    Ok(Zeroizing::new(hash::kdf_sha256(&*shared_x(secret, public)?)))
}

/// 64 drawn octets modulo the order.
pub(crate) fn draw(generator: &mut Generator) -> Scalar {
    let mut wide = WideBytes::from(*generator.wide_integer());
    let scalar = Scalar::reduce(&wide);
    wide.zeroize();
    scalar
}

/// The inverse of a nonce, in a time that does not depend on it.
fn inverse(nonce: &Scalar) -> Option<Zeroizing<Scalar>> {
    Option::from(nonce.invert()).map(Zeroizing::new)
}

/// The same, in less time: what is inverted is the product with a mask, which is as random as the mask, whatever the
/// nonce is. The time that this takes tells the product alone.
pub(crate) fn masked_inverse(nonce: &Scalar, mask: &Scalar) -> Option<Zeroizing<Scalar>> {
    let product = Zeroizing::new(*nonce * *mask);
    let inverse = Zeroizing::new(Option::<Scalar>::from(product.invert_vartime())?);
    Some(Zeroizing::new(*inverse * *mask))
}

/// A multiple of the generator: 65 octets, uncompressed; nothing for zero, whose multiple has no coordinates. It takes a
/// time that does not depend on the number.
///
/// # Source
/// SEC 1, 3.2.1 and 2.3.3.
fn times_generator(number: &Scalar) -> Option<[u8; PUBLIC_KEY_OCTETS]> {
    let octets = Zeroizing::new(number.to_bytes().into());
    let mut secret = SecretKey::from_byte_array(*octets).ok()?;
    let point = PublicKey::from_secret_key(&LIBRARY, &secret);
    secret.non_secure_erase();
    Some(point.serialize_uncompressed())
}

/// The equation of ECDSA, `s = (hash + r secret) / nonce`, and whether the nonce's point has an odd y; nothing if
/// a part of it is zero.
pub(crate) fn equation(
    secret: &Scalar,
    hash: &Scalar,
    nonce: &Scalar,
    inverse: Option<Zeroizing<Scalar>>,
) -> Option<(Signature, bool)> {
    let (inverse, [_, coordinates @ ..]) = (inverse?, times_generator(nonce)?);
    let x: [u8; SCALAR_OCTETS] = *coordinates.first_chunk()?;
    let r = Scalar::reduce(&FieldBytes::from(x));
    let s = *inverse * (*hash + r * secret);
    if bool::from(r.is_zero() | s.is_zero()) {
        return None;
    }
    Some((Signature { r: r.to_bytes().into(), s: s.to_bytes().into() }, coordinates.last()? & 1 == 1))
}

fn message_hash(message: &[u8]) -> [u8; SCALAR_OCTETS] {
    *hash::sha512(message).first_chunk().expect("a SHA-512 digest has 64 octets")
}

fn message_scalar(message: &[u8]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(message_hash(message)))
}

/// A secret key of at most 32 octets, with zeros before it.
fn secret_octets(secret: &[u8]) -> Result<Zeroizing<[u8; SCALAR_OCTETS]>, Error> {
    let mut octets = Zeroizing::new([0; SCALAR_OCTETS]);
    let start = SCALAR_OCTETS.checked_sub(secret.len()).ok_or(Error::SecretLength(secret.len()))?;
    octets[start..].copy_from_slice(secret);
    Ok(octets)
}

/// A secret key modulo the order.
pub(crate) fn secret_scalar(secret: &[u8]) -> Result<Zeroizing<Scalar>, Error> {
    let octets = secret_octets(secret)?;
    let scalar = Zeroizing::new(Scalar::reduce(&FieldBytes::from(*octets)));
    if bool::from(scalar.is_zero()) { Err(Error::SecretZero) } else { Ok(scalar) }
}

/// A number within 1 and the order less one.
pub(crate) fn nonzero(octets: &[u8; SCALAR_OCTETS]) -> Option<Scalar> {
    let scalar = Option::<Scalar>::from(Scalar::from_repr((*octets).into()))?;
    (!bool::from(scalar.is_zero())).then_some(scalar)
}

pub(crate) fn point(public: &[u8]) -> Result<AffinePoint, Error> {
    // The library's other forms, infinity and the compact one, are not the reference engine's.
    if !matches!(public, [4, ..] | [2 | 3, ..]) {
        return Err(Error::PublicKey);
    }
    let point = Sec1Point::from_bytes(public).map_err(|_| Error::PublicKey)?;
    Option::from(AffinePoint::from_sec1_point(&point)).ok_or(Error::PublicKey)
}

/// The octets as an integer of 32, if it fits.
fn padded(octets: &[u8]) -> Option<[u8; SCALAR_OCTETS]> {
    let zeros = octets.len().saturating_sub(SCALAR_OCTETS);
    if octets[..zeros].iter().any(|octet| *octet != 0) {
        return None;
    }
    let mut padded = [0; SCALAR_OCTETS];
    let significant = &octets[zeros..];
    padded[SCALAR_OCTETS - significant.len()..].copy_from_slice(significant);
    Some(padded)
}

/// The nonces of RFC 6979, 3.2.
struct Nonces {
    key: Zeroizing<[u8; 64]>,
    value: Zeroizing<[u8; 64]>,
    started: bool,
}

impl Nonces {
    fn new(secret: &[u8; SCALAR_OCTETS], hash: &[u8; SCALAR_OCTETS]) -> Self {
        let mut nonces =
            Self { key: Zeroizing::new([0; 64]), value: Zeroizing::new([1; 64]), started: false };
        for separator in [0, 1] {
            nonces.rekey(&[&[separator], secret, hash]);
        }
        nonces
    }

    fn rekey(&mut self, parts: &[&[u8]]) {
        let mut input: Vec<&[u8]> = vec![&*self.value];
        input.extend(parts);
        *self.key = hash::hmac_sha512_of(&*self.key, &input);
        *self.value = hash::hmac_sha512(&*self.key, &*self.value);
    }

    fn next(&mut self) -> Scalar {
        loop {
            if self.started {
                self.rekey(&[&[0]]);
            }
            self.started = true;
            *self.value = hash::hmac_sha512(&*self.key, &*self.value);
            if let Some(nonce) = self.value.first_chunk().and_then(nonzero) {
                return nonce;
            }
        }
    }
}

#[cfg(test)]
mod tests;
