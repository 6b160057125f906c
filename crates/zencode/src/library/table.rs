//! Table: members of arrays and dictionaries, alike.

use num_bigint::BigInt;
use zencode_macros::{check, when};

use super::verify::equal;
use super::when::copy::{add_member, push_item, takes_names, transcoded};
use super::when::counts_as_found;
use crate::codec::{Codec, Shape, Traits};
use crate::comparison::{less, same};
use crate::error::{Error, ensure};
use crate::machine::{Machine, member};
use crate::sharing::{Change, Place};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    MOVE_NAMED_BY_IN,
    MOVE_IN,
    MOVE_TO_IN,
    MOVE_AS_IN,
    MOVE_FROM_IN,
    COPY_NAMED_BY_IN,
    COPY_IN,
    COPY_TO_IN,
    COPY_AS_IN,
    COPY_FROM_IN,
    REMOVE_FROM,
    CREATE_SIZE_OF,
    IS_FOUND_IN,
    IS_NOT_FOUND_IN,
    IS_FOUND_AT_LEAST,
    CREATE_COPY_OF_LAST,
    PICKUP_FROM_PATH,
    PICKUP_AS_FROM_PATH,
    TAKE_FROM_PATH,
    SET_POINTER,
    ENTER_WITH_POINTER,
];

/// Puts a value into a table: under a name, or at the end. Says where it is then.
fn put(machine: &mut Machine, value: Value, name: &str, target: &str) -> Result<Place, Error> {
    let object = machine.have(target)?;
    let Value::Table(table) = &object.value else {
        return Err(Error::failed(format!("Object is not a table: {target}")));
    };
    let codec = object.codec.clone();
    let end = table.array_length() + 1;
    if takes_names(&codec, target)? {
        add_member(machine, target, name, value)?;
        return Ok(Place::of(target).member(Key::Name(name.to_owned())));
    }
    match codec.shape {
        Shape::Array => push_item(machine, target, value)?,
        _ => return Err(Error::failed("Invalid destination type: e")),
    }
    Ok(Place::of(target).member(Key::Position(end)))
}

fn put_encoded(machine: &mut Machine, name: &str, encoding: &str, target: &str) -> Result<(), Error> {
    let Codec { encoding: to, schema, shape, .. } = machine.have(target)?.codec.clone();
    if schema.is_some() && shape != Shape::Element {
        return Err(Error::failed(format!("{target} holds objects of a schema, which have no encoding")));
    }
    let value = transcoded(machine, name, encoding, &to)?;
    put(machine, value, name, target).map(|_| ())
}

/// The member of an object, by its name.
fn inner(machine: &Machine, owner: &str, name: &str) -> Result<Value, Error> {
    let found = machine.value(owner)?.table().and_then(|table| table.member(name));
    let found = found.filter(|value| **value != Value::Boolean(false));
    found.cloned().ok_or_else(|| Error::Missing(name.to_owned()))
}

/// Moves the object whose name another object holds into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'which'
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'stops'
/// When I move named by 'which' in 'stops'
/// Then print the 'stops'
/// ```
/// ```json data
/// { "which": "city", "city": "Ivrea", "stops": ["Torino"] }
/// ```
#[when("move named by '' in ''")]
fn move_named_by_in(machine: &mut Machine, reference: &str, target: &str) -> Result<(), Error> {
    let name = machine.text(reference)?;
    move_in(machine, &name, target)
}

/// Moves an object into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string dictionary' named 'address'
/// When I move the 'city' in 'address'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "address": { "street": "Via Jervis" } }
/// ```
#[when("move '' in ''")]
fn move_in(machine: &mut Machine, name: &str, target: &str) -> Result<(), Error> {
    move_to_in(machine, name, name, target)
}

/// Moves an object into a table, under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'birthplace'
/// Given I have a 'string dictionary' named 'address'
/// When I move the 'birthplace' to 'city' in 'address'
/// Then print data
/// ```
/// ```json data
/// { "birthplace": "Ivrea", "address": { "street": "Via Jervis" } }
/// ```
#[when("move '' to '' in ''")]
fn move_to_in(machine: &mut Machine, name: &str, new: &str, target: &str) -> Result<(), Error> {
    let value = machine.copy_of(name)?;
    let place = put(machine, value, new, target)?;
    machine.sharing.relocate(&Place::of(name), &place);
    machine.remove(name).map(|_| ())
}

/// Moves an object into a table, as a text in an encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string dictionary' named 'address'
/// When I move the 'city' as 'hex' in 'address'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "address": { "street": "Via Jervis" } }
/// ```
#[when("move '' as '' in ''")]
fn move_as_in(machine: &mut Machine, name: &str, encoding: &str, target: &str) -> Result<(), Error> {
    put_encoded(machine, name, encoding, target)?;
    machine.remove(name).map(|_| ())
}

/// Moves a member of an object into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I move the 'city' from 'address' in 'person'
/// Then print data
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" }, "person": { "name": "Ada" } }
/// ```
#[when("move '' from '' in ''")]
fn move_from_in(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    let value = inner(machine, owner, name)?;
    let place = put(machine, value, name, target)?;
    let member = Key::Name(name.to_owned());
    machine.sharing.relocate(&Place::of(owner).member(member.clone()), &place);
    machine.change(&Place::of(owner), &Change::Take(member)).map(|_| ())
}

/// Copies the object whose name another object holds into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'which'
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'stops'
/// When I copy named by 'which' in 'stops'
/// Then print data
/// ```
/// ```json data
/// { "which": "city", "city": "Ivrea", "stops": ["Torino"] }
/// ```
#[when("copy named by '' in ''")]
fn copy_named_by_in(machine: &mut Machine, reference: &str, target: &str) -> Result<(), Error> {
    let name = machine.text(reference)?;
    copy_in(machine, &name, target)
}

/// Copies an object into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'stops'
/// When I copy the 'city' in 'stops'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "stops": ["Torino"] }
/// ```
#[when("copy '' in ''")]
fn copy_in(machine: &mut Machine, name: &str, target: &str) -> Result<(), Error> {
    let value = machine.copy_of(name)?.copied();
    put(machine, value, name, target).map(|_| ())
}

/// Copies an object into a table, under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'birthplace'
/// Given I have a 'string dictionary' named 'address'
/// When I copy the 'birthplace' to 'city' in 'address'
/// Then print data
/// ```
/// ```json data
/// { "birthplace": "Ivrea", "address": { "street": "Via Jervis" } }
/// ```
#[when("copy '' to '' in ''")]
fn copy_to_in(machine: &mut Machine, name: &str, new: &str, target: &str) -> Result<(), Error> {
    let value = machine.copy_of(name)?;
    let place = put(machine, value, new, target)?;
    machine.share(place, Place::of(name));
    Ok(())
}

/// Copies an object into a table, as a text in an encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'digits'
/// When I copy the 'city' as 'hex' in 'digits'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "digits": ["c0ffee"] }
/// ```
#[when("copy '' as '' in ''")]
fn copy_as_in(machine: &mut Machine, name: &str, encoding: &str, target: &str) -> Result<(), Error> {
    put_encoded(machine, name, encoding, target)
}

/// Copies a member of an object into a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I copy the 'city' from 'address' in 'person'
/// Then print data
/// ```
/// ```json data
/// { "address": { "city": "Ivrea" }, "person": { "name": "Ada" } }
/// ```
#[when("copy '' from '' in ''")]
fn copy_from_in(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    let value = inner(machine, owner, name)?;
    let place = put(machine, value, name, target)?;
    machine.share(place, Place::of(owner).member(Key::Name(name.to_owned())));
    Ok(())
}

/// Drops a member: of a dictionary by its name, of an array by its value.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I remove the 'street' from 'address'
/// Then print the 'address'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("remove '' from ''")]
fn remove_from(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let object = machine.objects.get(owner);
    let object =
        object.ok_or_else(|| Error::refused(format!("No codec registration for target: {owner}")))?;
    if object.codec.shape == Shape::Dictionary || object.codec.schema.is_some() {
        return remove_member(machine, name, owner);
    }
    ensure(object.codec.shape == Shape::Array, || format!("Invalid codec registration for target: {owner}"))?;
    remove_items(machine, name, owner)
}

fn remove_member(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let made_as = machine.objects.get(name).map(|object| object.codec.name.clone());
    let table = machine.table(owner)?;
    // A member that is false is none, as in the reference engine.
    let is_there = |name: &String| table.member(name).is_some_and(|value| *value != Value::Boolean(false));
    let candidates: Vec<String> =
        [Some(name.to_owned()), made_as].into_iter().flatten().filter(is_there).collect();
    for candidate in candidates {
        if machine.change(&Place::of(owner), &Change::Take(Key::Name(candidate)))? {
            return Ok(());
        }
    }
    Err(Error::failed(format!("Object not found in dictionary: {name} in {owner}")))
}

fn remove_items(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let wanted = machine.value(name)?.clone();
    let mut kept = Vec::new();
    for value in machine.table(owner)?.values() {
        let is_wanted = match (value, &wanted) {
            (Value::Table(_), Value::Table(_)) => equal(value, &wanted)?,
            _ => same(value, &wanted)?,
        };
        if !is_wanted {
            kept.push(value.clone());
        }
    }
    let removed = kept.len() < machine.table(owner)?.count();
    ensure(removed, || "Element to be removed not found in array".to_owned())?;
    machine.replace(owner, Value::Table(Table::Array(kept)))
}

/// Makes `size`: members of a table, or octets of an element.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// When I create the size of 'stops'
/// Then print the 'size'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"] }
/// ```
#[when("create size of ''")]
fn create_size_of(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let size = match machine.value(name)? {
        Value::Table(table) => table.count(),
        value @ (Value::Octet(_) | Value::Integer(_)) => value.length(),
        _ => return Err(Error::failed(format!("{name} has no size"))),
    };
    #[expect(clippy::cast_precision_loss, reason = "the reference engine counts in floats")]
    machine.create("size", Value::Float(size as f32), Traits::element_encoded("float"))
}

/// Whether an array has a value, or a dictionary a name.
fn found_in(machine: &mut Machine, name: &str, owner: &str) -> Result<bool, Error> {
    let element = machine.may_have(name).map_or_else(|| Value::text(name), |object| object.value);
    // Tables are equal when they are one table: a loop variable and the item that it stands for.
    let is_one_of_them = machine.is_member_of(name, owner);
    let object = machine.have(owner)?;
    match (object.codec.shape, &object.value) {
        (Shape::Array, Value::Table(_)) if is_one_of_them => Ok(true),
        (Shape::Array, Value::Table(table)) => {
            for value in table.values() {
                if same(value, &element)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (Shape::Dictionary, Value::Table(table)) => {
            let octets = element.octets().ok_or_else(|| Error::failed(format!("{name} is not a text")))?;
            let key = String::from_utf8_lossy(&octets);
            member(table, &key).map_or(Ok(false), counts_as_found)
        }
        (_, Value::Octet(_) | Value::Integer(_)) => {
            Err(Error::refused(format!("Invalid container type: {owner} is e")))
        }
        _ => Err(Error::failed(format!("Invalid container type: {owner} is e"))),
    }
}

/// Requires an array to have a value, or a dictionary a name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'stops'
/// If I verify 'city' is found in 'stops'
/// Then print the string 'the train stops here'
/// EndIf
/// ```
/// ```json data
/// { "city": "Ivrea", "stops": ["Torino", "Ivrea"] }
/// ```
#[check("verify '' is found in ''")]
fn is_found_in(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let found = found_in(machine, name, owner)?;
    ensure(found, || format!("Cannot find object: {name} in {owner}"))
}

/// Requires an array not to have a value, or a dictionary not to have a name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string array' named 'stops'
/// If I verify 'city' is not found in 'stops'
/// Then print the string 'the train passes'
/// EndIf
/// ```
/// ```json data
/// { "city": "Strambino", "stops": ["Torino", "Ivrea"] }
/// ```
#[check("verify '' is not found in ''")]
fn is_not_found_in(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let found = found_in(machine, name, owner)?;
    ensure(!found, || format!("Object should not be found: {name} in {owner}"))
}

/// Requires an array to have a value a number of times.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'answer'
/// Given I have a 'number' named 'quorum'
/// Given I have a 'string array' named 'answers'
/// When I verify 'answer' is found in 'answers' at least 'quorum' times
/// Then print the 'answer'
/// ```
/// ```json data
/// { "answer": "yes", "quorum": 2, "answers": ["yes", "no", "yes"] }
/// ```
#[check("verify '' is found in '' at least '' times")]
fn is_found_at_least(machine: &mut Machine, name: &str, owner: &str, times: &str) -> Result<(), Error> {
    let element = machine.value(name)?;
    let table = matches!(element, Value::Table(_));
    ensure(!table, || format!("Invalid use of table in object comparison: {name}"))?;
    let wanted = machine.value(times)?;
    let object = machine.have(owner)?;
    let Value::Table(table) = &object.value else {
        return Err(Error::refused(format!("Not a table: {owner}")));
    };
    ensure(object.codec.shape == Shape::Array, || format!("Not an array: {owner}"))?;
    let same = |value: &&Value| value.kind() == element.kind() && equal(value, element).unwrap_or(false);
    let found = table.values().filter(same).count();
    let count = match wanted {
        Value::Integer(_) => Value::Integer(BigInt::from(found)),
        #[expect(clippy::cast_precision_loss, reason = "the reference engine counts in floats")]
        _ => Value::Float(found as f32),
    };
    let enough = !less(&count, wanted)?;
    ensure(enough, || format!("Object {name} found only {found} times in array {owner}"))
}

/// Makes `copy_of_last_element`.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// When I create the copy of last element from 'stops'
/// Then print the 'copy of last element'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"] }
/// ```
#[when("create copy of last element from ''")]
fn create_copy_of_last(machine: &mut Machine, owner: &str) -> Result<(), Error> {
    let object = machine.have(owner)?;
    let table = object.value.table().ok_or_else(|| Error::failed("Can only index tables"))?;
    let kind = match object.codec.shape {
        Shape::Array => "array",
        Shape::Dictionary => "dictionary",
        Shape::Element => return Err(Error::failed("Cannot find last element in e")),
    };
    // What was taken `from` a section is a dictionary that goes by the name of an array.
    let named = |key: &Key| object.codec.shape == Shape::Array && matches!(key, Key::Name(_));
    let is_none = |value: &Value| object.codec.shape == Shape::Dictionary && *value == Value::Boolean(false);
    let last = table.entries().pop().filter(|(key, value)| !named(key) && !is_none(value));
    let last = last.map(|(key, value)| (key, value.clone()));
    let (key, last) =
        last.ok_or_else(|| Error::failed(format!("Last element doesn't exist for empty {kind}")))?;
    let traits = Traits::member_of(&object.codec);
    machine.create("copy_of_last_element", last, traits)?;
    machine.share(Place::of("copy_of_last_element"), Place::of(owner).member(key));
    Ok(())
}

/// What is at the end of a path.
struct Found {
    /// The last part of the path.
    name: String,
    value: Value,
    place: Place,
    /// The codec of the object that the path begins with.
    codec: Codec,
}

fn at_path(machine: &mut Machine, path: &str) -> Result<Found, Error> {
    let parts = machine.path(path);
    let root = parts.first().cloned().unwrap_or_default();
    let last = parts.last().cloned().unwrap_or_default();
    if parts.len() > 1 {
        machine.empty(&last)?;
    }
    let (value, place) = machine.follow(path)?;
    let codec = machine.have(&root)?.codec.clone();
    Ok(Found { name: last, value, place, codec })
}

/// Copies what is at the end of a path such as `a.b.1` out, under the last part of the path.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'order'
/// When I pickup from path 'order.buyer.city'
/// Then print the 'city'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" } } }
/// ```
#[when("pickup from path ''")]
fn pickup_from_path(machine: &mut Machine, path: &str) -> Result<(), Error> {
    let found = at_path(machine, path)?;
    machine.create(&found.name, found.value, Traits::encoded(found.codec.encoding))?;
    machine.share(Place::of(&found.name), found.place);
    Ok(())
}

/// Copies what is at the end of a path out, as a type.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'order'
/// When I pickup a 'string dictionary' from path 'order.buyer'
/// Then print the 'buyer'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" } } }
/// ```
#[when("pickup a '' from path ''")]
fn pickup_as_from_path(machine: &mut Machine, kind: &str, path: &str) -> Result<(), Error> {
    let found = at_path(machine, path)?;
    let traits = machine.traits_of(&found.value, kind)?;
    machine.create(&found.name, found.value, traits)?;
    machine.share(Place::of(&found.name), found.place);
    Ok(())
}

/// Copies a member of what is at the end of a path out.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'order'
/// When I take 'city' from path 'order.buyer'
/// Then print the 'city'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" } } }
/// ```
#[when("take '' from path ''")]
fn take_from_path(machine: &mut Machine, name: &str, path: &str) -> Result<(), Error> {
    let path = format!("{path}{}{name}", machine.rules.path_separator);
    pickup_from_path(machine, &path)
}

/// Makes `pointer`, which can be moved into an object member by member. What goes into it goes into the object.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'order'
/// When I set pointer to 'order'
/// When I enter 'buyer' with pointer
/// Then print the 'pointer'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" } } }
/// ```
#[when("set pointer to ''")]
fn set_pointer(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("pointer")?;
    let object = machine.have(name)?.clone();
    machine.create_like("pointer", object.value, &object.codec)?;
    machine.share(Place::of("pointer"), Place::of(name));
    Ok(())
}

/// Moves `pointer` to one of its members.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'order'
/// When I set pointer to 'order'
/// When I enter 'buyer' with pointer
/// When I enter 'city' with pointer
/// Then print the 'pointer'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" } } }
/// ```
#[when("enter '' with pointer")]
fn enter_with_pointer(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let text = match machine.may_have(name) {
        None => name.to_owned(),
        Some(object) => {
            match crate::export::leaf(&object.value, machine.output_encoding(&object.codec.encoding))? {
                crate::export::Printed::Text(text) => String::from_utf8_lossy(&text).into_owned(),
                crate::export::Printed::Number(number) => number.text(),
                _ => return Err(Error::failed(format!("{name} cannot name a member"))),
            }
        }
    };
    let pointer = machine.have("pointer")?;
    let key = match pointer.codec.shape {
        Shape::Array => Key::Position(crate::machine::position(&text).ok_or_else(|| {
            Error::refused(format!("Pointer is an array but key is not a position number: {name}"))
        })?),
        _ => Key::Name(text),
    };
    let found = pointer.value.table().and_then(|table| table.get(&key)).cloned();
    let found = found.ok_or_else(|| Error::refused(format!("Cannot find {key} in pointer")))?;
    let traits = Traits::member_of(&pointer.codec);
    let elsewhere = machine.elsewhere(&Place::of("pointer").member(key), "pointer");
    machine.remove("pointer")?;
    machine.create("pointer", found, traits)?;
    if let Some(place) = elsewhere {
        machine.share(Place::of("pointer"), place);
    }
    Ok(())
}
