//! Copying and moving objects and their members.

use zencode_macros::when;

use super::{number_text, remove};
use crate::codec::{Codec, Shape, Traits};
use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::{Printed, leaf};
use crate::import::float_of;
use crate::json::Json;
use crate::machine::Machine;
use crate::sharing::{Change, Place};
use crate::value::{Key, Table, Value, until_zero};

/// The value of an object, every leaf turned into a text in one encoding and read back in another.
pub(in crate::library) fn transcoded(
    machine: &mut Machine,
    name: &str,
    from: &str,
    to: &str,
) -> Result<Value, Error> {
    let object = machine.have(name)?;
    machine.afford(object.value.weight().saturating_mul(Output::GROWTH_MAX))?;
    let object = object.clone();
    let input = machine.input_encoding(to);
    let exported = match machine.schema(from) {
        Some(schema) => {
            if let Some(own) = object.codec.schema
                && own.name != schema.name
            {
                return Err(Error::failed(format!(
                    "Source schema: {} does not match encoding {from}",
                    own.name
                )));
            }
            schema.export.map(|export| texts_of(machine, &export(&object.value)?)).transpose()?
        }
        None => None,
    };
    let output = match (&exported, machine.schema(from)) {
        (Some(_), _) => Output::Text,
        (None, Some(_)) => machine.output_encoding("def"),
        (None, None) => machine.output_encoding(from),
    };
    let mut read = |value: &Value| {
        if from == "boolean" {
            return Err(Error::failed(format!("{name} has no text in encoding {from}")));
        }
        let json = match leaf(value, output)? {
            Printed::Text(text) => match String::from_utf8(text) {
                Ok(text) => Json::Text(text),
                Err(octets) if input == Input::Text => {
                    return Ok(Value::Octet(until_zero(octets.as_bytes()).to_vec()));
                }
                Err(octets) => Json::Text(String::from_utf8_lossy(octets.as_bytes()).into_owned()),
            },
            Printed::Number(number) => Json::Number(number),
            _ => return Ok(value.clone()),
        };
        machine.scalar(name, &json, input).map_err(|error| Error::failed(error.to_string()))
    };
    match exported.as_ref().unwrap_or(&object.value) {
        Value::Table(table) => table.map(&mut read).map(Value::Table),
        scalar => read(scalar),
    }
}

/// What a schema exported, as values: texts are octets, octets become texts in the contract's encoding.
fn texts_of(machine: &Machine, printed: &Printed) -> Result<Value, Error> {
    Ok(match printed {
        Printed::Text(text) => Value::Octet(text.clone()),
        Printed::Number(number) => Value::Float(float_of(*number)?),
        Printed::Boolean(truth) => Value::Boolean(*truth),
        Printed::Raw(value) => match leaf(value, machine.output_encoding("def"))? {
            Printed::Text(text) => Value::Octet(text),
            _ => value.clone(),
        },
        Printed::Array(items) => {
            let items = items.iter().map(|item| texts_of(machine, item)).collect::<Result<_, _>>()?;
            Value::Table(Table::Array(items))
        }
        Printed::Dictionary(members) => {
            let mut table = Table::default();
            for (name, item) in members {
                table.set(name, texts_of(machine, item)?);
            }
            Value::Table(table)
        }
    })
}

/// Makes a copy under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I copy the 'city' to 'backup'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("copy '' to ''")]
fn copy_to(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let value = machine.copy_of(source)?.copied();
    let codec = machine.have(source)?.codec.clone();
    machine.create_like(target, value, &codec)
}

/// Makes a text of an object in an encoding, under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I copy the 'city' as 'hex' to 'digits'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("copy '' as '' to ''")]
fn copy_as_to(machine: &mut Machine, source: &str, encoding: &str, target: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let value = transcoded(machine, source, encoding, "string")?;
    machine.create(target, value, Traits::encoded("string"))
}

/// Moves an object to another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I move the 'city' to 'birthplace'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("move '' to ''")]
fn move_to(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    copy_to(machine, source, target)?;
    remove(machine, source)
}

/// Moves an object to another name, as a text in an encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I move the 'city' as 'hex' to 'digits'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("move '' as '' to ''")]
fn move_as_to(machine: &mut Machine, source: &str, encoding: &str, target: &str) -> Result<(), Error> {
    copy_as_to(machine, source, encoding, target)?;
    remove(machine, source)
}

/// Whether members can be added to an object by name.
pub(in crate::library) fn takes_names(codec: &Codec, name: &str) -> Result<bool, Error> {
    match (codec.shape, codec.schema) {
        (Shape::Element, Some(schema)) if schema.open => Ok(true),
        (Shape::Element, Some(_)) => {
            Err(Error::failed(format!("Schema is not open to accept extra objects: {name}")))
        }
        (Shape::Dictionary, _) => Ok(true),
        _ => Ok(false),
    }
}

/// Checks a value that goes into a table, one level below it.
fn admit_inside(machine: &mut Machine, value: &Value) -> Result<(), Error> {
    let limit = machine.limits.nesting_max;
    if value.nesting() >= limit {
        return Err(Error::Limit(format!("Nesting limit exceeded: {limit} levels")));
    }
    machine.admit(value)
}

/// Adds a named member to an object that has none of that name.
pub(in crate::library) fn add_member(
    machine: &mut Machine,
    target: &str,
    name: &str,
    value: Value,
) -> Result<(), Error> {
    admit_inside(machine, &value)?;
    let table = machine.table(target)?;
    if table.member(name).is_some_and(|found| *found != Value::Boolean(false)) {
        return Err(Error::failed(format!("Cannot overwrite: {name} in {target}")));
    }
    if machine.change(&Place::of(target), &Change::Set(name.to_owned(), value))? {
        Ok(())
    } else {
        Err(Error::failed(format!("{target} is an array: its members have no names")))
    }
}

/// Appends a value to an array.
pub(in crate::library) fn push_item(machine: &mut Machine, target: &str, value: Value) -> Result<(), Error> {
    admit_inside(machine, &value)?;
    if machine.change(&Place::of(target), &Change::Push(value))? {
        Ok(())
    } else {
        Err(Error::failed(format!("{target} is a dictionary: its members need names")))
    }
}

/// Copies all members of an object into another.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I copy the contents of 'address' in 'person'
/// Then print the 'person'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea" }, "person": { "name": "Ada" } }
/// ```
#[when("copy contents of '' in ''")]
fn copy_contents(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    machine.table(source)?;
    let members = machine.copy_of(source)?;
    let members = members.table().ok_or_else(|| Error::Missing(source.to_owned()))?;
    let seed = machine.walk_seed(source)?;
    machine.table(target)?;
    let from = machine.have(source)?.codec.shape;
    let codec = machine.have(target)?.codec.clone();
    if codec.shape == Shape::Array {
        for (key, value) in members.walk(seed) {
            push_item(machine, target, value.clone())?;
            machine.share_item(target, Place::of(source).member(key));
        }
        return Ok(());
    }
    if takes_names(&codec, target)? {
        let fits = codec.shape != Shape::Dictionary || from == Shape::Dictionary;
        ensure(fits, || "Can not copy contents of an array into a dictionary".to_owned())?;
        for (key, value) in members.walk(seed) {
            let name = key.to_string();
            add_member(machine, target, &name, value.clone())?;
            machine.share(Place::of(target).member(Key::Name(name)), Place::of(source).member(key));
        }
    }
    Ok(())
}

/// Copies one member of a dictionary into another object.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I copy the contents of 'address' named 'city' in 'person'
/// Then print the 'person'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" }, "person": { "name": "Ada" } }
/// ```
#[when("copy contents of '' named '' in ''")]
fn copy_contents_named(machine: &mut Machine, source: &str, name: &str, target: &str) -> Result<(), Error> {
    let table = machine.table(source)?;
    let dictionary = machine.have(source)?.codec.shape == Shape::Dictionary;
    ensure(dictionary, || format!("Object is not a dictionary: {source}"))?;
    // A false member counts as none, as in the reference engine.
    let value = table.member(name).filter(|value| **value != Value::Boolean(false)).cloned();
    let value = value.ok_or_else(|| Error::refused(format!("Object not found: {name} inside {source}")))?;
    machine.table(target)?;
    let codec = machine.have(target)?.codec.clone();
    let member = Place::of(source).member(Key::Name(name.to_owned()));
    if codec.shape == Shape::Array {
        push_item(machine, target, value)?;
        machine.share_item(target, member);
    } else if takes_names(&codec, target)? {
        add_member(machine, target, name, value)?;
        machine.share(Place::of(target).member(Key::Name(name.to_owned())), member);
    }
    Ok(())
}

/// The key that a name means in an object: its own value when there is such an object, else itself.
fn key_of(machine: &mut Machine, name: &str, owner: &str) -> Result<Key, Error> {
    let array = machine.have(owner)?.codec.shape == Shape::Array;
    let text = match machine.may_have(name) {
        None => name.to_owned(),
        Some(object) => match (object.codec.encoding.as_ref(), array) {
            ("string", _) => machine.text(name)?,
            ("integer" | "float", true) => number_text(&object.value),
            (other, true) => return Err(Error::failed(format!("Invalid array key encoding: {other}"))),
            (other, false) => return Err(Error::failed(format!("Invalid dictionary key encoding: {other}"))),
        },
    };
    if array {
        let position = crate::machine::position(&text);
        return position
            .map(Key::Position)
            .ok_or_else(|| Error::failed(format!("Invalid array index: {text}")));
    }
    Ok(Key::Name(text))
}

/// Copies a member of an object out, under a new name.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I copy the 'city' from 'address' to 'birthplace'
/// Then print the 'birthplace'
/// Then print the 'address'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("copy '' from '' to ''")]
fn copy_from_to(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    copy_member(machine, name, owner, target).map(|_| ())
}

fn copy_member(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<Key, Error> {
    let key = key_of(machine, name, owner)?;
    let value = machine.table(owner)?.get(&key).filter(|value| **value != Value::Boolean(false)).cloned();
    let value = value.ok_or_else(|| Error::failed(format!("Object not found: {key} inside {owner}")))?;
    if machine.objects.contains_key(target) {
        return Err(Error::failed(format!(
            "Cannot overwrite existing object: {target}\nTo copy/move element in existing element use:\n\
             When I move/copy '' from '' in ''"
        )));
    }
    let traits = Traits::member_of(&machine.have(owner)?.codec);
    machine.create(target, value.copied(), traits)?;
    Ok(key)
}

/// Moves a member of an object out, under a new name.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I move the 'city' from 'address' to 'birthplace'
/// Then print the 'birthplace'
/// Then print the 'address'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("move '' from '' to ''")]
fn move_from_to(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    let key = copy_member(machine, name, owner, target)?;
    machine.change(&Place::of(owner), &Change::Take(key))?;
    Ok(())
}
