use proptest::prelude::*;

use super::*;
use crate::random::Seed;

fn fresh(seed: [u8; 32]) -> Generator {
    Generator::new(&Seed::Fresh(seed))
}

#[test]
fn octets_of_another_length_are_refused() {
    let mut generator = fresh([1; 32]);
    let secret = generate(&mut generator);
    assert_eq!(public_key(&secret[1..]).unwrap_err(), Error::SecretLength(SECRET_OCTETS - 1));
    let refused = encapsulate(&[0; PUBLIC_OCTETS - 1], &mut generator).err();
    assert_eq!(refused, Some(Error::PublicLength(PUBLIC_OCTETS - 1)));
    assert_eq!(decapsulate(&secret, &[0; 3]).unwrap_err(), Error::CiphertextLength(3));
    let refused = decapsulate(&secret[1..], &[0; CIPHERTEXT_OCTETS]).unwrap_err();
    assert_eq!(refused, Error::SecretLength(SECRET_OCTETS - 1));
}

#[test]
fn a_public_key_with_a_coefficient_out_of_range_is_refused_before_anything_is_drawn() {
    let mut generator = fresh([1; 32]);
    let mut public = public_key(&generate(&mut generator)).unwrap();
    public[..2].fill(0xff);
    let mut other = fresh([1; 32]);
    other.octets(64);
    assert_eq!(encapsulate(&public, &mut generator).err(), Some(Error::PublicRange));
    assert_eq!(generator.octets(4), other.octets(4));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn both_sides_have_one_secret_and_a_changed_ciphertext_another(
        seed in any::<[u8; 32]>(), bit in 0..8 * CIPHERTEXT_OCTETS,
    ) {
        let mut generator = fresh(seed);
        let secret = generate(&mut generator);
        let mut made = encapsulate(&public_key(&secret).unwrap(), &mut generator).unwrap();
        prop_assert_eq!(&decapsulate(&secret, &made.ciphertext).unwrap(), &made.shared);
        made.ciphertext[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(decapsulate(&secret, &made.ciphertext).unwrap(), made.shared);
    }

    #[test]
    fn damaged_keys_are_refused_or_give_another_secret(
        seed in any::<[u8; 32]>(), at in 0..SECRET_OCTETS, bit in 0..8_u32,
    ) {
        let mut generator = fresh(seed);
        let mut secret = generate(&mut generator);
        let made = encapsulate(&public_key(&secret).unwrap(), &mut generator).unwrap();
        secret[at] ^= 1_u8 << bit;
        match decapsulate(&secret, &made.ciphertext) {
            Ok(shared) => prop_assert_eq!(shared.len(), SHARED_OCTETS),
            Err(error) => prop_assert_eq!(error, Error::Secret),
        }
    }

    #[test]
    fn foreign_octets_are_refused_without_a_panic(
        secret in prop::collection::vec(any::<u8>(), SECRET_OCTETS - 1..=SECRET_OCTETS),
        public in prop::collection::vec(any::<u8>(), PUBLIC_OCTETS - 1..=PUBLIC_OCTETS),
        ciphertext in prop::collection::vec(any::<u8>(), CIPHERTEXT_OCTETS),
    ) {
        prop_assert!(decapsulate(&secret, &ciphertext).is_err());
        prop_assert!(encapsulate(&public, &mut fresh([0; 32])).is_err());
    }
}
