//! Random picks from tables, and shuffling.

use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::number::Number;
use crate::sharing::{Change, Place};
use crate::value::{Key, Table, Value};

/// Puts the members of an array into a random order.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// When I randomize the 'names' array
/// Then print the 'names'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo", "Lia", "Pia"] }
/// ```
#[when("randomize '' array")]
fn randomize_array(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    let Value::Table(Table::Array(items)) = &object.value else {
        return Err(Error::failed(format!("Object to be randomized is not an array: {name}")));
    };
    if object.codec.shape != Shape::Array && object.codec.schema.is_none() {
        return Err(Error::failed(format!("Object to be randomized is not an array: {name}")));
    }
    let mut items = items.clone();
    machine.random.shuffle(&mut items).map_err(|error| Error::failed(error.to_string()))?;
    machine.change(&Place::of(name), &Change::Become(Table::Array(items))).map(|_| ())
}

/// What a pick has to come from, and be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Array,
    Dictionary,
    Either,
}

fn pick_into(
    machine: &mut Machine,
    name: &str,
    number: &str,
    source: &str,
    wanted: Wanted,
) -> Result<(), Error> {
    machine.empty(name)?;
    let number_value = match Number::parse(number) {
        Some(number) => Some(number),
        None => match machine.value(number)? {
            Value::Integer(integer) => Number::parse(&integer.to_string()),
            other => other.number(),
        },
    };
    let count = number_value.and_then(Number::integral_text).and_then(|text| text.parse::<usize>().ok());
    let count = count.filter(|count| *count > 0);
    let count =
        count.ok_or_else(|| Error::refused(format!("Not a number or not a positive number: {number}")))?;
    let object = machine.have(source)?;
    let table = object.value.table();
    let table = table.ok_or_else(|| Error::refused(format!("Object is not a table: {source}")))?;
    let array = table.is_array();
    if (wanted == Wanted::Array && !array) || (wanted == Wanted::Dictionary && array) {
        return Err(Error::failed(format!("{source} is not of the kind that is wanted")));
    }
    let entries: Vec<(Key, Value)> =
        table.entries().into_iter().map(|(key, value)| (key, value.clone())).collect();
    ensure(count <= entries.len(), || format!("{number} is grater than the number of elements in {source}"))?;
    let encoding = object.codec.encoding.clone();
    let picked =
        machine.random.pick(count, entries.len()).map_err(|error| Error::failed(error.to_string()))?;
    let mut traits = Traits::encoded(encoding);
    if count == 1 {
        let (key, value) = picked
            .first()
            .and_then(|index| entries.get(*index))
            .ok_or_else(|| Error::failed("nothing was picked"))?;
        traits.name = Some(if array { "1".to_owned() } else { key.to_string() });
        return machine.create(name, value.clone(), traits);
    }
    let mut table = Table::default();
    for (key, value) in picked.iter().filter_map(|index| entries.get(*index)) {
        match key {
            Key::Position(_) => table.push(value.clone()),
            Key::Name(name) => table.set(name, value.clone()),
        };
    }
    machine.create(name, Value::Table(table), traits)
}

/// Makes `random_pick`: one member of an array or dictionary, picked at random.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// When I create the random pick from 'names'
/// Then print the 'random pick'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo", "Lia", "Pia"] }
/// ```
#[when("create random pick from ''")]
fn create_random_pick(machine: &mut Machine, source: &str) -> Result<(), Error> {
    pick_into(machine, "random_pick", "1", source, Wanted::Either)
}

/// Makes `random_array`: as many members of an array as a number says, picked at random.
///
/// Of one member no array is made. More than there are are refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// When I create the random array with '2' elements from 'names'
/// Then print the 'random array'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo", "Lia", "Pia"] }
/// ```
#[when("create random array with '' elements from ''")]
fn create_random_array_from(machine: &mut Machine, number: &str, source: &str) -> Result<(), Error> {
    pick_into(machine, "random_array", number, source, Wanted::Array)
}

/// Makes `random_dictionary`: as many members of a dictionary as a number says, picked at random.
///
/// One member only is made without its name. More than there are, and an array, are refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'prizes'
/// When I create the random dictionary with '2' elements from 'prizes'
/// Then print the 'random dictionary'
/// ```
/// ```json data
/// { "prizes": { "gold": "a watch", "silver": "a lamp", "bronze": "a book" } }
/// ```
#[when("create random dictionary with '' elements from ''")]
fn create_random_dictionary_from(machine: &mut Machine, number: &str, source: &str) -> Result<(), Error> {
    pick_into(machine, "random_dictionary", number, source, Wanted::Dictionary)
}

/// Makes `random_object`: one member of an array or dictionary, picked at random.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// When I pick the random object in 'names'
/// Then print the 'random object'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo", "Lia", "Pia"] }
/// ```
#[when("pick random object in ''", deprecated = "create random pick from ''")]
fn pick_random_object(machine: &mut Machine, source: &str) -> Result<(), Error> {
    pick_into(machine, "random_object", "1", source, Wanted::Either)
}

/// Makes `random_dictionary`: as many members of a table as a number says, picked at random.
///
/// The members of an array make an array. More than there are are refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'jury'
/// When I create the random dictionary with '2' random objects from 'jury'
/// Then print the 'random dictionary'
/// ```
/// ```json data
/// { "jury": { "chair": "Ada", "clerk": "Ugo", "guard": "Lia", "guest": "Pia" } }
/// ```
#[when(
    "create random dictionary with '' random objects from ''",
    deprecated = "create random [array|dictionary] with '' elements from ''"
)]
fn create_random_dictionary_objects(machine: &mut Machine, number: &str, source: &str) -> Result<(), Error> {
    pick_into(machine, "random_dictionary", number, source, Wanted::Either)
}
