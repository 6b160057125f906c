//! Hash: digests, authentication codes and derived keys.

use zencode_crypto::bls12_381::{G1, G2};
use zencode_crypto::encoding::base64;
use zencode_crypto::hash::Algorithm;
use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::encoding::Input;
use crate::error::{Error, ensure};
use crate::export::{Printed, serialize};
use crate::import::MULTIHASH;
use crate::json::Json;
use crate::machine::Machine;
use crate::number::Number;
use crate::schema::{Export, Import, Reading, Schema, octets};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    CREATE_HASH,
    CREATE_HASH_USING,
    CREATE_MULTIHASH,
    CREATE_MULTIHASH_USING,
    CREATE_HASH_TO_POINT,
    CREATE_HASHES,
    CREATE_HMAC,
    CREATE_KEY_DERIVATION,
    CREATE_KEY_DERIVATION_ROUNDS,
    CREATE_KEY_DERIVATION_PASSWORD,
    CREATE_KEY_DERIVATION_ROUNDS_PASSWORD,
    CREATE_KEY_DERIVATIONS,
];

pub(super) const SCHEMAS: &[Schema] = &[
    Schema { name: MULTIHASH, import: import_any, export: Some(export_any), complex: true, open: false },
    multihash("multihash_sha256", |json, reading| import(json, reading, 0x12), |value| export(value, 0x12)),
    multihash("multihash_sha512", |json, reading| import(json, reading, 0x13), |value| export(value, 0x13)),
    multihash("multihash_sha3_512", |json, reading| import(json, reading, 0x14), |value| export(value, 0x14)),
    multihash("multihash_sha3_256", |json, reading| import(json, reading, 0x16), |value| export(value, 0x16)),
    multihash("multihash_shake256", |json, reading| import(json, reading, 0x19), |value| export(value, 0x19)),
    multihash(
        "multihash_keccak256",
        |json, reading| import(json, reading, 0x1b),
        |value| export(value, 0x1b),
    ),
];

const fn multihash(name: &'static str, import: Import, export: Export) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

/// The schema of the code that a multihash begins with.
pub(crate) fn multihash_schema(json: &Json, encoding: Input) -> Option<&'static str> {
    match octets(json, MULTIHASH, encoding).ok()?.first()? {
        0x12 => Some("multihash_sha256"),
        0x13 => Some("multihash_sha512"),
        0x14 => Some("multihash_sha3_512"),
        0x16 => Some("multihash_sha3_256"),
        0x19 => Some("multihash_shake256"),
        0x1b => Some("multihash_keccak256"),
        _ => None,
    }
}

/// Takes the code and the length off, whichever of the known codes it is.
fn import_any(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let known = multihash_schema(json, reading.encoding)
        .and_then(|_| octets(json, MULTIHASH, reading.encoding).ok()?.first().copied());
    let code = known.ok_or_else(|| Error::input("Multihash not supported"))?;
    import(json, reading, code)
}

/// What a value was read as is known by the code that it came with, and by nothing else.
fn export_any(_value: &Value) -> Result<Printed, Error> {
    Err(Error::failed("Invalid multihash value"))
}

/// Takes the code and the length off.
fn import(json: &Json, reading: &Reading, code: u8) -> Result<Value, Error> {
    let octets = octets(json, "multihash", reading.encoding)?;
    match octets.as_slice() {
        [found, length, digest @ ..] if *found == code && usize::from(*length) == digest.len() => {
            Ok(Value::Octet(digest.to_vec()))
        }
        [found, ..] if *found != code => Err(Error::input(format!("Incorrect multihash found: {found:02x}"))),
        _ => Err(Error::input(format!("Multihash invalid size: {}", octets.len()))),
    }
}

/// Puts the code and the length in front; the contract's output encoding does the rest.
fn export(value: &Value, code: u8) -> Result<Printed, Error> {
    let digest = value.octets().unwrap_or_default();
    // The length of the whole digest, also where a part of it was split off.
    let length = if matches!(code, 0x13 | 0x14) { 64 } else { 32 };
    let mut octets = vec![code, length];
    octets.extend_from_slice(&digest);
    Ok(Printed::Raw(Value::Octet(octets)))
}

fn algorithm(name: &str) -> Result<Algorithm, Error> {
    Algorithm::from_name(name).ok_or_else(|| Error::failed(format!("Hash algorithm not known: {name}")))
}

fn hash_into(machine: &mut Machine, source: &str, name: &str, target: &str) -> Result<(), Error> {
    let octets = serialize(machine.value(source)?)?;
    let digest = algorithm(name)?.digest(&octets);
    machine.create(target, Value::Octet(digest), Traits::element())
}

/// Makes `hash`: the digest of an object by the contract's default function.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// When I create the hash of 'letter'
/// Then print the 'hash' as 'hex'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
#[when("create hash of ''")]
fn create_hash(machine: &mut Machine, source: &str) -> Result<(), Error> {
    let name = machine.rules.hash.clone();
    hash_into(machine, source, &name, "hash")
}

/// Makes `hash`: the digest of an object by a named function.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// When I create the hash of 'letter' using 'sha512'
/// Then print the 'hash' as 'hex'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
#[when("create hash of '' using ''")]
fn create_hash_using(machine: &mut Machine, source: &str, name: &str) -> Result<(), Error> {
    hash_into(machine, source, name, "hash")
}

fn multihash_into(machine: &mut Machine, source: &str, name: &str) -> Result<(), Error> {
    hash_into(machine, source, name, "multihash")?;
    let schema = machine.schema(&format!("multihash_{name}"));
    machine.have_mut("multihash")?.codec.schema = schema;
    ensure(schema.is_some(), || format!("Multihash not supported: {name}"))
}

/// Makes `multihash`: a digest that says which function made it.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// When I create the multihash of 'letter'
/// Then print the 'multihash' as 'base58'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
#[when("create multihash of ''")]
fn create_multihash(machine: &mut Machine, source: &str) -> Result<(), Error> {
    let name = machine.rules.hash.clone();
    multihash_into(machine, source, &name)
}

/// Makes `multihash` by a named function.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// When I create the multihash of 'letter' using 'sha512'
/// Then print the 'multihash' as 'base58'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
#[when("create multihash of '' using ''")]
fn create_multihash_using(machine: &mut Machine, source: &str, name: &str) -> Result<(), Error> {
    multihash_into(machine, source, name)
}

/// Makes `hash_to_point`: the point of BLS12-381 that an object hashes to.
///
/// `ECP` is the first group, `ECP2` the second. It is the reference engine's hash, by trying one x after the
/// other, not that of RFC 9380. The digest is SHA-512, whatever the contract's default function.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// When I create the hash to point 'ECP' of 'letter'
/// Then print the 'hash to point' as 'hex'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
#[when("create hash to point '' of ''")]
fn create_hash_to_point(machine: &mut Machine, group: &str, name: &str) -> Result<(), Error> {
    let hash: fn(&[u8]) -> Value = match group {
        "ECP" | "ecp" => |octets| G1::hash(octets).into(),
        "ECP2" | "ecp2" | "PAIR" => |octets| G2::hash(octets).into(),
        _ => return Err(Error::failed(format!("Hash type {group} is invalid: ECP or ECP2 is expected"))),
    };
    machine.empty("hash_to_point")?;
    let octets = serialize(machine.value(name)?)?;
    machine.create("hash_to_point", hash(&octets), Traits::element())
}

/// Each leaf of a table through a function of its octets.
fn each_leaf(machine: &Machine, name: &str, digest: impl Fn(&[u8]) -> Vec<u8>) -> Result<Value, Error> {
    let mapped = machine.table(name)?.map(&mut |leaf: &Value| {
        let octets = leaf.octets();
        let octets = octets.ok_or_else(|| Error::failed(format!("a member of {name} has no octets")))?;
        Ok::<_, Error>(Value::Octet(digest(&octets)))
    });
    mapped.map(Value::Table)
}

/// Makes `hashes`: the SHA-256 of each element of an array, whatever the contract's default function.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'letters'
/// When I create the hashes of each object in 'letters'
/// Then print the 'hashes' as 'hex'
/// ```
/// ```json data
/// { "letters": ["Meet me at the bridge.", "Bring the map."] }
/// ```
#[when("create hashes of each object in ''")]
fn create_hashes(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let array = matches!(machine.value(name)?, Value::Table(Table::Array(items)) if !items.is_empty());
    ensure(array, || format!("Object is not an array: {name}"))?;
    let hashes = each_leaf(machine, name, |octets| Algorithm::Sha256.digest(octets))?;
    machine.create("hashes", hashes, Traits { shape: Some(Shape::Array), ..Traits::default() })
}

/// Makes `HMAC`: the authentication code of an object under a key.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'letter'
/// Given I have a 'hex' named 'key'
/// When I create the hmac of 'letter' with key 'key'
/// Then print the 'HMAC' as 'hex'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge.", "key": "000102030405060708090a0b0c0d0e0f" }
/// ```
#[when("create hmac of '' with key ''")]
fn create_hmac(machine: &mut Machine, source: &str, key: &str) -> Result<(), Error> {
    let message = serialize(machine.value(source)?)?;
    let key = machine.octets(key)?;
    let code = algorithm(&machine.rules.hash)?.hmac(&key, &message);
    let code = code.map_err(|error| Error::failed(error.to_string()))?;
    machine.create("HMAC", Value::Octet(code), Traits::element())
}

/// Rounds of a key derivation when the contract names none.
const ROUNDS: u32 = 5000;

/// Rounds of a key derivation, at most: what keeps a contract from holding a core for minutes.
const ROUNDS_MAX: u32 = 1_000_000;

/// Octets of a derived key.
const DERIVED_OCTETS: usize = 32;

fn derive_into(
    machine: &mut Machine,
    source: &str,
    rounds: Option<&str>,
    password: Option<&str>,
) -> Result<(), Error> {
    let secret = serialize(machine.value(source)?)?;
    let rounds = match rounds {
        None => ROUNDS,
        Some(name) => rounds_of(machine, name)?,
    };
    let salt = match password {
        None => Vec::new(),
        Some(name) => machine.octets(name)?,
    };
    let derived = Algorithm::Sha512.pbkdf2(&secret, &salt, rounds, DERIVED_OCTETS);
    let derived = derived.map_err(|error| Error::failed(error.to_string()))?;
    machine.create("key_derivation", Value::Octet(derived), Traits::element())
}

/// The rounds that a number or an object says; what says no number means the usual rounds, as in the
/// reference engine, which looks for one in the base64 of a text.
fn rounds_of(machine: &Machine, name: &str) -> Result<u32, Error> {
    let number = match Number::parse(name) {
        Some(number) => Some(number),
        None => match machine.value(name)? {
            Value::Integer(integer) => Number::parse(&integer.to_string()),
            Value::Octet(octets) => Number::parse(&base64::encode(octets)),
            other => other.number(),
        },
    };
    let Some(number) = number else { return Ok(ROUNDS) };
    let rounds: Option<u32> = number.integral_text().and_then(|text| text.parse().ok());
    let rounds = rounds.filter(|rounds| (1..=ROUNDS_MAX).contains(rounds));
    rounds.ok_or_else(|| Error::failed(format!("{name} is no number of rounds from 1 to {ROUNDS_MAX}")))
}

/// Makes `key_derivation`: a key of one digest of an object and a counter.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'phrase'
/// When I create the key derivation of 'phrase'
/// Then print the 'key derivation' as 'hex'
/// ```
/// ```json data
/// { "phrase": "seven quiet otters" }
/// ```
#[when("create key derivation of ''")]
fn create_key_derivation(machine: &mut Machine, source: &str) -> Result<(), Error> {
    let secret = serialize(machine.value(source)?)?;
    let derived = algorithm(&machine.rules.hash)?.kdf(&secret);
    machine.create("key_derivation", Value::Octet(derived), Traits::element())
}

/// Makes `key_derivation` in a number of rounds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'phrase'
/// When I create the key derivation of 'phrase' with '100' rounds
/// Then print the 'key derivation' as 'hex'
/// ```
/// ```json data
/// { "phrase": "seven quiet otters" }
/// ```
#[when("create key derivation of '' with '' rounds")]
fn create_key_derivation_rounds(machine: &mut Machine, source: &str, rounds: &str) -> Result<(), Error> {
    derive_into(machine, source, Some(rounds), None)
}

/// Makes `key_derivation` with a password.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'phrase'
/// Given I have a 'string' named 'password'
/// When I create the key derivation of 'phrase' with password 'password'
/// Then print the 'key derivation' as 'hex'
/// ```
/// ```json data
/// { "phrase": "seven quiet otters", "password": "under the bridge" }
/// ```
#[when("create key derivation of '' with password ''")]
fn create_key_derivation_password(machine: &mut Machine, source: &str, password: &str) -> Result<(), Error> {
    derive_into(machine, source, None, Some(password))
}

/// Makes `key_derivation` in a number of rounds with a password.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'phrase'
/// Given I have a 'string' named 'password'
/// When I create the key derivation of 'phrase' with '100' rounds with password 'password'
/// Then print the 'key derivation' as 'hex'
/// ```
/// ```json data
/// { "phrase": "seven quiet otters", "password": "under the bridge" }
/// ```
#[when("create key derivation of '' with '' rounds with password ''")]
fn create_key_derivation_rounds_password(
    machine: &mut Machine,
    source: &str,
    rounds: &str,
    password: &str,
) -> Result<(), Error> {
    derive_into(machine, source, Some(rounds), Some(password))
}

/// Makes `key_derivations`: a key derived from each member, in the same shape.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'phrases'
/// When I create the key derivations of each object in 'phrases'
/// Then print the 'key derivations' as 'hex'
/// ```
/// ```json data
/// { "phrases": ["seven quiet otters", "one loud heron"] }
/// ```
#[when("create key derivations of each object in ''")]
fn create_key_derivations(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let algorithm = algorithm(&machine.rules.hash)?;
    let keys = each_leaf(machine, name, |octets| algorithm.kdf(octets))?;
    let shape = Some(machine.have(name)?.codec.shape);
    machine.create("key_derivations", keys, Traits { shape, ..Traits::default() })
}
