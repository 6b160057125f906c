use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::encoding::{base64, hex};

/// The key that the reference engine draws from a seed of zeros.
static SECRET: LazyLock<Vec<u8>> =
    LazyLock::new(|| base64::decode(include_str!("secret.base64").trim_end()).unwrap());

/// SHA-256 of some octets, as hex.
fn digest(octets: &[u8]) -> String {
    hex::encode(&sha256(octets))
}

#[test]
fn a_seed_of_zeros_gives_the_reference_engine_s_key_and_its_next_draw() {
    let mut generator = Generator::new(&Seed::Reference([0; 64]));
    assert_eq!(*generate(&mut generator), *SECRET);
    assert_eq!(base64::encode(&generator.octets(16)), "nSGXA9O4tsNowi4lwbV01A==");
}

#[test]
fn the_public_key_is_the_reference_engine_s() {
    let public = public_key(&SECRET).unwrap();
    assert_eq!(digest(&public), "552cdbbe7e0f6f64de04c3d663ea3dab1e4e967b196b9033181d7e6e6d32632a");
    assert_eq!(public[SIGNATURE_OCTETS..], [0, 1, 0, 1]);
}

#[test]
fn the_signature_is_the_reference_engine_s() {
    let signature = sign(&SECRET, b"hello").unwrap();
    assert_eq!(digest(&signature), "53277a022ea81033ab128aa2dc11bb7f6f708e70f011d462d85068f2dbe72649");
    assert_eq!(verify(&public_key(&SECRET).unwrap(), b"hello", &signature), Ok(true));
}

/// The secret key with its primes in the other order, or with another exponent.
fn rewritten(swapped: bool, exponent: u32) -> Vec<u8> {
    let number = |octets: &[u8]| BoxedUint::from_be_slice(octets, PRIME_BITS).unwrap();
    let (first, second) = SECRET[..2 * PRIME_OCTETS].split_at(PRIME_OCTETS);
    let (p, q) = if swapped { (number(second), number(first)) } else { (number(first), number(second)) };
    let one = BoxedUint::one_with_precision(PRIME_BITS);
    let inverse = |of: &BoxedUint, modulus: BoxedUint| {
        let modulus = NonZero::new(modulus).into_option().unwrap();
        of.resize_unchecked(PRIME_BITS).invert_mod(&modulus).into_option().unwrap()
    };
    let e = BoxedUint::from(exponent);
    let (dp, dq) = (inverse(&e, p.wrapping_sub(&one)), inverse(&e, q.wrapping_sub(&one)));
    let coefficient = inverse(&p, q.clone());
    [p, q, dp, dq, coefficient].iter().flat_map(|number| number.to_be_bytes().into_vec()).collect()
}

#[test]
fn the_order_of_the_primes_does_not_show_in_a_signature() {
    let swapped = rewritten(true, EXPONENT);
    assert_ne!(swapped, *SECRET);
    assert!(usual::sign(&swapped, b"hello").is_some());
    assert_eq!(sign(&swapped, b"hello"), sign(&SECRET, b"hello"));
}

#[test]
fn a_key_with_a_smaller_exponent_signs_too() {
    let secret = rewritten(false, 17);
    assert_eq!(usual::sign(&secret, b"hello"), None);
    let public = public_key(&secret).unwrap();
    assert_eq!(public[SIGNATURE_OCTETS..], [0, 0, 0, 17]);
    let signature = sign(&secret, b"hello").unwrap();
    assert_eq!(verify(&public, b"hello", &signature), Ok(true));
    assert_ne!(Ok(signature), sign(&SECRET, b"hello"));
}

#[test]
fn a_key_whose_last_numbers_are_wrong_signs_as_the_right_one() {
    let mut damaged = SECRET.clone();
    damaged[4 * PRIME_OCTETS - 1] ^= 4;
    assert_eq!(usual::sign(&damaged, b"hello"), None);
    assert_eq!(sign(&damaged, b"hello"), sign(&SECRET, b"hello"));
}

#[test]
fn a_signature_to_which_the_modulus_was_added_does_not_verify() {
    let public = public_key(&SECRET).unwrap();
    let number = |octets: &[u8]| BoxedUint::from_be_slice(octets, 2 * PRIME_BITS).unwrap();
    let modulus = number(&public[..SIGNATURE_OCTETS]);
    let message = (0_u8..=255).find_map(|message| {
        let signature = number(&sign(&SECRET, &[message]).unwrap());
        let (sum, carry) = signature.carrying_add(&modulus, crypto_bigint::Limb::ZERO);
        (carry == crypto_bigint::Limb::ZERO).then_some((message, sum))
    });
    let (message, sum) = message.unwrap();
    assert_eq!(verify(&public, &[message], &sum.to_be_bytes()), Ok(false));
}

#[test]
fn keys_of_another_length_are_refused() {
    for length in [0, SECRET_OCTETS - 1, SECRET_OCTETS + 1] {
        assert_eq!(public_key(&vec![1; length]), Err(Error::SecretLength(length)));
        assert_eq!(sign(&vec![1; length], b""), Err(Error::SecretLength(length)));
    }
    for length in [0, SIGNATURE_OCTETS, PUBLIC_OCTETS - 1, PUBLIC_OCTETS + 1] {
        assert_eq!(verify(&vec![1; length], b"", b""), Err(Error::PublicLength(length)));
    }
}

#[test]
fn an_even_modulus_or_exponent_is_refused() {
    let mut public = public_key(&SECRET).unwrap();
    public[SIGNATURE_OCTETS - 1] &= 0xfe;
    assert_eq!(verify(&public, b"", &[0; SIGNATURE_OCTETS]), Err(Error::Public));
    let mut public = public_key(&SECRET).unwrap();
    public[PUBLIC_OCTETS - 1] = 2;
    assert_eq!(verify(&public, b"", &[0; SIGNATURE_OCTETS]), Err(Error::Public));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_changed_bit_of_a_signature_does_not_verify(bit in 0..8 * SIGNATURE_OCTETS) {
        let public = public_key(&SECRET).unwrap();
        let mut signature = sign(&SECRET, b"message").unwrap();
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify(&public, b"message", &signature), Ok(false));
    }

    #[test]
    fn damaged_and_foreign_octets_are_refused_without_a_panic(
        at in 0..SECRET_OCTETS, bit in 0..8_u32,
        secret in prop::collection::vec(any::<u8>(), SECRET_OCTETS),
        public in prop::collection::vec(any::<u8>(), PUBLIC_OCTETS),
        signature in prop::collection::vec(any::<u8>(), SIGNATURE_OCTETS - 1..=SIGNATURE_OCTETS),
    ) {
        prop_assert!(sign(&secret, b"message").is_err());
        prop_assert!(verify(&public, b"message", &signature) != Ok(true));
        let mut damaged = SECRET.clone();
        damaged[at] ^= 1_u8 << bit;
        let used = 3 * PRIME_OCTETS;
        prop_assert_eq!(sign(&damaged, b"message").is_err(), at < used);
    }
}
