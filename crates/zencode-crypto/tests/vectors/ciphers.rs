//! AES-256 in Galois/counter mode.

use zencode_crypto::aes::{self, Error, NONCE_OCTETS};

use crate::{array, octets, rows};

#[test]
fn messages_are_sealed_and_opened_as_wycheproof_says() {
    for [number, result, key, nonce, header, text, ciphertext, tag] in rows(include_str!("aes_256_gcm.tsv")) {
        let (key, tag) = (array(key).unwrap(), array(tag).unwrap());
        let [nonce, header, text, ciphertext] = [nonce, header, text, ciphertext].map(octets);
        assert!([12, 16, NONCE_OCTETS].contains(&nonce.len()));
        let opened = aes::decrypt(&key, &nonce, &header, &ciphertext, &tag);
        if result == "valid" {
            assert_eq!(aes::encrypt(&key, &nonce, &header, &text), Ok((ciphertext, tag)), "number {number}");
            assert_eq!(opened, Ok(text), "number {number}");
        } else {
            assert_eq!(opened, Err(Error::NotAuthentic), "number {number}");
        }
    }
}
