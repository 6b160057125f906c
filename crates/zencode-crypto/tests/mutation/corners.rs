//! Numbers at the edges of their range, points that are none of the group, and second forms of a signature.

use super::*;
use zencode_crypto::bls12_381::{G1, G2, Scalar};
use zencode_crypto::encoding::hex;

const SECP256K1: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const P_256: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

fn number(digits: &str) -> [u8; 32] {
    hex::decode(digits).expect("they are digits").try_into().expect("they are 64")
}

/// The difference of two numbers, the first of which is the larger one.
fn difference(larger: [u8; 32], smaller: &[u8]) -> [u8; 32] {
    let mut difference = larger;
    let mut borrow = 0;
    for (octet, less) in difference.iter_mut().zip(smaller).rev() {
        let rest = i16::from(*octet) - i16::from(*less) - borrow;
        borrow = i16::from(rest < 0);
        *octet = rest.rem_euclid(256) as u8;
    }
    difference
}

fn scheme(name: &str) -> &'static Signed {
    SIGNED.iter().find(|signed| signed.name == name).expect("it is one of the schemes")
}

/// Zero, the order, more than the order, and the largest number.
fn out_of_range(order: &str) -> [[u8; 32]; 4] {
    let order = number(order);
    let mut more = order;
    more[31] += 1;
    [[0; 32], order, more, [0xff; 32]]
}

#[test]
fn a_half_of_a_signature_that_is_out_of_range_is_false() {
    for (name, order) in [
        ("ecdh", SECP256K1),
        ("es256", P_256),
        ("schnorr", SECP256K1),
        ("ethereum, by address", SECP256K1),
        ("ethereum, by key", SECP256K1),
    ] {
        let Signed { parts: [key, message, signature], verify, .. } = scheme(name);
        for other in out_of_range(order) {
            for start in [0, 32] {
                let mut signature = signature.clone();
                signature[start..start + 32].copy_from_slice(&other);
                assert!(!verify(key, message, &signature), "{name}, {start}");
            }
            let mut signature = signature.clone();
            signature[..64].copy_from_slice(&[other, other].concat());
            assert!(!verify(key, message, &signature), "{name}");
        }
    }
}

#[test]
fn a_secret_key_of_zero_is_refused() {
    for zero in [[0; 32], number(SECP256K1)] {
        assert!(ecdh::public_key(&zero).is_err());
        assert!(schnorr::public_key(&zero).is_err());
        assert!(ethereum::sign(&zero, &[1; 32]).is_err());
        assert!(ecdh::shared_x(&zero, &ecdh::public_key(&[1]).unwrap()).is_err());
    }
    assert!(es256::public_key(&number(P_256)).is_err());
    assert!(bbs::SecretKey::from_octets(&[0; 32]).is_err());
    assert!(bbs::SecretKey::from_octets(&bls12_381::ORDER).is_err());
}

/// Infinity in each way it is written, a form that only other libraries know, and points off the curve.
fn no_points(key: &[u8]) -> Vec<Vec<u8>> {
    let coordinates = &key[key.len() - 64..];
    let mut off_curve = key.to_vec();
    *off_curve.last_mut().expect("a key is not empty") ^= 1;
    let hybrid = [&[6 | (coordinates[63] & 1)], coordinates].concat();
    let beyond = [&[4][..], &[0xff; 64]].concat();
    let zeros = [&[4][..], &[0; 64]].concat();
    vec![vec![0], vec![0; 33], vec![0; 65], zeros, beyond, hybrid, off_curve, vec![4; 33], vec![2; 65]]
}

#[test]
fn what_is_no_point_of_the_curve_is_no_key() {
    for name in ["ecdh", "es256", "ethereum, by key"] {
        let Signed { parts: [key, message, signature], verify, .. } = scheme(name);
        for other in no_points(key) {
            assert!(!verify(&other, message, signature), "{name}, {}", hex::encode(&other));
        }
    }
    for other in no_points(&scheme("ecdh").parts[0]) {
        assert!(ecdh::shared_x(&[5], &other).is_err());
        assert!(ecdh::compress(&other).is_err());
        assert!(ethereum::address(&other).is_err());
    }
    for other in no_points(&scheme("es256").parts[0]) {
        assert!(es256::coordinates(&other).is_err());
    }
    // No x of secp256k1: 5 is the smallest one; the field's prime; and more.
    for digits in [
        "0000000000000000000000000000000000000000000000000000000000000005",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] {
        assert!(!schnorr::is_public_key(&number(digits)));
        assert!(!ecdh::is_public_key(&[&[2], &number(digits)[..]].concat()));
    }
}

/// Points in Zcash's form that are on the curve and outside the group, and infinity, for both groups.
fn outsiders(octets: usize) -> Vec<Vec<u8>> {
    let is_outside = |point: &[u8]| {
        let read = if octets == 48 { G1::from_zcash(point).err() } else { G2::from_zcash(point).err() };
        read == Some(bls12_381::Error::Subgroup)
    };
    let point = |first: u8, last: u8| {
        let mut point = vec![0; octets];
        (point[0], point[octets - 1]) = (first, last);
        point
    };
    let mut found: Vec<_> = (0..32).map(|x| point(0x80, x)).filter(|point| is_outside(point)).collect();
    assert!(found.len() > 4);
    found.push(point(0xc0, 0));
    found
}

#[test]
fn a_point_outside_the_group_is_no_part_of_bbs() {
    for outsider in outsiders(96) {
        assert!(bbs::PublicKey::from_octets(&outsider).is_err());
    }
    let [signature, proof] = ["bbs", "bbs proof"].map(|name| &scheme(name).parts[2]);
    for outsider in outsiders(48) {
        let mut other = signature.clone();
        other[..48].copy_from_slice(&outsider);
        assert!(bbs::Signature::from_octets(&other).is_err());
        for start in [0, 48, 96] {
            let mut other = proof.clone();
            other[start..start + 48].copy_from_slice(&outsider);
            assert!(bbs::Proof::from_octets(&other).is_err(), "{start}");
        }
    }
}

#[test]
fn a_number_that_is_not_below_the_order_is_no_part_of_bbs() {
    let [signature, proof] = ["bbs", "bbs proof"].map(|name| &scheme(name).parts[2]);
    for number in [[0; 32], bls12_381::ORDER, [0xff; 32]] {
        let mut other = signature.clone();
        other[48..].copy_from_slice(&number);
        assert!(bbs::Signature::from_octets(&other).is_err());
        for start in (144..proof.len()).step_by(32) {
            let mut other = proof.clone();
            other[start..start + 32].copy_from_slice(&number);
            assert!(bbs::Proof::from_octets(&other).is_err(), "{start}");
        }
    }
    assert_eq!(Scalar::from_canonical(&bls12_381::ORDER).err(), Some(bls12_381::Error::ScalarRange));
}

/// ECDSA has two values of `s` for one message; the reference engine takes both, and so do contracts.
#[test]
fn the_other_s_of_ecdsa_is_taken() {
    for (name, order) in [("ecdh", SECP256K1), ("es256", P_256), ("ethereum, by key", SECP256K1)] {
        let Signed { parts: [key, message, signature], verify, .. } = scheme(name);
        let other = [&signature[..32], &difference(number(order), &signature[32..64])].concat();
        assert!(verify(key, message, &other), "{name}");
    }
    // The other parity goes with it.
    let Signed { parts: [address, message, signature], verify, .. } = scheme("ethereum, by address");
    let s = difference(number(SECP256K1), &signature[32..64]);
    let [same, other] =
        [signature[64], signature[64] ^ 1].map(|parity| [&signature[..32], &s, &[parity]].concat());
    assert!(verify(address, message, &other));
    assert!(!verify(address, message, &same));
}

/// BIP-340 fixes the parity of the nonce, so that its `s` has one form.
#[test]
fn the_other_s_of_schnorr_is_false() {
    let Signed { parts: [key, message, signature], verify, .. } = scheme("schnorr");
    let other = [&signature[..32], &difference(number(SECP256K1), &signature[32..])].concat();
    assert!(!verify(key, message, &other));
}
