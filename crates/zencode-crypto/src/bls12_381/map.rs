//! From octets to points, by trying.

use blstrs::{G1Affine, G1Projective, G2Affine, G2Projective};
use crypto_bigint::{Odd, U384};
use group::Group as _;

use super::FIELD_OCTETS;

/// The bits above every coordinate, which Zcash's encodings use as flags.
pub(super) const FLAGS: u8 = 0b1110_0000;

/// The flag of a compressed point; without the others, y is the smaller of the two.
const COMPRESSED: u8 = 0b1000_0000;

/// The prime of the base field.
const PRIME: Odd<U384> = Odd::<U384>::from_be_hex(concat!(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624",
    "1eabfffeb153ffffb9feffffffffaaab"
));

/// The cofactor of the first group: how many points share their multiple.
const COFACTOR: u128 = 0x396c_8c00_5555_e156_8c00_aaab_0000_aaab;

/// The first octets as a number of the field.
fn field(octets: &[u8; 64]) -> U384 {
    U384::from_be_slice(&octets[..FIELD_OCTETS]).rem_vartime(PRIME.as_nz_ref())
}

fn octets(number: &U384) -> [u8; FIELD_OCTETS] {
    let mut octets = [0; FIELD_OCTETS];
    octets.copy_from_slice(number.to_be_bytes().as_ref());
    octets
}

fn next(number: &U384) -> U384 {
    number.add_mod(&U384::ONE, PRIME.as_nz_ref())
}

/// The point of the curve with a given x, and y of a parity; it may be outside the group.
pub(super) fn g1_at(x: &[u8; FIELD_OCTETS], parity: u8) -> Option<G1Affine> {
    if x[0] & FLAGS != 0 {
        return None;
    }
    let mut compressed = *x;
    compressed[0] |= COMPRESSED;
    let point: G1Affine = Option::from(G1Affine::from_compressed_unchecked(&compressed))?;
    let y = point.to_uncompressed()[2 * FIELD_OCTETS - 1];
    Some(if y & 1 == parity { point } else { -point })
}

/// Every second x is on the curve, so that the loop ends after two tries in the mean; no x is as good as a
/// point, so that nobody can choose octets that take long.
pub(super) fn to_g1(seed: &[u8; 64]) -> G1Projective {
    let mut x = field(seed);
    loop {
        if let Some(point) = g1_at(&octets(&x), 0) {
            let point = cleared(point);
            if !bool::from(point.is_identity()) {
                return point;
            }
        }
        x = next(&x);
    }
}

/// The cofactor times a point of the curve. The crate's own multiplication is for points of the group.
fn cleared(point: G1Affine) -> G1Projective {
    (0..u128::BITS).rev().fold(G1Projective::identity(), |sum, bit| {
        let sum = sum.double();
        if COFACTOR >> bit & 1 == 1 { sum + point } else { sum }
    })
}

/// As [`to_g1`], for the second group.
pub(super) fn to_g2(seed: &[u8; 64]) -> G2Projective {
    let mut imaginary = field(seed);
    loop {
        let mut compressed = [0; 2 * FIELD_OCTETS];
        compressed[..FIELD_OCTETS].copy_from_slice(&octets(&imaginary));
        compressed[0] |= COMPRESSED;
        compressed[2 * FIELD_OCTETS - 1] = 1;
        let point: Option<G2Affine> = Option::from(G2Affine::from_compressed_unchecked(&compressed));
        if let Some(point) = point {
            return cleared_g2(rooted(point));
        }
        imaginary = next(&imaginary);
    }
}

/// As [`cleared`], after Budroni and Pintore, which takes an endomorphism that blst keeps to itself.
fn cleared_g2(point: G2Affine) -> G2Projective {
    let octets = point.to_uncompressed();
    let point = bls12_381::G2Affine::from_uncompressed_unchecked(&octets).expect("both crates read a point");
    let point = bls12_381::G2Affine::from(bls12_381::G2Projective::from(point).clear_cofactor());
    let point = G2Affine::from_uncompressed_unchecked(&point.to_uncompressed());
    point.expect("both crates read a point").into()
}

/// The one of a point and its negative whose y has a square as its real part: that is the root which
/// Milagro's `FP2_sqrt` finds. As -1 is no square in the field, it is always one of the two.
fn rooted(point: G2Affine) -> G2Affine {
    let octets = point.to_uncompressed();
    let real = U384::from_be_slice(&octets[3 * FIELD_OCTETS..]);
    let square = real.jacobi_symbol_vartime(&PRIME) == crypto_bigint::JacobiSymbol::One;
    if square { point } else { -point }
}
