//! `sd_jwt`: signed credentials of which the holder shows what he chooses.

mod issue;
mod supported;
mod valid;

use zencode_crypto::encoding::url64;
use zencode_macros::{check, when};

use crate::codec::{Shape, Traits};
use crate::encoding::Output;
use crate::error::{Error, ensure};
use crate::export::{Printed, tree};
use crate::json::Json;
use crate::library::jose;
use crate::machine::Machine;
use crate::members::Members;
use crate::schema::{Export, Import, Reading, Schema};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    issue::CREATE_REQUEST,
    issue::CREATE_DISCLOSURE,
    issue::CREATE_SIGNED,
    issue::CREATE_SIGNED_WITH,
    KEEP_DISCLOSURES,
    HAS_DISCLOSURES,
    valid::IS_VALID,
    CREATE_DISCLOSED,
];

const SIGNED: &str = "signed_selective_disclosure";

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("supported_selective_disclosure", supported::import_supported, export_texts),
    schema("decoded_selective_disclosure", supported::import_decoded, supported::export_decoded),
    schema("selective_disclosure_request", import_request, export_texts),
    schema("selective_disclosure", import_disclosure, export_texts),
    schema(SIGNED, import_signed, export_signed),
    schema("signed_selective_disclosure_with_key_binding", import_bound, export_bound),
];

const fn schema(name: &'static str, import: Import, export: Export) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

fn member<'a>(json: &'a Json, name: &str) -> Result<&'a Json, Error> {
    let found = match json {
        Json::Object(members) => members.get(name).filter(|member| **member != Json::Null),
        _ => None,
    };
    found.ok_or_else(|| Error::input(format!("Input object should have a key '{name}'")))
}

fn export_texts(value: &Value) -> Result<Printed, Error> {
    tree(value, Output::Text)
}

fn record(members: Vec<(&str, Value)>) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Table(Table::Dictionary(members.collect()))
}

fn import_request(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let (fields, object) = (member(json, "fields")?, member(json, "object")?);
    let Json::Array(names) = fields else { return Err(Error::input("the fields are an array of names")) };
    for name in names {
        let Json::Text(name) = name else {
            return Err(Error::input("The object with key fields must be a string array"));
        };
        let found = matches!(object, Json::Object(members) if members.contains_key(name));
        ensure(found, || format!("The field {name} is not a key in the object"))?;
    }
    Ok(record(vec![("fields", jose::value(fields)?), ("object", jose::value(object)?)]))
}

fn import_disclosure(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let (payload, disclosures) = (member(json, "payload")?, member(json, "disclosures")?);
    Ok(record(vec![("payload", jose::value(payload)?), ("disclosures", jose::value(disclosures)?)]))
}

fn text(json: &Json) -> Result<&str, Error> {
    match json {
        Json::Text(text) => Ok(text),
        _ => Err(Error::input("a signed selective disclosure is a text")),
    }
}

fn import_signed(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    import_parts(text(json)?)
}

/// Reads a token and its disclosures, with a `~` behind each.
///
/// # Source
/// RFC 9901, 4: "SD-JWT".
fn import_parts(compact: &str) -> Result<Value, Error> {
    ensure(compact.ends_with('~'), || {
        "something stands behind the last `~` of the selective disclosure: a key binding is not taken"
            .to_owned()
    })?;
    let mut parts = compact.split('~').filter(|part| !part.is_empty());
    let token = parts.next().ok_or_else(|| Error::input("the selective disclosure has no token"))?;
    let token = jose::import(token)?;
    let disclosures = parts.map(|part| jose::value(&jose::decoded(part)?)).collect::<Result<_, _>>()?;
    Ok(record(vec![
        ("compact", Value::text(compact)),
        ("jwt", token),
        ("disclosures", Value::Table(Table::Array(disclosures))),
    ]))
}

fn part<'a>(value: &'a Value, name: &str) -> Result<&'a Value, Error> {
    let part = value.table().and_then(|table| table.member(name));
    part.ok_or_else(|| Error::failed(format!("the selective disclosure has no {name}")))
}

fn disclosures(value: &Value) -> Result<Vec<&Value>, Error> {
    let table = part(value, "disclosures")?.table();
    Ok(table.ok_or_else(|| Error::failed("disclosures are an array"))?.values().collect())
}

/// The second item of a disclosure: what it discloses.
fn name_of(disclosure: &Value) -> Option<&Value> {
    disclosure.table().and_then(|disclosure| disclosure.position(2))
}

/// The text as it came in when it speaks of a time, or else written again.
fn signed_text(value: &Value) -> Result<String, Error> {
    let token = part(value, "jwt")?;
    let payload = jose::part(token, "payload")?.table();
    let timed = ["exp", "iat", "nbf"].iter().any(|claim| {
        let claim = payload.and_then(|payload| payload.member(claim));
        claim.is_some_and(|claim| *claim != Value::Boolean(false))
    });
    if let (true, Ok(compact)) = (timed, part(value, "compact")) {
        let compact = compact.octets().unwrap_or_default();
        return Ok(String::from_utf8_lossy(&compact).into_owned());
    }
    let mut text = jose::export(token, jose::spaced)? + "~";
    for disclosure in disclosures(value)? {
        text += &url64::encode(&jose::spaced(disclosure)?);
        text += "~";
    }
    Ok(text)
}

fn export_signed(value: &Value) -> Result<Printed, Error> {
    signed_text(value).map(|text| Printed::Text(text.into_bytes()))
}

fn import_bound(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let text = text(json)?;
    let (signed, binding) = text.rsplit_once('~').ok_or_else(|| {
        Error::input("a selective disclosure with key binding has a token behind the last ~")
    })?;
    let mut value = import_parts(&format!("{signed}~"))?;
    if let Value::Table(table) = &mut value {
        table.set("key_binding", jose::import(binding)?);
    }
    Ok(value)
}

fn export_bound(value: &Value) -> Result<Printed, Error> {
    let binding = jose::export(part(value, "key_binding")?, jose::compact)?;
    Ok(Printed::Text((signed_text(value)? + &binding).into_bytes()))
}

/// Keeps of a signed selective disclosure only what a list names, in the order of the list.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': show my first name only
/// Given I have a 'signed selective disclosure' named 'credential'
/// Given I have a 'string array' named 'shown'
/// When I use signed selective disclosure 'credential' only with disclosures 'shown'
/// Then print the 'credential'
/// ```
/// ```json data
/// {
///   "shown": ["given_name"],
///   "credential": "eyJhbGciOiAiRVMyNTYifQ.eyJpc3MiOiAiaHR0cHM6Ly9leGFtcGxlLm9yZyJ9.AAAA~WyJzYWx0IiwgImdpdmVuX25hbWUiLCAiQWRhIl0~WyJzYWx0IiwgImZhbWlseV9uYW1lIiwgIkxvdmVsYWNlIl0~"
/// }
/// ```
#[when("use signed selective disclosure '' only with disclosures ''")]
fn keep_disclosures(machine: &mut Machine, credential: &str, names: &str) -> Result<(), Error> {
    let value = machine.value(credential)?;
    let disclosures = disclosures(value)?;
    let kept = machine.table(names)?.values().filter_map(|name| {
        disclosures.iter().find(|disclosure| name_of(disclosure) == Some(name)).map(|found| (*found).clone())
    });
    let kept = Value::Table(Table::Array(kept.collect()));
    machine.table_mut(credential)?.set("disclosures", kept);
    Ok(())
}

/// Requires a name, or every name of a list, to be disclosed.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': is the first name shown?
/// Given I have a 'signed selective disclosure' named 'credential'
/// Given I have a 'string array' named 'wanted'
/// When I verify disclosures 'wanted' are found in signed selective disclosure 'credential'
/// Then print the string 'the first name is shown'
/// ```
/// ```json data
/// {
///   "wanted": ["given_name"],
///   "credential": "eyJhbGciOiAiRVMyNTYifQ.eyJpc3MiOiAiaHR0cHM6Ly9leGFtcGxlLm9yZyJ9.AAAA~WyJzYWx0IiwgImdpdmVuX25hbWUiLCAiQWRhIl0~WyJzYWx0IiwgImZhbWlseV9uYW1lIiwgIkxvdmVsYWNlIl0~"
/// }
/// ```
#[check("verify disclosures '' are found in signed selective disclosure ''")]
fn has_disclosures(machine: &mut Machine, names: &str, credential: &str) -> Result<(), Error> {
    let disclosures = disclosures(machine.value(credential)?)?;
    let wanted = machine.have(names)?;
    let fault = || "Disclosures must be a single value or an array".to_owned();
    ensure(wanted.codec.shape != Shape::Dictionary, fault)?;
    let wanted: Vec<&Value> = match (&wanted.value, wanted.codec.shape) {
        (Value::Table(table), Shape::Array) => table.values().collect(),
        (name @ Value::Octet(_), _) => vec![name],
        _ => return Err(Error::refused(fault())),
    };
    for name in wanted {
        let found = disclosures.iter().any(|disclosure| name_of(disclosure) == Some(name));
        ensure(found, || {
            let name = name.octets().unwrap_or_default();
            format!("Disclosure key not found: {}", String::from_utf8_lossy(&name))
        })?;
    }
    Ok(())
}

/// Makes `disclosed kv`: what a signed selective disclosure shows, by name.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': read a credential
/// Given I have a 'signed selective disclosure' named 'credential'
/// When I create the disclosed kv from signed selective disclosure 'credential'
/// Then print the 'disclosed kv'
/// ```
/// ```json data
/// {
///   "credential": "eyJhbGciOiAiRVMyNTYifQ.eyJpc3MiOiAiaHR0cHM6Ly9leGFtcGxlLm9yZyJ9.AAAA~WyJzYWx0IiwgImdpdmVuX25hbWUiLCAiQWRhIl0~WyJzYWx0IiwgImZhbWlseV9uYW1lIiwgIkxvdmVsYWNlIl0~"
/// }
/// ```
#[when("create disclosed kv from signed selective disclosure ''")]
fn create_disclosed(machine: &mut Machine, credential: &str) -> Result<(), Error> {
    let object = machine.have(credential)?;
    let fits = object.codec.schema.is_some_and(|schema| schema.name == SIGNED);
    ensure(fits, || format!("Object is not a signed selective disclosure: {credential}"))?;
    let mut disclosed = Table::Dictionary(Members::new());
    for disclosure in disclosures(&object.value)? {
        let name = name_of(disclosure).and_then(Value::octets);
        let name = name.ok_or_else(|| Error::failed("a disclosure is a salt, a name and a value"))?;
        if let Some(value) = disclosure.table().and_then(|disclosure| disclosure.position(3)) {
            disclosed.set(&String::from_utf8_lossy(&name), value.clone());
        }
    }
    let traits = Traits { shape: Some(Shape::Dictionary), ..Traits::encoded("string") };
    machine.create("disclosed_kv", Value::Table(disclosed), traits)
}
