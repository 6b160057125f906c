//! Points of the second group, over the quadratic extension.

use std::ops::{Add, Mul, Neg, Sub};

use blstrs::{G2Affine, G2Projective};
use group::Group as _;

use super::g1::digest;
use super::{Error, FIELD_OCTETS, INFINITY, Scalar, map};
use crate::encoding::hex;

/// Octets of a point: x and y, the real part of each first.
pub const G2_OCTETS: usize = 4 * FIELD_OCTETS;

/// Octets of a point in Zcash's compressed encoding.
pub const G2_ZCASH_OCTETS: usize = 2 * FIELD_OCTETS;

/// A point of the second group, or infinity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct G2(G2Projective);

impl std::fmt::Debug for G2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "G2({})", hex::encode(&self.to_octets()))
    }
}

impl G2 {
    /// The generator.
    pub fn generator() -> Self {
        Self(G2Projective::generator())
    }

    /// The point at infinity.
    pub fn infinity() -> Self {
        Self(G2Projective::identity())
    }

    /// Whether it is the point at infinity.
    pub fn is_infinity(&self) -> bool {
        self.0.is_identity().into()
    }

    /// The point that a message hashes to.
    ///
    /// # Source
    /// Zenroom `ECP2.hashtopoint`: [`G2::map`] of the message's SHA-512.
    pub fn hash(message: &[u8]) -> Self {
        Self::map(&digest(message))
    }

    /// The point that 64 octets map to: x has the real part one, and as imaginary part the first 48 octets
    /// modulo the prime, or the next number that is on the curve; the cofactor is multiplied away.
    ///
    /// The time tells how many x were tried, so that it is for public octets.
    ///
    /// # Source
    /// Zenroom `ECP2.mapit`, Milagro `ECP2_mapit`; the cofactor after Budroni and Pintore.
    pub fn map(octets: &[u8; 64]) -> Self {
        Self(map::to_g2(octets))
    }

    /// Reads a point of 192 octets. Infinity is refused, as by the reference engine.
    ///
    /// # Errors
    /// `PointLength`, `NoPoint`, `Subgroup`.
    ///
    /// # Source
    /// Zenroom `ECP2.new`, Milagro `ECP2_fromOctet`.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        let length = Error::PointLength { found: octets.len(), expected: G2_OCTETS };
        let octets: &[u8; G2_OCTETS] = octets.try_into().map_err(|_| length)?;
        let coordinates = swapped(octets);
        // The three high bits are Zcash's flags; no coordinate reaches them.
        if coordinates[0] & map::FLAGS != 0 {
            return Err(Error::NoPoint);
        }
        within(Option::from(G2Affine::from_uncompressed_unchecked(&coordinates)))
    }

    /// The point in Zenroom's encoding: 192 octets, or `7f7f` for infinity.
    ///
    /// # Source
    /// Zenroom `zen_ecp2.c`, the `octet` method, which writes chance octets for infinity.
    pub fn to_octets(self) -> Vec<u8> {
        if self.is_infinity() {
            return INFINITY.to_vec();
        }
        swapped(&self.affine().to_uncompressed()).to_vec()
    }

    /// Reads a point in Zcash's compressed encoding.
    ///
    /// # Errors
    /// `PointLength`, `NoPoint`, `Subgroup`.
    ///
    /// # Source
    /// The Zcash protocol's serialisation of BLS12-381; Zenroom `ECP2.from_zcash`.
    pub fn from_zcash(octets: &[u8]) -> Result<Self, Error> {
        let length = Error::PointLength { found: octets.len(), expected: G2_ZCASH_OCTETS };
        let octets: &[u8; G2_ZCASH_OCTETS] = octets.try_into().map_err(|_| length)?;
        within(Option::from(G2Affine::from_compressed_unchecked(octets)))
    }

    /// The point in Zcash's compressed encoding.
    ///
    /// # Source
    /// The Zcash protocol's serialisation of BLS12-381; Zenroom's method `to_zcash`.
    pub fn to_zcash(self) -> [u8; G2_ZCASH_OCTETS] {
        self.affine().to_compressed()
    }

    pub(super) fn affine(self) -> G2Affine {
        self.0.into()
    }
}

/// The halves of each coordinate the other way round: Zcash writes the imaginary part first.
fn swapped(octets: &[u8; G2_OCTETS]) -> [u8; G2_OCTETS] {
    let mut swapped = *octets;
    for coordinate in swapped.chunks_exact_mut(2 * FIELD_OCTETS) {
        coordinate.rotate_left(FIELD_OCTETS);
    }
    swapped
}

/// A point whose coordinates are on the curve, if it is in the group. Reading looks at the curve's equation, even
/// where it is called unchecked, and leaves the group to this.
fn within(point: Option<G2Affine>) -> Result<G2, Error> {
    let point = point.ok_or(Error::NoPoint)?;
    if bool::from(point.is_torsion_free()) { Ok(G2(point.into())) } else { Err(Error::Subgroup) }
}

impl Add for G2 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for G2 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for G2 {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<&Scalar> for G2 {
    type Output = Self;

    fn mul(self, scalar: &Scalar) -> Self {
        Self(self.0 * scalar.of_blst())
    }
}
