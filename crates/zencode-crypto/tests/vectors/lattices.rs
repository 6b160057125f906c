//! Signatures and shared secrets on lattices: ML-DSA-44, ML-KEM-512, and what they came from.

use zencode_crypto::random::{Generator, Seed};
use zencode_crypto::{dilithium, kyber, mldsa44, mlkem512};

use crate::{octets64, rows};

/// The seed with which the reference engine signs without a draw.
fn deterministic() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

#[test]
fn ml_dsa_44_signatures_are_taken_as_wycheproof_says() {
    for [number, result, public, message, context, signature] in rows(include_str!("mldsa44_verify.tsv")) {
        let framed = mldsa44::framed(&octets64(message), &octets64(context));
        let taken = framed.is_ok_and(|framed| {
            mldsa44::verify(&octets64(public), &framed, &octets64(signature)).is_ok_and(|taken| taken)
        });
        assert_eq!(taken, result == "valid", "number {number}");
    }
}

#[test]
fn ml_dsa_44_signs_as_wycheproof_says() {
    for [number, result, secret, message, context, signature] in rows(include_str!("mldsa44_sign.tsv")) {
        let signed = mldsa44::framed(&octets64(message), &octets64(context))
            .and_then(|framed| mldsa44::sign(&octets64(secret), &framed, &mut deterministic()));
        assert_eq!(signed.ok(), (result == "valid").then(|| octets64(signature)), "number {number}");
    }
}

#[test]
fn ml_dsa_44_signs_as_nist_s_validation_says() {
    for [number, secret, framed, signature] in rows(include_str!("acvp_mldsa44_sign.tsv")) {
        let signed = mldsa44::sign(&octets64(secret), &octets64(framed), &mut deterministic());
        assert_eq!(signed, Ok(octets64(signature)), "number {number}");
    }
}

#[test]
fn ml_dsa_44_signatures_are_taken_as_nist_s_validation_says() {
    for [number, result, public, framed, signature] in rows(include_str!("acvp_mldsa44_verify.tsv")) {
        let taken = mldsa44::verify(&octets64(public), &octets64(framed), &octets64(signature));
        assert_eq!(taken, Ok(result == "valid"), "number {number}");
    }
}

#[test]
fn dilithium2_signs_and_verifies_as_its_third_round_says() {
    for [number, public, secret, message, signature] in rows(include_str!("kat_dilithium2.tsv")) {
        let [public, secret, message, signature] = [public, secret, message, signature].map(octets64);
        assert_eq!(dilithium::public_key(&secret).as_ref(), Ok(&public), "number {number}");
        assert_eq!(dilithium::sign(&secret, &message).as_ref(), Ok(&signature), "number {number}");
        assert_eq!(dilithium::verify(&public, &message, &signature), Ok(true), "number {number}");
    }
}

#[test]
fn ml_kem_512_opens_as_wycheproof_says() {
    for [number, result, secret, ciphertext, shared] in rows(include_str!("mlkem512_decapsulate.tsv")) {
        let found = mlkem512::decapsulate(&octets64(secret), &octets64(ciphertext)).ok();
        let expected = (result == "valid").then(|| octets64(shared));
        assert_eq!(found.map(|found| found.to_vec()), expected, "number {number}");
    }
}

#[test]
fn ml_kem_512_opens_as_nist_s_validation_says() {
    for [number, secret, ciphertext, shared] in rows(include_str!("acvp_mlkem512_decapsulate.tsv")) {
        let found = mlkem512::decapsulate(&octets64(secret), &octets64(ciphertext)).unwrap();
        assert_eq!(*found, octets64(shared), "number {number}");
    }
}

#[test]
fn kyber512_opens_as_its_third_round_says() {
    for [number, public, secret, ciphertext, shared] in rows(include_str!("kat_kyber512.tsv")) {
        let secret = octets64(secret);
        assert_eq!(kyber::public_key(&secret), Ok(octets64(public)), "number {number}");
        let found = kyber::decapsulate(&secret, &octets64(ciphertext)).unwrap();
        assert_eq!(*found, octets64(shared), "number {number}");
    }
}
