use proptest::prelude::*;

use super::*;
use crate::encoding::hex;
use crate::random::{Generator, Seed};

fn octets(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn scalar(number: u8) -> Scalar {
    Scalar::from_octets(&[number]).unwrap()
}

/// A point of the first curve outside its group: x is 4.
fn outsider() -> Vec<u8> {
    octets(&format!("02{:096x}", 4))
}

// What npm `zenroom` 5.38.1 answered to `ECP.hashtopoint(O.from_string(message)):octet():hex()`.
#[test]
fn messages_hash_to_the_points_of_the_reference() {
    let check = |message: &str, expected: &str| {
        assert_eq!(hex::encode(&G1::hash(message.as_bytes()).to_octets()), expected, "{message}");
    };
    check(
        "abc",
        "03045c4f08aba4135aaeee9491364f61613d3d03e81a62c398a079addef90336edd8b9566c4947fb1c7a3e76ce87d924b6",
    );
    check(
        "",
        "030ea8764460f382f697c39034ed8ebc0764abb86635419056ffd8470a4be8c0d7d5237334cf8ff8509e1f1e9e98542440",
    );
}

#[test]
fn messages_hash_to_the_points_of_the_reference_in_the_second_group() {
    let check = |message: &str, expected: &str| {
        assert_eq!(hex::encode(&G2::hash(message.as_bytes()).to_octets()), expected, "{message}");
    };
    check(
        "abc",
        "0417b5694e4d6d1056973f95b8864aae62dd1752df850fbc274b38f73408ebbe8fa0c5f0353d2710d167f42bfd5ef0e6\
         080da4d7db0bf0beaad935bf993081b4caeac210bc79e9fef00d68b489fc007b78013bffa6ecd9d00b7bb87a343691d5\
         03a3a9fe1d9cad4ee31c70bc9a27f32acdcf153d150a7193b8bea7876fa5096db1f17bcaedf61ebb6411ba144c9021b9\
         061a93c7128892322ea13c2c6621938c150737b236d6da95bc1950ed6ddb94f416de236b2d355e8b56adb5a9440dee95",
    );
    check(
        "hello",
        "0c906b8bacbd08a3bc834ea648039c39151be7e7e8d0d9cc8c9e2b154c8aaa226bc506c61bbd5334be1bcb5f24eaaeda\
         0651d1f808533967d5243eaf739107c3ec3cb75270bf1274f0302ce83128e385e6d4e3a64dcd105fadf04da765d2f1df\
         136e1f79805dd3f72a648ab4a20802d2153d0df8ab3a27600f139758d9fb6d0cbb4c0798bf8b75ee025e69bc1ad2d30f\
         0ce8720522c51fa5aaa54be0dc1c659942ddef4c64a1b9004855fe21d7dd5f973a3ce98f022832c377720be8b450d64f",
    );
}

#[test]
fn the_first_drawn_scalar_is_that_of_the_reference() {
    let mut generator = Generator::new(&Seed::Reference([0; 64]));
    let expected = "08a1a279de16c34dea9ac50cfef9ce303a1d8303e9f45737409ba215c04643f9";
    assert_eq!(hex::encode(&Scalar::draw(&mut generator).to_octets()), expected);
}

// What npm `zenroom` 5.38.1 answered to `(ECP.generator()*INT.new(5)):octet():hex()`, and the same of `ECP2`.
#[test]
fn multiples_of_the_generators_are_those_of_the_reference() {
    let expected =
        "0210e7791fb972fe014159aa33a98622da3cdc98ff707965e536d8636b5fcc5ac7a91a8c46e59a00dca575af0f18fb13dc";
    assert_eq!(hex::encode(&(G1::generator() * &scalar(5)).to_octets()), expected);
    let expected = "0411a5de6730ffece671a9f21d65028cc0f1102378de124562cb1ff49db6f004fcd14d683024b0548eff3d1468df2688\
         00fb837804dba8213329db46608b6c121d973363c1234a86dd183baff112709cf97096c5e9a1a770ee9d7dc641a894d6\
         19b5e8f5d4a72f2b75811ac084a7f814317360bac52f6aab15eed416b4ef9938e0bdc4865cc2c4d0fd947e7c6925fd14\
         093567b4228be17ee62d11a254edd041ee4b953bffb8b8c7f925bd6662b4298bac2822b446f5b5de3b893e1be5aa4986";
    assert_eq!(hex::encode(&(G2::generator() * &scalar(5)).to_octets()), expected);
}

// The generators in the Zcash protocol's encoding.
#[test]
fn the_generators_are_written_as_zcash_writes_them() {
    let expected =
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
    assert_eq!(hex::encode(&G1::generator().to_zcash()), expected);
    let expected = "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e\
         024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";
    assert_eq!(hex::encode(&G2::generator().to_zcash()), expected);
}

#[test]
fn infinity_is_written_in_two_octets() {
    assert_eq!(G1::infinity().to_octets(), [0x7f, 0x7f]);
    assert_eq!(G1::from_octets(&[0x7f, 0x7f]), Ok(G1::infinity()));
    assert_eq!(G2::infinity().to_octets(), [0x7f, 0x7f]);
}

#[test]
fn infinity_is_no_point_of_the_second_group_to_read() {
    let expected = Error::PointLength { found: 2, expected: G2_OCTETS };
    assert_eq!(G2::from_octets(&[0x7f, 0x7f]), Err(expected));
}

#[test]
fn a_point_with_both_coordinates_is_read() {
    let mut written = vec![4];
    written.extend_from_slice(&G1::generator().affine().to_uncompressed());
    assert_eq!(G1::from_octets(&written), Ok(G1::generator()));
}

#[test]
fn a_point_outside_the_group_is_refused() {
    assert_eq!(G1::from_octets(&outsider()), Err(Error::Subgroup));
    assert_eq!(G1::from_zcash(&octets(&format!("80{:094x}", 4))), Err(Error::Subgroup));
}

#[test]
fn a_point_outside_the_second_group_is_refused() {
    // Before the cofactor is multiplied away, what a hash finds is on the curve and, surely, not in the group.
    let outside = (0..=255).find_map(|number| {
        let point = bls12_381::G2Affine::from_compressed_unchecked(&{
            let mut compressed = [0; G2_ZCASH_OCTETS];
            compressed[0] = 0x80;
            compressed[G2_ZCASH_OCTETS - 1] = number;
            compressed
        });
        Option::<bls12_381::G2Affine>::from(point)
    });
    let outside = outside.unwrap();
    assert_eq!(G2::from_zcash(&outside.to_compressed()), Err(Error::Subgroup));
    let mut written = outside.to_uncompressed();
    for coordinate in written.chunks_exact_mut(2 * FIELD_OCTETS) {
        coordinate.rotate_left(FIELD_OCTETS);
    }
    assert_eq!(G2::from_octets(&written), Err(Error::Subgroup));
}

#[test]
fn a_coordinate_that_is_not_below_the_prime_is_refused() {
    // The prime and four: the reference engine reads it as four.
    let prime =
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaaf";
    assert_eq!(G1::from_octets(&octets(&format!("02{prime}"))), Err(Error::NoPoint));
}

#[test]
fn an_x_off_the_curve_is_refused() {
    assert_eq!(G1::from_octets(&octets(&format!("02{:096x}", 1))), Err(Error::NoPoint));
}

#[test]
fn a_first_octet_without_a_meaning_is_refused() {
    for tag in [0, 1, 4, 5, 6, 0x82, 0xff] {
        let mut written = G1::generator().to_octets();
        written[0] = tag;
        assert_eq!(G1::from_octets(&written), Err(Error::NoPoint), "{tag}");
    }
}

#[test]
fn the_flags_of_zcash_are_no_part_of_a_coordinate() {
    for flag in [0x20, 0x40, 0x80] {
        let mut written = G1::generator().to_octets();
        written[1] |= flag;
        assert_eq!(G1::from_octets(&written), Err(Error::NoPoint));
        let mut written = G2::generator().to_octets();
        written[FIELD_OCTETS] |= flag;
        assert_eq!(G2::from_octets(&written), Err(Error::NoPoint));
        let mut written = vec![4];
        written.extend_from_slice(&G1::generator().affine().to_uncompressed());
        written[1] |= flag;
        assert_eq!(G1::from_octets(&written), Err(Error::NoPoint));
    }
}

#[test]
fn a_scalar_is_read_modulo_the_order() {
    let mut larger = ORDER;
    larger[31] += 5;
    assert!(Scalar::from_octets(&larger).unwrap() == scalar(5));
    assert_eq!(Scalar::from_canonical(&larger).unwrap_err(), Error::ScalarRange);
    assert_eq!(Scalar::from_canonical(&ORDER).unwrap_err(), Error::ScalarRange);
    assert!(Scalar::from_canonical(&[0, 0, 5]).unwrap() == scalar(5));
}

#[test]
fn a_scalar_of_no_octets_or_too_many_is_refused() {
    assert_eq!(Scalar::from_octets(&[]).unwrap_err(), Error::ScalarLength(0));
    assert!(Scalar::from_octets(&[0xff; SCALAR_OCTETS_MAX]).is_ok());
    assert_eq!(Scalar::from_octets(&[0; 49]).unwrap_err(), Error::ScalarLength(49));
}

#[test]
fn the_number_zero_is_one_octet() {
    assert_eq!(*scalar(0).to_octets(), [0]);
    assert!(scalar(0).is_zero());
    assert_eq!(*Scalar::from_octets(&[0, 0, 7]).unwrap().to_octets(), [7]);
}

#[test]
fn debug_shows_no_scalar() {
    assert_eq!(format!("{:?}", scalar(5)), "Scalar(..)");
}

#[test]
fn a_pairing_moves_a_factor_from_one_point_to_the_other() {
    let (g1, g2) = (G1::generator(), G2::generator());
    let (g1_five, g2_five) = (g1 * &scalar(5), g2 * &scalar(5));
    assert!(pairings_agree((&g2_five, &g1), (&g2, &g1_five)));
    assert!(!pairings_agree((&g2_five, &g1), (&g2, &g1)));
}

fn any_scalar() -> impl Strategy<Value = Scalar> {
    proptest::array::uniform32(any::<u8>()).prop_map(|octets| Scalar::from_octets(&octets).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read_again(scalar in any_scalar()) {
        let point = G1::generator() * &scalar;
        prop_assert_eq!(G1::from_octets(&point.to_octets()), Ok(point));
        prop_assert_eq!(G1::from_zcash(&point.to_zcash()), Ok(point));
        let point = G2::generator() * &scalar;
        prop_assert_eq!(G2::from_octets(&point.to_octets()), Ok(point));
        prop_assert_eq!(G2::from_zcash(&point.to_zcash()), Ok(point));
        prop_assert!(Scalar::from_canonical(&scalar.to_octets()).unwrap() == scalar);
    }

    #[test]
    fn what_a_message_hashes_to_is_in_the_group(message in proptest::collection::vec(any::<u8>(), 0..40)) {
        let point = G1::hash(&message);
        prop_assert_eq!(G1::from_octets(&point.to_octets()), Ok(point));
        let point = G2::hash(&message);
        prop_assert_eq!(G2::from_octets(&point.to_octets()), Ok(point));
    }

    #[test]
    fn sums_of_scalars_are_sums_of_points(left in any_scalar(), right in any_scalar()) {
        let (g1, g2) = (G1::generator(), G2::generator());
        prop_assert_eq!(g1 * &(&left + &right), g1 * &left + g1 * &right);
        prop_assert_eq!(g2 * &(&left - &right), g2 * &left - g2 * &right);
        prop_assert_eq!(g1 * &(&left * &right), (g1 * &left) * &right);
        prop_assert_eq!(g2 * &-&left, -(g2 * &left));
    }
}

proptest! {
    #[test]
    fn random_octets_are_read_without_a_panic(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (G1::from_octets(&octets), G1::from_zcash(&octets));
        let _ = (G2::from_octets(&octets), G2::from_zcash(&octets));
        let _ = (Scalar::from_octets(&octets), Scalar::from_canonical(&octets));
    }

    #[test]
    fn random_octets_of_the_right_length_are_no_point(
        mut octets in proptest::collection::vec(any::<u8>(), G2_OCTETS),
        tag in 2_u8..=4,
    ) {
        // One x in two is on the curve, one point of 2^126 in the group.
        octets[0] = tag;
        octets[1] &= 0x0f;
        prop_assert!(G1::from_octets(&octets[..G1_OCTETS]).is_err());
        prop_assert!(G1::from_octets(&octets[..UNCOMPRESSED]).is_err());
        octets[FIELD_OCTETS] &= 0x0f;
        prop_assert!(G2::from_octets(&octets).is_err());
        octets[0] = 0x80 | (tag << 3);
        prop_assert!(G1::from_zcash(&octets[..G1_ZCASH_OCTETS]).is_err());
        prop_assert!(G2::from_zcash(&octets[..G2_ZCASH_OCTETS]).is_err());
    }

    #[test]
    fn a_changed_point_is_no_point_or_another(at in 0..G1_OCTETS * 8, scalar in 1_u8..20) {
        let point = G1::generator() * &self::scalar(scalar);
        let mut octets = point.to_octets();
        octets[at / 8] ^= 1 << (at % 8);
        match G1::from_octets(&octets) {
            // The parity is the one bit that leads to a point of the group: the negative.
            Ok(other) => prop_assert!(at == 0 && other == -point),
            Err(error) => prop_assert!(matches!(error, Error::NoPoint | Error::Subgroup)),
        }
    }

    #[test]
    fn a_changed_point_of_the_second_group_is_no_point(at in 0..G2_OCTETS * 8, scalar in 1_u8..20) {
        let mut octets = (G2::generator() * &self::scalar(scalar)).to_octets();
        octets[at / 8] ^= 1 << (at % 8);
        prop_assert_eq!(G2::from_octets(&octets), Err(Error::NoPoint));
    }
}

const UNCOMPRESSED: usize = 1 + 2 * FIELD_OCTETS;
