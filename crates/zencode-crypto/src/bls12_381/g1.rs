//! Points of the first group, over the base field.

use std::ops::{Add, Mul, Neg, Sub};

use blstrs::{G1Affine, G1Projective};
use group::Group as _;

use super::{Error, FIELD_OCTETS, INFINITY, Scalar, map};
use crate::encoding::hex;
use crate::hash::Algorithm;

/// Octets of a point: the parity of y as `02` or `03`, and x.
pub const G1_OCTETS: usize = 1 + FIELD_OCTETS;

/// Octets of a point in Zcash's compressed encoding.
pub const G1_ZCASH_OCTETS: usize = FIELD_OCTETS;

/// Octets of a point with both coordinates behind `04`.
const UNCOMPRESSED_OCTETS: usize = 1 + 2 * FIELD_OCTETS;

/// A point of the first group, or infinity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct G1(G1Projective);

impl std::fmt::Debug for G1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "G1({})", hex::encode(&self.to_octets()))
    }
}

impl G1 {
    /// The generator.
    pub fn generator() -> Self {
        Self(G1Projective::generator())
    }

    /// The point at infinity.
    pub fn infinity() -> Self {
        Self(G1Projective::identity())
    }

    /// Whether it is the point at infinity.
    pub fn is_infinity(&self) -> bool {
        self.0.is_identity().into()
    }

    /// The point that a message hashes to.
    ///
    /// # Source
    /// Zenroom `ECP.hashtopoint`: [`G1::map`] of the message's SHA-512.
    pub fn hash(message: &[u8]) -> Self {
        Self::map(&digest(message))
    }

    /// The point that 64 octets map to: x is the first 48, modulo the prime, or the next that is on the curve;
    /// y is even, and the cofactor is multiplied away.
    ///
    /// The time tells how many x were tried, so that it is for public octets.
    ///
    /// # Source
    /// Zenroom `ECP.mapit`, Milagro `ECP_mapit`; zencode.md, F.0 "Hash to G1".
    pub fn map(octets: &[u8; 64]) -> Self {
        Self(map::to_g1(octets))
    }

    /// Reads a point: `02` or `03` and x, `04` and both coordinates, or `7f7f` for infinity.
    ///
    /// # Errors
    /// `PointLength`, `NoPoint`, `Subgroup`.
    ///
    /// # Source
    /// Zenroom `ECP.new`, Milagro `ECP_fromOctet`.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        if octets == INFINITY {
            return Ok(Self::infinity());
        }
        match octets.len() {
            G1_OCTETS => compressed(octets),
            UNCOMPRESSED_OCTETS => uncompressed(octets),
            found => Err(Error::PointLength { found, expected: G1_OCTETS }),
        }
    }

    /// The point in Zenroom's encoding: 49 octets, or 2 for infinity.
    ///
    /// # Source
    /// Zenroom `zen_ecp.c`, the `octet` method; the compressed form of SEC 1, 2.3.3.
    pub fn to_octets(self) -> Vec<u8> {
        if self.is_infinity() {
            return INFINITY.to_vec();
        }
        let coordinates = self.affine().to_uncompressed();
        let mut octets = vec![2 | (coordinates[2 * FIELD_OCTETS - 1] & 1)];
        octets.extend_from_slice(&coordinates[..FIELD_OCTETS]);
        octets
    }

    /// Reads a point in Zcash's compressed encoding.
    ///
    /// # Errors
    /// `PointLength`, `NoPoint`, `Subgroup`.
    ///
    /// # Source
    /// The Zcash protocol's serialisation of BLS12-381; Zenroom `ECP.from_zcash`.
    pub fn from_zcash(octets: &[u8]) -> Result<Self, Error> {
        let length = Error::PointLength { found: octets.len(), expected: G1_ZCASH_OCTETS };
        let octets: &[u8; G1_ZCASH_OCTETS] = octets.try_into().map_err(|_| length)?;
        within(Option::from(G1Affine::from_compressed_unchecked(octets)))
    }

    /// The point in Zcash's compressed encoding.
    ///
    /// # Source
    /// The Zcash protocol's serialisation of BLS12-381; Zenroom's method `to_zcash`.
    pub fn to_zcash(self) -> [u8; G1_ZCASH_OCTETS] {
        self.affine().to_compressed()
    }

    pub(super) fn of(point: G1Projective) -> Self {
        Self(point)
    }

    pub(super) fn affine(self) -> G1Affine {
        self.0.into()
    }
}

/// The digest that both groups map.
pub(super) fn digest(message: &[u8]) -> [u8; 64] {
    Algorithm::Sha512.digest(message).try_into().expect("SHA-512 has 64 octets")
}

/// A point whose coordinates are on the curve, if it is in the group. Reading looks at the curve's equation, even
/// where it is called unchecked, and leaves the group to this.
fn within(point: Option<G1Affine>) -> Result<G1, Error> {
    let point = point.ok_or(Error::NoPoint)?;
    if bool::from(point.is_torsion_free()) { Ok(G1(point.into())) } else { Err(Error::Subgroup) }
}

fn compressed(octets: &[u8]) -> Result<G1, Error> {
    let (tag, x) = octets.split_first().ok_or(Error::NoPoint)?;
    let parity = match tag {
        2 => 0,
        3 => 1,
        _ => return Err(Error::NoPoint),
    };
    let x = x.try_into().map_err(|_| Error::NoPoint)?;
    within(map::g1_at(x, parity))
}

fn uncompressed(octets: &[u8]) -> Result<G1, Error> {
    let [4, coordinates @ ..] = octets else { return Err(Error::NoPoint) };
    let coordinates: &[u8; 2 * FIELD_OCTETS] = coordinates.try_into().map_err(|_| Error::NoPoint)?;
    // The three high bits are Zcash's flags; no coordinate reaches them.
    if coordinates[0] & map::FLAGS != 0 {
        return Err(Error::NoPoint);
    }
    within(Option::from(G1Affine::from_uncompressed_unchecked(coordinates)))
}

impl Add for G1 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for G1 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for G1 {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<&Scalar> for G1 {
    type Output = Self;

    fn mul(self, scalar: &Scalar) -> Self {
        Self(self.0 * scalar.of_blst())
    }
}
