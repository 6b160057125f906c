//! `secshare`: a secret is shared among many, and a number of them put it together again.

use num_bigint::{BigInt, Sign};
use zencode_crypto::encoding::base64;
use zencode_crypto::secret_sharing::{NUMBER_OCTETS_MAX, Number, SHARES_MAX, Share, compose, split};
use zencode_macros::when;
use zeroize::Zeroizing;

use crate::codec::Traits;
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::library::scenario::credential::form::table;
use crate::machine::Machine;
use crate::number::Number as Literal;
use crate::schema::{Reading, Schema, member};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[CREATE_SECRET_SHARES, COMPOSE_SECRET];

pub(crate) const SCHEMAS: &[Schema] = &[
    Schema { name: "single_share", import: import_share, export: None, complex: true, open: false },
    Schema {
        name: "secret_shares",
        import: import_shares,
        export: Some(export_shares),
        complex: true,
        open: false,
    },
];

fn integer(octets: &[u8]) -> Value {
    Value::Integer(BigInt::from_bytes_be(Sign::Plus, octets))
}

fn import_share(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let number = |name: &str| {
        let octets = member(json, name, reading.encoding)?;
        if octets.is_empty() || octets.len() > NUMBER_OCTETS_MAX {
            let found = octets.len();
            return Err(Error::input(format!(
                "{name}: {found} octets found, expected 1 to {NUMBER_OCTETS_MAX}"
            )));
        }
        Ok(integer(&octets))
    };
    Ok(table(vec![("x", number("x")?), ("y", number("y")?)]))
}

fn import_shares(json: &Json, reading: &Reading) -> Result<Value, Error> {
    match json {
        Json::Array(items) => {
            items.iter().map(|item| import_share(item, reading)).collect::<Result<_, _>>().map(Table::Array)
        }
        Json::Object(members) => {
            let mut shares = Table::default();
            for (name, item) in members {
                shares.set(name, import_share(item, reading)?);
            }
            Ok(shares)
        }
        _ => Err(Error::input("secret shares are a table of shares")),
    }
    .map(Value::Table)
}

/// The shares with their numbers in base64, whatever the contract's encoding.
fn export_shares(value: &Value) -> Result<Printed, Error> {
    match value {
        Value::Integer(_) => {
            Ok(Printed::Text(base64::encode(&value.octets().unwrap_or_default()).into_bytes()))
        }
        Value::Table(Table::Array(items)) => {
            items.iter().map(export_shares).collect::<Result<_, _>>().map(Printed::Array)
        }
        Value::Table(Table::Dictionary(members)) => members
            .iter()
            .map(|(name, item)| Ok((name.clone(), export_shares(item)?)))
            .collect::<Result<_, _>>()
            .map(Printed::Dictionary),
        _ => Err(Error::failed("secret shares are a table of shares")),
    }
}

/// How many shares a literal says.
fn count(text: &str, what: &str) -> Result<f32, Error> {
    let number = Literal::parse(text);
    number.map(Literal::float).ok_or_else(|| Error::refused(format!("{what} is not a number: {text}")))
}

/// The most shares, as the number that a literal is.
#[expect(clippy::cast_precision_loss, reason = "the limit is far below 24 bits")]
const LIMIT: f32 = SHARES_MAX as f32;

/// A count as a length, nothing below zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what is taken")]
fn length(count: f32) -> usize {
    count.clamp(0.0, LIMIT) as usize
}

/// Makes `secret_shares` of an object.
///
/// Makes `secret_shares` of an object of at most 32 octets that does not begin with a zero octet: as many as
/// the total, of which as many as the quorum put the secret together.
///
/// # Example
/// ```zencode
/// Scenario 'secshare': share a secret among five
/// Given I have a 'string' named 'secret'
/// When I create the secret shares of 'secret' with '5' quorum '3'
/// Then print the 'secret shares'
/// ```
/// ```json keys
/// { "secret": "the treasure is under the oak" }
/// ```
#[when("create secret shares of '' with '' quorum ''")]
fn create_secret_shares(machine: &mut Machine, secret: &str, total: &str, quorum: &str) -> Result<(), Error> {
    let octets = Zeroizing::new(machine.octets(secret)?);
    let (total, quorum) = (count(total, "Total shares")?, count(quorum, "Quorum shares")?);
    machine.empty("secret_shares")?;
    if quorum >= total {
        return Err(Error::failed(format!("the quorum ({quorum}) must be smaller than the total ({total})")));
    }
    if total > LIMIT {
        return Err(Error::Limit(format!("Share limit exceeded: {SHARES_MAX} shares, found {total}")));
    }
    let shares = match length(total) {
        0 => Vec::new(),
        total => {
            let shares = split(&octets, total, length(quorum), &mut machine.random);
            shares.map_err(|error| Error::failed(error.to_string()))?
        }
    };
    let value = |share: &Share| {
        table(vec![("x", integer(&share.x.to_octets())), ("y", integer(&share.y.to_octets()))])
    };
    let shares = Value::Table(Table::Array(shares.iter().map(value).collect()));
    machine.create("secret_shares", shares, Traits::default())
}

fn share_of(value: &Value) -> Result<Share, Error> {
    let number = |name: &str| match value.table().and_then(|table| table.member(name)) {
        Some(number @ Value::Integer(_)) => {
            let octets = Zeroizing::new(number.octets().unwrap_or_default());
            Number::from_octets(&octets).map_err(|error| Error::failed(format!("{name}: {error}")))
        }
        _ => Err(Error::failed("a secret share has two integers, x and y")),
    };
    Ok(Share { x: number("x")?, y: number("y")? })
}

/// Makes `secret` of shares.
///
/// Makes `secret` of shares: the right one if there are as many as the quorum or more, and a wrong one
/// otherwise.
///
/// The reference engine finds a wrong one too when the number of shares is even.
///
/// # Example
/// ```zencode
/// Scenario 'secshare': put a secret together
/// Given I have a 'secret shares'
/// When I compose the secret using 'secret shares'
/// Then print the 'secret' as 'string'
/// ```
/// ```json data
/// {
///   "secret_shares": [
///     {
///       "x": "hn2/txSCl1Tb+MRoNAc03+8Ijd1/SiTekjtNKEHivms=",
///       "y": "aGVsbG8="
///     }
///   ]
/// }
/// ```
#[when("compose secret using ''")]
fn compose_secret(machine: &mut Machine, shares: &str) -> Result<(), Error> {
    let shares = match machine.value(shares)? {
        Value::Table(Table::Array(shares)) => shares.iter().map(share_of).collect::<Result<Vec<_>, _>>()?,
        // The reference engine counts positions, and a dictionary has none.
        Value::Table(Table::Dictionary(_)) => Vec::new(),
        _ => return Err(Error::failed(format!("Object is not a table: {shares}"))),
    };
    let secret = compose(&shares).map_err(|error| Error::failed(error.to_string()))?;
    machine.create("secret", Value::Octet(secret.to_vec()), Traits::element_encoded("base64"))
}
