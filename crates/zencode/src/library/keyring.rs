//! Keyring: the secret keys of a contract, each in its own encoding.

use std::collections::BTreeMap;

use zencode_crypto::bitcoin::{self, Network};
use zencode_crypto::bls12_381::{SCALAR_OCTETS_MAX, significant};
use zencode_macros::when;
use zeroize::Zeroizing;

use crate::codec::Traits;
use crate::encoding::{Input, Output};
use crate::error::Error;
use crate::export::{Printed, tree};
use crate::json::Json;
use crate::machine::Machine;
use crate::schema::{Reading, Schema, encode_octets, member, record};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[CREATE_KEYRING];

pub(super) const SCHEMAS: &[Schema] =
    &[Schema { name: "keyring", import, export: Some(export), complex: true, open: false }];

/// One kind of key: its name, its encoding in JSON, and its length when only one is right.
struct KeyKind {
    name: &'static str,
    input: Input,
    output: Output,
    octets: Option<usize>,
    /// The network whose wallet import format surrounds the key in JSON.
    network: Option<Network>,
}

const fn kind(name: &'static str, input: Input, output: Output, octets: Option<usize>) -> KeyKind {
    KeyKind { name, input, output, octets, network: None }
}

const fn wallet(name: &'static str, network: Network) -> KeyKind {
    KeyKind { network: Some(network), ..kind(name, Input::Base58, Output::Base58, None) }
}

/// Keys that a keyring may hold.
///
/// # Source
/// Zenroom `zencode_keyring.lua`, `keytypes`.
const KINDS: &[KeyKind] = &[
    kind("ecdh", Input::Base64, Output::Base64, None),
    kind("es256", Input::Base64, Output::Base64, None),
    kind("bbs", Input::Base64, Output::Base64, None),
    kind("bbs_shake", Input::Base64, Output::Base64, None),
    kind("credential", Input::Base64, Output::Base64, None),
    kind("pvss", Input::Base64, Output::Base64, None),
    kind("reflow", Input::Base64, Output::Base64, None),
    wallet("bitcoin", Network::Main),
    wallet("testnet", Network::Test),
    kind("ethereum", Input::Hex, Output::Hex, None),
    kind("dilithium", Input::Base64, Output::Base64, Some(2528)),
    kind("mayo", Input::Base64, Output::Base64, Some(40)),
    kind("mldsa44", Input::Base64, Output::Base64, Some(2560)),
    kind("schnorr", Input::Base64, Output::Base64, None),
    kind("kyber", Input::Base64, Output::Base64, Some(1632)),
    kind("mlkem512", Input::Base64, Output::Base64, Some(1632)),
    kind("rsa", Input::Base64, Output::Base64, Some(1280)),
    kind("ntrup", Input::Base64, Output::Base64, Some(1763)),
    kind("eddsa", Input::Base58, Output::Base58, None),
    kind("fsp", Input::Base64, Output::Base64, None),
];

/// Keys that are integers: leading zeros have no meaning, and are not kept.
const INTEGERS: &[&str] = &["bbs", "bbs_shake", "credential", "pvss", "reflow"];

/// The one key of two integers, `x` and `y`.
pub(super) const ISSUER: &str = "issuer";

/// The octets of a key as memory keeps them.
pub(super) fn integer_or_octets(name: &str, octets: Vec<u8>) -> Result<Vec<u8>, Error> {
    if !INTEGERS.contains(&name) && name != ISSUER {
        return Ok(octets);
    }
    let octets = Zeroizing::new(octets);
    let fits = (1..=SCALAR_OCTETS_MAX).contains(&octets.len());
    let fault = || Error::input(format!("{name} key length is not correct: {}", octets.len()));
    if fits { Ok(significant(&octets).to_vec()) } else { Err(fault()) }
}

fn issuer(json: &Json) -> Result<Value, Error> {
    let found = match json {
        Json::Object(members) => members.get(ISSUER),
        _ => None,
    };
    let found = found.ok_or_else(|| Error::input("a keyring is a dictionary of keys"))?;
    let part = |name| integer_or_octets(ISSUER, member(found, name, Input::Base64)?);
    Ok(record(vec![("x", part("x")?), ("y", part("y")?)]))
}

fn kind_of(name: &str) -> Result<&'static KeyKind, Error> {
    KINDS
        .iter()
        .find(|kind| kind.name == name)
        .ok_or_else(|| Error::failed(format!("Unsupported key type found in keyring: {name}")))
}

fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let mut keyring = Table::default();
    let members = match json {
        Json::Object(members) => members.keys().collect(),
        Json::Array(items) if items.is_empty() => Vec::new(),
        _ => return Err(Error::input("a keyring is a dictionary of keys")),
    };
    for name in members {
        if name == ISSUER {
            keyring.set(name, issuer(json)?);
            continue;
        }
        let kind = kind_of(name)?;
        let octets = integer_or_octets(name, member(json, name, kind.input)?)?;
        if let Some(expected) = kind.octets
            && octets.len() != expected
        {
            return Err(Error::input(format!("{name} key length is not correct: {}", octets.len())));
        }
        let octets = match kind.network {
            Some(_) => {
                let secret = bitcoin::from_wif(&octets);
                secret.map_err(|error| Error::input(format!("Invalid {name} key: {error}")))?.to_vec()
            }
            None => octets,
        };
        keyring.set(name, Value::Octet(octets));
    }
    Ok(Value::Table(keyring))
}

fn export(value: &Value) -> Result<Printed, Error> {
    let mut exported = BTreeMap::new();
    let keyring = value.table().ok_or_else(|| Error::failed("Keyring table is corrupted"))?;
    for (name, key) in keyring.entries() {
        let name = name.to_string();
        if name == ISSUER {
            exported.insert(name, tree(key, Output::Base64)?);
            continue;
        }
        let kind = kind_of(&name)?;
        let printed = match kind.network {
            Some(network) => encode_octets(&wrapped(key, network)?, kind.output)?,
            None => encode_octets(key, kind.output)?,
        };
        exported.insert(name, printed);
    }
    Ok(Printed::Dictionary(exported))
}

/// A secret key in the import format of a network's wallets.
fn wrapped(key: &Value, network: Network) -> Result<Value, Error> {
    let secret = key.octets().and_then(|octets| octets.try_into().ok());
    let secret = Zeroizing::new(secret.ok_or_else(|| Error::failed("a bitcoin key has 32 octets"))?);
    Ok(Value::Octet(bitcoin::to_wif(&secret, network).to_vec()))
}

/// Makes `keyring`, without keys; statements that create a key make one when there is none.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the keyring
/// When I verify the 'keyring' is found
/// Then print the string 'the keyring is empty'
/// ```
#[when("create keyring")]
fn create_keyring(machine: &mut Machine) -> Result<(), Error> {
    machine.create("keyring", Value::Table(Table::default()), Traits::default())
}

impl Machine {
    /// The secret key of a kind.
    pub(crate) fn secret_key(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        if kind_of(name).is_err() {
            return Err(Error::failed(format!("Unknown key type: {name}")));
        }
        self.ensure_keyring()?;
        let found = self.table("keyring")?.member(name).and_then(Value::octets);
        found.ok_or_else(|| Error::failed(format!("Key not found: {name}")))
    }

    /// Puts a secret key of a kind in the keyring, which is made when there is none.
    pub(crate) fn keep_key(&mut self, name: &str, secret: Vec<u8>) -> Result<(), Error> {
        self.charge(secret.len())?;
        self.table_mut("keyring")?.set(name, Value::Octet(secret));
        Ok(())
    }

    /// Makes a keyring when there is none, and refuses when it has a key of the kind already.
    pub(crate) fn ensure_no_key(&mut self, name: &str) -> Result<(), Error> {
        self.ensure_keyring()?;
        match self.table("keyring")?.member(name) {
            Some(_) => Err(Error::failed(format!("Cannot overwrite existing key: {name}"))),
            None => Ok(()),
        }
    }

    /// Makes a keyring when there is none.
    pub(super) fn ensure_keyring(&mut self) -> Result<(), Error> {
        if self.objects.contains_key("keyring") {
            return Ok(());
        }
        self.create("keyring", Value::Table(Table::default()), Traits::default())
    }
}
