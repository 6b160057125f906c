//! Signatures and shared secrets of secp256k1, P-256 and Curve25519, and RSA.

use zencode_crypto::ecdh::{self, Signature};
use zencode_crypto::eddsa::KnownKeys;
use zencode_crypto::hash::sha256;
use zencode_crypto::{eddsa, es256, ethereum, rsa, x25519};

use crate::{array, octets, octets64, rows};

/// The `ecdh` signatures of contracts are ECDSA with SHA-512, of which 32 octets are signed. Both values of `s`
/// are taken, there as here.
#[test]
fn signatures_on_secp256k1_are_taken_as_wycheproof_says() {
    for [number, result, public, message, signature] in rows(include_str!("ecdsa_secp256k1_sha512.tsv")) {
        let signature = array(signature).map(|octets| Signature::from_octets(&octets));
        let taken =
            signature.is_some_and(|signature| ecdh::verify(&octets(public), &octets(message), &signature));
        assert_eq!(taken, result == "valid", "number {number}");
    }
}

/// Ethereum's transactions are verified with a digest at hand, whichever it is, and with both values of `s`.
#[test]
fn signatures_of_digests_on_secp256k1_are_taken_as_wycheproof_says() {
    for [number, result, public, message, signature] in rows(include_str!("ecdsa_secp256k1_sha256.tsv")) {
        let signature = array(signature).map(|octets| Signature::from_octets(&octets));
        let digest = sha256(&octets(message));
        let taken = signature.is_some_and(|signature| ethereum::verify(&octets(public), &digest, &signature));
        assert_eq!(taken, result == "valid", "number {number}");
    }
}

#[test]
fn signatures_on_p_256_are_taken_as_wycheproof_says() {
    for [number, result, public, message, signature] in rows(include_str!("ecdsa_secp256r1_sha256.tsv")) {
        let taken = array(signature)
            .is_some_and(|signature| es256::verify(&octets(public), &octets(message), &signature));
        assert_eq!(taken, result == "valid", "number {number}");
    }
}

#[test]
fn ed25519_signatures_are_taken_strictly_as_wycheproof_says() {
    for [number, result, public, message, signature] in rows(include_str!("ed25519.tsv")) {
        let (public, message) = (array(public).expect("32 octets"), octets(message));
        let taken = array(signature).is_some_and(|it| eddsa::verify_strict(&public, &message, &it));
        assert_eq!(taken, result == "valid", "number {number}");
    }
}

/// As [`eddsa::verify`] says, a contract takes an `S` that is not below the order, as the reference engine
/// does. The standard does not.
#[test]
fn a_contract_takes_the_ed25519_signatures_of_wycheproof_and_a_few_more() {
    let mut more = Vec::new();
    for [number, result, public, message, signature] in rows(include_str!("ed25519.tsv")) {
        let (public, message) = (array(public).expect("32 octets"), octets(message));
        let taken = array(signature).is_some_and(|it| eddsa::verify(&public, &message, &it));
        assert!(taken || result != "valid", "number {number}");
        if taken && result != "valid" {
            more.push(number);
        }
    }
    assert_eq!(more, ["63", "85"]);
}

#[test]
fn a_key_that_came_before_takes_the_same_ed25519_signatures_of_wycheproof() {
    let keys = KnownKeys::default();
    for _ in 0..3 {
        for [number, _, public, message, signature] in rows(include_str!("ed25519.tsv")) {
            let (public, message) = (array(public).expect("32 octets"), octets(message));
            let Some(signature) = array(signature) else { continue };
            let plain = eddsa::verify(&public, &message, &signature);
            assert_eq!(keys.verify(&public, &message, &signature), plain, "number {number}");
        }
    }
}

/// Points of small and of mixed order, equations that hold with the cofactor alone, numbers out of range, and
/// points that are not written in the shortest way.
#[test]
fn the_corners_of_ed25519_are_those_of_donna_in_contracts_and_the_strict_ones_in_the_swarm() {
    let keys = KnownKeys::default();
    for [number, donna, strict, public, message, signature] in rows(include_str!("ed25519_speccheck.tsv")) {
        let (public, message) = (array(public).expect("32 octets"), octets(message));
        let signature = array(signature).expect("64 octets");
        assert_eq!(eddsa::verify(&public, &message, &signature), donna == "valid", "number {number}");
        assert_eq!(eddsa::verify_strict(&public, &message, &signature), strict == "valid", "number {number}");
        for _ in 0..3 {
            assert_eq!(keys.verify(&public, &message, &signature), donna == "valid", "number {number}");
        }
    }
}

/// Number 745 is a key with its last octet changed, which Wycheproof lets pass unread; it is off the curve.
#[test]
fn shared_points_of_secp256k1_are_those_of_wycheproof() {
    for [number, result, public, secret, shared] in rows(include_str!("ecdh_secp256k1.tsv")) {
        let found = ecdh::shared_x(&octets(secret), &octets(public));
        if result == "invalid" || number == "745" {
            assert_eq!(found, Err(ecdh::Error::PublicKey), "number {number}");
        } else {
            assert_eq!(found.map(|found| found.to_vec()), Ok(octets(shared)), "number {number}");
        }
    }
}

/// Wycheproof lets an implementation choose whether a shared secret of zeros is refused; ours is.
#[test]
fn shared_secrets_of_x25519_are_those_of_wycheproof() {
    for [number, _, public, secret, shared] in rows(include_str!("x25519.tsv")) {
        let found = x25519::shared(&array(secret).expect("32 octets"), &array(public).expect("32 octets"));
        let expected = octets(shared);
        assert_eq!(found.is_none(), expected.iter().all(|octet| *octet == 0), "number {number}");
        assert!(found.is_none_or(|found| *found == expected[..]), "number {number}");
    }
}

/// The padding without the NULL of the algorithm is the one that Wycheproof leaves open; ours refuses it.
#[test]
fn rsa_signatures_are_taken_as_wycheproof_says() {
    for [number, result, public, message, signature] in rows(include_str!("rsa_4096_sha256.tsv")) {
        let taken = rsa::verify(&octets64(public), &octets64(message), &octets64(signature));
        assert_eq!(taken, Ok(result == "valid"), "number {number}");
    }
}
