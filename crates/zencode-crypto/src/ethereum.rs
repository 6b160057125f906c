//! Ethereum: addresses, signatures that tell their signer, and the encodings that are signed and sent.

pub mod rlp;

use crate::ecdh::{self, SCALAR_OCTETS};
use crate::hash;
use crate::random::Generator;
use k256::elliptic_curve::CurveAffine as _;
use k256::elliptic_curve::ops::{MulByGeneratorVartime as _, Reduce as _};
use k256::elliptic_curve::point::DecompressPoint as _;
use k256::elliptic_curve::scalar::IsHigh as _;
use k256::elliptic_curve::sec1::ToSec1Point as _;
use k256::elliptic_curve::subtle::Choice;
use k256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use zeroize::Zeroizing;

/// Octets of an address.
pub const ADDRESS_OCTETS: usize = 20;

/// What personal messages begin with, before their length in decimal.
const MESSAGE_PREFIX: &[u8] = b"\x19Ethereum Signed Message:\n";

/// A signature from which the public key can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The two integers; `s` is in the lower half where we signed.
    pub integers: ecdh::Signature,
    /// Whether the y coordinate of the nonce's point is odd.
    pub y_is_odd: bool,
}

/// The address of a public key: the last 20 octets of the digest of its coordinates.
///
/// # Errors
/// [`ecdh::Error::PublicKey`].
///
/// # Source
/// Ethereum Yellow Paper, appendix F.
pub fn address(public: &[u8]) -> Result<[u8; ADDRESS_OCTETS], ecdh::Error> {
    Ok(address_of_point(&ecdh::point(public)?))
}

fn address_of_point(point: &AffinePoint) -> [u8; ADDRESS_OCTETS] {
    let point = point.to_sec1_point(false);
    // The first octet only says that both coordinates follow.
    let digest = hash::keccak256(&point.as_bytes()[1..]);
    *digest.last_chunk().expect("a Keccak-256 digest is longer than an address")
}

/// An address as text: `0x` and digits, whose case is a checksum. Octets of any number have such a text.
///
/// # Source
/// EIP-55.
pub fn checksummed(address: &[u8]) -> String {
    let digits = crate::encoding::hex::encode(address);
    let digest = hash::keccak256(digits.as_bytes());
    let raised = |index: usize| {
        digest
            .get(index / 2)
            .is_some_and(|octet| octet & (if index.is_multiple_of(2) { 0x80 } else { 0x08 }) != 0)
    };
    let cased = digits
        .chars()
        .enumerate()
        .map(|(index, digit)| if raised(index) { digit.to_ascii_uppercase() } else { digit });
    std::iter::once("0x".to_owned()).chain(cased.map(String::from)).collect()
}

/// The digest of a personal message.
///
/// # Source
/// EIP-191, version `0x45`.
pub fn message_digest(message: &[u8]) -> [u8; 32] {
    let length = message.len().to_string();
    hash::keccak256(&[MESSAGE_PREFIX, length.as_bytes(), message].concat())
}

/// Signs a digest with a nonce that comes from key and digest: the same signature every time.
///
/// # Errors
/// `SecretLength`, `SecretZero`.
///
/// # Source
/// RFC 6979 with HMAC-SHA-256; EIP-2 for the lower `s`.
pub fn sign(secret: &[u8], digest: &[u8; 32]) -> Result<Signature, ecdh::Error> {
    let secret = ecdh::secret_scalar(secret)?;
    let key = k256::ecdsa::SigningKey::from_bytes(&secret.to_bytes()).map_err(|_| ecdh::Error::SecretZero)?;
    let (signature, recovery) = key.sign_prehash_recoverable(digest);
    let (r, s) = signature.split_bytes();
    let integers = ecdh::Signature { r: r.into(), s: s.into() };
    Ok(Signature { integers, y_is_odd: recovery.is_y_odd() })
}

/// Signs a digest with a nonce from the generator: 128 octets are drawn for each try, as [`ecdh::sign`] does.
///
/// # Errors
/// `SecretLength`, `SecretZero`.
///
/// # Source
/// Milagro `ECP_SP_DSA_NOHASH`; zencode.md, F.8; EIP-2 for the lower `s`.
pub fn sign_drawn(
    secret: &[u8],
    digest: &[u8; 32],
    generator: &mut Generator,
) -> Result<Signature, ecdh::Error> {
    let secret = ecdh::secret_scalar(secret)?;
    let hash = Scalar::reduce(&FieldBytes::from(*digest));
    loop {
        let nonce = Zeroizing::new(ecdh::draw(generator));
        let mask = Zeroizing::new(ecdh::draw(generator));
        let inverse = ecdh::masked_inverse(&nonce, &mask);
        if let Some((integers, y_is_odd)) = ecdh::equation(&secret, &hash, &nonce, inverse) {
            return Ok(lowered(integers, y_is_odd));
        }
    }
}

/// The twin of a signature whose `s` is in the lower half.
fn lowered(integers: ecdh::Signature, y_is_odd: bool) -> Signature {
    match ecdh::nonzero(&integers.s) {
        Some(s) if bool::from(s.is_high()) => Signature {
            integers: ecdh::Signature { r: integers.r, s: (-s).to_bytes().into() },
            y_is_odd: !y_is_odd,
        },
        _ => Signature { integers, y_is_odd },
    }
}

/// Whether a signature of a digest is that of a public key. Both values of `s` are taken.
///
/// # Source
/// SEC 1, 4.1.4.
pub fn verify(public: &[u8], digest: &[u8; 32], signature: &ecdh::Signature) -> bool {
    ecdh::verify_hash(public, Scalar::reduce(&FieldBytes::from(*digest)), signature)
}

/// The address of whoever signed a digest; none when `r` and `s` are no signature. Both values of `s` are taken.
///
/// # Source
/// SEC 1, 4.1.6; Milagro `ECP_PUBLIC_KEY_RECOVERY`.
pub fn signer(digest: &[u8; 32], signature: &Signature) -> Option<[u8; ADDRESS_OCTETS]> {
    let [first, second] = signers(digest, signature);
    first.or(second)
}

/// Whether a signature of a digest is that of an address.
///
/// # Source
/// As [`signer`].
pub fn is_signer(address: &[u8], digest: &[u8; 32], signature: &Signature) -> bool {
    signers(digest, signature).iter().flatten().any(|signer| signer == address)
}

/// The addresses of the keys that would verify: `r` is an x coordinate, or one less the order of the curve.
fn signers(digest: &[u8; 32], signature: &Signature) -> [Option<[u8; ADDRESS_OCTETS]>; 2] {
    let x = signature.integers.r;
    [Some(x), plus_order(&x)].map(|x| recovered(&x?, digest, signature))
}

fn recovered(
    x: &[u8; SCALAR_OCTETS],
    digest: &[u8; 32],
    signature: &Signature,
) -> Option<[u8; ADDRESS_OCTETS]> {
    let r = ecdh::nonzero(&signature.integers.r)?;
    let s = ecdh::nonzero(&signature.integers.s)?;
    let odd = Choice::from(u8::from(signature.y_is_odd));
    let nonce = Option::<AffinePoint>::from(AffinePoint::decompress(&FieldBytes::from(*x), odd))?;
    let inverse = Option::<Scalar>::from(r.invert_vartime())?;
    let hash = Scalar::reduce(&FieldBytes::from(*digest));
    let key = ProjectivePoint::mul_by_generator_and_mul_add_vartime(
        &-(hash * inverse),
        &(s * inverse),
        &nonce.into(),
    );
    let key = key.to_affine();
    (!bool::from(key.is_identity())).then(|| address_of_point(&key))
}

/// The order of the curve, big-endian.
///
/// # Source
/// SEC 2, 2.4.1.
const ORDER: [u8; SCALAR_OCTETS] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba,
    0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// The sum of a number and the order, if it fits in 32 octets.
fn plus_order(number: &[u8; SCALAR_OCTETS]) -> Option<[u8; SCALAR_OCTETS]> {
    let mut sum = [0; SCALAR_OCTETS];
    let mut carry = false;
    for index in (0..SCALAR_OCTETS).rev() {
        let (partial, first) = number[index].overflowing_add(ORDER[index]);
        let (octet, second) = partial.overflowing_add(u8::from(carry));
        sum[index] = octet;
        carry = first || second;
    }
    (!carry).then_some(sum)
}

#[cfg(test)]
mod tests;
