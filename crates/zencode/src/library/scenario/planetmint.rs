//! `planetmint`: signatures for the inputs of a Planetmint transaction.

use zencode_crypto::hash::Algorithm;
use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::error::Error;
use crate::json::{self, Json};
use crate::library::scenario::eddsa;
use crate::machine::Machine;
use crate::scheme::Tools;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[CREATE_SIGNATURES];

const SIGNATURES: &str = "planetmint_signatures";

/// Makes `planetmint_signatures`: one Ed25519 signature for each input of a transaction in JSON.
///
/// What is signed is the SHA3-256 digest of the transaction's text, with the transaction and the output that
/// the input fulfills behind it. The key is `eddsa` of the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'planetmint': sign what I store
/// Given I have a 'keyring'
/// Given I have a 'string' named 'transaction'
/// When I create the planetmint signatures of 'transaction'
/// Then print the 'planetmint signatures'
/// ```
/// ```json data
/// { "transaction": "{\"inputs\":[{\"fulfills\":null}],\"operation\":\"CREATE\",\"version\":\"2.0\"}" }
/// ```
/// ```json keys
/// { "keyring": { "eddsa": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" } }
/// ```
///
/// # Source
/// Planetmint transaction specification, `crypto-conditions` of version 2.0.
#[when("create planetmint signatures of ''")]
fn create_signatures(machine: &mut Machine, transaction: &str) -> Result<(), Error> {
    machine.empty(SIGNATURES)?;
    let Value::Octet(text) = machine.value(transaction)? else {
        return Err(Error::failed(format!("{transaction} is not a text")));
    };
    let text = String::from_utf8(text.clone())
        .map_err(|_| Error::failed(format!("{transaction} is not a text in UTF-8")))?;
    machine.afford(json::weight_max(&text))?;
    let parsed = json::decode(&text, machine.limits.nesting_max).map_err(Error::failed)?;
    let secret = machine.secret_key(eddsa::SCHEME.name)?;
    let mut signatures = Vec::new();
    for input in inputs(&parsed)? {
        let message = [text.as_bytes(), fulfilled(input)?.as_bytes()].concat();
        machine.charge(message.len())?;
        let digest = Algorithm::Sha3_256.digest(&message);
        let tools = Tools { random: &mut machine.random, keys: &machine.key_cache };
        signatures.push((eddsa::SCHEME.sign)(&secret, &digest, tools)?);
    }
    let traits = Traits { shape: Some(Shape::Array), ..Traits::encoded("hex") };
    machine.create(SIGNATURES, Value::Table(Table::Array(signatures)), traits)
}

fn inputs(transaction: &Json) -> Result<Vec<&Json>, Error> {
    match member(transaction, "inputs") {
        Some(Json::Array(inputs)) => Ok(inputs.iter().filter(|input| **input != Json::Null).collect()),
        _ => Err(Error::failed("the transaction has no list of inputs")),
    }
}

/// The transaction and output that an input fulfills, as text; nothing when it fulfills none.
fn fulfilled(input: &Json) -> Result<String, Error> {
    if !matches!(input, Json::Object(_) | Json::Array(_) | Json::Text(_)) {
        return Err(Error::failed("an input of the transaction is not an object"));
    }
    let fulfills = match member(input, "fulfills") {
        None | Some(Json::Null | Json::Boolean(false)) => return Ok(String::new()),
        Some(fulfills) => fulfills,
    };
    let part = |name: &str| match member(fulfills, name) {
        Some(Json::Text(text)) => Ok(text.clone()),
        Some(Json::Number(number)) => Ok(number.text()),
        _ => Err(Error::failed(format!("what an input fulfills has no {name}"))),
    };
    Ok(part("transaction_id")? + &part("output_index")?)
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.get(name),
        _ => None,
    }
}
