//! `ecdh`: ECDSA and ECDH over secp256k1, and secret messages.

use zencode_crypto::{aes, ecdh, hash};
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::export::serialize;
use crate::json::Json;
use crate::library::signature::{
    CREATE_KEY, CREATE_KEY_WITH_SECRET, CREATE_PUBLIC_KEY, CREATE_SIGNATURE, HAS_SIGNATURE, public_key,
    sign_as, verify,
};
use crate::machine::Machine;
use crate::schema::{Import, Reading, Schema, member, octets, record};
use crate::scheme::SignatureScheme;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_KEY,
    CREATE_KEY_WITH_SECRET,
    CREATE_PUBLIC_KEY,
    CREATE_SIGNATURE,
    HAS_SIGNATURE,
    CREATE_PLAIN_SIGNATURE,
    HAS_PLAIN_SIGNATURE,
    CREATE_ECDH_DETERMINISTIC_SIGNATURE,
    CREATE_ECDSA_DETERMINISTIC_SIGNATURE,
    HAS_DETERMINISTIC_SIGNATURE,
    ENCRYPT_WITH,
    DECRYPT_WITH,
    ENCRYPT_FOR,
    DECRYPT_FROM,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("public_key", import_public_key),
    schema("ecdh_public_key", import_public_key),
    schema("signature", import_signature),
    schema("ecdh_signature", import_signature),
    schema("secret_message", import_secret_message),
];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: None, complex: true, open: false }
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "public key", reading.encoding)?;
    ensure(ecdh::is_public_key(&octets), || "Public key is not a valid point on curve".to_owned())?;
    Ok(Value::Octet(octets))
}

fn import_members(json: &Json, reading: &Reading, names: &[&str]) -> Result<Value, Error> {
    let mut members = Vec::with_capacity(names.len());
    for name in names {
        members.push((*name, member(json, name, reading.encoding)?));
    }
    Ok(record(members))
}

fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    import_members(json, reading, &["r", "s"])
}

fn import_secret_message(json: &Json, reading: &Reading) -> Result<Value, Error> {
    import_members(json, reading, &["checksum", "header", "iv", "text"])
}

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "ecdh",
    draw_key: |random| ecdh::generate(random).to_vec(),
    public_key: |secret| ecdh::public_key(secret).map(|key| key.to_vec()).map_err(fault),
    sign: |secret, message, tools| {
        ecdh::sign(secret, message, tools.random).map(signature_value).map_err(fault)
    },
    verify: |public, message, signature, _| {
        let signatures = signatures_of(signature)?;
        Ok(ecdh::is_public_key(public)
            && signatures.iter().any(|signature| ecdh::verify(public, message, signature)))
    },
    encoding: None,
    public_keys: &["public_key", "public_key_session", "ecdh_public_key"],
};

fn fault(error: ecdh::Error) -> Error {
    Error::failed(error.to_string())
}

fn signature_value(signature: ecdh::Signature) -> Value {
    record(vec![("r", signature.r.to_vec()), ("s", signature.s.to_vec())])
}

/// The signatures that a value may stand for: octets in one piece have lost the zeros that `r` or `s` began with.
fn signatures_of(value: &Value) -> Result<Vec<ecdh::Signature>, Error> {
    if let Value::Table(table) = value {
        // A part that is missing is zero, which signs nothing.
        let part = |name: &str| match table.member(name) {
            Some(part) => {
                part.octets().ok_or_else(|| Error::failed(format!("{name} of the signature is no octets")))
            }
            None => Ok(Vec::new()),
        };
        return Ok(vec![ecdh::Signature::from_parts(&part("r")?, &part("s")?).map_err(fault)?]);
    }
    let unfit = || Error::failed("an ecdh signature has r and s, 62 to 64 octets in all");
    let octets = value.octets().filter(|octets| (62..=64).contains(&octets.len())).ok_or_else(unfit)?;
    let splits = (30..=32).filter(|left| (30..=32).contains(&(octets.len() - left)));
    let parts = splits.map(|left| ecdh::Signature::from_parts(&octets[..left], &octets[left..]));
    parts.collect::<Result<_, _>>().map_err(fault)
}

/// Signs an object with the ecdh key, into `signature`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': sign a letter
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the signature of 'letter'
/// Then print the 'signature'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create signature of ''")]
fn create_plain_signature(machine: &mut Machine, message: &str) -> Result<(), Error> {
    sign_as(machine, &SCHEME, message, "signature")
}

/// Requires an ecdh signature of an object to be authentic.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': sign a letter and look at the signature
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the ecdh public key
/// When I create the signature of 'letter'
/// When I verify the 'letter' has a signature in 'signature' by 'ecdh public key'
/// Then print the string 'the signature is authentic'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[check("verify '' has a signature in '' by ''")]
fn has_plain_signature(
    machine: &mut Machine,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    verify(machine, &SCHEME, message, signature, signer)
}

fn sign_deterministic(machine: &mut Machine, message: &str, name: &str) -> Result<(), Error> {
    let secret = machine.secret_key(SCHEME.name)?;
    machine.empty(name)?;
    let octets = serialize(machine.value(message)?)?;
    let signature = ecdh::sign_deterministic(&secret, &octets).map_err(fault)?;
    machine.create(name, signature_value(signature), Traits::default())
}

/// Signs an object without drawing a random number, into `ecdh_deterministic_signature`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': the same signature each time
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the ecdh deterministic signature of 'letter'
/// Then print the 'ecdh deterministic signature'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create ecdh deterministic signature of ''")]
fn create_ecdh_deterministic_signature(machine: &mut Machine, message: &str) -> Result<(), Error> {
    sign_deterministic(machine, message, "ecdh_deterministic_signature")
}

/// Signs an object without drawing a random number, into `ecdsa_deterministic_signature`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': the same signature each time
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the ecdsa deterministic signature of 'letter'
/// Then print the 'ecdsa deterministic signature'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create ecdsa deterministic signature of ''")]
fn create_ecdsa_deterministic_signature(machine: &mut Machine, message: &str) -> Result<(), Error> {
    sign_deterministic(machine, message, "ecdsa_deterministic_signature")
}

/// Requires a deterministic signature of an object to be authentic.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': the same signature each time
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the ecdh public key
/// When I create the ecdh deterministic signature of 'letter'
/// When I verify the 'letter' has a ecdh deterministic signature in 'ecdh deterministic signature' by 'ecdh public key'
/// Then print the string 'the signature is authentic'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[check(
    "verify '' has a ecdh deterministic signature in '' by ''",
    "verify '' has a ecdsa deterministic signature in '' by ''"
)]
fn has_deterministic_signature(
    machine: &mut Machine,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    verify(machine, &SCHEME, message, signature, signer)
}

/// Octets of an initialisation vector.
const IV_OCTETS: usize = 32;

/// Encrypts an object into `secret_message`, under a key of 32 octets.
fn encrypt(machine: &mut Machine, key: &[u8; 32], text: &str) -> Result<(), Error> {
    let text = machine.value(text)?.octets();
    let text = text.ok_or_else(|| Error::failed("only octets can be encrypted"))?;
    machine.empty("secret_message")?;
    let header = machine.objects.get("header").and_then(|object| object.value.octets());
    let header = header.unwrap_or_else(|| b"DefaultHeader".to_vec());
    let iv: [u8; IV_OCTETS] = machine.random.array();
    let (text, checksum) =
        aes::encrypt(key, &iv, &header, &text).map_err(|error| Error::failed(error.to_string()))?;
    let message = record(vec![
        ("header", header),
        ("iv", iv.to_vec()),
        ("text", text),
        ("checksum", checksum.to_vec()),
    ]);
    machine.create("secret_message", message, Traits::default())
}

/// Decrypts a message into `text` and `checksum`.
fn decrypt(machine: &mut Machine, key: &[u8; 32], message: &Table, fault: &str) -> Result<(), Error> {
    let part = |name: &str| {
        let octets = message.member(name).and_then(Value::octets);
        octets.ok_or_else(|| Error::failed(format!("the secret message has no {name}")))
    };
    let (header, iv, text, checksum) = (part("header")?, part("iv")?, part("text")?, part("checksum")?);
    machine.empty("text")?;
    machine.empty("checksum")?;
    let iv: [u8; IV_OCTETS] = iv
        .try_into()
        .map_err(|_| Error::failed(format!("the iv of a secret message has {IV_OCTETS} octets")))?;
    let tag: [u8; 16] = checksum.as_slice().try_into().map_err(|_| Error::refused(fault))?;
    let plain = aes::decrypt(key, &iv, &header, &text, &tag).map_err(|_| Error::refused(fault))?;
    machine.create("text", Value::Octet(plain), Traits::default())?;
    machine.create("checksum", Value::Octet(checksum), Traits::default())
}

fn password_key(machine: &Machine, name: &str) -> Result<[u8; 32], Error> {
    let secret = machine.octets(name)?;
    Ok(hash::kdf_sha256(&secret))
}

fn session_key(machine: &mut Machine, owner: &str) -> Result<[u8; 32], Error> {
    let secret = machine.secret_key(SCHEME.name)?;
    let public = public_key(machine, &SCHEME, owner)?;
    ecdh::session(&secret, &public).map(|key| *key).map_err(fault)
}

/// Encrypts an object under a password, into `secret_message`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': a letter under a password
/// Given I have a 'string' named 'letter'
/// Given I have a 'string' named 'password'
/// When I write string 'for the gate' in 'header'
/// When I encrypt the secret message 'letter' with 'password'
/// Then print the 'secret message'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge.", "password": "seven quiet otters" }
/// ```
#[when("encrypt secret message '' with ''")]
fn encrypt_with(machine: &mut Machine, text: &str, password: &str) -> Result<(), Error> {
    let key = password_key(machine, password)?;
    encrypt(machine, &key, text)
}

/// Decrypts a message under a password, into `text` and `checksum`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': a letter under a password
/// Given I have a 'string' named 'letter'
/// Given I have a 'string' named 'password'
/// When I write string 'for the gate' in 'header'
/// When I encrypt the secret message 'letter' with 'password'
/// When I decrypt the text of 'secret message' with 'password'
/// Then print the 'text' as 'string'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge.", "password": "seven quiet otters" }
/// ```
#[when("decrypt text of '' with ''")]
fn decrypt_with(machine: &mut Machine, message: &str, password: &str) -> Result<(), Error> {
    let key = password_key(machine, password)?;
    let message = machine.table(message)?.clone();
    decrypt(machine, &key, &message, "Decryption error: authentication failure, checksum mismatch")
}

/// Encrypts an object for the owner of a public key, into `secret_message`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': a letter for one reader
/// Given I have a 'keyring'
/// Given I have a 'ecdh public key' from 'Ugo'
/// Given I have a 'string' named 'letter'
/// When I write string 'for Ugo' in 'header'
/// When I encrypt the secret message of 'letter' for 'Ugo'
/// Then print the 'secret message'
/// ```
/// ```json data
/// {
///   "letter": "Meet me at the bridge.",
///   "Ugo": {
///     "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww="
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("encrypt secret message of '' for ''")]
fn encrypt_for(machine: &mut Machine, text: &str, owner: &str) -> Result<(), Error> {
    let key = session_key(machine, owner)?;
    encrypt(machine, &key, text)
}

/// Decrypts a message from the owner of a public key, into `text` and `checksum`.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': a letter to oneself, there and back
/// Given I have a 'keyring'
/// Given I have a 'ecdh public key' from 'Ugo'
/// Given I have a 'string' named 'letter'
/// When I write string 'for Ugo' in 'header'
/// When I encrypt the secret message of 'letter' for 'Ugo'
/// When I decrypt the text of 'secret message' from 'Ugo'
/// Then print the 'text' as 'string'
/// ```
/// ```json data
/// {
///   "letter": "Meet me at the bridge.",
///   "Ugo": {
///     "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww="
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("decrypt text of '' from ''")]
fn decrypt_from(machine: &mut Machine, message: &str, owner: &str) -> Result<(), Error> {
    let key = session_key(machine, owner)?;
    let messages = machine.table(message)?;
    let message = messages.member(owner).and_then(Value::table).unwrap_or(messages).clone();
    decrypt(machine, &key, &message, "Failed verification of integrity for secret message")
}
