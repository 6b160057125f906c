//! Digests, message authentication codes and derived keys.

use zencode_crypto::bitcoin;
use zencode_crypto::encoding::hex;
use zencode_crypto::hash::{Algorithm, HKDF_OCTETS_MAX, hkdf_sha256, sha256};

use crate::{octets, rows};

#[test]
fn digests_are_those_of_nist_and_the_keccak_team() {
    for [name, message, digest] in rows(include_str!("hash.tsv")) {
        let algorithm = Algorithm::from_name(name).unwrap();
        assert_eq!(hex::encode(&algorithm.digest(&octets(message))), digest, "{name} of {message}");
    }
}

/// FIPS 180 examples of NIST.
#[test]
fn a_million_letters_have_the_digests_of_nist() {
    let message = vec![b'a'; 1_000_000];
    assert_eq!(
        hex::encode(&Algorithm::Sha256.digest(&message)),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
    assert_eq!(
        hex::encode(&Algorithm::Sha512.digest(&message)),
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"
    );
}

/// RIPEMD-160 has no door of its own: it is reached through SHA-256. Bitcoin wiki, "Technical background of version
/// 1 Bitcoin addresses": a compressed key, its SHA-256, and the RIPEMD-160 of that.
#[test]
fn a_bitcoin_hash_is_ripemd_160_of_sha_256() {
    let key = octets("0250863ad64a87ae8a2fe83c1af1a8403cb53f53e486d8511dad8a04887e5b2352");
    assert_eq!(
        hex::encode(&sha256(&key)),
        "0b7c28c9b7290c98d7438e70b3d3f7c848fbd7d1dc194ff83f4f7cc9b1378e98"
    );
    assert_eq!(hex::encode(&bitcoin::hash160(&key)), "f54a5851e9372b87810a8e60cdd2e7cfd80b6e31");
}

fn check_hmac(algorithm: Algorithm, table: &'static str) {
    for [number, result, key, message, code] in rows(table) {
        let expected = octets(code);
        // A code may be cut short there.
        let found = algorithm.hmac(&octets(key), &octets(message)).expect("SHA-2 makes codes");
        assert_eq!(found[..expected.len()] == expected, result == "valid", "number {number}");
    }
}

#[test]
fn codes_with_sha_256_are_those_of_wycheproof() {
    check_hmac(Algorithm::Sha256, include_str!("hmac_sha256.tsv"));
}

#[test]
fn codes_with_sha_512_are_those_of_wycheproof() {
    check_hmac(Algorithm::Sha512, include_str!("hmac_sha512.tsv"));
}

fn check_pbkdf2(algorithm: Algorithm, table: &'static str) {
    for [number, result, password, salt, rounds, derived] in rows(table) {
        assert_eq!(result, "valid");
        let expected = octets(derived);
        let rounds = rounds.parse().expect("the table holds numbers");
        let found = algorithm.pbkdf2(&octets(password), &octets(salt), rounds, expected.len());
        assert_eq!(found, Ok(expected), "number {number}");
    }
}

#[test]
fn keys_from_passwords_with_sha_256_are_those_of_wycheproof() {
    check_pbkdf2(Algorithm::Sha256, include_str!("pbkdf2_sha256.tsv"));
}

#[test]
fn keys_from_passwords_with_sha_512_are_those_of_wycheproof() {
    check_pbkdf2(Algorithm::Sha512, include_str!("pbkdf2_sha512.tsv"));
}

#[test]
fn keys_from_secrets_are_those_of_wycheproof() {
    for [number, result, secret, salt, info, wanted, derived] in rows(include_str!("hkdf_sha256.tsv")) {
        let wanted = wanted.parse().unwrap();
        let found = hkdf_sha256(&octets(salt), &octets(secret), &octets(info), wanted);
        if result == "valid" {
            assert_eq!(found, Ok(octets(derived)), "number {number}");
        } else {
            assert!(wanted > HKDF_OCTETS_MAX && found.is_err(), "number {number}");
        }
    }
}
