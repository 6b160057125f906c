//! The tables of shares in JSON: points in Zcash's encoding, proofs in base64.

use std::collections::BTreeMap;

use num_bigint::{BigInt, Sign};
use zencode_crypto::bls12_381::{G1, Scalar};
use zencode_crypto::encoding::base64;
use zencode_crypto::pvss::PARTICIPANTS_MAX;

use crate::encoding::Input;
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::library::scenario::credential::form::{inner_of, table};
use crate::point::Point;
use crate::schema::{Import, Reading, Schema, octets};
use crate::value::{Table, Value};

pub(super) const SCHEMAS: &[Schema] = &[
    schema("pvss_public_key", import_public_key),
    schema("pvss_public_shares", import_public_shares),
    schema("pvss_secret_share", import_secret_share),
    schema("pvss_verified_shares", import_verified_shares),
];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

/// Points of the first group go out in Zcash's encoding, numbers of proofs in base64, indexes in decimal.
fn export(value: &Value) -> Result<Printed, Error> {
    export_named("", value)
}

fn export_named(name: &str, value: &Value) -> Result<Printed, Error> {
    match value {
        Value::Integer(integer) if name.contains("index") => {
            Ok(Printed::Text(integer.to_string().into_bytes()))
        }
        Value::Integer(_) => {
            Ok(Printed::Text(base64::encode(&value.octets().unwrap_or_default()).into_bytes()))
        }
        Value::Table(Table::Array(items)) => {
            items.iter().map(|item| export_named(name, item)).collect::<Result<_, _>>().map(Printed::Array)
        }
        Value::Table(Table::Dictionary(members)) => {
            let members = members.iter().map(|(name, item)| Ok((name.clone(), export_named(name, item)?)));
            members.collect::<Result<BTreeMap<_, _>, _>>().map(Printed::Dictionary)
        }
        point => Ok(Printed::Raw(Value::Octet(Point::first_of(point)?.to_zcash().to_vec()))),
    }
}

fn point(json: &Json, name: &str, encoding: Input) -> Result<Value, Error> {
    let point = G1::from_zcash(&octets(json, name, encoding)?);
    point.map(Value::from).map_err(|error| Error::input(format!("{name}: {error}")))
}

/// A public key, which is not the point at infinity.
fn public_key(json: &Json, encoding: Input) -> Result<Value, Error> {
    let value = point(json, "pvss public key", encoding)?;
    if Point::first_of(&value)?.is_infinity() {
        return Err(Error::input("pvss public key is not valid (is infinity)"));
    }
    Ok(value)
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    public_key(json, reading.encoding)
}

/// A number below the order, in base64.
fn number(json: &Json) -> Result<Value, Error> {
    let scalar = Scalar::from_canonical(&octets(json, "proof", Input::Base64)?);
    let scalar = scalar.map_err(|error| Error::input(format!("proof: {error}")))?;
    Ok(Value::Integer(BigInt::from_bytes_be(Sign::Plus, &scalar.to_octets())))
}

/// An index, in decimal.
fn index(json: &Json) -> Result<Value, Error> {
    let text = match json {
        Json::Text(text) => text.clone(),
        _ => return Err(Error::input("an index is a text in decimal")),
    };
    let index: Option<u16> = text.parse().ok();
    let index = index.filter(|index| usize::from(*index) <= PARTICIPANTS_MAX);
    let fault = || Error::input(format!("index: an integer of 0 to {PARTICIPANTS_MAX} is expected"));
    Ok(Value::Integer(index.ok_or_else(fault)?.into()))
}

fn items(json: &Json, name: &str, read: impl Fn(&Json) -> Result<Value, Error>) -> Result<Value, Error> {
    let Json::Array(items) = inner_of(json, name)? else {
        return Err(Error::input(format!("{name} is no array")));
    };
    if items.len() > PARTICIPANTS_MAX + 1 {
        return Err(Error::Limit(format!(
            "{name}: {} found, expected at most {PARTICIPANTS_MAX}",
            items.len()
        )));
    }
    items.iter().map(read).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
}

fn import_public_shares(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let points = |name| items(json, name, |item| point(item, name, Input::Base64));
    Ok(table(vec![
        ("public_keys", items(json, "public_keys", |item| public_key(item, reading.encoding))?),
        ("proof", items(json, "proof", number)?),
        ("commitments", points("commitments")?),
        ("encrypted_shares", points("encrypted_shares")?),
    ]))
}

fn import_secret_share(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let share = |name| point(inner_of(json, name)?, name, Input::Base64);
    Ok(table(vec![
        ("index", index(inner_of(json, "index")?)?),
        ("proof", items(json, "proof", number)?),
        ("dec_share", share("dec_share")?),
        ("enc_share", share("enc_share")?),
        ("pub_key", public_key(inner_of(json, "pub_key")?, reading.encoding)?),
    ]))
}

fn import_verified_shares(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    Ok(table(vec![
        ("valid_indexes", items(json, "valid_indexes", index)?),
        ("valid_shares", items(json, "valid_shares", |item| point(item, "valid_shares", Input::Base64))?),
    ]))
}
