use proptest::prelude::*;

use super::*;
use crate::random::Seed;

fn fresh(seed: [u8; 32]) -> Generator {
    Generator::new(&Seed::Fresh(seed))
}

#[test]
fn keys_of_another_length_are_refused() {
    for length in [0, SECRET_OCTETS - 1, mldsa44::SECRET_OCTETS] {
        assert_eq!(public_key(&vec![0; length]), Err(Error::SecretLength(length)));
        assert_eq!(sign(&vec![0; length], b""), Err(Error::SecretLength(length)));
    }
    assert_eq!(verify(&[0; PUBLIC_OCTETS + 1], b"", b""), Err(Error::PublicLength(PUBLIC_OCTETS + 1)));
}

#[test]
fn a_secret_key_with_a_coefficient_out_of_range_is_refused() {
    let mut secret = generate(&mut fresh([1; 32]));
    secret[DIGEST_AT + DIGEST_OCTETS] |= 7;
    assert_eq!(public_key(&secret), Err(Error::SecretRange));
    assert_eq!(sign(&secret, b""), Err(Error::SecretRange));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_a_key_signs_verifies_here_and_in_pqclean_and_a_changed_bit_does_not(
        seed in any::<[u8; 32]>(), message in any::<Vec<u8>>(), bit in 0..8 * SIGNATURE_OCTETS,
    ) {
        use pqcrypto_traits::sign::PublicKey as _;
        let secret = generate(&mut fresh(seed));
        let public = public_key(&secret).unwrap();
        let mut signature = sign(&secret, &message).unwrap();
        prop_assert_eq!(verify(&public, &message, &signature), Ok(true));
        let key = dilithium2::PublicKey::from_bytes(&public).unwrap();
        let detached = dilithium2::DetachedSignature::from_bytes(&signature).unwrap();
        prop_assert!(dilithium2::verify_detached_signature(&detached, &message, &key).is_ok());
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify(&public, &message, &signature), Ok(false));
    }

    #[test]
    fn a_damaged_secret_key_signs_or_is_refused(
        seed in any::<[u8; 32]>(), at in 0..SECRET_OCTETS, octet in any::<u8>(),
    ) {
        let mut secret = generate(&mut fresh(seed));
        secret[at] = octet;
        let signature = sign(&secret, b"message");
        prop_assert!(signature.is_ok() || signature == Err(Error::SecretRange));
    }

    #[test]
    fn foreign_octets_are_no_signature(
        public in prop::collection::vec(any::<u8>(), PUBLIC_OCTETS),
        signature in prop::collection::vec(any::<u8>(), SIGNATURE_OCTETS - 1..=SIGNATURE_OCTETS),
    ) {
        prop_assert_eq!(verify(&public, b"message", &signature), Ok(false));
    }
}
