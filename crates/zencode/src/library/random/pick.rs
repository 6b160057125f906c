//! Random picks from tables, and shuffling.

use zencode_crypto::random::PICK_LENGTH_MAX;
use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::members::Members;
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
        // What sections gave has names and no order.
        if matches!(object.value, Value::Table(_)) && object.codec.shape == Shape::Array {
            return Ok(());
        }
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
    let table = object.value.table().cloned();
    let table = table.ok_or_else(|| Error::refused(format!("Object is not a table: {source}")))?;
    let encoding = object.codec.encoding.clone();
    if (wanted == Wanted::Array && !table.is_array()) || (wanted == Wanted::Dictionary && table.is_array()) {
        return Err(Error::failed(format!("{source} is not of the kind that is wanted")));
    }
    let seed = machine.walk_seed(source)?;
    let entries = table.walk(seed);
    ensure(count <= entries.len(), || format!("{number} is grater than the number of elements in {source}"))?;
    let (picked, places) = if table.is_array() {
        picked_items(machine, count, &entries)?
    } else {
        picked_members(machine, count, &entries)?
    };
    let mut traits = Traits::encoded(encoding);
    if count == 1 {
        let first = picked.walk(seed).into_iter().next().map(|(key, value)| (key, value.clone()));
        let (key, value) = first.ok_or_else(|| Error::failed("nothing was picked"))?;
        traits.name = Some(key.to_string());
        machine.create(name, value, traits)?;
        let place = places.into_iter().find(|(at, _)| *at == key);
        place
            .into_iter()
            .for_each(|(_, from)| machine.share(Place::of(name), Place::of(source).member(from)));
        return Ok(());
    }
    machine.create(name, Value::Table(picked), traits)?;
    for (at, from) in places {
        machine.share(Place::of(name).member(at), Place::of(source).member(from));
    }
    Ok(())
}

/// What was picked, and for each member where it is and where it came from.
type Picked = (Table, Vec<(Key, Key)>);

fn picked_items(machine: &mut Machine, count: usize, entries: &[(Key, &Value)]) -> Result<Picked, Error> {
    let picked =
        machine.random.pick(count, entries.len()).map_err(|error| Error::failed(error.to_string()))?;
    let picked = picked.iter().filter_map(|index| entries.get(*index)).enumerate();
    let picked =
        picked.map(|(index, (from, value))| ((*value).clone(), (Key::Position(index + 1), from.clone())));
    let (items, places) = picked.unzip();
    Ok((Table::Array(items), places))
}

/// Picks from a dictionary, in the order of the reference engine.
///
/// It means to replace one of those picked first by each that is drawn later, but forgets which it replaced
/// already: more may be left than were wanted.
fn picked_members(machine: &mut Machine, count: usize, entries: &[(Key, &Value)]) -> Result<Picked, Error> {
    ensure(entries.len() <= PICK_LENGTH_MAX, || "too many members to pick from".to_owned())?;
    let mut picked = Members::new();
    for (index, (key, value)) in entries.iter().enumerate() {
        if index >= count {
            let drawn = usize::from(machine.random.int16());
            if drawn % (index + 1) >= count {
                continue;
            }
            if let Some((replaced, _)) = entries.get(drawn % count) {
                picked.remove(&replaced.to_string());
            }
        }
        picked.insert(key.to_string(), (*value).clone());
    }
    let places = picked.keys().map(|name| (Key::Name(name.clone()), Key::Name(name.clone()))).collect();
    Ok((Table::Dictionary(picked), places))
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
