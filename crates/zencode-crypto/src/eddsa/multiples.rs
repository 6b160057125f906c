//! Multiples of a point that is multiplied again and again, so that no product needs a doubling.

use curve25519_dalek::{EdwardsPoint, Scalar};

/// The multiples of a point, for each digit of a scalar to the base `2^BITS` and for each value it can have.
///
/// Digits are signed: those from 1 to half the base are here, the others are subtracted. Time and memory accesses
/// tell the scalar, which has to be public.
pub(super) struct Multiples<const BITS: usize> {
    points: Vec<EdwardsPoint>,
}

impl<const BITS: usize> Multiples<BITS> {
    /// The greatest digit.
    const HALF: usize = 1 << (BITS - 1);
    /// Digits of a scalar. It is below 2^253, and what the digits carry makes one bit more.
    const DIGITS: usize = 254_usize.div_ceil(BITS);

    /// Computes the multiples, an addition for each.
    pub(super) fn new(point: &EdwardsPoint) -> Self {
        let mut points = Vec::with_capacity(Self::DIGITS * Self::HALF);
        let mut one = *point;
        for _ in 0..Self::DIGITS {
            let mut multiple = one;
            points.push(multiple);
            for _ in 1..Self::HALF {
                multiple += one;
                points.push(multiple);
            }
            one = multiple + multiple;
        }
        Self { points }
    }

    /// A sum and so many times the point.
    pub(super) fn add_to(&self, sum: EdwardsPoint, scalar: &Scalar) -> EdwardsPoint {
        let multiples = self.points.chunks_exact(Self::HALF);
        Self::digits(scalar).zip(multiples).fold(sum, |sum, (digit, multiples)| match digit {
            1.. => sum + multiples[digit.unsigned_abs() - 1],
            0 => sum,
            _ => sum - multiples[digit.unsigned_abs() - 1],
        })
    }

    /// The digits of a scalar, the lowest first, each from less than half the base below zero to half the base.
    fn digits(scalar: &Scalar) -> impl Iterator<Item = isize> {
        let octets = scalar.to_bytes();
        let mut carry = 0;
        (0..Self::DIGITS).map(move |index| {
            let digit = carry + bits(&octets, index * BITS) % (2 * Self::HALF);
            carry = usize::from(digit > Self::HALF);
            digit as isize - ((carry * 2 * Self::HALF) as isize)
        })
    }
}

/// At least eight bits of a number whose lowest octet comes first, from a bit on.
fn bits(octets: &[u8; 32], from: usize) -> usize {
    let octet = |index: usize| usize::from(octets.get(index).copied().unwrap_or(0));
    (octet(from / 8) | octet(from / 8 + 1) << 8) >> (from % 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::traits::Identity as _;
    use proptest::prelude::*;

    fn times<const BITS: usize>(point: &EdwardsPoint, scalar: &Scalar) -> EdwardsPoint {
        Multiples::<BITS>::new(point).add_to(EdwardsPoint::identity(), scalar)
    }

    #[test]
    fn no_digit_of_the_smallest_and_the_largest_scalars_is_lost() {
        for scalar in [Scalar::ZERO, Scalar::ONE, -Scalar::ONE, -Scalar::from(128_u8)] {
            let expected = ED25519_BASEPOINT_POINT * scalar;
            assert_eq!(times::<4>(&ED25519_BASEPOINT_POINT, &scalar), expected);
            assert_eq!(times::<5>(&ED25519_BASEPOINT_POINT, &scalar), expected);
            assert_eq!(times::<8>(&ED25519_BASEPOINT_POINT, &scalar), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_product_is_that_of_the_curve_s_crate_also_for_points_with_torsion(
            point in any::<[u8; 32]>(),
            torsion in 0_usize..8,
            scalar in any::<[u8; 32]>(),
        ) {
            let point = ED25519_BASEPOINT_POINT * Scalar::from_bytes_mod_order(point) + EIGHT_TORSION[torsion];
            let scalar = Scalar::from_bytes_mod_order(scalar);
            prop_assert_eq!(times::<5>(&point, &scalar), point * scalar);
            prop_assert_eq!(times::<8>(&point, &scalar), point * scalar);
        }
    }
}
