//! Numbers modulo the order of the groups.

use std::ops::{Add, Mul, Neg, Sub};

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::Error;
use crate::random::Generator;

/// The order of both groups, big-endian.
pub const ORDER: [u8; 32] = [
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05, 0x53,
    0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
];

/// The most octets that are read as a scalar: those of the reference engine's integers.
pub const SCALAR_OCTETS_MAX: usize = 48;

/// A number modulo the order: a secret key, a nonce, a challenge, a response. Wiped when dropped, for which it is
/// not the scalar of the crate that multiplies points.
#[derive(Clone)]
pub struct Scalar(bls12_381::Scalar);

impl Drop for Scalar {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scalar(..)")
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Scalar {}

impl Scalar {
    /// The scalar one.
    pub fn one() -> Self {
        Self(bls12_381::Scalar::one())
    }

    /// Draws a scalar: 64 octets modulo the order.
    ///
    /// # Source
    /// Zenroom `INT.random`; zencode.md, F.0 "Random scalar".
    pub fn draw(generator: &mut Generator) -> Self {
        let drawn = generator.scalar(&ORDER);
        Self::reduced(&drawn)
    }

    /// Reads a big-endian integer of 1 to [`SCALAR_OCTETS_MAX`] octets, modulo the order.
    ///
    /// # Errors
    /// `ScalarLength`.
    ///
    /// # Source
    /// Zenroom `INT.new` of an octet, which point multiplication reduces.
    pub fn from_octets(octets: &[u8]) -> Result<Self, Error> {
        if octets.is_empty() || octets.len() > SCALAR_OCTETS_MAX {
            return Err(Error::ScalarLength(octets.len()));
        }
        Ok(Self::reduced(octets))
    }

    /// Reads a big-endian integer that has to be below the order, leading zeros allowed.
    ///
    /// # Errors
    /// `ScalarLength`, `ScalarRange`.
    ///
    /// # Source
    /// What [`Scalar::to_octets`] writes. The reference engine takes larger ones, so that a proof has twins.
    pub fn from_canonical(octets: &[u8]) -> Result<Self, Error> {
        let scalar = Self::from_octets(octets)?;
        let octets = significant(octets);
        let below = octets.len() < ORDER.len() || (octets.len() == ORDER.len() && octets < &ORDER[..]);
        if below { Ok(scalar) } else { Err(Error::ScalarRange) }
    }

    /// At most 64 octets modulo the order, in the same time whatever they are.
    fn reduced(octets: &[u8]) -> Self {
        let mut wide = Zeroizing::new([0; 64]);
        for (to, from) in wide.iter_mut().zip(octets.iter().rev()) {
            *to = *from;
        }
        Self(bls12_381::Scalar::from_bytes_wide(&wide))
    }

    /// The number, big-endian without leading zeros; zero is one octet.
    ///
    /// # Source
    /// Zenroom `zen_big.c`, the `octet` method.
    pub fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(significant(&*self.to_fixed()).to_vec())
    }

    /// The number, big-endian in 32 octets.
    ///
    /// # Source
    /// RFC 8017, 4.1: I2OSP.
    pub fn to_fixed(&self) -> Zeroizing<[u8; 32]> {
        let mut octets = Zeroizing::new(self.0.to_bytes());
        octets.reverse();
        octets
    }

    /// What gives one when multiplied with it; nothing for zero.
    ///
    /// # Source
    /// Fermat's little theorem.
    pub fn inverse(&self) -> Option<Self> {
        Option::from(self.0.invert()).map(Self)
    }

    /// Whether it is zero, which is no secret key.
    pub fn is_zero(&self) -> bool {
        self.0.ct_eq(&bls12_381::Scalar::zero()).into()
    }

    /// The number as points are multiplied with it.
    pub(super) fn of_blst(&self) -> blstrs::Scalar {
        let octets = Zeroizing::new(self.0.to_bytes());
        blstrs::Scalar::from_bytes_le(&octets).expect("the number is below the order in both crates")
    }
}

/// A big-endian integer without its leading zeros; zero keeps one octet.
///
/// # Source
/// Zenroom `zen_big.c`, the `octet` method.
pub fn significant(octets: &[u8]) -> &[u8] {
    let last = octets.len().saturating_sub(1);
    let first = octets.iter().position(|octet| *octet != 0).unwrap_or(last);
    &octets[first..]
}

impl Add for &Scalar {
    type Output = Scalar;

    fn add(self, other: Self) -> Scalar {
        Scalar(self.0 + other.0)
    }
}

impl Sub for &Scalar {
    type Output = Scalar;

    fn sub(self, other: Self) -> Scalar {
        Scalar(self.0 - other.0)
    }
}

impl Mul for &Scalar {
    type Output = Scalar;

    fn mul(self, other: Self) -> Scalar {
        Scalar(self.0 * other.0)
    }
}

impl Neg for &Scalar {
    type Output = Scalar;

    fn neg(self) -> Scalar {
        Scalar(-self.0)
    }
}
