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

    /// A value as a point of the first group; octets are read as one.
    pub(crate) fn first_of(value: &Value) -> Result<G1, Error> {
        match value {
            Value::Point(point) => match **point {
                Self::First(point) => Ok(point),
                Self::Second(_) => Err(Error::failed("invalid ECP in argument")),
            },
            other => {
                let octets = other.octets().ok_or_else(|| Error::failed("invalid ECP in argument"))?;
                G1::from_octets(&octets).map_err(refusal)
            }
        }
    }

    /// A value as a point of the second group.
    pub(crate) fn second_of(value: &Value) -> Result<G2, Error> {
        match value {
            Value::Point(point) => match **point {
                Self::Second(point) => Ok(point),
                Self::First(_) => Err(Error::failed("invalid ECP2 in argument")),
            },
            _ => Err(Error::failed("invalid ECP2 in argument")),
        }
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
        match self {
            Self::First(left) => Ok(Self::First(*left + Self::first_of(other)?)),
            Self::Second(left) => Ok(Self::Second(*left + Self::second_of(other)?)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_two_groups_cannot_be_added() {
        let (first, second) = (Point::First(G1::generator()), Point::Second(G2::generator()));
        assert!(first.plus(&second.into()).is_err());
        assert!(second.plus(&first.into()).is_err());
    }

    #[test]
    fn octets_are_a_point_of_the_first_group_alone() {
        let octets = |point: Point| Value::Octet(point.octets());
        let (first, second) = (Point::First(G1::generator()), Point::Second(G2::generator()));
        assert!(first.plus(&octets(first)).is_ok());
        assert!(second.plus(&octets(second)).is_err());
    }

    #[test]
    fn octets_outside_the_group_cannot_be_added() {
        // The point whose x is 4: on the curve, and of another order.
        let mut outsider = vec![0; 49];
        (outsider[0], outsider[48]) = (2, 4);
        assert!(Point::First(G1::generator()).plus(&Value::Octet(outsider)).is_err());
    }
}
