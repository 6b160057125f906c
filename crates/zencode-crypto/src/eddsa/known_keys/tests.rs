use curve25519_dalek::Scalar;
use curve25519_dalek::constants::EIGHT_TORSION;
use proptest::prelude::*;
use sha2::{Digest as _, Sha512};

use super::*;
use crate::eddsa::{public_key, sign};

/// Asks often enough that the key has its multiples; every answer has to be the plain one.
fn check(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let keys = KnownKeys::default();
    let expected = verify(public, message, signature);
    for _ in 0..=SIGHTINGS {
        assert_eq!(keys.verify(public, message, signature), expected);
    }
    expected
}

/// A key and a signature whose points have parts of small order, made by whoever holds the secret.
fn with_torsion(secret: Scalar, nonce: Scalar, of_key: usize, of_commitment: usize) -> ([u8; 32], [u8; 64]) {
    let point = |scalar: Scalar, torsion: usize| {
        (ED25519_BASEPOINT_POINT * scalar + EIGHT_TORSION[torsion]).compress()
    };
    let (public, commitment) = (point(secret, of_key).to_bytes(), point(nonce, of_commitment).to_bytes());
    let challenge = Sha512::new().chain_update(commitment).chain_update(public).chain_update(b"message");
    let challenge = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into());
    let response = nonce + challenge * secret;
    let signature = [commitment, response.to_bytes()].concat();
    (public, signature.try_into().expect("two halves"))
}

#[test]
fn a_key_is_expanded_when_it_comes_again_and_not_before() {
    let (keys, secret) = (KnownKeys::default(), [1; 32]);
    let (public, signature) = (public_key(&secret), sign(&secret, b"message"));
    let mut expanded = Vec::new();
    for _ in 0..=SIGHTINGS {
        assert!(keys.verify(&public, b"message", &signature));
        expanded.push(keys.kept().expanded.len());
    }
    assert_eq!(expanded, [0, 1, 1]);
}

#[test]
fn octets_that_are_no_key_are_never_expanded() {
    // 2 is no y of a point.
    let mut public = [0; 32];
    public[0] = 2;
    assert!(!check(&public, b"message", &[0; 64]));
    let keys = KnownKeys::default();
    for _ in 0..=SIGHTINGS {
        keys.verify(&public, b"message", &[0; 64]);
    }
    assert!(keys.kept().expanded.is_empty());
}

#[test]
fn the_keys_that_came_last_are_kept_and_no_more_than_the_limit() {
    let keys = KnownKeys::default();
    let public = |number: usize| public_key(&[number as u8; 32]);
    for number in 0..EXPANDED_MAX + 3 {
        for _ in 0..SIGHTINGS {
            keys.verify(&public(number), b"message", &[0; 64]);
        }
        // The first key comes between all others.
        keys.verify(&public(0), b"message", &[0; 64]);
    }
    let kept: Vec<_> = keys.kept().expanded.iter().map(|(key, _)| *key).collect();
    assert_eq!(kept.len(), EXPANDED_MAX);
    assert!(kept.contains(&public(0)) && kept.contains(&public(EXPANDED_MAX + 2)));
    assert!(!kept.contains(&public(1)));
}

#[test]
fn no_more_keys_are_remembered_than_the_limit() {
    let keys = KnownKeys::default();
    for number in 0..SEEN_MAX + 10 {
        let mut public = [0; 32];
        public[..8].copy_from_slice(&number.to_le_bytes());
        keys.verify(&public, b"message", &[0; 64]);
    }
    assert_eq!(keys.kept().seen.len(), SEEN_MAX);
}

#[test]
fn what_is_cloned_knows_the_same_keys() {
    let keys = KnownKeys::default();
    for _ in 0..SIGHTINGS {
        keys.clone().verify(&public_key(&[1; 32]), b"message", &[0; 64]);
    }
    assert_eq!(keys.kept().expanded.len(), 1);
}

#[test]
fn a_signature_whose_small_parts_cancel_is_taken_with_and_without_multiples() {
    // The key has a part of order 2; half of all challenges are even, and it vanishes with them.
    let taken = (1_u8..=40).filter(|nonce| {
        let (public, signature) = with_torsion(Scalar::from(7_u8), Scalar::from(*nonce), 4, 0);
        check(&public, b"message", &signature)
    });
    assert!((5..=35).contains(&taken.count()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn points_with_parts_of_small_order_are_judged_alike(
        secret in any::<[u8; 32]>(),
        nonce in any::<[u8; 32]>(),
        of_key in 0_usize..8,
        of_commitment in 0_usize..8,
    ) {
        let (secret, nonce) = (Scalar::from_bytes_mod_order(secret), Scalar::from_bytes_mod_order(nonce));
        let (public, signature) = with_torsion(secret, nonce, of_key, of_commitment);
        let taken = check(&public, b"message", &signature);
        prop_assert!(taken || of_key != 0 || of_commitment != 0);
    }

    #[test]
    fn changed_keys_and_signatures_are_judged_alike(
        secret in any::<[u8; 32]>(),
        changes in proptest::collection::vec((0_usize..96, any::<u8>()), 0..3),
    ) {
        let mut octets = [&public_key(&secret)[..], &sign(&secret, b"message")].concat();
        for (index, octet) in &changes {
            octets[*index] = *octet;
        }
        let (public, signature) = octets.split_first_chunk().expect("96 octets");
        let taken = check(public, b"message", signature.try_into().expect("64 octets"));
        prop_assert!(taken || !changes.is_empty());
    }

    #[test]
    fn any_octets_are_judged_alike(public in any::<[u8; 32]>(), half in any::<[[u8; 32]; 2]>()) {
        let signature = half.concat().try_into().expect("two halves");
        prop_assert!(!check(&public, b"message", &signature));
    }
}
