use super::*;
use crate::encoding::{base64, url64};
use crate::random::Seed;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

#[test]
fn rfc_6979_a_2_5_the_public_key_and_both_signatures_verify() {
    let secret = octets("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let public = octets(
        "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
         7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    );
    assert_eq!(public_key(&secret).unwrap().to_vec(), public);
    for (message, signature) in [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
             f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367\
             019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ] {
        let signature = octets(signature).try_into().unwrap();
        assert!(verify(&public, message.as_bytes(), &signature));
        assert!(!verify(&public, b"another message", &signature));
    }
}

#[test]
fn rfc_7515_a_3_the_token_verifies() {
    let decode = |text| url64::decode(text).unwrap();
    let public = [
        decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
        decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
    ]
    .concat();
    let signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature =
        decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    assert!(verify(&public, signed.as_bytes(), &signature.try_into().unwrap()));
}

#[test]
fn the_reference_engine_s_key_and_signature_are_reproduced() {
    // zencode.md, J: the zero seed, and the message "hello".
    let mut generator = Generator::new(&Seed::Reference([0; 64]));
    let secret = generate(&mut generator);
    assert_eq!(base64::encode(&*secret), "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=");
    let public = public_key(&*secret).unwrap();
    let x = octets("832bca38d65988599351b42c7a827a29d01824fc858b1bf4acc5cbd93dfdb1ac");
    assert_eq!(public[..32], x);
    let signature = octets(
        "17cb1dc79741ecfe6f054f95b07a7650d8766c5d2746ad9bf358b04e1cc2051c\
         b6d776d076717854f6ae850acf158a64dec1ad081ee9de39f7e563f3466c2a38",
    );
    assert_eq!(sign(&*secret, b"hello", &mut generator).unwrap().to_vec(), signature);
}

#[test]
fn a_public_key_has_three_forms() {
    let secret = [7; 32];
    let public = public_key(&secret).unwrap();
    let signature = sign(&secret, b"message", &mut Generator::new(&Seed::Fresh([1; 32]))).unwrap();
    let long = [&[4], &public[..]].concat();
    let short = [&[2 + (public[63] & 1)], &public[..32]].concat();
    for form in [&public[..], &long, &short] {
        assert!(verify(form, b"message", &signature));
    }
    for other in [&public[1..], &long[..64], &[&[6], &public[..]].concat(), &[0], &[]] {
        assert!(!verify(other, b"message", &signature));
    }
}

#[test]
fn a_secret_key_out_of_range_or_of_another_length_is_refused() {
    assert_eq!(public_key(&[0; 32]), Err(Error::SecretRange));
    assert_eq!(public_key(&octets(ORDER)), Err(Error::SecretRange));
    for length in [0, 31, 33] {
        assert_eq!(public_key(&vec![1; length]), Err(Error::SecretLength(length)));
    }
}

proptest! {
    #[test]
    fn what_a_key_signs_verifies_and_a_changed_bit_does_not(
        seed in any::<[u8; 32]>(), message in any::<Vec<u8>>(), bit in 0..8 * SIGNATURE_OCTETS,
    ) {
        let mut generator = Generator::new(&Seed::Fresh(seed));
        let secret = generate(&mut generator);
        let public = public_key(&*secret).unwrap();
        let mut signature = sign(&*secret, &message, &mut generator).unwrap();
        prop_assert!(verify(&public, &message, &signature));
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify(&public, &message, &signature));
    }

    #[test]
    fn foreign_octets_are_refused_without_a_panic(
        key in prop::collection::vec(any::<u8>(), 0..70), signature in any::<[u8; 64]>(),
    ) {
        prop_assert!(!verify(&key, b"message", &signature));
        if key.len() != SECRET_OCTETS {
            prop_assert_eq!(public_key(&key), Err(Error::SecretLength(key.len())));
        }
    }
}
