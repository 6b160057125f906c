use super::*;
use crate::random::Seed;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

fn reference_key() -> Zeroizing<[u8; 32]> {
    ecdh::generate(&mut Generator::new(&Seed::Reference([0; 64])))
}

#[test]
fn eip_55_every_example_has_its_checksum() {
    for text in [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
    ] {
        assert_eq!(checksummed(&octets(&text[2..].to_lowercase())), text);
    }
}

#[test]
fn eip_155_the_example_is_signed_to_its_address() {
    // The key 0x4646…46, nonce 9, a gas price of 20 gwei, 21000 gas, 10^18 wei, chain 1.
    let secret = [0x46; 32];
    let to = [0x35; 20];
    let (price, limit, value) = (octets("04a817c800"), octets("5208"), octets("0de0b6b3a7640000"));
    let unsigned: [&[u8]; 9] = [&[9], &price, &limit, &to, &value, &[], &[1], &[], &[]];
    let digest = hash::keccak256(&rlp::encode_list(&unsigned));
    assert_eq!(digest.to_vec(), octets("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));
    let signature = sign(&secret, &digest).unwrap();
    assert_eq!(
        signature.integers.to_octets().to_vec(),
        octets(
            "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276\
             67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
        )
    );
    assert!(!signature.y_is_odd);
    let signed: [&[u8]; 9] =
        [&[9], &price, &limit, &to, &value, &[], &[37], &signature.integers.r, &signature.integers.s];
    assert_eq!(
        rlp::encode_list(&signed),
        octets(
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080\
             25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276\
             a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
        )
    );
    let address = octets("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
    assert_eq!(signer(&digest, &signature).unwrap().to_vec(), address);
}

#[test]
fn the_reference_engine_s_address_and_signature_are_reproduced() {
    // zencode.md, J: the zero seed, and the message "hello".
    let secret = reference_key();
    let public = ecdh::public_key(&*secret).unwrap();
    assert_eq!(checksummed(&address(&public).unwrap()), "0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A");
    assert_eq!(address(&ecdh::compress(&public).unwrap()), address(&public));
    let signature = sign(&*secret, &message_digest(b"hello")).unwrap();
    assert_eq!(
        signature.integers.to_octets().to_vec(),
        octets(
            "a1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a\
             618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee9510"
        )
    );
    assert!(!signature.y_is_odd);
}

#[test]
fn an_r_or_s_out_of_range_has_no_signer() {
    let digest = message_digest(b"hello");
    let good = sign(&*reference_key(), &digest).unwrap();
    for bad in [[0; 32], ORDER, [0xff; 32]] {
        let r = ecdh::Signature { r: bad, ..good.integers };
        let s = ecdh::Signature { s: bad, ..good.integers };
        for integers in [r, s] {
            assert_eq!(signer(&digest, &Signature { integers, ..good }), None);
        }
    }
}

#[test]
fn the_order_is_added_while_the_sum_fits() {
    let mut one = [0; 32];
    one[31] = 1;
    assert_eq!(plus_order(&one).unwrap()[31], 0x42);
    assert_eq!(plus_order(&[0xff; 32]), None);
}

proptest! {
    #[test]
    fn the_signer_of_what_a_key_signed_is_its_address(seed in any::<[u8; 32]>(), message in any::<Vec<u8>>()) {
        let mut generator = Generator::new(&Seed::Fresh(seed));
        let secret = ecdh::generate(&mut generator);
        let address = address(&ecdh::public_key(&*secret).unwrap()).unwrap();
        let digest = message_digest(&message);
        let fixed = sign(&*secret, &digest).unwrap();
        let drawn = sign_drawn(&*secret, &digest, &mut generator).unwrap();
        for signature in [fixed, drawn] {
            prop_assert!(verify(&ecdh::public_key(&*secret).unwrap(), &digest, &signature.integers));
            prop_assert!(!verify(&ecdh::public_key(&[7]).unwrap(), &digest, &signature.integers));
            prop_assert_eq!(signer(&digest, &signature), Some(address));
            prop_assert!(is_signer(&address, &digest, &signature));
            let flipped = Signature { y_is_odd: !signature.y_is_odd, ..signature };
            prop_assert!(!is_signer(&address, &digest, &flipped));
            let s = ecdh::nonzero(&signature.integers.s).unwrap();
            prop_assert!(!bool::from(s.is_high()));
        }
    }

    #[test]
    fn any_signature_has_a_signer_or_none(r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), y_is_odd in any::<bool>()) {
        let signature = Signature { integers: ecdh::Signature { r, s }, y_is_odd };
        let digest = message_digest(b"hello");
        if let Some(address) = signer(&digest, &signature) {
            prop_assert!(is_signer(&address, &digest, &signature));
        }
    }

    #[test]
    fn foreign_public_keys_have_an_address_or_are_refused(public in prop::collection::vec(any::<u8>(), 0..70)) {
        prop_assert_eq!(address(&public).is_ok(), ecdh::is_public_key(&public));
    }
}
