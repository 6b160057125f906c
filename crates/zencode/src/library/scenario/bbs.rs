//! `bbs`: one signature of many messages, of which the holder shows some and proves to have it of all.

use zencode_crypto::bbs::{self, Proof, PublicKey, SecretKey, Signature, Suite};

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::json::Json;
use crate::machine::Machine;
use crate::schema::{Import, Reading, Schema, octets};
use crate::statement::Statement;
use crate::value::{Table, Value};

mod sha;
mod shake;

pub(crate) const STATEMENTS: &[Statement] = &[
    sha::CREATE_BBS_KEY,
    sha::CREATE_BBS_KEY_WITH_SECRET,
    sha::CREATE_BBS_PUBLIC_KEY,
    sha::CREATE_BBS_PUBLIC_KEY_WITH_SECRET,
    sha::CREATE_BBS_SIGNATURE,
    sha::HAS_BBS_SIGNATURE,
    sha::CREATE_BBS_DISCLOSED_MESSAGES,
    sha::CREATE_BBS_PROOF,
    sha::CREATE_BBS_PROOF_OF,
    sha::HAS_BBS_PROOF,
    sha::HAS_BBS_PROOF_WITH,
    shake::CREATE_BBS_SHAKE_KEY,
    shake::CREATE_BBS_SHAKE_KEY_WITH_SECRET,
    shake::CREATE_BBS_SHAKE_PUBLIC_KEY,
    shake::CREATE_BBS_SHAKE_PUBLIC_KEY_WITH_SECRET,
    shake::CREATE_BBS_SHAKE_SIGNATURE,
    shake::HAS_BBS_SHAKE_SIGNATURE,
    shake::CREATE_BBS_SHAKE_PROOF,
    shake::CREATE_BBS_SHAKE_PROOF_OF,
    shake::HAS_BBS_SHAKE_PROOF,
    shake::HAS_BBS_SHAKE_PROOF_WITH,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("bbs_public_key", import_public_key),
    schema("bbs_signature", import_signature),
    schema("bbs_credential", import_signature),
    schema("bbs_proof", import_proof),
    schema("bbs_shake_public_key", import_public_key),
    schema("bbs_shake_signature", import_signature),
    schema("bbs_shake_credential", import_signature),
    schema("bbs_shake_proof", import_proof),
];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: None, complex: false, open: false }
}

fn refusal(error: bbs::Error) -> Error {
    Error::input(error.to_string())
}

fn fault(error: bbs::Error) -> Error {
    Error::failed(error.to_string())
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "bbs public key", reading.encoding)?;
    PublicKey::from_octets(&octets).map_err(refusal)?;
    Ok(Value::Octet(octets))
}

fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "bbs signature", reading.encoding)?;
    Signature::from_octets(&octets).map_err(refusal)?;
    Ok(Value::Octet(octets))
}

fn import_proof(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "bbs proof", reading.encoding)?;
    Proof::from_octets(&octets).map_err(refusal)?;
    Ok(Value::Octet(octets))
}

/// The name of a suite's key in the keyring, which the names of its objects begin with.
fn name(suite: Suite) -> &'static str {
    match suite {
        Suite::Sha256 => "bbs",
        Suite::Shake256 => "bbs_shake",
    }
}

/// The name of an object of a suite.
fn named(suite: Suite, object: &str) -> String {
    format!("{}_{object}", name(suite))
}

/// What a proof is made of or verified with, by name.
struct Names<'a> {
    public_key: &'a str,
    header: &'a str,
    messages: &'a str,
    positions: &'a str,
}

/// The names of the objects that sentences without names take.
fn usual<'a>(public_key: &'a str, messages: &'a str) -> Names<'a> {
    Names { public_key, header: "bbs_presentation_header", messages, positions: "bbs_disclosed_indexes" }
}

fn element(octets: Option<Vec<u8>>, name: &str) -> Result<Vec<u8>, Error> {
    octets.ok_or_else(|| Error::failed(format!("{name} has no octets")))
}

/// The messages of an object: one, or the items of an array.
fn messages_of(value: &Value, name: &str) -> Result<Vec<Vec<u8>>, Error> {
    match value {
        Value::Table(Table::Array(items)) => items.iter().map(|item| element(item.octets(), name)).collect(),
        Value::Table(Table::Dictionary(_)) => {
            Err(Error::failed("BBS signature can be done only on strings or an array of strings"))
        }
        one => Ok(vec![element(one.octets(), name)?]),
    }
}

/// A position, counted from 1 in contracts and from 0 here.
fn position(value: &Value) -> Option<usize> {
    value.number()?.integral_text()?.parse::<usize>().ok()?.checked_sub(1)
}

fn items<'a>(machine: &'a Machine, name: &str) -> Result<&'a [Value], Error> {
    match machine.value(name)? {
        Value::Table(Table::Array(items)) => Ok(items),
        _ => Err(Error::failed(format!("Object is not an array: {name}"))),
    }
}

/// The positions in an array, ascending.
fn positions_of(machine: &Machine, name: &str) -> Result<Vec<usize>, Error> {
    let position =
        |item| position(item).ok_or_else(|| Error::failed(format!("{name} holds what is no position")));
    let mut positions = items(machine, name)?.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    if positions.is_empty() {
        return Err(Error::failed(format!("there are no positions in {name}")));
    }
    positions.sort_unstable();
    Ok(positions)
}

fn octets_of(machine: &Machine, name: &str) -> Result<Vec<u8>, Error> {
    element(machine.value(name)?.octets(), name)
}

fn create_key(machine: &mut Machine, suite: Suite) -> Result<(), Error> {
    machine.ensure_no_key(name(suite))?;
    let key = SecretKey::draw(suite, &mut machine.random);
    machine.keep_key(name(suite), key.to_octets().to_vec())
}

/// A secret key that is an object: an integer below the order.
fn secret_of(machine: &Machine, secret: &str) -> Result<SecretKey, Error> {
    match machine.value(secret)? {
        Value::Integer(integer) if integer.sign() != num_bigint::Sign::Minus => {
            SecretKey::from_octets(&integer.magnitude().to_bytes_be()).map_err(fault)
        }
        _ => Err(Error::failed("Invalid BBS secret key: an integer is expected")),
    }
}

fn keep_key(machine: &mut Machine, suite: Suite, secret: &str) -> Result<(), Error> {
    let key = secret_of(machine, secret)?;
    machine.ensure_no_key(name(suite))?;
    machine.keep_key(name(suite), key.to_octets().to_vec())
}

/// The secret key of the keyring.
fn secret_key(machine: &mut Machine, suite: Suite) -> Result<SecretKey, Error> {
    let secret = zeroize::Zeroizing::new(machine.secret_key(name(suite))?);
    SecretKey::from_octets(&secret).map_err(fault)
}

fn create_public_key(machine: &mut Machine, suite: Suite, secret: Option<&str>) -> Result<(), Error> {
    let key = match secret {
        Some(secret) => secret_of(machine, secret)?,
        None => secret_key(machine, suite)?,
    };
    let public = Value::Octet(key.public_key().to_octets().to_vec());
    machine.create(&named(suite, "public_key"), public, Traits::element())
}

fn create_signature(machine: &mut Machine, suite: Suite, message: &str) -> Result<(), Error> {
    let created = named(suite, "signature");
    machine.empty(&created)?;
    let key = secret_key(machine, suite)?;
    let object = machine.have(message)?;
    if object.codec.shape == Shape::Dictionary {
        return Err(Error::failed("BBS signature can be done only on strings or an array of strings"));
    }
    let messages = messages_of(&object.value, message)?;
    let signature = key.sign(suite, &messages).map_err(fault)?;
    machine.create(&created, Value::Octet(signature.to_octets()), Traits::element())
}

/// The public key of a name: an object of that name, or a member of the table of public keys.
fn public_key(machine: &Machine, suite: Suite, signer: &str) -> Result<PublicKey, Error> {
    let known = || {
        let object = machine.objects.get(&named(suite, "public_key"))?;
        match &object.value {
            Value::Table(keys) => keys.member(signer),
            key => Some(key),
        }
    };
    let found = machine.objects.get(signer).map(|object| &object.value).or_else(known);
    let found = found.and_then(Value::octets);
    let found = found.ok_or_else(|| Error::failed(format!("Public key not found for: {signer}")))?;
    PublicKey::from_octets(&found).map_err(fault)
}

fn verify_signature(
    machine: &Machine,
    suite: Suite,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    let found = Signature::from_octets(&octets_of(machine, signature)?).map_err(fault)?;
    let messages = messages_of(machine.value(message)?, message)?;
    let public = public_key(machine, suite, signer)?;
    let authentic = found.verify(suite, &public, &messages).map_err(fault)?;
    let scheme = name(suite).replace('_', " ");
    ensure(authentic, || format!("The {scheme} signature by {signer} is not authentic"))
}

/// The messages at the positions. Where a position has none, the reference engine leaves it out at the end and
/// fails elsewhere.
fn create_disclosed_messages(machine: &mut Machine) -> Result<(), Error> {
    let messages = items(machine, "bbs_messages")?;
    let positions = items(machine, "bbs_disclosed_indexes")?;
    let found: Vec<_> = positions.iter().map(|item| messages.get(position(item)?)).collect();
    let count = found.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let disclosed = found[..count].iter().map(|item| item.cloned()).collect::<Option<Vec<_>>>();
    let disclosed =
        disclosed.ok_or_else(|| Error::failed("bbs_disclosed_indexes names a message that is not there"))?;
    let traits = Traits { shape: Some(Shape::Array), ..Traits::encoded("string") };
    machine.create("bbs_disclosed_messages", Value::Table(Table::Array(disclosed)), traits)
}

fn create_proof(
    machine: &mut Machine,
    suite: Suite,
    signature: &str,
    names: &Names<'_>,
) -> Result<(), Error> {
    let created = named(suite, "proof");
    machine.empty(&created)?;
    let messages = messages_of(machine.value(names.messages)?, names.messages)?;
    let positions = positions_of(machine, names.positions)?;
    let public = PublicKey::from_octets(&octets_of(machine, names.public_key)?).map_err(fault)?;
    let signature = Signature::from_octets(&octets_of(machine, signature)?).map_err(fault)?;
    let header = octets_of(machine, names.header)?;
    let proof = signature.prove(suite, &public, &header, &messages, &positions, &mut machine.random);
    machine.create(&created, Value::Octet(proof.map_err(fault)?.to_octets()), Traits::element())
}

fn verify_proof(machine: &Machine, suite: Suite, names: &Names<'_>) -> Result<(), Error> {
    let public = PublicKey::from_octets(&octets_of(machine, names.public_key)?).map_err(fault)?;
    let proof = Proof::from_octets(&octets_of(machine, &named(suite, "proof"))?).map_err(fault)?;
    let header = octets_of(machine, names.header)?;
    let messages = items(machine, names.messages)?.iter();
    let messages =
        messages.map(|item| element(item.octets(), names.messages)).collect::<Result<Vec<_>, _>>()?;
    let positions = positions_of(machine, names.positions)?;
    let valid = proof.verify(suite, &public, &header, &messages, &positions).map_err(fault)?;
    ensure(valid, || format!("The {} proof is not valid", name(suite).replace('_', " ")))
}
