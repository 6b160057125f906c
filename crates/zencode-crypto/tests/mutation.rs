//! Keys, signatures, proofs and ciphertexts from elsewhere, changed in every way: bits flipped, cut, made longer, all
//! zeros, all ones, or other octets of the same number. What was changed is false or an error; nothing panics.
//!
//! Where a second form of a signature is taken, a test at the end says so.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use zencode_crypto::encoding::base64;
use zencode_crypto::hash::keccak256;
use zencode_crypto::random::{Generator, Seed};
use zencode_crypto::{
    aes, bbs, bls12_381, dilithium, ecdh, eddsa, es256, ethereum, kyber, mldsa44, mlkem512, ntrup, rsa,
    schnorr, x25519,
};

/// A way to change octets.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index),
    Cut(Index),
    Drop(Index),
    Extend(Vec<u8>),
    Prepend(Vec<u8>),
    Fill(u8),
    Splice(Index, Vec<u8>),
    Replace([u8; 32]),
}

impl Change {
    fn of(&self, octets: &[u8]) -> Vec<u8> {
        let mut changed = octets.to_vec();
        match self {
            Self::Flip(bit) if !octets.is_empty() => {
                let bit = bit.index(8 * octets.len());
                changed[bit / 8] ^= 1 << (bit % 8);
            }
            Self::Flip(_) => {}
            Self::Cut(length) => changed.truncate(length.index(octets.len() + 1)),
            Self::Drop(start) => drop(changed.drain(..start.index(octets.len() + 1))),
            Self::Extend(more) => changed.extend(more),
            Self::Prepend(more) => drop(changed.splice(..0, more.iter().copied())),
            Self::Fill(octet) => changed.fill(*octet),
            Self::Splice(at, others) => {
                let start = at.index(octets.len() + 1);
                let end = (start + others.len()).min(octets.len());
                drop(changed.splice(start..end, others[..end - start].iter().copied()));
            }
            Self::Replace(seed) => Generator::new(&Seed::Fresh(*seed)).fill(&mut changed),
        }
        changed
    }
}

fn change() -> impl Strategy<Value = Change> {
    let some = || prop::collection::vec(any::<u8>(), 1..40);
    prop_oneof![
        6 => any::<Index>().prop_map(Change::Flip),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => any::<Index>().prop_map(Change::Drop),
        1 => some().prop_map(Change::Extend),
        1 => some().prop_map(Change::Prepend),
        1 => prop_oneof![Just(0), Just(0xff), any::<u8>()].prop_map(Change::Fill),
        2 => (any::<Index>(), some()).prop_map(|(at, others)| Change::Splice(at, others)),
        1 => any::<[u8; 32]>().prop_map(Change::Replace),
    ]
}

/// Whether a key, a message and a signature belong together.
type Verify = fn(&[u8], &[u8], &[u8]) -> bool;

/// A key, a message and its signature, and what says whether they belong together.
struct Signed {
    name: &'static str,
    parts: [Vec<u8>; 3],
    verify: Verify,
}

fn generator() -> Generator {
    Generator::new(&Seed::Fresh([7; 32]))
}

const MESSAGE: &[u8] = b"a message of some length";

fn signed(name: &'static str, key: &[u8], signature: &[u8], verify: Verify) -> Signed {
    Signed { name, parts: [key.to_vec(), MESSAGE.to_vec(), signature.to_vec()], verify }
}

static SIGNED: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let mut all = on_curves();
    all.extend(with_recovery());
    all.extend(on_lattices());
    all.extend([bbs::Suite::Sha256, bbs::Suite::Shake256].into_iter().flat_map(with_pairings));
    all.push(with_rsa());
    all
});

fn on_curves() -> Vec<Signed> {
    let secret = [5; 32];
    let generator = &mut generator();
    let ecdsa = ecdh::sign(&secret, MESSAGE, generator).expect("5 is a key").to_octets();
    let p256 = es256::sign(&secret, MESSAGE, generator).expect("5 is a key");
    let taproot = schnorr::sign(&secret, MESSAGE, &[0; 32]).expect("5 is a key");
    let ed25519 = eddsa::sign(&secret, MESSAGE);
    let taproot_key = schnorr::public_key(&secret).expect("5 is a key");
    let p256_key = es256::public_key(&secret).expect("5 is a key");
    let ecdsa_key = ecdh::public_key(&secret).expect("5 is a key");
    let other_key = ecdh::public_key(&[6; 32]).expect("6 is a key");
    let short_key = ecdh::compress(&other_key).expect("it is a key");
    let of_other = ecdh::sign(&[6; 32], MESSAGE, generator).expect("6 is a key").to_octets();
    let by_ecdh = |key: &[u8], message: &[u8], signature: &[u8]| {
        let signature = signature.try_into().map(ecdh::Signature::from_octets);
        signature.is_ok_and(|signature| ecdh::verify(key, message, &signature))
    };
    let by_es256 = |key: &[u8], message: &[u8], signature: &[u8]| {
        signature.try_into().is_ok_and(|signature| es256::verify(key, message, signature))
    };
    let by_eddsa = |key: &[u8], message: &[u8], signature: &[u8]| {
        let Ok((key, signature)) = key.try_into().and_then(|key| Ok((key, signature.try_into()?))) else {
            return false;
        };
        let strict = eddsa::verify_strict(key, message, signature);
        assert!(!strict || eddsa::verify(key, message, signature));
        eddsa::verify(key, message, signature)
    };
    vec![
        signed("ecdh", &ecdsa_key, &ecdsa, by_ecdh),
        signed("ecdh, compressed", &short_key, &of_other, by_ecdh),
        signed("es256", &p256_key, &p256, by_es256),
        signed("schnorr", &taproot_key, &taproot, schnorr::verify),
        signed("eddsa", &eddsa::public_key(&secret), &ed25519, by_eddsa),
    ]
}

fn with_recovery() -> Vec<Signed> {
    let signature = ethereum::sign(&[5; 32], &keccak256(MESSAGE)).expect("5 is a key");
    let octets = [&signature.integers.to_octets()[..], &[signature.y_is_odd.into()]].concat();
    let public = ecdh::public_key(&[5; 32]).expect("5 is a key");
    let address = ethereum::address(&public).expect("it is a key");
    let by_address = |address: &[u8], message: &[u8], signature: &[u8]| {
        let Some((parity @ (0 | 1), integers)) = signature.split_last() else { return false };
        let Ok(integers) = integers.try_into().map(ecdh::Signature::from_octets) else { return false };
        let signature = ethereum::Signature { integers, y_is_odd: *parity == 1 };
        ethereum::is_signer(address, &keccak256(message), &signature)
    };
    let by_key = |key: &[u8], message: &[u8], signature: &[u8]| {
        let signature = signature.try_into().map(ecdh::Signature::from_octets);
        signature.is_ok_and(|signature| ethereum::verify(key, &keccak256(message), &signature))
    };
    vec![
        signed("ethereum, by address", &address, &octets, by_address),
        signed("ethereum, by key", &public, &octets[..64], by_key),
    ]
}

fn on_lattices() -> Vec<Signed> {
    let generator = &mut generator();
    let secret = mldsa44::generate(generator);
    let framed = mldsa44::framed(MESSAGE, b"").expect("the context is short");
    let signature = mldsa44::sign(&secret, &framed, generator).expect("it is a key");
    let public = mldsa44::public_key(&secret).expect("it is a key");
    let by_mldsa = |key: &[u8], message: &[u8], signature: &[u8]| {
        let framed = mldsa44::framed(message, b"").expect("the context is short");
        mldsa44::verify(key, &framed, signature) == Ok(true)
    };
    let old = dilithium::generate(generator);
    let old_signature = dilithium::sign(&old, MESSAGE).expect("it is a key");
    let old_public = dilithium::public_key(&old).expect("it is a key");
    vec![
        signed("mldsa44", &public, &signature, by_mldsa),
        signed("dilithium", &old_public, &old_signature, |key, message, signature| {
            dilithium::verify(key, message, signature) == Ok(true)
        }),
    ]
}

/// A signature, and a proof of it that shows the message.
fn with_pairings(suite: bbs::Suite) -> [Signed; 2] {
    let generator = &mut generator();
    let secret = bbs::SecretKey::draw(suite, generator);
    let (public, messages) = (secret.public_key(), [MESSAGE.to_vec()]);
    let signature = secret.sign(suite, &messages).expect("one message is not too many");
    let proof = signature.prove(suite, &public, b"header", &messages, &[0], generator).expect("it is signed");
    let (by_signature, by_proof): (Verify, Verify) = match suite {
        bbs::Suite::Sha256 => (
            |key, message, signature| by_signature(bbs::Suite::Sha256, key, message, signature),
            |key, message, proof| by_proof(bbs::Suite::Sha256, key, message, proof),
        ),
        bbs::Suite::Shake256 => (
            |key, message, signature| by_signature(bbs::Suite::Shake256, key, message, signature),
            |key, message, proof| by_proof(bbs::Suite::Shake256, key, message, proof),
        ),
    };
    [
        signed("bbs", &public.to_octets(), &signature.to_octets(), by_signature),
        signed("bbs proof", &public.to_octets(), &proof.to_octets(), by_proof),
    ]
}

fn by_signature(suite: bbs::Suite, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(public) = bbs::PublicKey::from_octets(key) else { return false };
    let signature = bbs::Signature::from_octets(signature);
    signature.is_ok_and(|signature| signature.verify(suite, &public, &[message.to_vec()]) == Ok(true))
}

fn by_proof(suite: bbs::Suite, key: &[u8], message: &[u8], proof: &[u8]) -> bool {
    let Ok(public) = bbs::PublicKey::from_octets(key) else { return false };
    let proof = bbs::Proof::from_octets(proof);
    proof.is_ok_and(|proof| proof.verify(suite, &public, b"header", &[message.to_vec()], &[0]) == Ok(true))
}

/// A key of 4096 bits takes long to draw, so it is one of Wycheproof's.
fn with_rsa() -> Signed {
    let table = include_str!("vectors/rsa_4096_sha256.tsv");
    let valid = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let row = valid.filter(|row| row.get(1) == Some(&"valid")).find(|row| !row[3].is_empty());
    let row = row.expect("there is a valid one of a message");
    let parts = [2, 3, 4].map(|field| base64::decode(row[field]).expect("the table holds base64"));
    Signed {
        name: "rsa",
        parts,
        verify: |key, message, signature| rsa::verify(key, message, signature) == Ok(true),
    }
}

#[test]
fn what_is_not_changed_verifies() {
    for Signed { name, parts: [key, message, signature], verify } in &*SIGNED {
        assert!(verify(key, message, signature), "{name}");
    }
}

#[test]
fn the_key_and_the_signature_of_another_scheme_are_false() {
    for one in &*SIGNED {
        for other in SIGNED.iter().filter(|other| other.parts[0] != one.parts[0]) {
            let [key, message, _] = &one.parts;
            assert!(!(one.verify)(&other.parts[0], message, &one.parts[2]), "{} {}", one.name, other.name);
            assert!(!(one.verify)(key, message, &other.parts[2]), "{} {}", one.name, other.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_changed_key_message_or_signature_is_false(
        scheme in any::<Index>(), part in 0..3_usize, change in change(),
    ) {
        let Signed { name, parts, verify } = &SIGNED[scheme.index(SIGNED.len())];
        let mut parts = parts.clone();
        let changed = change.of(&parts[part]);
        prop_assume!(changed != parts[part]);
        parts[part] = changed;
        let [key, message, signature] = parts;
        prop_assert!(!verify(&key, &message, &signature), "{name}");
    }
}

/// A way to agree on a secret: its name, a secret key, a ciphertext and what is shared; how it is opened, and made.
struct Sealed {
    name: &'static str,
    secret: Vec<u8>,
    public: Vec<u8>,
    ciphertext: Vec<u8>,
    shared: Vec<u8>,
    open: fn(&[u8], &[u8]) -> Option<Vec<u8>>,
    seal: fn(&[u8]) -> Option<mlkem512::Encapsulated>,
}

macro_rules! sealed {
    ($scheme:ident) => {{
        let secret = $scheme::generate(&mut generator()).to_vec();
        let public = $scheme::public_key(&secret).expect("it is a key");
        let made = $scheme::encapsulate(&public, &mut generator()).expect("it is a key");
        Sealed {
            name: stringify!($scheme),
            secret,
            public,
            ciphertext: made.ciphertext,
            shared: made.shared.to_vec(),
            open: |secret, ciphertext| $scheme::decapsulate(secret, ciphertext).ok().map(|it| it.to_vec()),
            seal: |public| $scheme::encapsulate(public, &mut generator()).ok(),
        }
    }};
}

static SEALED: LazyLock<[Sealed; 3]> = LazyLock::new(|| [sealed!(mlkem512), sealed!(kyber), sealed!(ntrup)]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_changed_ciphertext_is_refused_or_opens_to_another_secret(
        scheme in 0..3_usize, change in change(),
    ) {
        let Sealed { name, secret, ciphertext, shared, open, .. } = &SEALED[scheme];
        prop_assert_eq!(open(secret, ciphertext), Some(shared.clone()));
        let changed = change.of(ciphertext);
        prop_assume!(changed != *ciphertext);
        prop_assert_ne!(open(secret, &changed), Some(shared.clone()), "{}", name);
    }

    #[test]
    fn a_changed_public_key_is_refused_or_seals_what_the_secret_key_does_not_open(
        scheme in 0..3_usize, change in change(),
    ) {
        let Sealed { name, secret, public, open, seal, .. } = &SEALED[scheme];
        let changed = change.of(public);
        prop_assume!(changed != *public);
        if let Some(made) = seal(&changed) {
            prop_assert_ne!(open(secret, &made.ciphertext), Some(made.shared.to_vec()), "{}", name);
        }
    }

    #[test]
    fn a_changed_secret_key_is_refused_or_opens_without_a_panic(scheme in 0..3_usize, change in change()) {
        let Sealed { secret, ciphertext, shared, open, .. } = &SEALED[scheme];
        let opened = open(&change.of(secret), ciphertext);
        prop_assert!(opened.is_none_or(|opened| opened.len() == shared.len()));
    }

    #[test]
    fn a_changed_message_is_not_authentic(part in 0..5_usize, change in change()) {
        let parts = [vec![1; 32], vec![2; 32], b"header".to_vec(), b"text".to_vec()];
        let [key, nonce, header, text] = &parts;
        let key: &[u8; 32] = key.as_slice().try_into().expect("it has 32 octets");
        let (ciphertext, tag) = aes::encrypt(key, nonce, header, text).expect("32 octets are a nonce");
        let mut sealed = [parts[0].clone(), parts[1].clone(), parts[2].clone(), ciphertext, tag.to_vec()];
        let changed = change.of(&sealed[part]);
        prop_assume!(changed != sealed[part]);
        sealed[part] = changed;
        let [key, nonce, header, ciphertext, tag] = sealed;
        if let (Ok(key), Ok(tag)) = (key.try_into(), tag.try_into()) {
            prop_assert!(aes::decrypt(&key, &nonce, &header, &ciphertext, &tag).is_err());
        }
    }

    #[test]
    fn any_public_key_of_x25519_shares_something_or_nothing(secret: [u8; 32], public: [u8; 32], change in change()) {
        let changed: Result<[u8; 32], _> = change.of(&public).try_into();
        if let Ok(changed) = changed {
            let shared = x25519::shared(&secret, &changed);
            prop_assert!(shared.is_none_or(|shared| *shared != [0; 32]));
        }
    }
}

#[path = "mutation/corners.rs"]
mod corners;
