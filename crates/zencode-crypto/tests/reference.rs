//! What the reference engine answered, against what this crate answers. `reference/record.js` made the tables.

use zencode_crypto::encoding::{base32, base32crockford, base58, base64, binary, hex, mnemonic, url64, uuid};
use zencode_crypto::hash::Algorithm;
use zencode_crypto::random::{Generator, Seed};
use zencode_crypto::{aes, ecdh, eddsa};

/// The fields of each line.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        fields.try_into().expect("every line has as many fields as the first")
    })
}

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the tables hold hexadecimal digits")
}

fn array<const N: usize>(digits: &str) -> [u8; N] {
    octets(digits).try_into().expect("the tables hold octets of the right number")
}

fn digits(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

fn generator(seed: &str) -> Generator {
    Generator::new(&Seed::Reference(array(seed)))
}

/// A scalar as the engine writes integers: without leading zeros.
fn trimmed(scalar: &[u8]) -> String {
    let zeros = scalar.iter().take_while(|octet| **octet == 0).count().min(scalar.len() - 1);
    digits(&scalar[zeros..])
}

const SECP256K1_ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const BLS12_381_ORDER: &str = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

#[test]
fn every_kind_of_draw_follows_the_engine_s_stream() {
    for row in rows::<22>(include_str!("reference/draws.tsv")) {
        let mut rng = generator(row[0]);
        assert_eq!([1, 33, 200].map(|count| digits(&rng.octets(count))), row[1..4]);
        assert_eq!([rng.int16().to_string(), rng.int16().to_string()], row[4..6]);
        assert_eq!([rng.int32().to_string(), rng.int32().to_string()], row[6..8]);
        let key = ecdh::generate(&mut rng);
        assert_eq!([digits(&*key), digits(&ecdh::public_key(&*key).unwrap())], row[8..10]);
        let signature = ecdh::sign(&*key, b"a message", &mut rng).unwrap();
        assert_eq!([digits(&signature.r), digits(&signature.s)], row[10..12]);
        let signature = ecdh::sign_deterministic(&*key, b"a message").unwrap();
        assert_eq!([digits(&signature.r), digits(&signature.s)], row[12..14]);
        let orders = [BLS12_381_ORDER, SECP256K1_ORDER, "0100", "010001"];
        assert_eq!(orders.map(|order| trimmed(&rng.scalar(&octets(order)))), row[14..18]);
        let key = rng.array();
        assert_eq!([digits(&key), digits(&eddsa::public_key(&key))], row[18..20]);
        assert_eq!(digits(&eddsa::sign(&key, b"a message")), row[20]);
        rng.reseed(b"another seed");
        assert_eq!(digits(&rng.octets(40)), row[21]);
    }
}

#[test]
fn collections_are_shuffled_and_picked_as_the_engine_does() {
    let text = |numbers: &[usize]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for [seed, shuffled, seven, one, tens, large] in rows(include_str!("reference/collections.tsv")) {
        let mut list: Vec<usize> = (0..40).collect();
        generator(seed).shuffle(&mut list).unwrap();
        assert_eq!(text(&list), shuffled);
        assert_eq!(text(&generator(seed).pick(7, 40).unwrap()), seven);
        assert_eq!(text(&generator(seed).pick(1, 40).unwrap()), one);
        for (modulo, expected) in [(10, tens), (40_000, large)] {
            let mut rng = generator(seed);
            let numbers: Vec<usize> = (0..9).map(|_| rng.modulo16(modulo).unwrap() as usize).collect();
            assert_eq!(text(&numbers), expected);
        }
    }
}

fn encode(encoding: &str, octets: &[u8]) -> Option<String> {
    match encoding {
        "hex" => Some(hex::encode(octets)),
        "base64" => Some(base64::encode(octets)),
        "url64" => Some(url64::encode(octets)),
        "base58" if octets.len() < base58::REFERENCE_OCTETS_MIN => None,
        "base58" => base58::encode(octets).ok(),
        "base32" => Some(base32::encode(octets)),
        "bin" => Some(binary::encode(octets)),
        "crockford" => Some(base32crockford::encode(octets)),
        "crockford_check" => Some(base32crockford::encode_with_check(octets)),
        "uuid" => uuid::encode(octets).ok(),
        "mnemonic" => mnemonic::encode(octets).ok(),
        other => panic!("{other} is in the table and not here"),
    }
}

fn decode(encoding: &str, text: &str) -> Option<Vec<u8>> {
    match encoding {
        "hex" => hex::decode(text).ok(),
        "base64" => base64::decode(text).ok(),
        "url64" => url64::decode(text).ok(),
        "base58" => base58::decode(text).ok(),
        "base32" => base32::decode(text).ok(),
        "bin" => binary::decode(text).ok(),
        "crockford" => base32crockford::decode(text).ok(),
        "crockford_check" => base32crockford::decode_with_check(text).ok(),
        "uuid" => uuid::decode(text).ok(),
        "mnemonic" => mnemonic::decode(text).ok(),
        other => panic!("{other} is in the table and not here"),
    }
}

fn is_valid(encoding: &str, text: &str) -> bool {
    match encoding {
        "hex" => hex::is_valid(text),
        "base64" => base64::is_valid(text),
        "url64" => url64::is_valid(text),
        "base58" => base58::is_valid(text),
        "base32" => base32::is_valid(text),
        "bin" => binary::is_valid(text),
        other => panic!("{other} has a check in the table and none here"),
    }
}

#[test]
fn octets_are_written_as_the_engine_writes_them() {
    for [encoding, input, expected] in rows(include_str!("reference/encode.tsv")) {
        let text = encode(encoding, &octets(input)).unwrap_or_else(|| "error".to_owned());
        assert_eq!(text, expected, "{encoding} of {input}");
    }
}

#[test]
fn texts_are_read_as_the_engine_reads_them() {
    for [encoding, text, _, expected] in rows(include_str!("reference/decode.tsv")) {
        let text = String::from_utf8(octets(text)).unwrap();
        let read = decode(encoding, &text).map_or_else(|| "error".to_owned(), |octets| digits(&octets));
        assert_eq!(read, expected, "{encoding} {text:?}");
    }
}

#[test]
fn texts_are_checked_as_the_engine_checks_them() {
    for [encoding, text, expected, _] in rows(include_str!("reference/decode.tsv")) {
        let text = String::from_utf8(octets(text)).unwrap();
        if expected != "-" {
            assert_eq!(is_valid(encoding, &text).to_string(), expected, "{encoding} {text:?}");
        }
    }
}

#[test]
fn digests_and_derivations_are_the_engine_s() {
    for [operation, name, message, expected] in rows(include_str!("reference/hash.tsv")) {
        let (algorithm, message) = (Algorithm::from_name(name).unwrap(), octets(message));
        let result = match operation {
            "digest" => algorithm.digest(&message),
            "kdf" => algorithm.kdf(&message),
            "hmac" => algorithm.hmac(b"a key", &message).unwrap(),
            "pbkdf2" => algorithm.pbkdf2(&message, b"salt", 3, 32).unwrap(),
            other => panic!("{other} is in the table and not here"),
        };
        assert_eq!(digits(&result), expected, "{operation} {name}");
    }
}

#[test]
fn eddsa_accepts_what_the_engine_accepts() {
    for [key, message, signature, expected] in rows(include_str!("reference/eddsa.tsv")) {
        let accepted = eddsa::verify(&array(key), &octets(message), &array(signature));
        assert_eq!(accepted.to_string(), expected, "{key} {message} {signature}");
    }
}

#[test]
fn ecdh_accepts_what_the_engine_accepts() {
    for [key, message, r, s, expected] in rows(include_str!("reference/ecdh_verify.tsv")) {
        let signature = ecdh::Signature::from_parts(&octets(r), &octets(s)).unwrap();
        let accepted = ecdh::verify(&octets(key), &octets(message), &signature);
        assert_eq!(accepted.to_string(), expected, "{key} {message} {r} {s}");
    }
}

#[test]
fn ecdh_keys_deterministic_signatures_and_sessions_are_the_engine_s() {
    for [secret, public, short, message, r, s, other, session] in rows(include_str!("reference/ecdh.tsv")) {
        let secret = octets(secret);
        assert_eq!(digits(&ecdh::public_key(&secret).unwrap()), public);
        assert_eq!(digits(&ecdh::compress(&octets(public)).unwrap()), short);
        let signature = ecdh::sign_deterministic(&secret, &octets(message)).unwrap();
        assert_eq!([digits(&signature.r), digits(&signature.s)], [r, s]);
        if session != "-" {
            assert_eq!(digits(&*ecdh::session(&secret, &octets(other)).unwrap()), session);
        }
    }
}

#[test]
fn secret_messages_are_the_engine_s_and_open_again() {
    for [key, nonce, header, text, ciphertext, tag] in rows(include_str!("reference/aes.tsv")) {
        let (key, nonce, header) = (array(key), octets(nonce), octets(header));
        let sealed = aes::encrypt(&key, &nonce, &header, &octets(text)).unwrap();
        assert_eq!([digits(&sealed.0), digits(&sealed.1)], [ciphertext, tag]);
        let opened = aes::decrypt(&key, &nonce, &header, &sealed.0, &sealed.1).unwrap();
        assert_eq!(digits(&opened), text);
    }
}
