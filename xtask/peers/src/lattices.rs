//! ML-DSA, Dilithium, ML-KEM and NTRU Prime.

use libcrux_ml_dsa::ml_dsa_44 as dsa;
use libcrux_ml_kem::{kyber512 as kyber_round3, mlkem512 as kem};
use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _, SecretKey as _};
use zencode_crypto::{dilithium, kyber, mldsa44, mlkem512, ntrup};

use crate::curves::generator;
use crate::subject::Subject;

const TEXT: &[u8] = b"a message of the length that most messages have, which is not much more than this";

pub fn subjects() -> Vec<Subject> {
    let (signatures, kems) = ([ml_dsa(), round3()], [ml_kem(), ntru()]);
    signatures.into_iter().flatten().chain(kems.into_iter().flatten()).chain(kyber3()).collect()
}

fn ml_dsa() -> [Subject; 2] {
    let mut draws = generator();
    let secret = mldsa44::generate(&mut draws);
    let public = mldsa44::public_key(&secret).expect("key");
    let framed = mldsa44::framed(TEXT, &[]).expect("context");
    let signature = mldsa44::sign(&secret, &framed, &mut draws).expect("signature");
    let verified = dsa::MLDSA44Signature::new(signature.clone().try_into().expect("length"));
    let verifying = dsa::MLDSA44VerificationKey::new(public.clone().try_into().expect("length"));
    let signing = dsa::MLDSA44SigningKey::new(secret.to_vec().try_into().expect("length"));
    let (again, mut others) = (framed.clone(), generator());
    [
        Subject::new("ML-DSA-44 sign", move || {
            mldsa44::sign(&secret, &again, &mut draws).expect("signature")
        })
        .beside("libcrux-ml-dsa", move || dsa::sign(&signing, TEXT, &[], others.array()).expect("signature")),
        Subject::new("ML-DSA-44 verify", move || {
            assert!(mldsa44::verify(&public, &framed, &signature).expect("key"));
        })
        .beside("libcrux-ml-dsa", move || assert!(dsa::verify(&verifying, TEXT, &[], &verified).is_ok())),
    ]
}

fn round3() -> [Subject; 2] {
    use pqcrypto_dilithium::dilithium2 as theirs;
    let secret = dilithium::generate(&mut generator());
    let public = dilithium::public_key(&secret).expect("key");
    let signature = dilithium::sign(&secret, TEXT).expect("signature");
    let key = theirs::SecretKey::from_bytes(&secret).expect("key");
    let public_key = theirs::PublicKey::from_bytes(&public).expect("key");
    let detached = theirs::DetachedSignature::from_bytes(&signature).expect("signature");
    [
        Subject::new("Dilithium2 sign", move || dilithium::sign(&secret, TEXT).expect("signature"))
            .beside("pqcrypto-dilithium", move || theirs::detached_sign(TEXT, &key)),
        Subject::new("Dilithium2 verify", move || {
            assert!(dilithium::verify(&public, TEXT, &signature).expect("key"));
        })
        .beside("pqcrypto-dilithium", move || {
            assert!(theirs::verify_detached_signature(&detached, TEXT, &public_key).is_ok());
        }),
    ]
}

fn ml_kem() -> [Subject; 2] {
    let mut draws = generator();
    let secret = mlkem512::generate(&mut draws);
    let public = mlkem512::public_key(&secret).expect("key");
    let ciphertext = mlkem512::encapsulate(&public, &mut draws).expect("key").ciphertext;
    let their_public = kem::MlKem512PublicKey::try_from(&public[..]).expect("key");
    let their_secret = kem::MlKem512PrivateKey::try_from(&secret[..]).expect("key");
    let their_ciphertext = kem::MlKem512Ciphertext::try_from(&ciphertext[..]).expect("ciphertext");
    [
        Subject::new("ML-KEM-512 encapsulate", move || {
            mlkem512::encapsulate(&public, &mut draws).expect("key")
        })
        .beside("libcrux-ml-kem", move || {
            assert!(kem::validate_public_key(&their_public));
            kem::encapsulate(&their_public, [3; 32])
        }),
        Subject::new("ML-KEM-512 decapsulate", move || {
            mlkem512::decapsulate(&secret, &ciphertext).expect("secret")
        })
        .beside("libcrux-ml-kem", move || kem::decapsulate(&their_secret, &their_ciphertext)),
    ]
}

fn kyber3() -> [Subject; 2] {
    let mut draws = generator();
    let secret = mlkem512::generate(&mut draws);
    let public = mlkem512::public_key(&secret).expect("key");
    let ciphertext = kyber::encapsulate(&public, &mut draws).expect("key").ciphertext;
    let their_public = kem::MlKem512PublicKey::try_from(&public[..]).expect("key");
    let their_secret = kem::MlKem512PrivateKey::try_from(&secret[..]).expect("key");
    let their_ciphertext = kem::MlKem512Ciphertext::try_from(&ciphertext[..]).expect("ciphertext");
    [
        Subject::new("Kyber512 encapsulate", move || kyber::encapsulate(&public, &mut draws).expect("key"))
            .beside("libcrux-ml-kem", move || kyber_round3::encapsulate(&their_public, [3; 32])),
        Subject::new("Kyber512 decapsulate", move || {
            kyber::decapsulate(&secret, &ciphertext).expect("secret")
        })
        .beside("libcrux-ml-kem", move || kyber_round3::decapsulate(&their_secret, &their_ciphertext)),
    ]
}

fn ntru() -> [Subject; 2] {
    let mut draws = generator();
    let secret = ntrup::generate(&mut draws);
    let public = ntrup::public_key(&secret).expect("key");
    let ciphertext = ntrup::encapsulate(&public, &mut draws).expect("key").ciphertext;
    [
        Subject::new("sntrup761 encapsulate", move || ntrup::encapsulate(&public, &mut draws).expect("key"))
            .beside_program("pqcrypto-ntruprime"),
        Subject::new("sntrup761 decapsulate", move || {
            ntrup::decapsulate(&secret, &ciphertext).expect("secret")
        })
        .beside_program("pqcrypto-ntruprime"),
    ]
}
