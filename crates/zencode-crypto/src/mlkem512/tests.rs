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

/// The fields of a table of vectors, without the comments.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn octets(text: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(text.as_bytes()).expect("the tables hold base64")
}

/// NIST ACVP, ML-KEM-keyGen-FIPS203.
#[test]
fn a_seed_gives_the_keys_of_nist_s_validation() {
    for row in rows(include_str!("../../tests/vectors/acvp_mlkem512_keygen.tsv")) {
        let seed = [octets(row[1]), octets(row[2])].concat();
        let secret =
            DecapsulationKey::from_seed(ml_kem::Seed::try_from(&seed[..]).unwrap()).to_expanded_bytes();
        assert_eq!(public_key(&secret), Ok(octets(row[3])));
        assert_eq!(secret.as_slice(), octets(row[4]));
    }
}

/// What a message is sealed to under a public key; nothing when the key is refused.
fn sealed(message: &str, public: &str) -> Option<[Vec<u8>; 2]> {
    let message = octets(message).try_into().unwrap();
    let made = encapsulate_message(&octets(public), || Zeroizing::new(message)).ok()?;
    Some([made.ciphertext, made.shared.to_vec()])
}

/// NIST ACVP, ML-KEM-encapDecap-FIPS203.
#[test]
fn a_message_is_sealed_as_nist_s_validation_says() {
    for row in rows(include_str!("../../tests/vectors/acvp_mlkem512_encapsulate.tsv")) {
        assert_eq!(sealed(row[1], row[2]), Some([octets(row[3]), octets(row[4])]));
    }
}

#[test]
fn a_message_is_sealed_and_a_public_key_refused_as_wycheproof_says() {
    for row in rows(include_str!("../../tests/vectors/mlkem512_encapsulate.tsv")) {
        let expected = (row[1] == "valid").then(|| [octets(row[4]), octets(row[5])]);
        assert_eq!(sealed(row[2], row[3]), expected, "number {}", row[0]);
    }
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
