use super::*;
use crate::random::Seed;
use proptest::prelude::*;

fn zero() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

fn hex(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

#[test]
fn the_zero_seed_gives_the_reference_engine_s_key_and_signature() {
    let mut generator = zero();
    let secret = generate(&mut generator);
    assert_eq!(data_encoding::BASE64.encode(&*secret), "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=");
    let public = public_key(&*secret).unwrap();
    assert_eq!(
        hex(&public),
        "04776b58c34145c9553b5235fe211a6237c48b90b4784bc6d86660b0236af3bab2f1f799ef8244be728af450b4ed386127cb3838dd9941c2c9fbc1e958c7ca3f0c"
    );
    let signature = sign(&*secret, b"hello", &mut generator).unwrap();
    assert_eq!(hex(&signature.r), "d30bad4a1cd51be087a5884d571ac42ee559be00f0884a1ce0f62263315e842d");
    assert_eq!(hex(&signature.s), "445f87bf306d28342f9f655537c63ff6b880f58cf5fbb4f1a0794a55878cd298");
    assert!(verify(&public, b"hello", &signature));
}

#[test]
fn the_reference_engine_s_deterministic_signature_is_reproduced() {
    let secret = generate(&mut zero());
    let signature = sign_deterministic(&*secret, b"hello").unwrap();
    assert_eq!(hex(&signature.r), "f5de03949980e6bee9a6a3c139d8fe6cc566cdc31041fff4d952b9460a4d2c8a");
    assert_eq!(hex(&signature.s), "d6a3624994dba08d220543cd0f00ef2b78417a8f85e8bc85891cdde26e35216f");
}

#[test]
fn the_key_one_is_the_generator_of_sec_2() {
    assert_eq!(
        hex(&public_key(&[1]).unwrap()),
        "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
    );
}

#[test]
fn keys_that_are_zero_modulo_the_order_are_refused() {
    let order = data_encoding::HEXLOWER
        .decode(b"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
        .unwrap();
    for secret in [&[][..], &[0], &[0; 32], &order] {
        assert_eq!(public_key(secret), Err(Error::SecretZero));
        assert_eq!(sign(secret, b"message", &mut zero()), Err(Error::SecretZero));
        assert_eq!(sign_deterministic(secret, b"message"), Err(Error::SecretZero));
    }
}

#[test]
fn keys_longer_than_the_order_are_refused() {
    assert_eq!(public_key(&[0; 33]), Err(Error::SecretLength(33)));
}

#[test]
fn signature_parts_longer_than_the_order_are_refused() {
    assert_eq!(Signature::from_parts(&[1; 33], &[1]), Err(Error::SignatureLength(33)));
    assert_eq!(Signature::from_parts(&[1], &[1; 40]), Err(Error::SignatureLength(40)));
}

#[test]
fn points_off_the_curve_share_nothing() {
    let mut public = public_key(&[1]).unwrap();
    public[64] ^= 1;
    assert_eq!(shared_x(&[1], &public), Err(Error::PublicKey));
    assert_eq!(compress(&public), Err(Error::PublicKey));
    assert!(!is_public_key(&public));
}

/// The library's own verification, which refuses the larger `s`.
fn library_accepts(public: &[u8], message: &[u8], signature: &Signature) -> bool {
    use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(public).unwrap();
    let signature = k256::ecdsa::Signature::from_slice(&signature.to_octets()).unwrap().normalize_s();
    key.verify_prehash(&hash::sha512(message)[..32], &signature).is_ok()
}

fn twin(signature: &Signature) -> Signature {
    let s = -nonzero(&signature.s).expect("a signature's s is not zero");
    Signature { s: s.to_bytes().into(), ..*signature }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_signature_is_the_key_s_for_its_message_alone(
        secret in any::<[u8; 32]>(),
        seed in any::<[u8; 32]>(),
        message in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let public = public_key(&secret).unwrap();
        let drawn = sign(&secret, &message, &mut Generator::new(&Seed::Fresh(seed))).unwrap();
        for signature in [drawn, sign_deterministic(&secret, &message).unwrap()] {
            prop_assert!(library_accepts(&public, &message, &signature));
            prop_assert!(verify(&public, &message, &signature));
            prop_assert!(verify(&public, &message, &twin(&signature)));
            prop_assert!(!verify(&public, &[&message[..], &[0]].concat(), &signature));
            prop_assert!(!verify(&public_key(&[1]).unwrap(), &message, &signature));
            prop_assert_eq!(Signature::from_octets(&signature.to_octets()), signature);
        }
    }

    #[test]
    fn one_changed_bit_of_the_signature_is_noticed(secret in any::<[u8; 32]>(), bit in 0usize..512) {
        let public = public_key(&secret).unwrap();
        let mut octets = sign_deterministic(&secret, b"message").unwrap().to_octets();
        octets[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify(&public, b"message", &Signature::from_octets(&octets)));
    }

    #[test]
    fn random_octets_are_no_key_or_a_key_that_compresses(
        prefix in 0u8..8,
        octets in proptest::collection::vec(any::<u8>(), 0..70),
    ) {
        let public = [&[prefix], &octets[..]].concat();
        let signature = Signature { r: [1; 32], s: [1; 32] };
        prop_assert!(!verify(&public, b"message", &signature));
        if is_public_key(&public) {
            let short = compress(&public).unwrap();
            prop_assert_eq!(compress(&short), Ok(short));
        }
    }

    #[test]
    fn a_multiple_of_the_generator_is_that_of_another_library(seed in any::<[u8; 32]>()) {
        let drawn = draw(&mut Generator::new(&Seed::Fresh(seed)));
        for number in [drawn, -drawn, Scalar::ONE, -Scalar::ONE, drawn.shr_vartime(200)] {
            let point = (ProjectivePoint::GENERATOR * number).to_affine().to_sec1_point(false);
            let ours = times_generator(&number).unwrap();
            prop_assert_eq!(&ours[..], point.as_bytes());
        }
        prop_assert_eq!(times_generator(&Scalar::ZERO), None);
    }

    #[test]
    fn a_mask_leaves_no_trace_in_the_inverse(seed in any::<[u8; 32]>()) {
        let mut generator = Generator::new(&Seed::Fresh(seed));
        let (nonce, mask) = (draw(&mut generator), draw(&mut generator));
        prop_assert_eq!(masked_inverse(&nonce, &mask), inverse(&nonce));
        prop_assert_eq!(masked_inverse(&nonce, &Scalar::ZERO), None);
    }

    #[test]
    fn two_parties_share_one_point(a in any::<[u8; 32]>(), b in any::<[u8; 32]>()) {
        let there = shared_x(&a, &public_key(&b).unwrap()).unwrap();
        let back = shared_x(&b, &compress(&public_key(&a).unwrap()).unwrap()).unwrap();
        prop_assert_eq!(there, back);
    }
}
