//! Array: making, filling, adding up and flattening.

use num_bigint::{BigInt, BigUint};
use zencode_macros::when;

use super::when::copy::push_item;
use crate::arithmetic::plus;
use crate::codec::{Codec, Shape, Traits};
use crate::error::{Error, ensure};
use crate::import::integer;
use crate::machine::Machine;
use crate::number::Number;
use crate::sharing::Place;
use crate::statement::Statement;
use crate::value::{Key, Table, Value, until_zero};

pub(super) const STATEMENTS: &[Statement] = &[
    CREATE_NEW_ARRAY,
    CREATE_COPY_OF_ELEMENT,
    INSERT_STRING,
    INSERT_TRUE,
    INSERT_FALSE,
    CREATE_AGGREGATION,
    CREATE_SUM_VALUE,
    CREATE_AVERAGE,
    CREATE_VARIANCE,
    CREATE_STANDARD_DEVIATION,
    CREATE_FLAT_ARRAY_OF_CONTENTS,
    CREATE_FLAT_ARRAY_OF_KEYS,
    CREATE_ARRAY_OF_OBJECTS_NAMED_BY,
    CREATE_ARRAY_BY_SPLITTING,
    CREATE_FROM_IN,
];

fn array_traits(encoding: &'static str) -> Traits {
    Traits { shape: Some(Shape::Array), ..Traits::encoded(encoding) }
}

/// Makes `new_array`: an array without members.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'guest'
/// When I create the new array
/// When I move 'guest' in 'new array'
/// When I rename 'new array' to 'guests'
/// Then print the 'guests' as 'string'
/// ```
/// ```json data
/// { "guest": "Ada" }
/// ```
#[when("create new array")]
fn create_new_array(machine: &mut Machine) -> Result<(), Error> {
    machine.create("new_array", Value::Table(Table::default()), array_traits("def"))
}

/// Makes `copy`: the element at a position of an array, counted from 1.
///
/// The position is a number or the name of an object that holds one. A position outside the array is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'podium'
/// When I create the copy of element '1' from array 'podium'
/// Then print the 'copy'
/// ```
/// ```json data
/// { "podium": ["Ada", "Ugo", "Lia"] }
/// ```
#[when("create copy of element '' from array ''", deprecated = "copy '' from '' to ''")]
fn create_copy_of_element(machine: &mut Machine, position: &str, owner: &str) -> Result<(), Error> {
    machine.empty("copy")?;
    let shape = machine.have(owner)?.codec.shape;
    ensure(shape == Shape::Array, || format!("Not an array: {owner}"))?;
    let number = match machine.may_have(position) {
        Some(object) => object.value.number(),
        None => Number::parse(position),
    };
    let number =
        number.ok_or_else(|| Error::refused(format!("Argument is not a position number: {position}")))?;
    let object = machine.have(owner)?;
    let found = item(&object.value, number).filter(|value| **value != Value::Boolean(false)).cloned();
    let found = found.ok_or_else(|| Error::refused(format!("No element found in: {owner}[{position}]")))?;
    let traits = Traits::member_of(&object.codec);
    machine.create("copy", found, traits)?;
    if let Some(key) = item_key(number) {
        machine.share(Place::of("copy"), Place::of(owner).member(key));
    }
    Ok(())
}

/// The element at a position, counted from 1.
fn item(array: &Value, position: Number) -> Option<&Value> {
    array.table()?.get(&item_key(position)?)
}

fn item_key(position: Number) -> Option<Key> {
    position.integral_text()?.parse().ok().map(Key::Position)
}

fn insert(machine: &mut Machine, value: Value, target: &str) -> Result<(), Error> {
    let object = machine.have(target)?;
    let array = object.codec.shape == Shape::Array && object.value.table().is_some();
    ensure(array, || format!("Invalid destination, not an array: {target}"))?;
    push_item(machine, target, value)
}

/// Appends a text that stands in the contract to an array, its spaces as underscores.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'tasks'
/// When I insert string 'water the plants' in 'tasks'
/// Then print the 'tasks'
/// ```
/// ```json data
/// { "tasks": ["post the letter"] }
/// ```
#[when("insert string '' in ''")]
fn insert_string(machine: &mut Machine, text: &str, target: &str) -> Result<(), Error> {
    insert(machine, Value::text(text), target)
}

/// Appends the truth value `true` to an array.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'guest'
/// When I create the new array
/// When I copy 'guest' in 'new array'
/// When I insert true in 'new array'
/// Then print the 'new array' as 'string'
/// ```
/// ```json data
/// { "guest": "Lia" }
/// ```
#[when("insert true in ''")]
fn insert_true(machine: &mut Machine, target: &str) -> Result<(), Error> {
    insert(machine, Value::Boolean(true), target)
}

/// Appends the truth value `false` to an array.
///
/// # Example
/// ```zencode
/// Given I have a 'boolean array' named 'lamps'
/// When I insert false in 'lamps'
/// Then print the 'lamps'
/// ```
/// ```json data
/// { "lamps": [true, true] }
/// ```
#[when("insert false in ''")]
fn insert_false(machine: &mut Machine, target: &str) -> Result<(), Error> {
    insert(machine, Value::Boolean(false), target)
}

/// Makes the sum of an array. Integers lose their sign, as in the reference engine.
fn sum_into(machine: &mut Machine, target: &str, name: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let object = machine.have(name)?;
    ensure(object.codec.shape == Shape::Array, || format!("Object is not a valid array: {name}"))?;
    let Some(Table::Array(items)) = object.value.table() else {
        return Err(Error::refused(format!("Array is empty or invalid: {name}")));
    };
    let (zero, traits) = match items.first() {
        Some(Value::Integer(_)) => (Value::Integer(BigInt::ZERO), Traits::element_encoded("integer")),
        Some(Value::Float(_)) => (Value::Float(0.0), Traits::element()),
        // The reference engine starts at the generator, so that the sum of points is one generator too far.
        Some(Value::Point(point)) => (point.generator().into(), Traits::element()),
        Some(other) => {
            return Err(Error::failed(format!("Unknown aggregation for type: {}", other.kind())));
        }
        None => return Err(Error::refused(format!("Array is empty or invalid: {name}"))),
    };
    // A table among floats adds nothing, as in the reference engine.
    let floats = matches!(zero, Value::Float(_));
    let counted = items.iter().filter(|item| !(floats && item.table().is_some()));
    let sum = counted.into_iter().try_fold(zero, |sum, value| plus(&sum, value))?;
    machine.create(target, sum, traits)
}

/// Makes `aggregation`: the sum of an array of numbers.
///
/// Integers lose their sign, as in the reference engine. An empty array is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'number array' named 'hours'
/// When I create the aggregation of array 'hours'
/// Then print the 'aggregation'
/// ```
/// ```json data
/// { "hours": [8, 7.5, 6] }
/// ```
#[when("create aggregation of array ''")]
fn create_aggregation(machine: &mut Machine, name: &str) -> Result<(), Error> {
    sum_into(machine, "aggregation", name)
}

/// Makes `sum_value`: the sum of an array of numbers.
///
/// Integers lose their sign, as in the reference engine. An empty array is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'integer array' named 'votes'
/// When I create the sum value of elements in array 'votes'
/// Then print the 'sum value'
/// ```
/// ```json data
/// { "votes": ["120", "75", "5"] }
/// ```
#[when("create sum value of elements in array ''")]
fn create_sum_value(machine: &mut Machine, name: &str) -> Result<(), Error> {
    sum_into(machine, "sum_value", name)
}

/// The numbers that the texts of a table say. Integers in memory are refused: their octets are no text.
fn decimals(machine: &Machine, name: &str) -> Result<Vec<BigUint>, Error> {
    let table = machine.table(name)?;
    let read = |value: &Value| {
        let octets = value.octets().ok_or_else(|| Error::failed("Unknown type for number"))?;
        let number = std::str::from_utf8(&octets).ok().and_then(integer);
        let number = number.ok_or_else(|| Error::failed("Invalid argument, string is not a number"))?;
        Ok(number.magnitude().clone())
    };
    table.values().map(read).collect()
}

/// The next sum, which has to be larger: the reference engine takes anything else for an overflow.
fn larger(sum: &BigUint, by: &BigUint) -> Result<BigUint, Error> {
    ensure(*by > BigUint::ZERO, || "Overflow in sum".to_owned())?;
    Ok(sum + by)
}

/// The mean of numbers above zero, rounded down.
fn average(numbers: &[BigUint]) -> Result<BigUint, Error> {
    ensure(!numbers.is_empty(), || "No numbers in array".to_owned())?;
    let sum = numbers.iter().try_fold(BigUint::ZERO, |sum, number| larger(&sum, number))?;
    Ok(sum / numbers.len())
}

/// The variance of a sample, rounded down.
fn variance(numbers: &[BigUint]) -> Result<BigUint, Error> {
    let mean = average(numbers)?;
    let mut sum = BigUint::ZERO;
    for number in numbers {
        let distance = if *number > mean { number - &mean } else { &mean - number };
        sum = larger(&sum, &(&distance * &distance))?;
    }
    ensure(numbers.len() > 1, || "Not enough numbers (at least 2)".to_owned())?;
    Ok(sum / (numbers.len() - 1))
}

fn write_decimal(machine: &mut Machine, target: &str, number: &BigUint) -> Result<(), Error> {
    machine.create(target, Value::text(&number.to_string()), Traits::encoded("string"))
}

/// Makes `average`: the mean of an array of texts of whole numbers above zero, rounded down, as a text.
///
/// Anything that does not read as a whole number is refused, and so is an `integer array`.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'ages'
/// When I create the average of elements in array 'ages'
/// Then print the 'average'
/// ```
/// ```json data
/// { "ages": ["36", "41", "52"] }
/// ```
#[when("create average of elements in array ''")]
fn create_average(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("average")?;
    let result = average(&decimals(machine, name)?)?;
    write_decimal(machine, "average", &result)
}

/// Makes `variance`: that of a sample of whole numbers above zero, rounded down, as a text.
///
/// The numbers are texts, at least two. One that equals the mean is refused, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'degrees'
/// When I create the variance of elements in array 'degrees'
/// Then print the 'variance'
/// ```
/// ```json data
/// { "degrees": ["18", "21", "27"] }
/// ```
#[when("create variance of elements in array ''")]
fn create_variance(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("variance")?;
    let result = variance(&decimals(machine, name)?)?;
    write_decimal(machine, "variance", &result)
}

/// Makes `standard_deviation`: the root of the variance of a sample, rounded down, as a text.
///
/// It takes and refuses the numbers that `create variance of elements in array ''` does.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'weights'
/// When I create the standard deviation of elements in array 'weights'
/// Then print the 'standard deviation'
/// ```
/// ```json data
/// { "weights": ["50", "61", "84"] }
/// ```
#[when("create standard deviation of elements in array ''")]
fn create_standard_deviation(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("standard_deviation")?;
    let result = variance(&decimals(machine, name)?)?.sqrt();
    write_decimal(machine, "standard_deviation", &result)
}

/// A table that may be flattened: an array or a dictionary, but no object of a schema.
fn container<'a>(machine: &'a Machine, name: &str) -> Result<&'a Table, Error> {
    let shape = machine.have(name)?.codec.shape;
    ensure(shape != Shape::Element, || format!("Target is not a valid: {name}"))?;
    machine.table(name)
}

fn flatten(table: &Table, items: &mut Vec<Value>, take: fn(&Key, &Value) -> Option<Value>) {
    for (key, value) in table.entries() {
        items.extend(take(&key, value));
        if let Value::Table(inner) = value {
            flatten(inner, items, take);
        }
    }
}

fn keep_flat(machine: &mut Machine, items: Vec<Value>) -> Result<(), Error> {
    machine.create("flat_array", Value::Table(Table::Array(items)), Traits::encoded("string"))
}

/// Makes `flat_array`: every value in an array or dictionary, at any depth, in sorted order of names.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'menu'
/// When I create the flat array of contents in 'menu'
/// Then print the 'flat array'
/// ```
/// ```json data
/// { "menu": { "first": ["soup", "rice"], "last": { "sweet": "cake" } } }
/// ```
#[when("create flat array of contents in ''")]
fn create_flat_array_of_contents(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let mut items = Vec::new();
    let leaf = |_: &Key, value: &Value| (value.table().is_none()).then(|| value.clone());
    flatten(container(machine, name)?, &mut items, leaf);
    keep_flat(machine, items)
}

/// Makes `flat_array`: every name and position in an array or dictionary, at any depth, in sorted order.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'phones'
/// When I create the flat array of keys in 'phones'
/// Then print the 'flat array'
/// ```
/// ```json data
/// { "phones": { "Ada": { "home": "011 555" }, "Ugo": { "work": "0125 777" } } }
/// ```
#[when("create flat array of keys in ''")]
fn create_flat_array_of_keys(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let mut items = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "the reference engine counts in floats")]
    let key = |key: &Key, _: &Value| match key {
        Key::Name(name) => Some(Value::text(name)),
        Key::Position(position) => Some(Value::Float(*position as f32)),
    };
    flatten(container(machine, name)?, &mut items, key);
    keep_flat(machine, items)
}

/// Makes `array`: all values in a dictionary whose name is the one that an object holds.
///
/// They are found at any depth, in the order of the reference engine's hash table; by name without an `rngseed`.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'wanted'
/// Given I have a 'string dictionary' named 'office'
/// When I create the array of objects named by 'wanted' found in 'office'
/// Then print the 'array'
/// ```
/// ```json data
/// {
///   "wanted": "phone",
///   "office": { "staff": [{ "name": "Ada", "phone": "011 555" }, { "name": "Ugo", "phone": "0125 777" }] }
/// }
/// ```
#[when("create array of objects named by '' found in ''")]
fn create_array_of_objects_named_by(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let object = machine.objects.get(owner);
    let dictionary = object.is_some_and(|object| object.codec.shape == Shape::Dictionary);
    ensure(dictionary, || "Second argument is not a dictionary".to_owned())?;
    let wanted = machine.text(name)?;
    machine.empty("array")?;
    let seed = machine.walk_seed(owner)?;
    let mut items = Vec::new();
    gather(machine.table(owner)?, &wanted, seed, &mut items);
    machine.create("array", Value::Table(Table::Array(items)), array_traits("string"))
}

fn gather(table: &Table, wanted: &str, seed: Option<u32>, items: &mut Vec<Value>) {
    for (key, value) in table.walk(seed) {
        match (key, value) {
            (_, Value::Table(inner)) => gather(inner, wanted, seed, items),
            (Key::Name(name), leaf) if name == wanted => items.push(leaf.clone()),
            _ => {}
        }
    }
}

/// Makes `array`: the parts of a text between the occurrences of a character, which is an object too.
///
/// Spaces become underscores first, empty parts are left out. A separator of several characters is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'route'
/// Given I have a 'string' named 'slash'
/// When I create the array by splitting 'route' at 'slash'
/// Then print the 'array'
/// ```
/// ```json data
/// { "route": "Torino/Chivasso/Ivrea", "slash": "/" }
/// ```
#[when("create array by splitting '' at ''")]
fn create_array_by_splitting(machine: &mut Machine, name: &str, separator: &str) -> Result<(), Error> {
    let underscored = |machine: &Machine, name: &str| {
        let octets = machine.value(name)?.octets();
        let octets = octets.ok_or_else(|| Error::failed(format!("{name} is not a text")))?;
        Ok::<_, Error>(
            octets.iter().map(|octet| if *octet == b' ' { b'_' } else { *octet }).collect::<Vec<u8>>(),
        )
    };
    let (text, separator) = (underscored(machine, name)?, underscored(machine, separator)?);
    let [separator] = separator.as_slice() else {
        return Err(Error::refused("You can only split with respect to one character"));
    };
    machine.empty("array")?;
    let parts = text.split(|octet| octet == separator).filter(|part| !part.is_empty());
    let parts = parts.map(until_zero);
    machine.afford(parts.clone().map(|part| Value::Octet(Vec::new()).weight() + part.len()).sum())?;
    let items = parts.map(|part| Value::Octet(part.to_vec())).collect();
    machine.create("array", Value::Table(Table::Array(items)), array_traits("string"))
}

/// Makes an object of a new name: a copy of a member of an array or dictionary.
///
/// The member is a position counted from 1, a name, or an object that holds either. It has to be there.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'ranking'
/// Given I have a 'string dictionary' named 'capitals'
/// When I create the 'winner' from '1' in 'ranking'
/// When I create the 'venue' from 'Italy' in 'capitals'
/// Then print the 'winner'
/// Then print the 'venue'
/// ```
/// ```json data
/// { "ranking": ["Ada", "Ugo"], "capitals": { "Italy": "Roma", "France": "Paris" } }
/// ```
#[when("create '' from '' in ''")]
fn create_from_in(machine: &mut Machine, target: &str, key: &str, owner: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let codec = machine.have(owner)?.codec.clone();
    let (text, position) = match machine.may_have(key) {
        None => (Some(key.to_owned()), Number::parse(key)),
        Some(object) => member_key(&object.value, &object.codec, key)?,
    };
    let value = &machine.have(owner)?.value;
    let found = match codec.shape {
        Shape::Array => {
            position.and_then(item_key).and_then(|key| Some((key.clone(), value.table()?.get(&key)?)))
        }
        Shape::Dictionary => {
            let member = text.and_then(|name| Some((Key::Name(name.clone()), value.table()?.member(&name)?)));
            member.filter(|(_, value)| **value != Value::Boolean(false))
        }
        Shape::Element => {
            return Err(Error::failed("Last object must be an array or dictionary, found instead: e"));
        }
    };
    let found = found.map(|(member, value)| (member, value.clone()));
    let (member, found) =
        found.ok_or_else(|| Error::refused(format!("Element {key} does not exists in {owner}")))?;
    machine.create(target, found, Traits::encoded(codec.encoding))?;
    machine.share(Place::of(target), Place::of(owner).member(member));
    Ok(())
}

/// The name and the position that an object stands for.
fn member_key(value: &Value, codec: &Codec, name: &str) -> Result<(Option<String>, Option<Number>), Error> {
    let unfit = || Error::failed(format!("{name} is neither a name nor a position"));
    match codec.encoding.as_ref() {
        "string" => match value {
            Value::Octet(octets) => {
                let text = String::from_utf8_lossy(octets).into_owned();
                let number = Number::parse(&text);
                Ok((Some(text), number))
            }
            _ => Err(unfit()),
        },
        "integer" => {
            let Value::Integer(integer) = value else { return Err(unfit()) };
            let text = integer.to_string();
            let number = Number::parse(&text);
            Ok((Some(text), number))
        }
        _ => Ok((None, value.number())),
    }
}
