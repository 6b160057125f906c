//! What slangroom's helpers do with JSON: computed here, no host is asked.
//!
//! A path names a place in a value: `a.b[0].c`. A member whose name is the whole path wins.

use serde_json::{Map, Value};
use zencode_macros::order;

use crate::error::Error;
use crate::order::Ordered;
use crate::question::Want;
use crate::statement::Statement;

mod path;

use path::Path;

pub(in crate::library) const STATEMENTS: &[Statement] =
    &[GET_MEMBER, SET_MEMBER, MERGE, OMIT, CONCAT, COMPACT, PICK, DELETE];

/// Gives what is at a path of a value; nothing when there is nothing.
///
/// # Example
/// ```zencode
/// Given I send object 'order' and send path 'place' and manipulate and get and output into 'street'
/// Given I have a 'string' named 'street'
/// Then print the 'street'
/// ```
/// ```json data
/// { "order": { "lines": [ { "to": { "street": "via Jervis" } } ] }, "place": "lines[0].to.street" }
/// ```
/// ```json answer
/// "via Jervis"
/// ```
#[order(send(object, path), "manipulate and get")]
fn get_member(order: &Ordered<'_>) -> Result<Want, Error> {
    let object = order.value("object")?;
    let path = Path::of(&order.value("path")?, &object)?;
    Ok(Want::have(path.get(&object).unwrap_or(&Value::Null)))
}

/// Puts a value at a path of another, making what is missing on the way.
///
/// # Example
/// ```zencode
/// Given I send object 'order' and send path 'place' and send value 'street' and manipulate and set and output into 'changed'
/// Given I have a 'string dictionary' named 'changed'
/// Then print the 'changed'
/// ```
/// ```json data
/// { "order": { "number": "17" }, "place": "to.streets[0]", "street": "via Jervis" }
/// ```
/// ```json answer
/// { "number": "17", "to": { "streets": ["via Jervis"] } }
/// ```
#[order(send(object, path, value), "manipulate and set")]
fn set_member(order: &Ordered<'_>) -> Result<Want, Error> {
    let mut object = order.value("object")?;
    let path = Path::of(&order.value("path")?, &object)?;
    path.set(&mut object, order.value("value")?)?;
    Ok(Want::have(object))
}

/// Merges the values of an array into another value, one after the other and at every depth.
///
/// # Example
/// ```zencode
/// Given I send object 'defaults' and send sources 'wishes' and manipulate and merge and output into 'settings'
/// Given I have a 'string dictionary' named 'settings'
/// Then print the 'settings'
/// ```
/// ```json data
/// {
///   "defaults": { "colour": "red", "size": { "width": "1", "height": "2" } },
///   "wishes": [ { "size": { "width": "7" } }, { "colour": "blue" } ]
/// }
/// ```
/// ```json answer
/// { "colour": "blue", "size": { "width": "7", "height": "2" } }
/// ```
#[order(send(object, sources), "manipulate and merge")]
fn merge(order: &Ordered<'_>) -> Result<Want, Error> {
    let mut object = order.value("object")?;
    for source in array(order, "sources")? {
        merge_into(&mut object, source);
    }
    Ok(Want::have(object))
}

/// Leaves out the members at some paths.
///
/// # Example
/// ```zencode
/// Given I send object 'person' and send paths 'private' and manipulate and omit and output into 'shown'
/// Given I have a 'string dictionary' named 'shown'
/// Then print the 'shown'
/// ```
/// ```json data
/// { "person": { "name": "Ada", "born": "1815", "home": { "street": "x", "city": "London" } }, "private": ["born", "home.street"] }
/// ```
/// ```json answer
/// { "name": "Ada", "home": { "city": "London" } }
/// ```
#[order(send(object, paths), "manipulate and omit")]
fn omit(order: &Ordered<'_>) -> Result<Want, Error> {
    let mut object = order.value("object")?;
    for path in paths(order, "paths")? {
        Path::of(&path, &object)?.remove(&mut object);
    }
    Ok(Want::have(object))
}

/// Appends values to an array; a value that is an array itself is opened once.
///
/// # Example
/// ```zencode
/// Given I send array 'names' and send values 'more' and manipulate and concat and output into 'all names'
/// Given I have a 'string array' named 'all names'
/// Then print the 'all names'
/// ```
/// ```json data
/// { "names": ["Ada"], "more": ["Ugo", ["Eva", "Max"]] }
/// ```
/// ```json answer
/// ["Ada", "Ugo", "Eva", "Max"]
/// ```
#[order(send(array, values), "manipulate and concat")]
fn concat(order: &Ordered<'_>) -> Result<Want, Error> {
    let mut items = array(order, "array")?;
    for value in array(order, "values")? {
        match value {
            Value::Array(inner) => items.extend(inner),
            value => items.push(value),
        }
    }
    Ok(Want::have(Value::Array(items)))
}

/// Leaves out what is false, zero, empty or null in an array.
///
/// # Example
/// ```zencode
/// Given I send array 'readings' and manipulate and compact and output into 'valid readings'
/// Given I have a 'number array' named 'valid readings'
/// Then print the 'valid readings'
/// ```
/// ```json data
/// { "readings": [0, 4, null, "", false, 7] }
/// ```
/// ```json answer
/// [4, 7]
/// ```
#[order(send(array), "manipulate and compact")]
fn compact(order: &Ordered<'_>) -> Result<Want, Error> {
    let nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    let items = array(order, "array")?.into_iter().filter(|item| !nothing(item));
    Ok(Want::have(Value::Array(items.collect())))
}

/// Takes only the members at some paths; that there is none ends the run.
///
/// # Example
/// ```zencode
/// Given I send object 'person' and send properties 'public' and manipulate and pick and output into 'shown'
/// Given I have a 'string dictionary' named 'shown'
/// Then print the 'shown'
/// ```
/// ```json data
/// { "person": { "name": "Ada", "born": "1815", "home": { "city": "London" } }, "public": ["name", "home.city", "title"] }
/// ```
/// ```json answer
/// { "name": "Ada", "home": { "city": "London" } }
/// ```
#[order(send(object, properties), "manipulate and pick")]
fn pick(order: &Ordered<'_>) -> Result<Want, Error> {
    let object = order.value("object")?;
    let mut picked = Value::Object(Map::new());
    for path in paths(order, "properties")? {
        let path = Path::of(&path, &object)?;
        if let Some(value) = path.get(&object) {
            path.set(&mut picked, value.clone())?;
        }
    }
    if picked.as_object().is_some_and(Map::is_empty) {
        let source = order.source("object").unwrap_or_default();
        return Err(Error::refused(format!("'{source}' has none of these properties")));
    }
    Ok(Want::have(picked))
}

/// Takes an input away: the one that the output goes into.
///
/// # Example
/// ```zencode
/// Given I manipulate and delete and output into 'draft'
/// Given I have a 'string' named 'letter'
/// Then print the 'letter'
/// ```
/// ```json data
/// { "draft": "Dear", "letter": "Dear Ada" }
/// ```
/// ```json answer
/// null
/// ```
#[order("manipulate and delete")]
fn delete(_order: &Ordered<'_>) -> Result<Want, Error> {
    Ok(Want::have(Value::Null))
}

fn array(order: &Ordered<'_>, parameter: &str) -> Result<Vec<Value>, Error> {
    match order.value(parameter)? {
        Value::Array(items) => Ok(items),
        _ => Err(Error::input(format!("'{}' is no array", order.source(parameter).unwrap_or_default()))),
    }
}

/// The paths of an array, or the one path that is no array.
fn paths(order: &Ordered<'_>, parameter: &str) -> Result<Vec<Value>, Error> {
    Ok(match order.value(parameter)? {
        Value::Array(paths) => paths,
        path => vec![path],
    })
}

/// Arrays are merged item by item, dictionaries member by member, and everything else replaces what is there.
fn merge_into(target: &mut Value, source: Value) {
    match (target, source) {
        (Value::Object(members), Value::Object(more)) => {
            for (name, value) in more {
                match members.get_mut(&name) {
                    Some(member) => merge_into(member, value),
                    None => drop(members.insert(name, value)),
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            for (index, value) in more.into_iter().enumerate() {
                match items.get_mut(index) {
                    Some(item) => merge_into(item, value),
                    None => items.push(value),
                }
            }
        }
        (target, source) => *target = source,
    }
}
