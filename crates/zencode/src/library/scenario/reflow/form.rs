//! The tables of seals, signatures and passports in JSON.

use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::library::scenario::credential::form::{self, Form, Kind};
use crate::point::Point;
use crate::schema::{Reading, octets};
use crate::value::{Table, Value};

const SEAL: Form = &[("identity", Kind::First), ("SM", Kind::First), ("verifier", Kind::Second)];

const SIGNATURE: Form = &[("identity", Kind::First), ("signature", Kind::First), ("zeta", Kind::First)];

const ZETA: Form = &[("zeta", Kind::First)];

/// The member of a seal that marks who signed.
pub(super) const FINGERPRINTS: &str = "fingerprints";

/// A point, or a table of points.
fn points(
    json: &Json,
    name: &str,
    reading: &Reading,
    point: fn(&[u8]) -> Result<Point, Error>,
) -> Result<Value, Error> {
    let inner = |json: &Json| points(json, name, reading, point);
    match json {
        Json::Array(items) => {
            items.iter().map(inner).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
        }
        Json::Object(members) => {
            let mut table = Table::default();
            for (name, json) in members {
                table.set(name, inner(json)?);
            }
            Ok(Value::Table(table))
        }
        scalar => point(&octets(scalar, name, reading.encoding)?).map(Value::from),
    }
}

pub(super) fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    points(json, "reflow public key", reading, Point::second)
}

pub(super) fn import_identity(json: &Json, reading: &Reading) -> Result<Value, Error> {
    points(json, "reflow identity", reading, Point::first)
}

pub(super) fn import_seal(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let mut seal = form::import(json, SEAL, reading)?;
    let Json::Object(members) = json else { return Ok(seal) };
    if let (Some(found), Value::Table(seal)) = (members.get(FINGERPRINTS), &mut seal) {
        seal.set(FINGERPRINTS, fingerprints(found, reading)?);
    }
    Ok(seal)
}

fn fingerprints(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let Json::Array(items) = json else {
        return Err(Error::input("the fingerprints of a seal are an array"));
    };
    super::limited(items.len())?;
    let point = |item: &Json| Point::first(&octets(item, "fingerprint", reading.encoding)?).map(Value::from);
    items.iter().map(point).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
}

pub(super) fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let proof = form::import(form::inner_of(json, "proof")?, form::PROOF, reading)?;
    with(form::import(json, SIGNATURE, reading)?, vec![("proof", proof)])
}

pub(super) fn import_passport(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let proof = form::import(form::inner_of(json, "proof")?, form::PROOF, reading)?;
    let seal = import_seal(form::inner_of(json, "seal")?, reading)?;
    with(form::import(json, ZETA, reading)?, vec![("proof", proof), ("seal", seal)])
}

fn with(mut value: Value, members: Vec<(&str, Value)>) -> Result<Value, Error> {
    let table = value.table_mut().ok_or_else(|| Error::failed("a table is expected"))?;
    for (name, member) in members {
        table.set(name, member);
    }
    Ok(value)
}

/// The numbers of the proof as octets.
pub(super) fn export_signature(value: &Value) -> Result<Printed, Error> {
    form::export_proof(value)
}
