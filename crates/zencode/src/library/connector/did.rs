//! Connector: the documents of decentralised identifiers.

use zencode_macros::{ask, order};

use super::endpoint;
use crate::error::Error;
use crate::known::Known;
use crate::order::Ordered;
use crate::question::{Question, Target, Want};
use crate::request::Request;
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[RESOLVE_FROM, RESOLVE];

/// Asks the host to resolve a decentralised identifier at a service, and keeps what it answers as an input.
///
/// Both the identifier and the address of the service are inputs: the answer to GET `ADDRESS/DID` is kept.
///
/// # Example
/// ```zencode
/// Given I resolve the did 'author' from 'registry' and save the output into 'resolution'
/// Given I have a 'string dictionary' named 'resolution'
/// Then print the 'resolution'
/// ```
/// ```json data
/// { "author": "did:dyne:sandbox:4Qx1Cd", "registry": "https://did.example/dids" }
/// ```
/// ```json answer
/// { "didDocument": { "id": "did:dyne:sandbox:4Qx1Cd" } }
/// ```
#[ask(before, "resolve did '' from '' and save output into ''")]
fn resolve_from(known: &Known, did: &str, resolver: &str, target: &str) -> Result<Question, Error> {
    let resolver = Some(endpoint(known, resolver)?);
    Ok(Question::json(
        Request::Did { did: identifier(known.text(did)?)?, resolver },
        Target::Member(target.to_owned()),
    ))
}

/// Asks the host to resolve a decentralised identifier.
///
/// `did:dyne` is resolved by the oracle's own controller, or by the resolver that the operator configured for
/// it; other methods by the universal resolver that the operator configured. Without one, the run ends.
///
/// # Example
/// ```zencode
/// Given I send did 'author' and resolve the did and output into 'resolution'
/// Given I have a 'string dictionary' named 'resolution'
/// Then print the 'resolution'
/// ```
/// ```json data
/// { "author": "did:dyne:sandbox:7Rb2Ef" }
/// ```
/// ```json answer
/// { "didDocument": { "id": "did:dyne:sandbox:7Rb2Ef" } }
/// ```
#[order(send(did), "resolve the did")]
fn resolve(order: &Ordered<'_>) -> Result<Want, Error> {
    Ok(Want::json(Request::Did { did: identifier(order.text("did")?)?, resolver: None }))
}

/// Octets of an identifier, at most.
const DID_OCTETS_MAX: usize = 1024;

/// # Source
/// W3C DID Core 1.0, 3.1: `did:`, a method of lower case letters and digits, and what the method says.
fn identifier(did: String) -> Result<String, Error> {
    let rest = did.strip_prefix("did:").and_then(|rest| rest.split_once(':'));
    let fits = |method: &str| method.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    let within = |id: &str| {
        id.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_' | b':' | b'%'))
    };
    match rest {
        Some((method, id))
            if !method.is_empty()
                && fits(method)
                && !id.is_empty()
                && within(id)
                && did.len() <= DID_OCTETS_MAX =>
        {
            Ok(did)
        }
        _ => Err(Error::input("the text is no decentralised identifier: it is of the form did:METHOD:ID")),
    }
}
