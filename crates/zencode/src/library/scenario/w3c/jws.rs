//! `jws`: JSON Web Signatures of objects, under a header that names the algorithm.

use zencode_crypto::encoding::url64;
use zencode_macros::{check, when};

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::library::jose::algorithm::{Algorithm, ES256, ES256K, named};
use crate::library::jose::jws;
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_HEADER,
    CREATE_HEADER_WITH_KEY,
    CREATE_ES256_HEADER,
    CREATE_ES256K_HEADER,
    CREATE_ES256_HEADER_WITH_KEY,
    CREATE_ES256K_HEADER_WITH_KEY,
    CREATE_SIGNATURE,
    CREATE_DETACHED_SIGNATURE,
    HAS_SIGNATURE,
    HAS_SIGNATURE_IN_JWS,
    IS_SIGNED,
];

const HEADER: &str = "jws_header";

/// The public key that any signature is looked at with, if it is there.
const ANY_PUBLIC_KEY: &str = "jws_public_key";

/// Makes the header of an algorithm, with or without our public key.
fn make_header(machine: &mut Machine, algorithm: &Algorithm, with_key: bool) -> Result<(), Error> {
    machine.empty(HEADER)?;
    let mut header = Table::default();
    header.set("alg", Value::text(algorithm.iana));
    if with_key {
        let public = algorithm.own_public_key(machine)?;
        header.set("jwk", Value::Table(header_key(algorithm, &public)?));
    }
    let traits = Traits { shape: Some(Shape::Dictionary), ..Traits::encoded("string") };
    machine.create(HEADER, Value::Table(header), traits)
}

/// A public key as a header holds it: its numbers as text, and what it is for.
fn header_key(algorithm: &Algorithm, public: &[u8]) -> Result<Table, Error> {
    let mut key = Table::default();
    key.set("alg", Value::text(algorithm.iana));
    key.set("key_ops", Value::Table(Table::Array(vec![Value::text("verify")])));
    for (name, octets) in algorithm.public_jwk(public)? {
        let is_number = !matches!(name, "kty" | "crv");
        let text = if is_number { url64::encode(&octets).into_bytes() } else { octets };
        key.set(name, Value::Octet(text));
    }
    Ok(key)
}

/// The public key to look at a signature with, as the contract has it.
fn public_key(machine: &mut Machine, algorithm: &Algorithm) -> Result<Option<Vec<u8>>, Error> {
    let found = match machine.may_have(ANY_PUBLIC_KEY) {
        None => machine.may_have(&algorithm.public_key_name()),
        found => found,
    };
    let octets = |value: &Value| {
        value.octets().ok_or_else(|| Error::failed("the public key of a JWS signature is octets"))
    };
    found.map(|object| octets(&object.value)).transpose()
}

/// The same, where there has to be one.
pub(super) fn required_public_key(machine: &mut Machine, algorithm: &Algorithm) -> Result<Vec<u8>, Error> {
    public_key(machine, algorithm)?.ok_or_else(|| Error::Missing(algorithm.public_key_name()))
}

/// Makes `jws header`: the header of signatures by an algorithm such as `es256` or `ecdh`.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a header
/// Given nothing
/// When I create the jws header for 'es256' signature
/// Then print the 'jws header'
/// ```
#[when("create jws header for '' signature")]
fn create_header(machine: &mut Machine, algorithm: &str) -> Result<(), Error> {
    make_header(machine, named(algorithm)?, false)
}

/// Makes `jws header` with our public key in it, the one in memory or else that of the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a header with a key
/// Given I have a 'keyring'
/// When I create the jws header for 'es256' signature with public key
/// Then print the 'jws header'
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create jws header for '' signature with public key")]
fn create_header_with_key(machine: &mut Machine, algorithm: &str) -> Result<(), Error> {
    make_header(machine, named(algorithm)?, true)
}

/// Makes `jws header` for ECDSA on P-256.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the header of a P-256 signature
/// Given nothing
/// When I create the jws header for p256 signature
/// Then print the 'jws header'
/// ```
#[when(
    "create jws header for p256 signature",
    "create jws header for es256 signature",
    "create jws header for secp256r1 signature",
    deprecated = "create jws header for '' signature"
)]
fn create_es256_header(machine: &mut Machine) -> Result<(), Error> {
    make_header(machine, &ES256, false)
}

/// Makes `jws header` for ECDSA on P-256, with our public key in it.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the header of a P-256 signature, with the key
/// Given I have a 'keyring'
/// When I create the jws header for p256 signature with public key
/// Then print the 'jws header'
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jws header for p256 signature with public key",
    "create jws header for es256 signature with public key",
    "create jws header for secp256r1 signature with public key",
    deprecated = "create jws header for '' signature with public key"
)]
fn create_es256_header_with_key(machine: &mut Machine) -> Result<(), Error> {
    make_header(machine, &ES256, true)
}

/// Makes `jws header` for ECDSA on secp256k1.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the header of a secp256k1 signature
/// Given nothing
/// When I create the jws header for secp256k1 signature
/// Then print the 'jws header'
/// ```
#[when(
    "create jws header for ecdh signature",
    "create jws header for es256k signature",
    "create jws header for secp256k1 signature",
    deprecated = "create jws header for '' signature"
)]
fn create_es256k_header(machine: &mut Machine) -> Result<(), Error> {
    make_header(machine, &ES256K, false)
}

/// Makes `jws header` for ECDSA on secp256k1, with our public key in it.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the header of a secp256k1 signature, with the key
/// Given I have a 'keyring'
/// When I create the jws header for secp256k1 signature with public key
/// Then print the 'jws header'
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jws header for ecdh signature with public key",
    "create jws header for es256k signature with public key",
    "create jws header for secp256k1 signature with public key",
    deprecated = "create jws header for '' signature with public key"
)]
fn create_es256k_header_with_key(machine: &mut Machine) -> Result<(), Error> {
    make_header(machine, &ES256K, true)
}

/// Makes `jws signature`: header, payload and signature, by the algorithm that the header names.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': sign an order
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'order'
/// When I create the jws header for 'es256' signature
/// When I create the jws signature of header 'jws header' and payload 'order'
/// Then print the 'jws signature'
/// ```
/// ```json data
/// { "order": { "item": "lamp", "pieces": "3" } }
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
///
/// # Source
/// RFC 7515. `ES256K` hashes with SHA-512, which is not that of RFC 8812.
#[when("create jws signature of header '' and payload ''")]
fn create_signature(machine: &mut Machine, header: &str, payload: &str) -> Result<(), Error> {
    sign(machine, header, payload, "jws_signature")
}

/// Makes `jws detached signature`: the same without the payload, which travels by itself.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': sign an order that is known
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'order'
/// When I create the jws header for 'es256' signature
/// When I create the jws detached signature of header 'jws header' and payload 'order'
/// Then print the 'jws detached signature'
/// ```
/// ```json data
/// { "order": { "item": "lamp", "pieces": "3" } }
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
///
/// # Source
/// RFC 7515, appendix F.
#[when("create jws detached signature of header '' and payload ''")]
fn create_detached_signature(machine: &mut Machine, header: &str, payload: &str) -> Result<(), Error> {
    sign(machine, header, payload, DETACHED)
}

const DETACHED: &str = "jws_detached_signature";

fn sign(machine: &mut Machine, header: &str, payload: &str, name: &str) -> Result<(), Error> {
    machine.empty(name)?;
    let header = machine.copy_of(header)?;
    let payload = machine.copy_of(payload)?;
    let text = jws::create(machine, &header, &payload, name == DETACHED)?;
    machine.create(name, Value::Octet(text.into_bytes()), Traits::element_encoded("string"))
}

/// Requires a signature to be of an object, by `jws public key` or else the public key of its algorithm.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': is the order authentic?
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'order'
/// When I create the es256 public key
/// When I create the jws header for 'es256' signature
/// When I create the jws detached signature of header 'jws header' and payload 'order'
/// When I verify 'order' has a jws signature in 'jws detached signature'
/// Then print the string 'the order is authentic'
/// ```
/// ```json data
/// { "order": { "item": "lamp", "pieces": "3" } }
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=", "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[check("verify '' has a jws signature in ''")]
fn has_signature(machine: &mut Machine, payload: &str, signature: &str) -> Result<(), Error> {
    let signature = jws::parse(machine.value(signature)?)?;
    let text = jws::payload_text(machine.value(payload)?)?;
    let algorithm = signature.algorithm()?;
    let public = required_public_key(machine, algorithm)?;
    let authentic = signature.is_of(&text, &public, algorithm, &machine.key_cache)?;
    let same = signature.payload.is_none_or(|signed| signed == text);
    ensure(same, || "The JWS contains a different payload".to_owned())?;
    ensure(authentic, || format!("Invalid JWS signature of: {payload}"))
}

/// Requires the signature `jws` to be of an object.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': is the message authentic?
/// Given I have a 'string' named 'jws'
/// Given I have a 'string' named 'message'
/// Given I have a 'es256 public key'
/// When I verify the jws signature of 'message'
/// Then print the string 'the message is authentic'
/// ```
/// ```json data
/// {
///   "jws": "eyJhbGciOiJFUzI1NiJ9.aGVsbG8.F8sdx5dB7P5vBU-VsHp2UNh2bF0nRq2b81iwThzCBRxvgBY07WxVPvgmEQ19ceZkpi53Q_Oow3ryq7bwXGEP_A",
///   "message": "hello",
///   "es256_public_key": "d3n08ZRNSheyuhzftbIROLti/GflC3Y/rYK8De0fvBuQYMqheqXzlp3aJCio/SRHM7tgzl/Lza+cC5XI14NdQA=="
/// }
/// ```
#[check("verify jws signature of ''", deprecated = "verify '' has a jws signature in ''")]
fn has_signature_in_jws(machine: &mut Machine, payload: &str) -> Result<(), Error> {
    has_signature(machine, payload, "jws")
}

/// Requires a signature to be of the payload that it holds.
///
/// It is looked at with `jws public key`, the public key of its algorithm, or else the key in its own header.
/// With the key in the header one learns only that whoever owns it signed, not who that is.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': is the message authentic?
/// Given I have a 'string' named 'token'
/// When I verify the jws signature in 'token'
/// Then print the string 'the owner of the key in the token signed it'
/// ```
/// ```json data
/// { "token": "eyJhbGciOiJFUzI1NiIsImp3ayI6eyJhbGciOiJFUzI1NiIsImNydiI6IlAtMjU2Iiwia2V5X29wcyI6WyJ2ZXJpZnkiXSwia3R5IjoiRUMiLCJ4IjoiZ3l2S09OWlppRm1UVWJRc2VvSjZLZEFZSlB5Rml4djByTVhMMlQzOXNhdyIsInkiOiJNNGtkeU9QWXpLZi1nb1FMcVVHS21ZV0QxUXYwYmNRU1ByVkhGQzRkVWdvIn19.aGVsbG8.F8sdx5dB7P5vBU-VsHp2UNh2bF0nRq2b81iwThzCBRz_VXi3CHg0FyWGeKV8HJ7tCzPvPwtOO5N4mX7ZnaAgwA" }
/// ```
#[check("verify jws signature in ''")]
fn is_signed(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let signature = jws::parse(machine.value(name)?)?;
    let algorithm = signature.algorithm()?;
    let public = public_key(machine, algorithm)?.or_else(|| signature.own_key(algorithm));
    let text = signature.payload.as_deref().unwrap_or_default();
    // The reference engine goes on without the key, and what else is wrong ends the run even in an If.
    let authentic =
        signature.is_of(text, public.as_deref().unwrap_or_default(), algorithm, &machine.key_cache)?;
    ensure(signature.payload.is_some(), || "The JWS has no payload".to_owned())?;
    ensure(public.is_some(), || "Public key not found for JWS signature".to_owned())?;
    ensure(authentic, || format!("Invalid JWS signature in: {name}"))
}
