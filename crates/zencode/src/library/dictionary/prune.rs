//! What is left of dictionaries without their empty members, or without those that nobody named.

use zencode_macros::when;

use crate::codec::Shape;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::value::{Table, Value};

/// Makes `pruned_dictionary`: a dictionary without its empty texts and the tables that are empty then.
///
/// A table that held only such tables stays, empty. Truth values are refused, and arrays that get a gap.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'form'
/// When I create the pruned dictionary of 'form'
/// Then print the 'pruned dictionary'
/// ```
/// ```json data
/// { "form": { "name": "Ada", "nickname": "", "address": { "city": "" } } }
/// ```
#[when("create pruned dictionary of ''")]
fn create_pruned_dictionary(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("pruned_dictionary")?;
    let kept = pruned(machine.table(name)?)?;
    let codec = machine.have(name)?.codec.clone();
    machine.create_like("pruned_dictionary", Value::Table(kept), &codec)
}

/// Empty texts go, and then the tables that are empty: those that held nothing but empty texts.
fn pruned(table: &Table) -> Result<Table, Error> {
    let empty = |value: &Value| matches!(value, Value::Octet(_) | Value::Integer(_)) && value.length() == 0;
    kept_of(table.clone(), &mut |value| match value {
        Value::Boolean(_) => Err(Error::failed("a truth value has no length to prune by")),
        Value::Table(inner) if inner.values().all(empty) => Ok(None),
        Value::Table(inner) => pruned(&inner).map(|kept| Some(Value::Table(kept))),
        value if empty(&value) => Ok(None),
        other => Ok(Some(other)),
    })
}

/// The members that are kept. An array may lose its tail only: there are no arrays with holes.
fn kept_of(
    table: Table,
    keep: &mut dyn FnMut(Value) -> Result<Option<Value>, Error>,
) -> Result<Table, Error> {
    match table {
        Table::Array(items) => {
            let mut kept: Vec<Option<Value>> = items.into_iter().map(keep).collect::<Result<_, _>>()?;
            while kept.pop_if(|last| last.is_none()).is_some() {}
            let items: Option<Vec<Value>> = kept.into_iter().collect();
            items.map(Table::Array).ok_or_else(|| Error::failed("invalid table: sparse array"))
        }
        Table::Dictionary(members) => members.mapped(|_, value| keep(value.clone())).map(Table::Dictionary),
    }
}

/// Keeps only the members whose names an array lists, in a dictionary or an array of dictionaries.
///
/// Tables inside stay, and are filtered likewise.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'allowed'
/// Given I have a 'string dictionary' named 'record'
/// When I filter 'allowed' fields from 'record'
/// Then print the 'record'
/// ```
/// ```json data
/// { "allowed": ["name", "city"], "record": { "name": "Ada", "city": "Ivrea", "salary": "1800" } }
/// ```
#[when("filter '' fields from ''")]
fn filter_fields(machine: &mut Machine, filters: &str, target: &str) -> Result<(), Error> {
    let object = machine.have(target)?;
    let only_tables = match object.value.table() {
        Some(Table::Array(items)) => items.iter().all(|value| value.table().is_some()),
        Some(table) => table.is_empty(),
        None => false,
    };
    ensure(object.codec.shape == Shape::Dictionary || only_tables, || {
        format!("Object is nor a dictionary neither an array of dictionaries: {target}")
    })?;
    let named = machine.have(filters)?;
    ensure(named.codec.shape == Shape::Array, || format!("Object is not an array: {filters}"))?;
    let text = |value: &Value| match value {
        Value::Octet(octets) => Ok(String::from_utf8_lossy(octets).into_owned()),
        other => Err(Error::failed(format!("a field is named by a text, not by a {}", other.kind()))),
    };
    let names: Vec<String> = machine.table(filters)?.values().map(text).collect::<Result<_, _>>()?;
    let kept = filtered(machine.table(target)?, &names)?;
    machine.replace(target, Value::Table(kept))
}

fn filtered(table: &Table, names: &[String]) -> Result<Table, Error> {
    match table {
        // Members of arrays have no names: only tables stay.
        Table::Array(_) => kept_of(table.clone(), &mut |value| match value {
            Value::Table(inner) => filtered(&inner, names).map(|kept| Some(Value::Table(kept))),
            _ => Ok(None),
        }),
        Table::Dictionary(members) => {
            let kept = members.mapped(|name, value| match value {
                Value::Table(inner) => filtered(inner, names).map(|kept| Some(Value::Table(kept))),
                leaf => Ok::<_, Error>(names.iter().any(|kept| kept == name).then(|| leaf.clone())),
            });
            kept.map(Table::Dictionary)
        }
    }
}
