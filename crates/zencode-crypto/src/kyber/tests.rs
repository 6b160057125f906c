use proptest::prelude::*;

use super::*;
use crate::random::Seed;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn both_sides_have_one_secret_and_a_changed_ciphertext_another(
        seed in any::<[u8; 32]>(), bit in 0..8 * CIPHERTEXT_OCTETS,
    ) {
        let mut generator = Generator::new(&Seed::Fresh(seed));
        let secret = generate(&mut generator);
        let mut made = encapsulate(&public_key(&secret).unwrap(), &mut generator).unwrap();
        prop_assert_eq!(&decapsulate(&secret, &made.ciphertext).unwrap(), &made.shared);
        made.ciphertext[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(decapsulate(&secret, &made.ciphertext).unwrap(), made.shared);
    }
}

#[test]
fn its_secret_is_not_the_one_of_ml_kem() {
    let mut generator = Generator::new(&Seed::Fresh([1; 32]));
    let secret = generate(&mut generator);
    let made = encapsulate(&public_key(&secret).unwrap(), &mut generator).unwrap();
    assert_ne!(mlkem512::decapsulate(&secret, &made.ciphertext).unwrap(), made.shared);
}
