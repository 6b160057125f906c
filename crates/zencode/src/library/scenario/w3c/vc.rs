//! `vc`: verifiable credentials, with a detached signature as their proof.

use zencode_macros::{check, when};

use super::did::{export_methods, import_methods, texts};
use super::jws::required_public_key;
use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::json::Json;
use crate::library::jose::algorithm::ES256K;
use crate::library::jose::jws;
use crate::machine::Machine;
use crate::schema::{Reading, Schema};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};
use crate::version::REFERENCE;

pub(crate) const STATEMENTS: &[Statement] =
    &[SET_VERIFICATION_METHOD, GET_VERIFICATION_METHOD, SIGN_CREDENTIAL, HAS_PROOF];

const METHOD: &str = "verification_method";
/// The name of the method inside a proof.
const METHOD_MEMBER: &str = "verificationMethod";
const PROOF: &str = "proof";

pub(crate) const SCHEMAS: &[Schema] = &[
    Schema { name: METHOD, import: import_methods, export: Some(export_methods), complex: true, open: false },
    Schema { name: "verifiable_credential", import, export: None, complex: false, open: false },
];

/// Reads a credential, every leaf as the text it is written as.
fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    Ok(texts(json))
}

/// The proof of a signed object.
pub(super) fn proof<'a>(machine: &'a Machine, name: &str) -> Result<&'a Table, Error> {
    let proof = machine.value(name)?.table().and_then(|credential| credential.member(PROOF));
    let proof = proof.ok_or_else(|| Error::refused(format!("The object is not signed: {name}")))?;
    proof.table().ok_or_else(|| Error::failed(format!("the proof of {name} is no dictionary")))
}

/// Says in a proof with what method it can be looked at: a text, or what else stands under a name.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': say where my key is
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'diploma'
/// Given I have a 'string' named 'address'
/// When I sign the verifiable credential named 'diploma'
/// When I set the verification method in 'diploma' to 'address'
/// Then print the 'diploma'
/// ```
/// ```json data
/// { "diploma": { "name": "Ada", "degree": "mathematics" }, "address": "https://example.org/key" }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("set verification method in '' to ''")]
fn set_verification_method(machine: &mut Machine, credential: &str, method: &str) -> Result<(), Error> {
    let mut proof = proof(machine, credential)?.clone();
    proof.set(METHOD_MEMBER, machine.copy_of(method)?);
    let mut value = machine.copy_of(credential)?;
    if let Value::Table(table) = &mut value {
        table.set(PROOF, Value::Table(proof));
    }
    machine.replace(credential, value)
}

/// Makes `verification method`: what a proof says it can be looked at with.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': where is the key?
/// Given I have a 'verifiable credential' named 'diploma'
/// When I get the verification method in 'diploma'
/// Then print the 'verification method' as 'string'
/// ```
/// ```json data
/// { "diploma": { "name": "Ada", "proof": { "verificationMethod": "https://example.org/key" } } }
/// ```
#[when("get verification method in ''")]
fn get_verification_method(machine: &mut Machine, credential: &str) -> Result<(), Error> {
    machine.empty(METHOD)?;
    let method = proof(machine, credential)?.member(METHOD_MEMBER).cloned();
    let method =
        method.ok_or_else(|| Error::failed(format!("the proof of {credential} has no {METHOD_MEMBER}")))?;
    machine.create(METHOD, method, Traits::default())
}

/// Signs a credential with the ecdh key: adds `proof`, with a detached signature of everything else.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': sign a diploma
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'diploma'
/// When I sign the verifiable credential named 'diploma'
/// Then print the 'diploma'
/// ```
/// ```json data
/// { "diploma": { "name": "Ada", "degree": "mathematics" } }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
///
/// # Source
/// Zenroom `zencode_vc.lua`. The proof is of no kind that W3C knows: its type is the version of the engine.
#[when("sign verifiable credential named ''")]
fn sign_credential(machine: &mut Machine, credential: &str) -> Result<(), Error> {
    let mut value = machine.copy_of(credential)?;
    let table = value.table().filter(|table| table.is_dictionary());
    let table = table.ok_or_else(|| Error::failed(format!("{credential} is no dictionary")))?;
    ensure(table.member(PROOF).is_none(), || format!("The object is already signed: {credential}"))?;
    let signature = jws::create(machine, &header(), &value, true)?;
    let mut proof = Table::default();
    proof.set("type", Value::text(&format!("Zenroom v{REFERENCE}")));
    proof.set("jws", Value::text(&signature));
    proof.set("proofPurpose", Value::text("authenticate"));
    if let Value::Table(table) = &mut value {
        table.set(PROOF, Value::Table(proof));
    }
    machine.replace(credential, value)
}

/// The header of a proof: the payload is elsewhere, and is signed in base64 all the same.
fn header() -> Value {
    let mut header = Table::default();
    header.set("alg", Value::text(ES256K.iana));
    header.set("b64", Value::Boolean(true));
    header.set("crit", Value::Table(Table::Array(vec![Value::text("b64")])));
    Value::Table(header)
}

/// Requires the proof of a credential to be authentic, and takes it out.
///
/// It is looked at with `jws public key`, or else the public key of its algorithm.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': is the diploma authentic?
/// Given I have a 'keyring'
/// Given I have a 'string dictionary' named 'diploma'
/// When I create the ecdh public key
/// When I sign the verifiable credential named 'diploma'
/// When I verify the verifiable credential named 'diploma'
/// Then print the string 'the diploma is authentic'
/// ```
/// ```json data
/// { "diploma": { "name": "Ada", "degree": "mathematics" } }
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[check("verify verifiable credential named ''")]
fn has_proof(machine: &mut Machine, credential: &str) -> Result<(), Error> {
    machine.value(credential)?;
    let signature = proof(machine, credential).ok().and_then(|proof| proof.member("jws")).cloned();
    let signature =
        signature.ok_or_else(|| Error::refused(format!("The object has no signature: {credential}")))?;
    machine.table_mut(credential)?.take(&Key::Name(PROOF.to_owned()));
    let signature = jws::parse(&signature)?;
    let text = jws::payload_text(machine.value(credential)?)?;
    let same = signature.payload.as_ref().is_none_or(|signed| *signed == text);
    ensure(same, || "The JWS proof contains a different payload".to_owned())?;
    let algorithm = signature.algorithm()?;
    let public = required_public_key(machine, algorithm)?;
    let authentic = signature.is_of(&text, &public, algorithm, &machine.key_cache)?;
    ensure(authentic, || format!("Invalid verifiable credential signature of: {credential}"))
}
