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
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

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
    fn foreign_octets_give_some_secret_without_a_panic(
        secret in prop::collection::vec(any::<u8>(), SECRET_OCTETS),
        public in prop::collection::vec(any::<u8>(), PUBLIC_OCTETS),
        ciphertext in prop::collection::vec(any::<u8>(), CIPHERTEXT_OCTETS),
    ) {
        prop_assert_eq!(decapsulate(&secret, &ciphertext).unwrap().len(), SHARED_OCTETS);
        prop_assert_eq!(encapsulate(&public, &mut fresh([0; 32])).unwrap().shared.len(), SHARED_OCTETS);
    }
}

mod known;
