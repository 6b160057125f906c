//! `dcql_query`: which of a holder's credentials answer the question of a verifier.
//!
//! # Source
//! OpenID for Verifiable Presentations 1.0, section 6: "Digital Credentials Query Language".

mod credential;
mod query;

use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::encoding::Output;
use crate::error::{Error, ensure};
use crate::export::tree;
use crate::json::Json;
use crate::library::jose;
use crate::machine::Machine;
use crate::schema::{Reading, Schema};
use crate::statement::Statement;
use crate::value::{Table, Value};
use credential::Matching;

pub(crate) const STATEMENTS: &[Statement] = &[CREATE_CREDENTIALS];

const QUERY: &str = "dcql_query";

pub(crate) const SCHEMAS: &[Schema] = &[Schema {
    name: QUERY,
    import,
    export: Some(|value| tree(value, Output::Text)),
    complex: true,
    open: false,
}];

fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    query::validate(json)?;
    jose::value(json)
}

/// A member that has to be a text.
fn text(table: &Table, name: &str) -> Result<String, Error> {
    let octets = table.member(name).and_then(Value::octets);
    let octets = octets.ok_or_else(|| Error::failed(format!("the query has no {name}")))?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// The tables in a member that is an array of them; none when there is no such member.
fn tables<'a>(table: &'a Table, name: &str) -> Option<Vec<&'a Table>> {
    let items = table.member(name).and_then(Value::table)?;
    Some(items.values().filter_map(Value::table).collect())
}

/// Makes `credentials`: the credentials in a dictionary, by format, that match a query.
///
/// The result is a list: for each set of credentials that the query asks for, whether it is required, and the
/// credentials by the query's names for them. It is empty when a required set cannot be made. A `dc+sd-jwt` is
/// given back with the disclosures that the query asks for, and neither its signature nor that of a `ldp_vc`
/// is verified here.
///
/// # Example
/// ```zencode
/// Scenario 'dcql_query': who asks for an age
/// Given I have a 'dcql_query' named 'question'
/// Given I have a 'string dictionary' named 'wallet'
/// When I create the credentials from 'wallet' matching dcql_query 'question'
/// Then print the 'credentials'
/// ```
/// ```json data
/// {
///   "wallet": {
///     "ldp_vc": [
///       {
///         "@context": ["https://www.w3.org/2018/credentials/v1"],
///         "type": ["VerifiableCredential", "AgeCredential"],
///         "validUntil": "2031-05-01T00:00:00Z",
///         "credentialSubject": { "over_18": true }
///       },
///       {
///         "@context": ["https://www.w3.org/2018/credentials/v1"],
///         "type": ["VerifiableCredential", "LibraryCard"],
///         "validUntil": "2031-05-01T00:00:00Z",
///         "credentialSubject": { "number": "4711" }
///       }
///     ]
///   },
///   "question": {
///     "credentials": [
///       {
///         "id": "age",
///         "format": "ldp_vc",
///         "meta": { "type_values": [["AgeCredential"]] },
///         "claims": [{ "path": ["credentialSubject", "over_18"], "values": [true] }]
///       }
///     ]
///   }
/// }
/// ```
#[when("create credentials from '' matching dcql_query ''")]
fn create_credentials(machine: &mut Machine, credentials: &str, query: &str) -> Result<(), Error> {
    machine.empty("matching_credentials")?;
    let is_dictionary = machine.have(credentials)?.codec.shape == Shape::Dictionary;
    ensure(is_dictionary, || format!("Invalid credential list, it must be an dictionary: {credentials}"))?;
    let codec = &machine.have(query)?.codec;
    let is_query = codec.schema.is_some_and(|schema| schema.name == QUERY) && codec.shape == Shape::Element;
    ensure(is_query, || format!("Invalid dcql_query: {query}"))?;
    let mut matching = Matching::new(machine.now_ms / 1000);
    let (wallet, query) = (machine.table(credentials)?, machine.table(query)?);
    let mut found = Vec::new();
    for wanted in tables(query, "credentials").unwrap_or_default() {
        found.push((text(wanted, "id")?, matching.of_format(wallet, wanted)?));
    }
    let sets = in_sets(query, &found)?;
    machine.afford(sets.weight())?;
    matching.warnings.into_iter().for_each(|warning| machine.warn(warning));
    let traits = Traits { shape: Some(Shape::Dictionary), ..Traits::encoded("string") };
    machine.create("credentials", sets, traits)
}

/// What was found for each name of the query.
type Found = (String, Vec<Value>);

fn set<'a>(required: bool, combinations: impl Iterator<Item = Vec<&'a Found>>) -> Value {
    let combination = |found: Vec<&Found>| {
        let mut table = Table::default();
        for (id, credentials) in found {
            table.set(id, Value::Table(Table::Array(credentials.clone())));
        }
        Value::Table(table)
    };
    let mut table = Table::default();
    table.set("required", Value::Boolean(required));
    table
        .set("matching_credential_sets", Value::Table(Table::Array(combinations.map(combination).collect())));
    Value::Table(table)
}

/// The sets that the query asks for: every combination once; none when a required set has no combination
/// that no set before it has.
fn in_sets(query: &Table, found: &[Found]) -> Result<Value, Error> {
    let Some(wanted) = tables(query, "credential_sets") else {
        let all = set(true, std::iter::once(found.iter().collect()));
        return Ok(Value::Table(Table::Array(vec![all])));
    };
    let mut seen: Vec<Vec<&str>> = Vec::new();
    let mut sets = Vec::new();
    for wanted in wanted {
        let required = wanted.member("required") != Some(&Value::Boolean(false));
        let mut combinations = Vec::new();
        for option in tables(wanted, "options").unwrap_or_default() {
            let Some(combination) = combination(option, found)? else { continue };
            let names: Vec<&str> = combination.iter().map(|(id, _)| id.as_str()).collect();
            if !seen.contains(&names) {
                seen.push(names);
                combinations.push(combination);
            }
        }
        if combinations.is_empty() && required {
            return Ok(Value::Table(Table::default()));
        }
        if !combinations.is_empty() {
            sets.push(set(required, combinations.into_iter()));
        }
    }
    Ok(Value::Table(Table::Array(sets)))
}

/// What was found for each name of an option, in the order of the names; nothing when one has no credential.
fn combination<'a>(option: &Table, found: &'a [Found]) -> Result<Option<Vec<&'a Found>>, Error> {
    let mut combination = Vec::new();
    for id in option.values() {
        let id = id.octets().ok_or_else(|| Error::failed("an option names credentials"))?;
        match found.iter().find(|(known, _)| known.as_bytes() == id) {
            Some(known) if !known.1.is_empty() => combination.push(known),
            _ => return Ok(None),
        }
    }
    combination.sort_by(|left, right| left.0.cmp(&right.0));
    combination.dedup_by(|left, right| left.0 == right.0);
    Ok(Some(combination))
}
