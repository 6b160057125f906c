//! `did`: DID documents, and the keys and services they name.

use zencode_crypto::encoding::{base58, hex};
use zencode_macros::when;

use std::collections::BTreeMap;

use super::proof::{HAS_DOCUMENT_PROOF, IS_SIGNED_BY};
use crate::codec::{Shape, Traits};
use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::{Printed, tree};
use crate::json::Json;
use crate::library::scenario::credential::form as credential;
use crate::machine::Machine;
use crate::members::Members;
use crate::schema::{Reading, Schema, encode_octets, octets};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    HAS_DOCUMENT_PROOF,
    IS_SIGNED_BY,
    CREATE_SERVICE_ENDPOINT,
    CREATE_VERIFICATION_METHOD,
    CREATE_PUBLIC_KEY_FROM_DOCUMENT,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    Schema {
        name: "did_document",
        import: import_document,
        export: Some(export_document),
        complex: true,
        open: true,
    },
    Schema {
        name: VERIFICATION_METHOD,
        import: import_methods,
        export: Some(export_methods),
        complex: true,
        open: false,
    },
];

const VERIFICATION_METHOD: &str = "verificationMethod";
const SERVICE_ENDPOINT: &str = "serviceEndpoint";

/// The one verification method that is no key.
const ETHEREUM_ADDRESS: &str = "ethereum_address";

/// Octets of an id, and of a document in JSON, less one.
const ID_OCTETS: usize = 256;
const DOCUMENT_OCTETS: usize = 8192;

/// Reads a document whose leaves are all texts.
///
/// # Source
/// W3C DID Core 1.0, 3.1 for the id; Zenroom `zencode_did.lua`.
fn import_document(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let Json::Object(members) = json else { return Err(Error::input("a DID document is a dictionary")) };
    let id = match members.get("id") {
        Some(Json::Text(id)) if id.len() < ID_OCTETS => id,
        _ => return Err(Error::refused("Invalid DID document: id not found")),
    };
    let context = members.get("@context").is_some_and(|context| *context != Json::Null);
    ensure(context, || "Invalid DID document: @context not found".to_owned())?;
    check_id(id)?;
    let document = texts(json);
    let size = crate::library::jose::compact(&document)?.len();
    ensure(size < DOCUMENT_OCTETS, || "DID document too large".to_owned())?;
    Ok(document)
}

/// Prints a document without the texts that are empty.
fn export_document(value: &Value) -> Result<Printed, Error> {
    let Value::Table(table) = value else { return tree(value, Output::Text) };
    let is_left = |item: &&Value| !matches!(item, Value::Octet(octets) if octets.is_empty());
    match table {
        Table::Array(items) => {
            let last = items.iter().rposition(|item| is_left(&item)).map_or(0, |last| last + 1);
            let kept = &items[..last];
            if !kept.iter().all(|item| is_left(&item)) {
                return Err(Error::failed("an empty text in a list of a DID document cannot be left out"));
            }
            kept.iter().map(export_document).collect::<Result<_, _>>().map(Printed::Array)
        }
        Table::Dictionary(members) => members
            .iter()
            .filter(|(_, item)| is_left(item))
            .map(|(name, item)| Ok((name.clone(), export_document(item)?)))
            .collect::<Result<_, _>>()
            .map(Printed::Dictionary),
    }
}

fn check_id(id: &str) -> Result<(), Error> {
    let fault = |what: &str| Error::refused(format!("Invalid DID document: invalid {what}"));
    let mut parts = id.split(':').filter(|part| !part.is_empty());
    if parts.next() != Some("did") {
        return Err(fault("scheme"));
    }
    let method = parts.next().ok_or_else(|| fault("method-name"))?;
    if !method.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()) {
        return Err(fault("method-name"));
    }
    if parts.all(is_identifier) { Ok(()) } else { Err(fault("method specific identifier")) }
}

/// Letters, digits, `.`, `-`, `_`, and octets written as `%` and two digits.
fn is_identifier(part: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    let mut pieces = part.split('%');
    pieces.next().is_some_and(plain)
        && pieces.all(|piece| {
            let digits = piece.as_bytes().get(..2);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) && plain(piece)
        })
}

/// Every leaf as the text it is written as.
pub(crate) fn texts(json: &Json) -> Value {
    match json {
        Json::Text(text) => Value::text(text),
        Json::Number(number) => Value::text(&number.text()),
        Json::Integer(integer) => Value::text(&integer.to_string()),
        Json::Boolean(truth) => Value::text(if *truth { "true" } else { "false" }),
        Json::Null => Value::Octet(Vec::new()),
        Json::Array(items) => {
            let items = items.iter().filter(|item| **item != Json::Null);
            Value::Table(Table::Array(items.map(texts).collect()))
        }
        Json::Object(members) => {
            let mut table = Table::default();
            for (name, item) in members.iter().filter(|(_, item)| **item != Json::Null) {
                table.set(name, texts(item));
            }
            Value::Table(table)
        }
    }
}

/// The encodings of a verification method: in and out.
fn encodings(name: &str) -> (Input, Output) {
    match name {
        ETHEREUM_ADDRESS => (Input::Hex, Output::Hex),
        "eddsa_public_key" => (Input::Base58, Output::Base58),
        _ => (Input::Base64, Output::Base64),
    }
}

pub(super) fn import_methods(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let Json::Object(members) = json else {
        return Err(Error::input("verification methods are a dictionary"));
    };
    let mut methods = Table::default();
    for (name, method) in members {
        methods.set(name, Value::Octet(octets(method, name, encodings(name).0)?));
    }
    Ok(Value::Table(methods))
}

pub(super) fn export_methods(value: &Value) -> Result<Printed, Error> {
    let methods = value.table().ok_or_else(|| Error::failed("verification methods are a dictionary"))?;
    let mut printed = BTreeMap::new();
    for (name, method) in methods.entries() {
        let name = name.to_string();
        let method = encode_octets(method, encodings(&name).1)?;
        printed.insert(name, method);
    }
    Ok(Printed::Dictionary(printed))
}

/// A text of a member of a document.
pub(super) fn text(table: &Value, name: &str) -> Result<String, Error> {
    let octets = table.table().and_then(|table| table.member(name)).and_then(Value::octets);
    let octets = octets.ok_or_else(|| Error::failed(format!("{name} not found")))?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// What stands behind the `#` of an id.
fn fragment(id: &str) -> Result<&str, Error> {
    let fragment = id.split('#').filter(|part| !part.is_empty()).nth(1);
    fragment.ok_or_else(|| Error::failed(format!("the id {id} has nothing behind a #")))
}

/// A list in a document.
fn list<'a>(machine: &'a Machine, document: &str, name: &str) -> Result<Vec<&'a Value>, Error> {
    let found = machine.table(document)?.member(name).and_then(Value::table);
    let found = found.ok_or_else(|| Error::refused(format!("{name} not found in {document}")))?;
    Ok(found.values().collect())
}

/// The key of a verification method: octets, or the two points of a credential's issuer.
fn key(name: &str, method: &Value) -> Result<Value, Error> {
    let digits = text(method, "publicKeyBase58")?;
    let octets = base58::decode(&digits);
    let octets = octets.map_err(|error| Error::failed(format!("{name} is not base58: {error}")))?;
    if name.starts_with("issuer_public_key") {
        return credential::issuer_public_key_from_zcash(&octets);
    }
    Ok(Value::Octet(octets))
}

/// Makes `serviceEndpoint`: where the services of a document are, by name.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': where can I ask?
/// Given I have a 'did document'
/// When I create the serviceEndpoint of 'did document'
/// Then print the 'serviceEndpoint'
/// ```
/// ```json data
/// {
///   "did_document": {
///     "@context": "https://www.w3.org/ns/did/v1",
///     "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK",
///     "service": [
///       {
///         "id": "did:dyne:example#ping",
///         "type": "LinkedDomains",
///         "serviceEndpoint": "https://oracle.example.org/api/ping"
///       }
///     ]
///   }
/// }
/// ```
#[when("create serviceendpoint of ''")]
fn create_service_endpoint(machine: &mut Machine, document: &str) -> Result<(), Error> {
    let mut endpoints = Table::Dictionary(Members::new());
    for service in list(machine, document, "service")? {
        let endpoint = service.table().and_then(|service| service.member(SERVICE_ENDPOINT));
        if let Some(endpoint) = endpoint {
            endpoints.set(fragment(&text(service, "id")?)?, endpoint.clone());
        }
    }
    let traits = Traits { shape: Some(Shape::Dictionary), ..Traits::encoded("string") };
    machine.create(SERVICE_ENDPOINT, Value::Table(endpoints), traits)
}

/// Makes `verificationMethod`: the keys and addresses of a document, by name.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': how does this oracle sign?
/// Given I have a 'did document'
/// When I create the verificationMethod of 'did document'
/// Then print the 'verificationMethod'
/// ```
/// ```json data
/// {
///   "did_document": {
///     "@context": "https://www.w3.org/ns/did/v1",
///     "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK",
///     "verificationMethod": [
///       {
///         "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK#eddsa_public_key",
///         "publicKeyBase58": "2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK"
///       },
///       {
///         "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK#ethereum_address",
///         "blockchainAccountId": "eip155:1717658228:0x747846c15dfc79803265f953d003ac4251867cd7"
///       }
///     ]
///   }
/// }
/// ```
#[when("create verificationmethod of ''")]
fn create_verification_method(machine: &mut Machine, document: &str) -> Result<(), Error> {
    let mut methods = Table::Dictionary(Members::new());
    for method in list(machine, document, VERIFICATION_METHOD)? {
        let id = text(method, "id")?;
        let name = fragment(&id)?;
        let value = if name == ETHEREUM_ADDRESS {
            let account = text(method, "blockchainAccountId")?;
            let address = account.split(':').filter(|part| !part.is_empty()).nth(2);
            let address = address.and_then(|address| hex::decode(address).ok());
            Value::Octet(address.ok_or_else(|| Error::failed(format!("{account} names no address")))?)
        } else {
            key(name, method)?
        };
        methods.set(name, value);
    }
    machine.create(VERIFICATION_METHOD, Value::Table(methods), Traits::default())
}

/// Makes the public key of an algorithm that a document names.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': who signed this?
/// Given I have a 'did document'
/// When I create the 'eddsa' public key from did document 'did document'
/// Then print the 'eddsa public key'
/// ```
/// ```json data
/// {
///   "did_document": {
///     "@context": "https://www.w3.org/ns/did/v1",
///     "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK",
///     "verificationMethod": [
///       {
///         "id": "did:dyne:example:2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK#eddsa_public_key",
///         "publicKeyBase58": "2s5wmQjZeYtpckyHakLiP5ujWKDL1M2b8CiP6vwajNrK"
///       }
///     ]
///   }
/// }
/// ```
#[when("create '' public key from did document ''")]
fn create_public_key_from_document(
    machine: &mut Machine,
    algorithm: &str,
    document: &str,
) -> Result<(), Error> {
    let name = format!("{algorithm}_public_key");
    machine.value(document)?;
    machine.empty(&name)?;
    let id = format!("{}#{name}", text(machine.value(document)?, "id")?);
    let methods = list(machine, document, VERIFICATION_METHOD)?;
    let method = methods.into_iter().find(|method| text(method, "id").is_ok_and(|found| found == id));
    let method =
        method.ok_or_else(|| Error::refused(format!("{name} not found in the did document {document}")))?;
    let key = key(&name, method)?;
    let traits = match machine.schema(&name) {
        Some(_) => Traits::encoded("complex"),
        None if key.table().is_some() => Traits::encoded("string"),
        None => Traits::encoded(machine.input_encoding(&name).name()),
    };
    machine.create(&name, key, traits)
}
