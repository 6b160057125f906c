//! BLS12-381 as Zenroom has it: points of both groups, scalars, hashes to points, and the pairing.
//!
//! The encodings are Zenroom's own (49 and 192 octets) and those of Zcash (48 and 96). The hash to a point is
//! Zenroom's too: it tries one x coordinate after the other, and is not that of RFC 9380.
//!
//! What is read is checked: coordinates below the field's prime, on the curve, in the subgroup of prime order.
//! The reference engine leaves out the last check; a point outside the subgroup gives a key away, bit by bit.
//!
//! # Example
//! ```
//! use zencode_crypto::bls12_381::{G1, G2, Scalar, pairings_agree};
//!
//! // A BLS signature: the hash of the message times the secret key.
//! let secret = Scalar::from_octets(&[7])?;
//! let public = G2::generator() * &secret;
//! let signature = G1::hash(b"hello") * &secret;
//! assert!(pairings_agree((&public, &G1::hash(b"hello")), (&G2::generator(), &signature)));
//! assert!(!pairings_agree((&public, &G1::hash(b"hello!")), (&G2::generator(), &signature)));
//! # Ok::<(), zencode_crypto::bls12_381::Error>(())
//! ```

use blstrs::{Bls12, G2Prepared};
use group::Group as _;
use pairing::{MillerLoopResult as _, MultiMillerLoop as _};

mod g1;
mod g2;
mod map;
mod scalar;
mod suite;

pub use g1::{G1, G1_OCTETS, G1_ZCASH_OCTETS};
pub use g2::{G2, G2_OCTETS, G2_ZCASH_OCTETS};
pub use scalar::{ORDER, SCALAR_OCTETS_MAX, Scalar, significant};
pub use suite::Expansion;

/// Octets of one coordinate's element of the base field.
const FIELD_OCTETS: usize = 48;

/// The point at infinity, in Zenroom's encoding of both groups.
const INFINITY: [u8; 2] = [0x7f, 0x7f];

/// Why octets are no point or no scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A point of another length.
    #[error("a point of {found} octets found, expected {expected}")]
    PointLength {
        /// Octets found.
        found: usize,
        /// Octets of the encoding.
        expected: usize,
    },
    /// Octets that no point is written with: no solution of the curve's equation, a coordinate that is not
    /// below the field's prime, or a first octet without a meaning.
    #[error("the octets are no point of BLS12-381")]
    NoPoint,
    /// A point of the curve outside the group.
    #[error("the point is on the curve and outside its subgroup of prime order")]
    Subgroup,
    /// A scalar of no octets or of too many.
    #[error("a scalar of {0} octets found, expected 1 to {SCALAR_OCTETS_MAX}")]
    ScalarLength(usize),
    /// A scalar that is not below the order, where only that is accepted.
    #[error("the scalar is not below the order of BLS12-381")]
    ScalarRange,
}

/// Whether the pairings of two pairs of points are equal.
///
/// # Source
/// Zenroom `ECP2.miller`, which pairs and exponentiates; the ate pairing of BLS12-381.
pub fn pairings_agree(left: (&G2, &G1), right: (&G2, &G1)) -> bool {
    let (left_one, left_two) = (left.1.affine(), G2Prepared::from(left.0.affine()));
    let (right_one, right_two) = ((-*right.1).affine(), G2Prepared::from(right.0.affine()));
    let product = Bls12::multi_miller_loop(&[(&left_one, &left_two), (&right_one, &right_two)]);
    product.final_exponentiation().is_identity().into()
}

#[cfg(test)]
mod tests;
