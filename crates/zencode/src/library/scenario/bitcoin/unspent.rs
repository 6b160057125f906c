//! What `bitcoin` reads and prints of money: amounts, and the outputs that may be spent.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use zencode_crypto::bitcoin::{Address, Network};

use crate::encoding::{Input, Output};
use crate::error::Error;
use crate::export::Printed;
use crate::import::{integer, plain};
use crate::json::Json;
use crate::schema::{Export, Import, Reading, Schema, encode_octets, octets};
use crate::value::{Table, Value};

pub(super) const SATOSHI_AMOUNT: Schema = schema("satoshi_amount", import_satoshi, export_satoshi);
pub(super) const SATOSHI_FEE: Schema = schema("satoshi_fee", import_satoshi, export_satoshi);
pub(super) const SATOSHI_UNSPENT: Schema = schema(
    "satoshi_unspent",
    |json, _| each(json, import_in_satoshi),
    |value| export_each(value, export_in_satoshi),
);
pub(super) const BITCOIN_UNSPENT: Schema = unspent("bitcoin_unspent");
pub(super) const TESTNET_UNSPENT: Schema = unspent("testnet_unspent");

const fn schema(name: &'static str, import: Import, export: Export) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

const fn unspent(name: &'static str) -> Schema {
    schema(name, |json, _| each(json, import_in_bitcoin), |value| export_each(value, export_in_bitcoin))
}

/// Decimals of an amount in bitcoin.
const DECIMALS: usize = 8;

/// A whole number, written as text or number.
fn whole(json: &Json, name: &str) -> Result<Value, Error> {
    let number = match json {
        Json::Text(text) => integer(text),
        Json::Number(number) => number.integral_text().and_then(|text| integer(&text)),
        Json::Integer(number) => Some(number.clone()),
        _ => None,
    };
    let number = number.filter(|number| *number >= BigInt::ZERO);
    number.map(Value::Integer).ok_or_else(|| Error::input(format!("{name} is not a whole number above zero")))
}

fn import_satoshi(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    whole(json, "the amount in satoshi")
}

fn export_satoshi(value: &Value) -> Result<Printed, Error> {
    match value {
        Value::Integer(amount) => Ok(Printed::Text(amount.to_string().into_bytes())),
        other => Err(Error::failed(format!("an amount in satoshi is an integer, found {}", other.kind()))),
    }
}

/// Satoshi of an amount in bitcoin, which has a dot.
fn satoshi(text: &str) -> Result<BigInt, Error> {
    let fault =
        || Error::input(format!("{text} is no amount in bitcoin: digits, a dot and at most 8 decimals"));
    let (whole, decimals) = text.split_once('.').ok_or_else(fault)?;
    if decimals.len() > DECIMALS || whole.starts_with('-') || decimals.starts_with('-') {
        return Err(fault());
    }
    integer(&format!("{whole}{decimals:0<DECIMALS$}")).ok_or_else(fault)
}

/// The shortest text of an amount in bitcoin.
fn bitcoin(satoshi: &BigInt) -> String {
    let digits = format!("{satoshi:0>width$}", width = DECIMALS + 1);
    let (whole, decimals) = digits.split_at(digits.len() - DECIMALS);
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") }
}

fn each(json: &Json, import: fn(&Json) -> Result<Value, Error>) -> Result<Value, Error> {
    match json {
        Json::Array(items) => {
            items.iter().map(import).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
        }
        _ => Err(Error::input("outputs that may be spent are an array")),
    }
}

fn export_each(value: &Value, export: fn(&Value) -> Result<Printed, Error>) -> Result<Printed, Error> {
    let items = value.table().ok_or_else(|| Error::failed("outputs that may be spent are an array"))?;
    items.values().map(export).collect::<Result<_, _>>().map(Printed::Array)
}

/// A member by one of its names: wallets differ.
fn member<'a>(json: &'a Json, names: &[&str]) -> Result<&'a Json, Error> {
    let found = match json {
        Json::Object(members) => names.iter().find_map(|name| members.get(*name)),
        _ => None,
    };
    let found = found.filter(|member| **member != Json::Null);
    found.ok_or_else(|| Error::input(format!("Key not found in object conversion: {}", names.join(" or "))))
}

fn import_id(json: &Json) -> Result<Value, Error> {
    octets(json, "txid", Input::Hex).map(Value::Octet)
}

/// An output whose amount is in bitcoin, as Electrum and Bitcoin Core list it.
fn import_in_bitcoin(json: &Json) -> Result<Value, Error> {
    let mut output = Table::default();
    if let Ok(address) = member(json, &["address"]) {
        let text = octets(address, "address", Input::Text)?;
        let address = Address::parse(&String::from_utf8_lossy(&text));
        let address = address.map_err(|error| Error::input(error.to_string()))?;
        output.set("address", Value::Octet(address.program));
    }
    let amount = octets(member(json, &["amount", "value"])?, "amount", Input::Text)?;
    output.set("amount", Value::Integer(satoshi(&String::from_utf8_lossy(&amount))?));
    output.set("txid", import_id(member(json, &["txid", "prevout_hash"])?)?);
    output.set("vout", whole(member(json, &["vout", "prevout_n"])?, "vout")?);
    Ok(Value::Table(output))
}

/// An output whose amount is in satoshi, as block explorers list it.
fn import_in_satoshi(json: &Json) -> Result<Value, Error> {
    let mut output = Table::default();
    output.set("amount", whole(member(json, &["value"])?, "value")?);
    output.set("txid", import_id(member(json, &["txid"])?)?);
    let index = member(json, &["vout"])?;
    let index = match index {
        Json::Text(text) => crate::number::whole_float(text).map(Value::Float),
        Json::Number(_) => Some(plain(index)?),
        _ => None,
    };
    output.set("vout", index.ok_or_else(|| Error::input("vout is not a number"))?);
    Ok(Value::Table(output))
}

fn part<'a>(output: &'a Value, name: &str) -> Result<&'a Value, Error> {
    let part = output.table().and_then(|output| output.member(name));
    part.ok_or_else(|| Error::failed(format!("an output that may be spent has no {name}")))
}

fn record(members: [(&str, Printed); 3]) -> BTreeMap<String, Printed> {
    members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect()
}

fn export_in_satoshi(output: &Value) -> Result<Printed, Error> {
    Ok(Printed::Dictionary(record([
        ("amount", export_satoshi(part(output, "amount")?)?),
        ("txid", encode_octets(part(output, "txid")?, Output::Hex)?),
        ("vout", Printed::Raw(part(output, "vout")?.clone())),
    ])))
}

/// The reference engine writes every address as one of the test network.
fn export_in_bitcoin(output: &Value) -> Result<Printed, Error> {
    let program = part(output, "address")?.octets().unwrap_or_default();
    let address = Address { network: Network::Test, version: 0, program }.to_text();
    let address = address.map_err(|error| Error::failed(error.to_string()))?;
    let Value::Integer(amount) = part(output, "amount")? else {
        return Err(Error::failed("an amount is an integer"));
    };
    let mut members = record([
        ("amount", Printed::Text(bitcoin(amount).into_bytes())),
        ("txid", encode_octets(part(output, "txid")?, Output::Hex)?),
        ("vout", Printed::Raw(part(output, "vout")?.clone())),
    ]);
    members.insert("address".to_owned(), Printed::Text(address.into_bytes()));
    Ok(Printed::Dictionary(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_in_bitcoin_comes_back_in_its_shortest_form() {
        for (text, number, shortest) in [
            ("0.00031", 31_000_u64, "0.00031"),
            ("21000000.00000001", 2_100_000_000_000_001, "21000000.00000001"),
            ("100.0", 10_000_000_000, "100"),
            ("0.0", 0, "0"),
            (".5", 50_000_000, "0.5"),
        ] {
            assert_eq!(satoshi(text).unwrap(), number.into());
            assert_eq!(bitcoin(&number.into()), shortest);
        }
    }

    #[test]
    fn what_is_no_amount_in_bitcoin_is_refused() {
        for text in ["1", "0.123456789", "-1.0", "0.-1", "1.x", "1.2.3", "\u{661}.0"] {
            assert!(satoshi(text).is_err(), "{text}");
        }
    }
}
