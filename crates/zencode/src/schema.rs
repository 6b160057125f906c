//! Named types with an import and an export of their own.

use std::cell::RefCell;

use crate::encoding::{Input, Output};
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::value::{Table, Value};

/// Reads a JSON value as a named type.
pub(crate) type Import = fn(&Json, &Reading) -> Result<Value, Error>;

/// Turns a value of a named type into what is printed.
pub(crate) type Export = fn(&Value) -> Result<Printed, Error>;

/// A named type.
pub(crate) struct Schema {
    pub(crate) name: &'static str,
    pub(crate) import: Import,
    /// None leaves the octets to the output encoding of the contract.
    pub(crate) export: Option<Export>,
    /// Whether the reference engine declares it as a table, which its codec shows as `complex`.
    pub(crate) complex: bool,
    /// Whether members may be added to it later.
    pub(crate) open: bool,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Schema({})", self.name)
    }
}

/// What an import may depend on.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The input encoding of the contract.
    pub(crate) encoding: Input,
    remarks: RefCell<Vec<String>>,
}

impl Reading {
    pub(crate) fn new(encoding: Input) -> Self {
        Self { encoding, remarks: RefCell::default() }
    }

    /// Warns of something that is taken as it is.
    pub(crate) fn remark(&self, warning: String) {
        self.remarks.borrow_mut().push(warning);
    }

    /// The warnings that were given, which are none afterwards.
    pub(crate) fn take_remarks(&self) -> Vec<String> {
        self.remarks.take()
    }
}

/// A member of a schema object, decoded to octets.
///
/// # Source
/// Zenroom `zencode_data.lua`, `schema_get`.
pub(crate) fn member(json: &Json, name: &str, encoding: Input) -> Result<Vec<u8>, Error> {
    let found = match json {
        Json::Object(members) => members.get(name),
        _ => None,
    };
    let missing = || Error::input(format!("Key not found in object conversion: {name}"));
    octets(found.ok_or_else(missing)?, name, encoding)
}

/// A text, decoded to octets.
pub(crate) fn octets(json: &Json, name: &str, encoding: Input) -> Result<Vec<u8>, Error> {
    match json {
        Json::Text(text) => encoding
            .decode(text)
            .ok_or_else(|| Error::input(format!("Cannot decode {name} with encoding {}", encoding.name()))),
        _ => Err(Error::input(format!("Cannot decode {name}: a text in {} is expected", encoding.name()))),
    }
}

/// The text of a schema object in an output encoding.
pub(crate) fn encode_octets(value: &Value, encoding: Output) -> Result<Printed, Error> {
    let octets = value.octets().ok_or_else(|| Error::failed("octets are expected"))?;
    let text = encoding.encode(&octets).ok_or_else(|| Error::failed("the octets have no such encoding"))?;
    Ok(Printed::Text(text))
}

/// A table of named octets.
pub(crate) fn record(members: Vec<(&str, Vec<u8>)>) -> Value {
    let mut table = Table::default();
    for (name, octets) in members {
        table.set(name, Value::Octet(octets));
    }
    Value::Table(table)
}
