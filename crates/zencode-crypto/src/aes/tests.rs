use super::*;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

#[test]
fn the_gcm_specification_s_case_16_is_reproduced() {
    let key = octets("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
    let text = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    let header = octets("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let (ciphertext, tag) =
        encrypt(&key, &octets("cafebabefacedbaddecaf888"), &header, &octets(text)).unwrap();
    assert_eq!(
        ciphertext,
        octets(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        )
    );
    assert_eq!(tag.to_vec(), octets("76fc6ece0f4e1768cddf8853bb2d551b"));
}

#[test]
fn the_reference_engine_s_secret_message_is_reproduced() {
    // zencode.md, J: "hello world" under the password "secret", the zero seed, and the header given no other.
    let key = crate::hash::kdf_sha256(b"secret");
    let nonce = octets("5dd8c0623f9163de7ebb260c23c7d1dfe7e63f92f241a379e2fc934d52b16720");
    let (ciphertext, tag) = encrypt(&key, &nonce, b"DefaultHeader", b"hello world").unwrap();
    assert_eq!(ciphertext, octets("9abbfd6725510b77b4cc81"));
    assert_eq!(tag.to_vec(), octets("c80004da12588ffdfff05ee27076844c"));
}

#[test]
fn nonces_of_other_lengths_are_refused() {
    for length in [0, 1, 11, 13, 31, 33] {
        let nonce = vec![0; length];
        assert_eq!(encrypt(&[0; 32], &nonce, b"", b""), Err(Error::NonceLength(length)));
        assert_eq!(decrypt(&[0; 32], &nonce, b"", b"", &[0; 16]), Err(Error::NonceLength(length)));
    }
}

proptest! {
    #[test]
    fn what_was_encrypted_is_decrypted(
        key in any::<[u8; 32]>(),
        nonce in any::<[u8; 32]>(),
        length in proptest::sample::select(vec![12usize, 16, 32]),
        header in proptest::collection::vec(any::<u8>(), 0..50),
        text in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let (ciphertext, tag) = encrypt(&key, &nonce[..length], &header, &text).unwrap();
        prop_assert_eq!(decrypt(&key, &nonce[..length], &header, &ciphertext, &tag), Ok(text));
    }

    #[test]
    fn one_changed_bit_anywhere_is_noticed(
        key in any::<[u8; 32]>(),
        nonce in any::<[u8; 32]>(),
        text in proptest::collection::vec(any::<u8>(), 1..50),
        bit in any::<proptest::sample::Index>(),
    ) {
        let (ciphertext, tag) = encrypt(&key, &nonce, b"header", &text).unwrap();
        let mut message = [&key[..], &nonce, b"header", &ciphertext, &tag].concat();
        let bit = bit.index(message.len() * 8);
        message[bit / 8] ^= 1 << (bit % 8);
        let (key, rest) = message.split_first_chunk().unwrap();
        let (rest, tag) = rest.split_last_chunk().unwrap();
        let opened = decrypt(key, &rest[..32], &rest[32..38], &rest[38..], tag);
        prop_assert_eq!(opened, Err(Error::NotAuthentic));
    }
}

/// FIPS 197, appendix C.3.
#[test]
fn a_block_is_encrypted_as_in_the_standard() {
    let key: [u8; KEY_OCTETS] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let block = std::array::from_fn(|index| u8::try_from(index * 0x11).unwrap());
    let expected = "8ea2b7ca516745bfeafc49904b496089";
    assert_eq!(crate::encoding::hex::encode(&Block::new(&key).encrypt(block)), expected);
}

#[test]
fn a_prepared_key_is_not_shown() {
    assert_eq!(format!("{:?}", Block::new(&[7; KEY_OCTETS])), "Block(..)");
}
