use super::*;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

fn check(secret: &str, public: &str, message: &str, signature: &str) {
    let secret: [u8; 32] = octets(secret).try_into().unwrap();
    let (message, signature) = (octets(message), octets(signature).try_into().unwrap());
    assert_eq!(public_key(&secret).to_vec(), octets(public));
    assert_eq!(sign(&secret, &message), signature);
    assert!(verify(&public_key(&secret), &message, &signature));
    assert!(verify_strict(&public_key(&secret), &message, &signature));
}

#[test]
fn rfc_8032_test_1_an_empty_message() {
    check(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
}

#[test]
fn rfc_8032_test_2_one_octet() {
    check(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
}

#[test]
fn rfc_8032_test_3_two_octets() {
    check(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    );
}

#[test]
fn the_reference_engine_s_key_and_signature_are_reproduced() {
    // zencode.md, J: the zero seed, and the message "hello".
    let decode = |text| crate::encoding::base58::decode(text).unwrap();
    let secret = decode("7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH").try_into().unwrap();
    assert_eq!(public_key(&secret).to_vec(), decode("FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP"));
    assert_eq!(
        sign(&secret, b"hello").to_vec(),
        decode("zwBXGxY9FfPw6AZUwM3FtZ3m4KRCnLNQ6iGJoXLz69BhWQJ76XiemA4A4dXT2LV4KZAHJVBqrYsc2WHsSHX9ns1")
    );
}

/// The signature with the order of the base point added to its `S`.
fn with_order_added(mut signature: [u8; 64]) -> [u8; 64] {
    let order = octets("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    for (octet, added) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*octet) + u16::from(added) + carry;
        *octet = sum as u8;
        carry = sum >> 8;
    }
    signature
}

#[test]
fn a_second_form_of_a_signature_passes_in_contracts_and_not_in_the_swarm() {
    let public = public_key(&[1; 32]);
    let second = with_order_added(sign(&[1; 32], b"message"));
    assert!(verify(&public, b"message", &second));
    assert!(!verify_strict(&public, b"message", &second));
}

#[test]
fn a_key_of_small_order_passes_in_contracts_and_not_in_the_swarm() {
    let mut public = [0; 32];
    public[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    assert!(verify(&public, b"any message", &signature));
    assert!(!verify_strict(&public, b"any message", &signature));
}

#[test]
fn debug_of_a_key_pair_shows_no_key() {
    assert_eq!(format!("{:?}", KeyPair::new(&[0x41; 32])), "KeyPair(..)");
}

proptest! {
    #[test]
    fn a_signature_is_the_key_s_for_its_message_alone(
        secret in any::<[u8; 32]>(),
        message in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let pair = KeyPair::new(&secret);
        let signature = pair.sign(&message);
        prop_assert!(verify(&pair.public_key(), &message, &signature));
        prop_assert!(verify_strict(&pair.public_key(), &message, &signature));
        let longer = [&message[..], &[0]].concat();
        prop_assert!(!verify(&pair.public_key(), &longer, &signature));
        prop_assert!(!verify_strict(&pair.public_key(), &longer, &signature));
    }

    #[test]
    fn one_changed_bit_of_key_or_signature_is_noticed(secret in any::<[u8; 32]>(), bit in 0usize..768) {
        let pair = KeyPair::new(&secret);
        let mut octets = [&pair.public_key()[..], &pair.sign(b"message")].concat();
        octets[bit / 8] ^= 1 << (bit % 8);
        let (public, signature) = octets.split_first_chunk().unwrap();
        let signature = signature.try_into().unwrap();
        prop_assert!(!verify(public, b"message", &signature));
        prop_assert!(!verify_strict(public, b"message", &signature));
    }

    #[test]
    fn random_octets_are_refused(public in any::<[u8; 32]>(), half in any::<[[u8; 32]; 2]>()) {
        let signature = half.concat().try_into().unwrap();
        prop_assert!(!verify(&public, b"message", &signature));
        prop_assert!(!verify_strict(&public, b"message", &signature));
    }

    #[test]
    fn what_the_swarm_accepts_contracts_accept(
        secret in any::<[u8; 32]>(),
        changes in proptest::collection::vec((0usize..96, any::<u8>()), 0..2),
    ) {
        let pair = KeyPair::new(&secret);
        let mut octets = [&pair.public_key()[..], &pair.sign(b"message")].concat();
        for (index, octet) in changes {
            octets[index] = octet;
        }
        let (public, signature) = octets.split_first_chunk().unwrap();
        let signature = signature.try_into().unwrap();
        prop_assert!(!verify_strict(public, b"message", &signature) || verify(public, b"message", &signature));
    }
}
