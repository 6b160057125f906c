//! Connectors: what only a host can do, described for it.
//!
//! A request is answered before the first statement of the contract works, or after the last one, so that
//! everything between is a pure function of what was found. Sentences are those of restroom-mw
//! (`#[ask(…)]`, a function each) and of slangroom (`#[order(…)]`, a function for each family).

pub(super) mod absent;
pub(super) mod did;
pub(super) mod execute;
pub(super) mod files;
pub(super) mod git;
pub(super) mod http;
pub(super) mod influx;
pub(super) mod log;
pub(super) mod qr;
pub(super) mod redis;
pub(super) mod schema;
pub(super) mod sql;
pub(super) mod time;
pub(super) mod value;

use crate::error::Error;
use crate::known::Known;

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// An address as it is written, or the one that an input holds. What is written is never taken for a name, so that
/// nobody sends a contract elsewhere by an input that is called like an address.
fn address(known: &Known, written: &str) -> Result<String, Error> {
    if written.contains("://") { Ok(written.to_owned()) } else { known.text_or_literal(written) }
}

/// The address that an input holds.
fn endpoint(known: &Known, name: &str) -> Result<String, Error> {
    match known.find(name)? {
        None => Err(Error::input(format!("Cannot find '{name}': an endpoint is an input"))),
        Some(_) => known
            .text(name)
            .map_err(|_| Error::input(format!("'{name}' is not the address of a web service"))),
    }
}
