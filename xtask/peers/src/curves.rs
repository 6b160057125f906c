//! secp256k1, Ed25519, P-256 and RSA.

use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use secp256k1::{Keypair, Message, PublicKey, SecretKey, XOnlyPublicKey};
use zencode_crypto::random::{Generator, Seed};
use zencode_crypto::{ecdh, eddsa, es256, hash, rsa, schnorr};

use crate::subject::Subject;

const TEXT: &[u8] = b"a message of the length that most messages have, which is not much more than this";

pub fn generator() -> Generator {
    Generator::new(&Seed::Fresh([7; 32]))
}

pub fn subjects() -> Vec<Subject> {
    let pairs = [ecdsa(), bip340(), p256(), rsa4096()];
    pairs.into_iter().flatten().chain(ed25519()).collect()
}

fn digest() -> Message {
    Message::from_digest(*hash::sha512(TEXT).first_chunk().expect("64 octets"))
}

fn ecdsa() -> [Subject; 2] {
    let mut draws = generator();
    let secret = ecdh::generate(&mut draws);
    let public = ecdh::public_key(&*secret).expect("key");
    let signature = ecdh::sign(&*secret, TEXT, &mut draws).expect("signature");
    let octets = signature.to_octets();
    let theirs = *secret;
    [
        Subject::new("ecdsa secp256k1 sign", move || {
            ecdh::sign(&*secret, TEXT, &mut draws).expect("signature")
        })
        .beside("secp256k1", move || {
            let key = SecretKey::from_secret_bytes(theirs).expect("key");
            secp256k1::ecdsa::sign(digest(), &key).serialize_compact()
        }),
        Subject::new("ecdsa secp256k1 verify", move || assert!(ecdh::verify(&public, TEXT, &signature)))
            .beside("secp256k1", move || {
                let key = PublicKey::from_slice(&public).expect("key");
                let mut signature = secp256k1::ecdsa::Signature::from_compact(&octets).expect("signature");
                signature.normalize_s();
                assert!(signature.verify(digest(), &key).is_ok());
            }),
    ]
}

fn bip340() -> [Subject; 2] {
    let mut draws = generator();
    let secret = schnorr::generate(&mut draws);
    let public = schnorr::public_key(&*secret).expect("key");
    let signature = schnorr::sign(&*secret, TEXT, &[9; 32]).expect("signature");
    let theirs = *secret;
    [
        Subject::new("schnorr sign", move || schnorr::sign(&*secret, TEXT, &[9; 32]).expect("signature"))
            .beside("secp256k1", move || {
                let pair = Keypair::from_secret_bytes(theirs).expect("key");
                secp256k1::schnorr::sign_with_aux_rand(TEXT, &pair, &[9; 32]).to_byte_array()
            }),
        Subject::new("schnorr verify", move || assert!(schnorr::verify(&public, TEXT, &signature))).beside(
            "secp256k1",
            move || {
                let key = XOnlyPublicKey::from_byte_array(public).expect("key");
                let signature = secp256k1::schnorr::Signature::from_byte_array(signature);
                assert!(signature.verify(TEXT, &key).is_ok());
            },
        ),
    ]
}

fn ed25519() -> [Subject; 4] {
    let secret: [u8; 32] = generator().array();
    let public = eddsa::public_key(&secret);
    let signature = eddsa::sign(&secret, TEXT);
    let pair = eddsa::KeyPair::new(&secret);
    let read = Ed25519KeyPair::from_seed_unchecked(&secret).expect("key");
    let known = eddsa::KnownKeys::default();
    [
        Subject::new("eddsa sign", move || eddsa::sign(&secret, TEXT)).beside("ring", move || {
            let pair = Ed25519KeyPair::from_seed_unchecked(&secret).expect("key");
            pair.sign(TEXT).as_ref().to_vec()
        }),
        Subject::new("eddsa sign, key read before", move || pair.sign(TEXT))
            .beside("ring", move || read.sign(TEXT).as_ref().to_vec()),
        Subject::new("eddsa verify", move || assert!(eddsa::verify(&public, TEXT, &signature)))
            .beside("ring", move || {
                assert!(UnparsedPublicKey::new(&ED25519, public).verify(TEXT, &signature).is_ok())
            }),
        // No other crate keeps keys: the peer reads its key again, as it does above.
        Subject::new("eddsa verify, key known before", move || {
            assert!(known.verify(&public, TEXT, &signature))
        })
        .beside("ring", move || {
            assert!(UnparsedPublicKey::new(&ED25519, public).verify(TEXT, &signature).is_ok())
        }),
    ]
}

fn p256() -> [Subject; 2] {
    let mut draws = generator();
    let random = SystemRandom::new();
    let secret = es256::generate(&mut draws);
    let public = es256::public_key(&*secret).expect("key");
    let signature = es256::sign(&*secret, TEXT, &mut draws).expect("signature");
    let theirs = *secret;
    let sec1 = [&[4], &public[..]].concat();
    let signing = sec1.clone();
    [
        Subject::new("es256 sign", move || es256::sign(&*secret, TEXT, &mut draws).expect("signature"))
            .beside("ring", move || {
                let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let pair = EcdsaKeyPair::from_private_key_and_public_key(kind, &theirs, &signing, &random)
                    .expect("key");
                pair.sign(&random, TEXT).expect("signature").as_ref().to_vec()
            }),
        Subject::new("es256 verify", move || assert!(es256::verify(&public, TEXT, &signature))).beside(
            "ring",
            move || {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &sec1);
                assert!(key.verify(TEXT, &signature).is_ok());
            },
        ),
    ]
}

fn rsa4096() -> [Subject; 2] {
    let secret = rsa::generate(&mut generator());
    let public = rsa::public_key(&secret).expect("key");
    let signature = rsa::sign(&secret, TEXT).expect("signature");
    let (modulus, exponent) = (public[..512].to_vec(), public[512..].to_vec());
    let exponent: Vec<u8> = exponent.into_iter().skip_while(|octet| *octet == 0).collect();
    let theirs = secret.to_vec();
    let their_modulus = modulus.clone();
    let pair = move || {
        // The private exponent is read and not used: any odd number below the modulus does.
        let mut private = their_modulus.clone();
        private[0] &= 0x7f;
        let part = |index: usize| &theirs[index * 256..][..256];
        RsaKeyPair::from_components(&KeyPairComponents {
            public_key: PublicKeyComponents { n: &their_modulus[..], e: &[1, 0, 1] },
            d: &private[..],
            p: part(1),
            q: part(0),
            dP: part(3),
            dQ: part(2),
            qInv: part(4),
        })
        .expect("key")
    };
    let random = SystemRandom::new();
    let verified = signature.clone();
    [
        Subject::new("rsa 4096 sign", move || rsa::sign(&secret, TEXT).expect("signature")).beside(
            "ring",
            move || {
                let mut octets = vec![0; 512];
                pair().sign(&RSA_PKCS1_SHA256, &random, TEXT, &mut octets).expect("signature");
                octets
            },
        ),
        Subject::new("rsa 4096 verify", move || {
            assert!(rsa::verify(&public, TEXT, &signature).expect("key"))
        })
        .beside("ring", move || {
            let key = ring::rsa::PublicKeyComponents { n: &modulus, e: &exponent };
            assert!(key.verify(&RSA_PKCS1_2048_8192_SHA256, TEXT, &verified).is_ok());
        }),
    ]
}
