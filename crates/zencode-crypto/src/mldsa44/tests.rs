use proptest::prelude::*;

use super::*;
use crate::encoding::base64;
use crate::random::Seed;

fn fresh(seed: [u8; 32]) -> Generator {
    Generator::new(&Seed::Fresh(seed))
}

#[test]
fn a_context_has_at_most_255_octets() {
    assert_eq!(framed(b"m", b"ctx").unwrap(), b"\0\x03ctxm");
    assert!(framed(b"m", &[0; 255]).is_ok());
    assert_eq!(framed(b"m", &[0; 256]), Err(Error::ContextLength(256)));
}

#[test]
fn keys_of_another_length_are_refused() {
    for length in [0, SECRET_OCTETS - 1, SECRET_OCTETS + 1] {
        assert_eq!(public_key(&vec![0; length]), Err(Error::SecretLength(length)));
        assert_eq!(sign(&vec![0; length], b"", &mut fresh([0; 32])), Err(Error::SecretLength(length)));
    }
    assert_eq!(verify(&[0; PUBLIC_OCTETS - 1], b"", b""), Err(Error::PublicLength(PUBLIC_OCTETS - 1)));
}

#[test]
fn a_secret_key_with_a_coefficient_out_of_range_is_refused() {
    let mut secret = generate(&mut fresh([1; 32]));
    secret[DIGEST_AT + DIGEST_OCTETS] |= 7;
    assert_eq!(public_key(&secret), Err(Error::SecretRange));
    assert_eq!(sign(&secret, b"", &mut fresh([0; 32])), Err(Error::SecretRange));
}

#[test]
fn a_seed_of_zeros_signs_without_a_draw_and_another_one_draws() {
    let mut zeros = Generator::new(&Seed::Reference([0; 64]));
    let secret = generate(&mut zeros);
    let mut other = Generator::new(&Seed::Reference([0; 64]));
    other.octets(32);
    sign(&secret, b"m", &mut zeros).unwrap();
    assert_eq!(zeros.octets(4), other.octets(4));
    let (mut one, mut two) = (fresh([1; 32]), fresh([2; 32]));
    assert_ne!(sign(&secret, b"m", &mut one).unwrap(), sign(&secret, b"m", &mut two).unwrap());
}

/// NIST ACVP, ML-DSA-keyGen-FIPS204.
#[test]
fn a_seed_gives_the_keys_of_nist_s_validation() {
    let table = include_str!("../../tests/vectors/acvp_mldsa44_keygen.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').skip(1).map(|field| base64::decode(field).unwrap()).collect();
        let seed = B32::try_from(&fields[0][..]).unwrap();
        let secret = encoded(SigningKey::<MlDsa44>::from_seed(&seed).expanded_key());
        assert_eq!(public_key(&secret).as_ref(), Ok(&fields[1]));
        assert_eq!(*secret, fields[2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_a_key_signs_verifies_and_a_changed_bit_does_not(
        seed in any::<[u8; 32]>(), message in any::<Vec<u8>>(), bit in 0..8 * SIGNATURE_OCTETS,
    ) {
        let mut generator = fresh(seed);
        let secret = generate(&mut generator);
        let public = public_key(&secret).unwrap();
        let mut signature = sign(&secret, &message, &mut generator).unwrap();
        prop_assert_eq!(verify(&public, &message, &signature), Ok(true));
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify(&public, &message, &signature), Ok(false));
    }

    #[test]
    fn a_damaged_secret_key_signs_or_is_refused(
        seed in any::<[u8; 32]>(), at in 0..SECRET_OCTETS, octet in any::<u8>(),
    ) {
        let mut secret = generate(&mut fresh(seed));
        secret[at] = octet;
        let signature = sign(&secret, b"message", &mut fresh(seed));
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
