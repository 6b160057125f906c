use super::*;
use crate::random::Seed;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

/// The vectors of BIP-340, `test-vectors.csv`: index, secret key, public key, auxiliary randomness, message,
/// signature, whether it verifies.
fn vectors() -> impl Iterator<Item = [&'static str; 7]> {
    include_str!("bip-0340.tsv")
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().expect("a vector has seven fields"))
}

#[test]
fn bip_340_every_vector_verifies_or_not_as_it_says() {
    for [index, _, public, _, message, signature, valid] in vectors() {
        let verified = verify(&octets(public), &octets(message), &octets(signature));
        assert_eq!(verified.to_string(), valid, "vector {index}");
    }
}

#[test]
fn bip_340_every_vector_with_a_secret_key_is_signed_again() {
    let mut signed = 0;
    for [index, secret, public, auxiliary, message, signature, _] in vectors().filter(|row| row[1] != "-") {
        let secret = octets(secret);
        assert_eq!(public_key(&secret).unwrap().to_vec(), octets(public), "vector {index}");
        let auxiliary = octets(auxiliary).try_into().unwrap();
        assert_eq!(
            sign(&secret, &octets(message), &auxiliary).unwrap().to_vec(),
            octets(signature),
            "vector {index}"
        );
        signed += 1;
    }
    assert_eq!(signed, 8);
}

#[test]
fn the_reference_engine_s_key_and_signature_are_reproduced() {
    // zencode.md, J: the zero seed, and the message "hello".
    let secret = generate(&mut Generator::new(&Seed::Reference([0; 64])));
    let public = octets("f05a04606cf6bef93def1d40f01db2631cc0491d5a3326003a6c5548753e7d9e");
    assert_eq!(public_key(&*secret).unwrap().to_vec(), public);
    let signature = "1586b0cc62392a594003585aa0df9abe6d71d042f9da0e5fa048d75f4e83d298\
                     1d26880170b5632339f50e62c5fc27bb528bc3e2c12aa81afbf247e38bd05d5c";
    let message = tagged_hash("Zenroom/Schnorr/BIP340", b"hello");
    assert_eq!(sign(&*secret, &message, &[0; 32]).unwrap().to_vec(), octets(signature));
    assert!(verify(&public, &message, &octets(signature)));
}

#[test]
fn a_secret_key_out_of_range_is_refused() {
    let order = octets("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    assert_eq!(public_key(&order), Err(Error::SecretRange));
    assert_eq!(public_key(&[0; 32]), Err(Error::SecretRange));
    assert_eq!(sign(&[0; 32], b"message", &[0; 32]), Err(Error::SecretRange));
}

#[test]
fn a_secret_key_of_another_length_is_refused() {
    for length in [0, 31, 33, 64] {
        assert_eq!(public_key(&vec![1; length]), Err(Error::SecretLength(length)));
    }
}

proptest! {
    #[test]
    fn what_a_key_signs_verifies_and_a_changed_bit_does_not(
        seed in any::<[u8; 32]>(), message in any::<Vec<u8>>(), bit in 0..8 * SIGNATURE_OCTETS,
    ) {
        let secret = generate(&mut Generator::new(&Seed::Fresh(seed)));
        let public = public_key(&*secret).unwrap();
        let mut signature = sign(&*secret, &message, &seed).unwrap();
        prop_assert!(is_public_key(&public));
        prop_assert!(verify(&public, &message, &signature));
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify(&public, &message, &signature));
    }

    #[test]
    fn foreign_octets_are_refused_without_a_panic(
        key in prop::collection::vec(any::<u8>(), 0..70), signature in prop::collection::vec(any::<u8>(), 0..70),
    ) {
        prop_assert!(!verify(&key, b"message", &signature));
        if key.len() != KEY_OCTETS {
            prop_assert!(!is_public_key(&key));
            prop_assert_eq!(public_key(&key), Err(Error::SecretLength(key.len())));
        }
    }
}
