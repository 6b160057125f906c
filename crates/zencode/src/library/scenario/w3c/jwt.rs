//! `jwt`: JSON Web Tokens under a shared password.

use subtle::ConstantTimeEq as _;
use zencode_crypto::hash::hmac_sha256;
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::json::Json;
use crate::library::jose;
use crate::machine::Machine;
use crate::schema::{Reading, Schema};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[CREATE_TOKEN, HAS_TOKEN];

pub(crate) const SCHEMAS: &[Schema] = &[schema("json_web_token"), schema("jwt")];

const fn schema(name: &'static str) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    match json {
        Json::Text(text) => jose::import(text),
        _ => Err(Error::input("a json web token is a text")),
    }
}

fn export(value: &Value) -> Result<Printed, Error> {
    jose::export(value, jose::compact).map(|text| Printed::Text(text.into_bytes()))
}

/// The password: an object, or else the words themselves.
fn password(machine: &mut Machine, name: &str) -> Result<Vec<u8>, Error> {
    match machine.may_have(name) {
        Some(object) => object
            .value
            .octets()
            .ok_or_else(|| Error::failed(format!("{name} is no password: it has no octets"))),
        None => Ok(name.as_bytes().to_vec()),
    }
}

/// A token with HMAC-SHA-256 over a payload.
///
/// # Source
/// RFC 7519, RFC 7518 3.2.
fn token(payload: &Value, password: &[u8]) -> Result<Value, Error> {
    if payload.table().is_none() {
        return Err(Error::failed("the payload of a json web token is a dictionary"));
    }
    let mut header = Table::default();
    header.set("alg", Value::text("HS256"));
    header.set("typ", Value::text("JWT"));
    let mut token = Table::default();
    token.set("header", Value::Table(header));
    token.set("payload", payload.clone());
    let mut token = Value::Table(token);
    let signature = hmac_sha256(password, jose::signed(&token, jose::compact)?.as_bytes());
    if let Value::Table(members) = &mut token {
        members.set("signature", Value::Octet(signature.to_vec()));
    }
    Ok(token)
}

/// Makes `json web token` of an object, authenticated by a password.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a ticket
/// Given I have a 'string dictionary' named 'ticket'
/// When I create the json web token of 'ticket' using 'seven quiet otters'
/// Then print the 'json web token'
/// ```
/// ```json data
/// { "ticket": { "sub": "Ada", "seat": "12" } }
/// ```
#[when("create json web token of '' using ''")]
fn create_token(machine: &mut Machine, payload: &str, password: &str) -> Result<(), Error> {
    machine.value(payload)?;
    let password = self::password(machine, password)?;
    machine.empty("json_web_token")?;
    let token = token(machine.value(payload)?, &password)?;
    machine.create("json_web_token", token, Traits::default())
}

/// Requires a token to be authenticated by a password.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': look at a ticket
/// Given I have a 'json web token' named 'ticket'
/// When I verify the json web token in 'ticket' using 'hello'
/// Then print the string 'the ticket is good'
/// ```
/// ```json data
/// { "ticket": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.J-uNiP4NGTGNpiDOKlcEx2-5C1IMoVQ9n6plFOoChz0" }
/// ```
#[check("verify json web token in '' using ''")]
fn has_token(machine: &mut Machine, token: &str, password: &str) -> Result<(), Error> {
    let given = machine.value(token)?.clone();
    let password = self::password(machine, password)?;
    let made = self::token(jose::part(&given, "payload")?, &password)?;
    let signature = |token| jose::part(token, "signature").ok().and_then(Value::octets).unwrap_or_default();
    let same = signature(&given).ct_eq(&signature(&made));
    ensure(bool::from(same), || "Could not re-create HMAC".to_owned())
}
