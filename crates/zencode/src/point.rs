//! Points of BLS12-381 as values.

use zencode_crypto::bls12_381::{self, G1, G2};

use crate::error::Error;
use crate::value::Value;

/// A point of either group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// The reference engine's `ECP`.
    First(G1),
    /// The reference engine's `ECP2`.
    Second(G2),
}

impl Point {
    /// Reads a point of the first group.
    pub(crate) fn first(octets: &[u8]) -> Result<Self, Error> {
        G1::from_octets(octets).map(Self::First).map_err(refusal)
    }

    /// Reads a point of the second group.
    pub(crate) fn second(octets: &[u8]) -> Result<Self, Error> {
        G2::from_octets(octets).map(Self::Second).map_err(refusal)
    }

    /// The generator of the same group.
    pub(crate) fn generator(&self) -> Self {
        match self {
            Self::First(_) => Self::First(G1::generator()),
            Self::Second(_) => Self::Second(G2::generator()),
        }
    }

    /// The sum with a point of the same group, or with the octets of one of the first.
    pub(crate) fn plus(&self, other: &Value) -> Result<Self, Error> {
        let unfit = || Error::failed(format!("a {} and a {} cannot be added", self.kind(), other.kind()));
        match (self, other) {
            (Self::First(left), Value::Point(other)) => match **other {
                Self::First(right) => Ok(Self::First(*left + right)),
                Self::Second(_) => Err(unfit()),
            },
            (Self::First(_), other) => self.plus(&Self::first(&other.octets().ok_or_else(unfit)?)?.into()),
            (Self::Second(left), Value::Point(other)) => match **other {
                Self::Second(right) => Ok(Self::Second(*left + right)),
                Self::First(_) => Err(unfit()),
            },
            (Self::Second(_), _) => Err(unfit()),
        }
    }

    /// The kind, as messages of the reference engine name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::First(_) => "zenroom.ecp",
            Self::Second(_) => "zenroom.ecp2",
        }
    }

    /// The octets that it stands for wherever octets are wanted.
    pub(crate) fn octets(&self) -> Vec<u8> {
        match self {
            Self::First(point) => point.to_octets(),
            Self::Second(point) => point.to_octets(),
        }
    }
}

fn refusal(error: bls12_381::Error) -> Error {
    Error::input(error.to_string())
}

impl From<Point> for Value {
    fn from(point: Point) -> Self {
        Self::Point(Box::new(point))
    }
}

impl From<G1> for Value {
    fn from(point: G1) -> Self {
        Point::First(point).into()
    }
}

impl From<G2> for Value {
    fn from(point: G2) -> Self {
        Point::Second(point).into()
    }
}
