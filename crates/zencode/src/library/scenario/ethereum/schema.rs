//! What `ethereum` reads and prints: addresses, amounts, signatures, transactions and methods.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use zencode_crypto::ethereum;

use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::{Printed, tree};
use crate::import::{integer, limited};
use crate::json::Json;
use crate::number::Number;
use crate::schema::{Export, Import, Reading, Schema, encode_octets, octets};
use crate::value::{Table, Value};

pub(super) const SIGNATURE: &str = "ethereum_signature";
pub(super) const METHOD: &str = "ethereum_method";

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("ethereum_public_key", import_hex, export_hex),
    schema("ethereum_address", import_address, export_address),
    schema("ethereum_nonce", import_nonce, export_wei),
    schema("ethereum_transaction", import_transaction, export_transaction),
    schema("signed_ethereum_transaction", import_hex, export_hex),
    schema("gas_price", import_wei, export_wei),
    schema("gas_limit", import_wei, export_wei),
    schema("wei_value", import_wei, export_wei),
    schema("gwei_value", |json, _| amount(json, GWEI), |value| export_amount(value, GWEI)),
    schema("ethereum_value", |json, _| amount(json, ETHER), |value| export_amount(value, ETHER)),
    schema(SIGNATURE, import_signature, export_signature),
    schema("ethereum_signature_table", import_signature, export_signature_table),
    schema(METHOD, import_method, export_method),
    schema("ethereum_address_signature_pair", import_pair, export_pair),
];

const fn schema(name: &'static str, import: Import, export: Export) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

/// Wei in a gwei and in an ether.
const GWEI: u64 = 1_000_000_000;
const ETHER: u64 = 1_000_000_000_000_000_000;

/// Bits of an amount that was multiplied: beyond, the reference engine reduces it modulo an unrelated order.
const PRODUCT_BITS_MAX: u64 = 254;

fn import_hex(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    octets(json, "octets", Input::Hex).map(Value::Octet)
}

fn export_hex(value: &Value) -> Result<Printed, Error> {
    encode_octets(value, Output::Hex)
}

/// Reads an address in any case, and warns when the case is no checksum.
fn import_address(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let address = octets(json, "ethereum address", Input::Hex)?;
    let expected = ethereum::checksummed(&address);
    if !matches!(json, Json::Text(found) if *found == expected) {
        reading.remark(format!("Invalid encoding for ethereum address. Expected encoding: {expected}"));
    }
    Ok(Value::Octet(address))
}

pub(super) fn export_address(value: &Value) -> Result<Printed, Error> {
    let address = value.octets().ok_or_else(|| Error::failed("an ethereum address is octets"))?;
    Ok(text(&ethereum::checksummed(&address)))
}

fn text(text: &str) -> Printed {
    Printed::Text(text.as_bytes().to_vec())
}

/// The text of a scalar, as the reference engine's `tostring` has it.
fn scalar_text(json: &Json) -> Option<String> {
    match json {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.text()),
        Json::Integer(integer) => Some(integer.to_string()),
        _ => None,
    }
}

/// A number of zero or more, in decimal.
fn decimal(json: &Json, name: &str) -> Result<BigInt, Error> {
    let number = scalar_text(json).and_then(|text| integer(&text));
    let number = number.ok_or_else(|| Error::input(format!("{name} is not a whole decimal number")))?;
    ensure(number >= BigInt::ZERO, || format!("{name} is below zero"))?;
    Ok(number)
}

fn import_wei(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    decimal(json, "the amount").map(Value::Integer)
}

fn export_wei(value: &Value) -> Result<Printed, Error> {
    export_amount(value, 1)
}

fn amount(json: &Json, unit: u64) -> Result<Value, Error> {
    let wei = decimal(json, "the amount")? * unit;
    ensure(wei.bits() <= PRODUCT_BITS_MAX, || format!("the amount has more than {PRODUCT_BITS_MAX} bits"))?;
    Ok(Value::Integer(wei))
}

fn export_amount(value: &Value, unit: u64) -> Result<Printed, Error> {
    match value {
        Value::Integer(wei) => Ok(text(&(wei / unit).to_string())),
        other => Err(Error::failed(format!("an integer is expected, found {}", other.kind()))),
    }
}

/// A nonce is any number of 32 bits that Lua reads, hexadecimal too.
fn import_nonce(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let number = scalar_text(json).and_then(|text| Number::parse(&text));
    let nonce = number.and_then(Number::integral_text).and_then(|text| text.parse::<i32>().ok());
    let nonce = nonce.and_then(|nonce| u32::try_from(nonce).ok());
    let nonce =
        nonce.ok_or_else(|| Error::input("Ethereum nonce not valid: a number of 31 bits is expected"))?;
    Ok(Value::Integer(nonce.into()))
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.get(name).filter(|member| **member != Json::Null),
        _ => None,
    }
}

fn required<'a>(json: &'a Json, name: &str) -> Result<&'a Json, Error> {
    member(json, name).ok_or_else(|| Error::input(format!("Key not found in object conversion: {name}")))
}

/// A member in hexadecimal.
fn hex_member(json: &Json, name: &str) -> Result<Value, Error> {
    octets(required(json, name)?, name, Input::Hex).map(Value::Octet)
}

fn import_transaction(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let mut transaction = Table::default();
    for name in ["nonce", "gas_price", "gas_limit", "value"] {
        transaction.set(name, Value::Integer(decimal(required(json, name)?, name)?));
    }
    transaction.set("to", import_address(required(json, "to")?, reading)?);
    let data = member(json, "data").map_or(Ok(Value::Octet(Vec::new())), |_| hex_member(json, "data"));
    transaction.set("data", data?);
    for name in ["v", "r", "s"] {
        if member(json, name).is_some() {
            transaction.set(name, hex_member(json, name)?);
        }
    }
    Ok(Value::Table(transaction))
}

fn table<'a>(value: &'a Value, name: &str) -> Result<&'a Table, Error> {
    value.table().ok_or_else(|| Error::failed(format!("an {name} is a dictionary")))
}

fn part<'a>(table: &'a Table, name: &str) -> Result<&'a Value, Error> {
    table.member(name).ok_or_else(|| Error::failed(format!("{name} is missing")))
}

fn export_transaction(value: &Value) -> Result<Printed, Error> {
    let transaction = table(value, "ethereum transaction")?;
    let mut printed = BTreeMap::new();
    for name in ["nonce", "gas_price", "gas_limit", "value"] {
        match transaction.member(name) {
            Some(Value::Octet(none)) if name == "value" && none.is_empty() => {
                printed.insert(name.to_owned(), text("0"));
            }
            None if name == "nonce" => {}
            _ => {
                printed.insert(name.to_owned(), export_wei(part(transaction, name)?)?);
            }
        }
    }
    printed.insert("to".to_owned(), export_address(part(transaction, "to")?)?);
    for name in ["data", "v", "r", "s"] {
        let octets = transaction.member(name).and_then(Value::octets).filter(|octets| !octets.is_empty());
        if let Some(octets) = octets {
            printed.insert(name.to_owned(), export_hex(&Value::Octet(octets))?);
        }
    }
    Ok(Printed::Dictionary(printed))
}

/// Octets of `r`, `s` and `v` in one text, at least; the reference engine overlooks what follows.
const SIGNATURE_OCTETS_MIN: usize = 65;

fn import_signature(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let (r, s, v) = match json {
        Json::Object(_) => {
            let v = decimal(required(json, "v")?, "v")?;
            (hex_member(json, "r")?, hex_member(json, "s")?, v)
        }
        json => {
            let octets = octets(json, "ethereum signature", Input::Hex)?;
            let found = octets.len();
            ensure(found >= SIGNATURE_OCTETS_MIN, || {
                format!("Ethereum signature of {found} octets found, {SIGNATURE_OCTETS_MIN} expected")
            })?;
            (
                Value::Octet(octets[..32].to_vec()),
                Value::Octet(octets[32..64].to_vec()),
                BigInt::from(octets[64]),
            )
        }
    };
    let mut signature = Table::default();
    signature.set("r", r);
    signature.set("s", s);
    signature.set("v", Value::Integer(limited(v)?));
    Ok(Value::Table(signature))
}

/// `r`, `s` and `v` as octets, one after the other.
fn signature_octets(value: &Value) -> Result<Vec<u8>, Error> {
    let Value::Table(signature) = value else {
        return value.octets().ok_or_else(|| Error::failed("an ethereum signature is r, s and v"));
    };
    let mut octets = Vec::new();
    for name in ["r", "s", "v"] {
        let part = part(signature, name)?.octets();
        octets.extend(part.ok_or_else(|| Error::failed(format!("{name} of a signature is octets")))?);
    }
    Ok(octets)
}

fn export_signature(value: &Value) -> Result<Printed, Error> {
    let digits = zencode_crypto::encoding::hex::encode(&signature_octets(value)?);
    Ok(text(&format!("0x{digits}")))
}

fn export_signature_table(value: &Value) -> Result<Printed, Error> {
    let signature = table(value, "ethereum signature")?;
    let members = [
        ("r", export_hex(part(signature, "r")?)?),
        ("s", export_hex(part(signature, "s")?)?),
        ("v", export_wei(part(signature, "v")?)?),
    ];
    Ok(Printed::Dictionary(members.map(|(name, member)| (name.to_owned(), member)).into()))
}

fn import_method(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let types = |name: &str| match required(json, name)? {
        // One type may stand alone in what a method gives back.
        text @ Json::Text(_) if name == "output" => octets(text, name, Input::Text).map(Value::Octet),
        Json::Array(items) => {
            let items = items.iter().map(|item| octets(item, name, Input::Text).map(Value::Octet));
            Ok(Value::Table(Table::Array(items.collect::<Result<_, _>>()?)))
        }
        _ => Err(Error::input(format!("{name} of an ethereum method is an array of types"))),
    };
    let mut method = Table::default();
    method.set("name", octets(required(json, "name")?, "name", Input::Text).map(Value::Octet)?);
    method.set("input", types("input")?);
    method.set("output", types("output")?);
    Ok(Value::Table(method))
}

fn export_method(value: &Value) -> Result<Printed, Error> {
    tree(value, Output::Text)
}

fn import_pair(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let mut pair = Table::default();
    pair.set("address", import_address(required(json, "address")?, reading)?);
    pair.set("signature", import_signature(required(json, "signature")?, reading)?);
    Ok(Value::Table(pair))
}

fn export_pair(value: &Value) -> Result<Printed, Error> {
    let pair = table(value, "address and signature")?;
    let members = [
        ("address", export_address(part(pair, "address")?)?),
        ("signature", export_signature(part(pair, "signature")?)?),
    ];
    Ok(Printed::Dictionary(members.map(|(name, member)| (name.to_owned(), member)).into()))
}
