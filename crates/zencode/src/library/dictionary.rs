//! Dictionary: searching, adding up and copying what dictionaries hold.

use num_bigint::BigUint;
use zencode_macros::when;

use crate::arithmetic::plus;
use crate::codec::{Codec, Shape, Traits};
use crate::comparison::{less, same};
use crate::error::Error;
use crate::machine::Machine;
use crate::sharing::{Change, Place};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

mod prune;

pub(super) const STATEMENTS: &[Statement] = &[
    CREATE_NEW_DICTIONARY,
    CREATE_NEW_DICTIONARY_NAMED,
    CREATE_ARRAY_OF_ELEMENTS_NAMED,
    prune::CREATE_PRUNED_DICTIONARY,
    FIND_MAX_VALUE,
    FIND_MIN_VALUE,
    CREATE_SUM_VALUE_FOR_DICTIONARIES,
    CREATE_SUM_VALUE_WHERE,
    FIND_WHERE,
    CREATE_COPY_FROM_DICTIONARY,
    CREATE_COPY_FROM,
    CREATE_COPY_NAMED_BY,
    APPEND_FOR_EACH_DICTIONARY,
    prune::FILTER_FIELDS,
];

/// Makes `new_dictionary`: a dictionary without members.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'street'
/// Given I have a 'string' named 'city'
/// When I create the new dictionary
/// When I move 'street' in 'new dictionary'
/// When I move 'city' in 'new dictionary'
/// Then print the 'new dictionary'
/// ```
/// ```json data
/// { "street": "via Jervis 77", "city": "Ivrea" }
/// ```
#[when("create new dictionary")]
fn create_new_dictionary(machine: &mut Machine) -> Result<(), Error> {
    create_new_dictionary_named(machine, "new_dictionary")
}

/// Makes a dictionary without members, under the name given.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'title'
/// Given I have a 'string' named 'author'
/// When I create the new dictionary named 'book'
/// When I move 'title' in 'book'
/// When I move 'author' in 'book'
/// Then print the 'book'
/// ```
/// ```json data
/// { "title": "The Periodic Table", "author": "Primo Levi" }
/// ```
#[when("create new dictionary named ''")]
fn create_new_dictionary_named(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let traits = Traits { shape: Some(Shape::Dictionary), ..Traits::encoded("string") };
    machine.create(name, Value::Table(Table::default()), traits)
}

/// Makes `array`: what the dictionaries in a table hold under a name, one after the other.
///
/// Dictionaries without that name are passed over. A table that holds anything but dictionaries is refused.
/// Those in a dictionary come in the order of the reference engine's hash table; by name without an `rngseed`.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'guests'
/// When I create the array of elements named 'meal' for dictionaries in 'guests'
/// Then print the 'array'
/// ```
/// ```json data
/// {
///   "guests": [{ "name": "Ada", "meal": "fish" }, { "name": "Ugo", "meal": "rice" }, { "name": "Lia" }]
/// }
/// ```
#[when("create array of elements named '' for dictionaries in ''")]
fn create_array_of_elements_named(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    machine.empty("array")?;
    let seed = machine.walk_seed(owner)?;
    let table = machine.table(owner)?;
    let place = Place::of(owner);
    let wanted = Key::Name(name.to_owned());
    let mut items = Vec::new();
    for (key, value) in table.walk(seed) {
        if key == wanted {
            items.push((place.clone().member(wanted.clone()), value.clone()));
        }
        let inner = value.table();
        let inner = inner.ok_or_else(|| Error::failed(format!("{owner} holds more than dictionaries")))?;
        let place = place.clone().member(key).member(wanted.clone());
        items.extend(inner.get(&wanted).map(|value| (place, value.clone())));
    }
    keep_found(machine, "array", items, owner)
}

/// Makes an array of values that were found in an object. Tables stay one with what was found.
fn keep_found(
    machine: &mut Machine,
    name: &str,
    found: Vec<(Place, Value)>,
    owner: &str,
) -> Result<(), Error> {
    let (places, items): (Vec<Place>, Vec<Value>) = found.into_iter().unzip();
    let codec = Codec { shape: Shape::Array, ..machine.have(owner)?.codec.clone() };
    machine.create_like(name, Value::Table(Table::Array(items)), &codec)?;
    for (index, place) in places.into_iter().enumerate() {
        machine.share(Place::of(name).member(Key::Position(index + 1)), place);
    }
    Ok(())
}

/// A condition on a member of a dictionary.
struct Condition<'a> {
    name: &'a str,
    holds: &'a dyn Fn(&Value) -> Result<bool, Error>,
}

/// What is looked for in the dictionaries of a table.
struct Search<'a> {
    owner: &'a str,
    name: &'a str,
    /// The order in which the dictionaries come.
    seed: Option<u32>,
}

impl<'a> Search<'a> {
    fn new(machine: &mut Machine, name: &'a str, owner: &'a str) -> Result<Self, Error> {
        Ok(Self { owner, name, seed: machine.walk_seed(owner)? })
    }
}

/// What the dictionaries in a table hold under a name, where a condition holds.
fn found<'a>(
    machine: &'a Machine,
    search: &Search<'_>,
    condition: Option<&Condition<'_>>,
) -> Result<Vec<(Place, &'a Value)>, Error> {
    let Search { owner, name, seed } = *search;
    let mut values = Vec::new();
    let wanted = Key::Name(name.to_owned());
    for (key, value) in machine.table(owner)?.walk(seed) {
        let Value::Table(dictionary) = value else { continue };
        if let Some(condition) = condition {
            let tested = dictionary.member(condition.name);
            match tested.filter(|value| **value != Value::Boolean(false)) {
                Some(tested) if (condition.holds)(tested)? => {}
                _ => continue,
            }
        }
        let place = Place::of(owner).member(key).member(wanted.clone());
        values.extend(dictionary.get(&wanted).map(|value| (place, value)));
    }
    Ok(values)
}

/// Puts the numbers found together to one, and keeps it in the encoding of its kind.
fn reduce(
    machine: &mut Machine,
    target: &str,
    name: &str,
    values: Vec<Value>,
    together: impl Fn(Value, Value) -> Result<Value, Error>,
) -> Result<(), Error> {
    let mut values = values.into_iter();
    let first = values.next();
    let first =
        first.ok_or_else(|| Error::refused(format!("No {target} {name} found across dictionaries")))?;
    let encoding = match first {
        Value::Float(_) => "float",
        Value::Integer(_) => "integer",
        Value::Time(_) => "time",
        _ => {
            return Err(Error::failed(format!(
                "{name} inside dictionaires is neither a integer nor a float"
            )));
        }
    };
    let result = values.try_fold(first, together)?;
    machine.create(target, result, Traits::element_encoded(encoding))
}

fn owned(values: &[(Place, &Value)]) -> Vec<Value> {
    values.iter().map(|(_, value)| (*value).clone()).collect()
}

/// Makes `max_value`: the largest number that the dictionaries in a table hold under a name.
///
/// When none has that name, or it is no number, the run fails.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'stations'
/// When I find the max value 'degrees' for dictionaries in 'stations'
/// Then print the 'max value'
/// ```
/// ```json data
/// { "stations": { "Torino": { "degrees": 21 }, "Ivrea": { "degrees": 18.5 } } }
/// ```
#[when("find max value '' for dictionaries in ''")]
fn find_max_value(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let search = Search::new(machine, name, owner)?;
    machine.empty("max_value")?;
    let values = owned(&found(machine, &search, None)?);
    reduce(machine, "max_value", name, values, |most, value| {
        Ok(if less(&most, &value)? { value } else { most })
    })
}

/// Makes `min_value`: the smallest number that the dictionaries in a table hold under a name.
///
/// When none has that name, or it is no number, the run fails.
///
/// # Example
/// ```zencode
/// Given I have a 'number array' named 'offers'
/// When I find the min value 'price' for dictionaries in 'offers'
/// Then print the 'min value'
/// ```
/// ```json data
/// { "offers": [{ "price": 19.9 }, { "price": 12.5 }, { "price": 14 }] }
/// ```
#[when("find min value '' for dictionaries in ''")]
fn find_min_value(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let search = Search::new(machine, name, owner)?;
    machine.empty("min_value")?;
    let values = owned(&found(machine, &search, None)?);
    reduce(machine, "min_value", name, values, |least, value| {
        Ok(if less(&value, &least)? { value } else { least })
    })
}

/// Makes `sum_value`: the sum of the numbers that the dictionaries in a table hold under a name.
///
/// Integers lose their sign, as in the reference engine. When none has that name, or it is no number, the run
/// fails.
///
/// # Example
/// ```zencode
/// Given I have a 'integer dictionary' named 'polls'
/// When I create the sum value 'votes' for dictionaries in 'polls'
/// Then print the 'sum value'
/// ```
/// ```json data
/// { "polls": { "north": { "votes": "1204" }, "south": { "votes": "873" } } }
/// ```
#[when("create sum value '' for dictionaries in ''")]
fn create_sum_value_for_dictionaries(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let search = Search::new(machine, name, owner)?;
    machine.empty("sum_value")?;
    let values = owned(&found(machine, &search, None)?);
    reduce(machine, "sum_value", name, values, |sum, value| plus(&sum, &value))
}

/// Makes `sum_value`: the sum of the numbers that dictionaries hold under a name, if another is large enough.
///
/// Only dictionaries count whose other member is above the object.
///
/// # Example
/// ```zencode
/// Given I have a 'number array' named 'sales'
/// Given I have a 'number' named 'year'
/// When I create the sum value 'euros' for dictionaries in 'sales' where 'sold' > 'year'
/// Then print the 'sum value'
/// ```
/// ```json data
/// {
///   "sales": [{ "euros": 120, "sold": 1961 }, { "euros": 80, "sold": 1964 }, { "euros": 40, "sold": 1955 }],
///   "year": 1960
/// }
/// ```
#[when("create sum value '' for dictionaries in '' where '' > ''")]
fn create_sum_value_where(
    machine: &mut Machine,
    name: &str,
    owner: &str,
    tested: &str,
    limit: &str,
) -> Result<(), Error> {
    let search = Search::new(machine, name, owner)?;
    let limit = machine.value(limit)?;
    machine.empty("sum_value")?;
    let condition = Condition { name: tested, holds: &|value| less(limit, value) };
    let values = owned(&found(machine, &search, Some(&condition))?);
    reduce(machine, "sum_value", name, values, |sum, value| plus(&sum, &value))
}

/// Makes an array of what dictionaries hold under a name, of those where another member equals an object.
///
/// The array has the name of the member. It is empty when nothing is found.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'staff'
/// Given I have a 'string' named 'wanted'
/// When I find the 'name' for dictionaries in 'staff' where 'city' = 'wanted'
/// Then print the 'name'
/// ```
/// ```json data
/// {
///   "staff": [{ "name": "Ada", "city": "Ivrea" }, { "name": "Ugo", "city": "Torino" }],
///   "wanted": "Torino"
/// }
/// ```
#[when("find '' for dictionaries in '' where '' = ''")]
fn find_where(
    machine: &mut Machine,
    name: &str,
    owner: &str,
    tested: &str,
    wanted: &str,
) -> Result<(), Error> {
    let search = Search::new(machine, name, owner)?;
    machine.table(owner)?;
    let wanted = machine.value(wanted)?;
    machine.empty(name)?;
    let condition = Condition { name: tested, holds: &|value| same(value, wanted) };
    let values = found(machine, &search, Some(&condition))?;
    let values = values.into_iter().map(|(place, value)| (place, value.clone())).collect();
    keep_found(machine, name, values, owner)
}

/// Makes `copy`: a member of a table.
fn copy_into(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    machine.empty("copy")?;
    let object = machine.have(owner)?;
    let table = machine.table(owner)?;
    let inner = match table {
        Table::Array(items) if items.len() == 1 => items.first().and_then(Value::table),
        _ => None,
    };
    let found = table.member(name).or_else(|| inner.and_then(|inner| inner.member(name)));
    let found = found.filter(|value| **value != Value::Boolean(false)).cloned();
    let found = found.ok_or_else(|| Error::failed(format!("Member not found: {name} in {owner}")))?;
    let place = match inner {
        Some(_) => Place::of(owner).member(Key::Position(1)),
        None => Place::of(owner),
    };
    let traits = Traits {
        mask: object.codec.mask.clone(),
        name: Some(name.to_owned()),
        ..Traits::member_of(&object.codec)
    };
    machine.create("copy", found, traits)?;
    machine.share(Place::of("copy"), place.member(Key::Name(name.to_owned())));
    Ok(())
}

/// Makes `copy`: a member of a dictionary, by its name.
///
/// When the dictionary has no such member, the run fails.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'letter'
/// When I create the copy of 'sender' from dictionary 'letter'
/// Then print the 'copy'
/// ```
/// ```json data
/// { "letter": { "sender": "Ada", "subject": "the bridge" } }
/// ```
#[when("create copy of '' from dictionary ''")]
fn create_copy_from_dictionary(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    copy_into(machine, name, owner)
}

/// Makes `copy`: a member of a dictionary, by its name.
///
/// It says the same as `create copy of '' from dictionary ''`.
///
/// # Example
/// ```zencode
/// Given I have a 'hex dictionary' named 'colours'
/// When I create the copy of 'sky' from 'colours'
/// Then print the 'copy' as 'hex'
/// ```
/// ```json data
/// { "colours": { "sky": "87ceeb", "grass": "7cfc00" } }
/// ```
#[when("create copy of '' from ''")]
fn create_copy_from(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    copy_into(machine, name, owner)
}

/// Makes `copy`: the member of a dictionary whose name is the one that an object holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'language'
/// Given I have a 'string dictionary' named 'greetings'
/// When I create the copy of object named by 'language' from dictionary 'greetings'
/// Then print the 'copy'
/// ```
/// ```json data
/// { "language": "it", "greetings": { "en": "welcome", "it": "benvenuto" } }
/// ```
#[when("create copy of object named by '' from dictionary ''")]
fn create_copy_named_by(machine: &mut Machine, reference: &str, owner: &str) -> Result<(), Error> {
    let Value::Octet(octets) = machine.value(reference)? else {
        return Err(Error::failed(format!("{reference} is not a text")));
    };
    let name = String::from_utf8_lossy(octets).into_owned();
    copy_into(machine, &name, owner)
}

/// Appends one member to another, in every dictionary of a table.
///
/// A dictionary that lacks one of the two is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'people'
/// When for each dictionary in 'people' I append 'surname' to 'name'
/// Then print the 'people'
/// ```
/// ```json data
/// { "people": [{ "name": "Ada ", "surname": "Rossi" }, { "name": "Ugo ", "surname": "Bruno" }] }
/// ```
#[when("for each dictionary in '' append '' to ''")]
fn append_for_each_dictionary(
    machine: &mut Machine,
    owner: &str,
    tail: &str,
    head: &str,
) -> Result<(), Error> {
    let joined = machine.table(owner)?.entries().into_iter().map(|(key, value)| {
        let dictionary = value.table();
        let dictionary =
            dictionary.ok_or_else(|| Error::failed(format!("{owner}.{key} is no dictionary")))?;
        let part = |name: &str| {
            let part = dictionary.member(name).filter(|value| **value != Value::Boolean(false));
            part.ok_or_else(|| Error::refused(format!("Object not found: {key}.{name}")))
        };
        let joined = join(part(head)?, part(tail)?)?;
        Ok((key, joined))
    });
    let joined: Vec<(Key, Value)> = joined.collect::<Result<_, Error>>()?;
    for (key, value) in joined {
        machine.admit(&value)?;
        machine.change(&Place::of(owner).member(key), &Change::Set(head.to_owned(), value))?;
    }
    Ok(())
}

/// The octets of two values, one of which is a text or an integer.
fn join(head: &Value, tail: &Value) -> Result<Value, Error> {
    let as_integer = match (head, tail) {
        (Value::Octet(_), _) => false,
        (Value::Integer(_), _) | (_, Value::Integer(_)) => true,
        (_, Value::Octet(_)) => false,
        _ => return Err(Error::failed(format!("attempt to concatenate a {} value", head.kind()))),
    };
    let octets = |value: &Value| {
        let octets = value.octets();
        let octets = octets.ok_or_else(|| Error::failed(format!("a {} has no octets", value.kind())))?;
        Ok::<_, Error>(if as_integer { BigUint::from_bytes_be(&octets).to_bytes_be() } else { octets })
    };
    let mut joined = octets(head)?;
    joined.extend(octets(tail)?);
    Ok(Value::Octet(joined))
}
