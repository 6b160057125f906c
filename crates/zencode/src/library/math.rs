//! Math: the four operations, the remainder, and expressions.

use zencode_macros::when;

use self::expression::Item;
use crate::arithmetic::{Operator, combined, negated};
use crate::codec::Traits;
use crate::error::Error;
use crate::import::{integer, limited};
use crate::machine::Machine;
use crate::number::{Number, float_like, whole_float};
use crate::statement::Statement;
use crate::value::Value;

mod expression;

pub(super) const STATEMENTS: &[Statement] = &[
    INVERT_SIGN,
    ADD,
    ADD_LEFT_IN,
    ADD_BOTH_IN,
    SUBTRACT,
    SUBTRACT_LEFT_IN,
    SUBTRACT_BOTH_IN,
    MULTIPLY,
    MULTIPLY_LEFT_IN,
    MULTIPLY_RIGHT_IN,
    MULTIPLY_BOTH_IN,
    DIVIDE,
    DIVIDE_LEFT_IN,
    DIVIDE_RIGHT_IN,
    DIVIDE_BOTH_IN,
    REMAINDER,
    REMAINDER_LEFT_IN,
    REMAINDER_BOTH_IN,
    EVALUATE,
];

/// Keeps a result under its name, in the encoding of its kind.
fn keep(machine: &mut Machine, value: Value) -> Result<(), Error> {
    let traits = match value {
        Value::Integer(_) => Traits::element_encoded("integer"),
        Value::Float(_) => Traits::element_encoded("float"),
        Value::Time(_) => Traits::element_encoded("time"),
        Value::Table(_) => {
            Traits { schema: machine.schema("date_table"), ..Traits::element_encoded("complex") }
        }
        Value::Octet(_) | Value::Boolean(_) | Value::Point(_) => Traits::element(),
    };
    machine.create("result", value, traits)
}

/// A number of memory, or a date.
fn number(machine: &Machine, name: &str) -> Result<Value, Error> {
    let object = machine.have(name)?;
    let date = object.codec.schema.is_some_and(|schema| schema.name == "date_table");
    if date && object.codec.encoding == "complex" {
        return Ok(object.value.clone());
    }
    no_table(&object.value, name)
}

/// A number in a dictionary.
fn number_in(machine: &Machine, name: &str, owner: &str) -> Result<Value, Error> {
    let found = machine.value(owner)?.table().and_then(|table| table.member(name));
    let found = found.filter(|value| **value != Value::Boolean(false));
    no_table(found.ok_or_else(|| Error::Missing(name.to_owned()))?, name)
}

fn no_table(value: &Value, name: &str) -> Result<Value, Error> {
    match value {
        Value::Table(_) => Err(Error::failed(format!("Found table as input to math operation: {name}"))),
        other => Ok(other.clone()),
    }
}

fn combine(
    machine: &mut Machine,
    operator: Operator,
    left: Result<Value, Error>,
    right: Result<Value, Error>,
) -> Result<(), Error> {
    keep(machine, combined(operator, &left?, &right?)?)
}

/// Makes `result`: a number with the other sign.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'debt'
/// When I create the result of 'debt' inverted sign
/// Then print the 'result'
/// ```
/// ```json data
/// { "debt": 250 }
/// ```
#[when("create result of '' inverted sign")]
fn invert_sign(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let value = number(machine, name)?;
    keep(machine, negated(&value)?)
}

/// Makes `result`: the sum of two numbers, or of a date and a time.
///
/// Numbers of two kinds, such as a float and an integer, are refused.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'price'
/// Given I have a 'number' named 'shipping'
/// When I create the result of 'price' + 'shipping'
/// Then print the 'result'
/// ```
/// ```json data
/// { "price": 12.5, "shipping": 3 }
/// ```
#[when("create result of '' + ''")]
fn add(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number(machine, right));
    combine(machine, Operator::Add, left, right)
}

/// Makes `result`: the sum of a number in a dictionary and a number.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'account'
/// Given I have a 'number' named 'deposit'
/// When I create the result of 'balance' in 'account' + 'deposit'
/// Then print the 'result'
/// ```
/// ```json data
/// { "account": { "balance": 100 }, "deposit": 20.5 }
/// ```
#[when("create result of '' in '' + ''")]
fn add_left_in(machine: &mut Machine, left: &str, left_owner: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number(machine, right));
    combine(machine, Operator::Add, left, right)
}

/// Makes `result`: the sum of two numbers in dictionaries.
///
/// # Example
/// ```zencode
/// Given I have a 'integer dictionary' named 'Torino'
/// Given I have a 'integer dictionary' named 'Ivrea'
/// When I create the result of 'schools' in 'Torino' + 'schools' in 'Ivrea'
/// Then print the 'result'
/// ```
/// ```json data
/// { "Torino": { "schools": "412" }, "Ivrea": { "schools": "23" } }
/// ```
#[when("create result of '' in '' + '' in ''")]
fn add_both_in(
    machine: &mut Machine,
    left: &str,
    left_owner: &str,
    right: &str,
    right_owner: &str,
) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number_in(machine, right, right_owner));
    combine(machine, Operator::Add, left, right)
}

/// Makes `result`: the difference of two numbers, or of two times.
///
/// # Example
/// ```zencode
/// Given I have a 'time' named 'departure'
/// Given I have a 'time' named 'arrival'
/// When I create the result of 'arrival' - 'departure'
/// Then print the 'result'
/// ```
/// ```json data
/// { "departure": 1700000000, "arrival": 1700003600 }
/// ```
#[when("create result of '' - ''")]
fn subtract(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number(machine, right));
    combine(machine, Operator::Subtract, left, right)
}

/// Makes `result`: the difference of a number in a dictionary and a number.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'shelf'
/// Given I have a 'number' named 'sold'
/// When I create the result of 'bottles' in 'shelf' - 'sold'
/// Then print the 'result'
/// ```
/// ```json data
/// { "shelf": { "bottles": 24 }, "sold": 7 }
/// ```
#[when("create result of '' in '' - ''")]
fn subtract_left_in(machine: &mut Machine, left: &str, left_owner: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number(machine, right));
    combine(machine, Operator::Subtract, left, right)
}

/// Makes `result`: the difference of two numbers in dictionaries.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'yesterday'
/// Given I have a 'number dictionary' named 'today'
/// When I create the result of 'km' in 'today' - 'km' in 'yesterday'
/// Then print the 'result'
/// ```
/// ```json data
/// { "yesterday": { "km": 40210 }, "today": { "km": 40386 } }
/// ```
#[when("create result of '' in '' - '' in ''")]
fn subtract_both_in(
    machine: &mut Machine,
    left: &str,
    left_owner: &str,
    right: &str,
    right_owner: &str,
) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number_in(machine, right, right_owner));
    combine(machine, Operator::Subtract, left, right)
}

/// Makes `result`: the product of two numbers.
///
/// # Example
/// ```zencode
/// Given I have a 'integer' named 'boxes'
/// Given I have a 'integer' named 'per box'
/// When I create the result of 'boxes' * 'per box'
/// Then print the 'result'
/// ```
/// ```json data
/// { "boxes": "36", "per box": "1000000000000" }
/// ```
#[when("create result of '' * ''")]
fn multiply(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number(machine, right));
    combine(machine, Operator::Multiply, left, right)
}

/// Makes `result`: the product of a number in a dictionary and a number.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'ticket'
/// Given I have a 'number' named 'persons'
/// When I create the result of 'price' in 'ticket' * 'persons'
/// Then print the 'result'
/// ```
/// ```json data
/// { "ticket": { "price": 4.5 }, "persons": 3 }
/// ```
#[when("create result of '' in '' * ''")]
fn multiply_left_in(machine: &mut Machine, left: &str, left_owner: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number(machine, right));
    combine(machine, Operator::Multiply, left, right)
}

/// Makes `result`: the product of a number and a number in a dictionary.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'hours'
/// Given I have a 'number dictionary' named 'job'
/// When I create the result of 'hours' * 'wage' in 'job'
/// Then print the 'result'
/// ```
/// ```json data
/// { "hours": 38, "job": { "wage": 15 } }
/// ```
#[when("create result of '' * '' in ''")]
fn multiply_right_in(machine: &mut Machine, left: &str, right: &str, right_owner: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number_in(machine, right, right_owner));
    combine(machine, Operator::Multiply, left, right)
}

/// Makes `result`: the product of two numbers in dictionaries.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'floor'
/// Given I have a 'number dictionary' named 'tiles'
/// When I create the result of 'area' in 'floor' * 'price' in 'tiles'
/// Then print the 'result'
/// ```
/// ```json data
/// { "floor": { "area": 18.5 }, "tiles": { "price": 24 } }
/// ```
#[when("create result of '' in '' * '' in ''")]
fn multiply_both_in(
    machine: &mut Machine,
    left: &str,
    left_owner: &str,
    right: &str,
    right_owner: &str,
) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number_in(machine, right, right_owner));
    combine(machine, Operator::Multiply, left, right)
}

/// Makes `result`: the quotient of two numbers, that of integers without its fraction.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'bill'
/// Given I have a 'number' named 'friends'
/// When I create the result of 'bill' / 'friends'
/// Then print the 'result'
/// ```
/// ```json data
/// { "bill": 90, "friends": 4 }
/// ```
#[when("create result of '' / ''")]
fn divide(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number(machine, right));
    combine(machine, Operator::Divide, left, right)
}

/// Makes `result`: the quotient of a number in a dictionary and a number.
///
/// # Example
/// ```zencode
/// Given I have a 'integer dictionary' named 'harvest'
/// Given I have a 'integer' named 'farms'
/// When I create the result of 'apples' in 'harvest' / 'farms'
/// Then print the 'result'
/// ```
/// ```json data
/// { "harvest": { "apples": "1000" }, "farms": "3" }
/// ```
#[when("create result of '' in '' / ''")]
fn divide_left_in(machine: &mut Machine, left: &str, left_owner: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number(machine, right));
    combine(machine, Operator::Divide, left, right)
}

/// Makes `result`: the quotient of a number and a number in a dictionary.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'distance'
/// Given I have a 'number dictionary' named 'train'
/// When I create the result of 'distance' / 'speed' in 'train'
/// Then print the 'result'
/// ```
/// ```json data
/// { "distance": 60, "train": { "speed": 80 } }
/// ```
#[when("create result of '' / '' in ''")]
fn divide_right_in(machine: &mut Machine, left: &str, right: &str, right_owner: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number_in(machine, right, right_owner));
    combine(machine, Operator::Divide, left, right)
}

/// Makes `result`: the quotient of two numbers in dictionaries.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'city'
/// Given I have a 'number dictionary' named 'region'
/// When I create the result of 'people' in 'city' / 'people' in 'region'
/// Then print the 'result'
/// ```
/// ```json data
/// { "city": { "people": 800000 }, "region": { "people": 4000000 } }
/// ```
#[when("create result of '' in '' / '' in ''")]
fn divide_both_in(
    machine: &mut Machine,
    left: &str,
    left_owner: &str,
    right: &str,
    right_owner: &str,
) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number_in(machine, right, right_owner));
    combine(machine, Operator::Divide, left, right)
}

/// Makes `result`: what is left of a number when it is divided by another.
///
/// An integer below zero is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'integer' named 'days'
/// Given I have a 'integer' named 'week'
/// When I create the result of 'days' % 'week'
/// Then print the 'result'
/// ```
/// ```json data
/// { "days": "100", "week": "7" }
/// ```
#[when("create result of '' % ''")]
fn remainder(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number(machine, left), number(machine, right));
    combine(machine, Operator::Remainder, left, right)
}

/// Makes `result`: what is left of a number in a dictionary when it is divided by a number.
///
/// # Example
/// ```zencode
/// Given I have a 'integer dictionary' named 'basket'
/// Given I have a 'integer' named 'carton'
/// When I create the result of 'eggs' in 'basket' % 'carton'
/// Then print the 'result'
/// ```
/// ```json data
/// { "basket": { "eggs": "40" }, "carton": "6" }
/// ```
#[when("create result of '' in '' % ''")]
fn remainder_left_in(machine: &mut Machine, left: &str, left_owner: &str, right: &str) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number(machine, right));
    combine(machine, Operator::Remainder, left, right)
}

/// Makes `result`: what is left of a number in a dictionary when it is divided by one in another.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'film'
/// Given I have a 'number dictionary' named 'clock'
/// When I create the result of 'minutes' in 'film' % 'minutes' in 'clock'
/// Then print the 'result'
/// ```
/// ```json data
/// { "film": { "minutes": 137 }, "clock": { "minutes": 60 } }
/// ```
#[when("create result of '' in '' % '' in ''")]
fn remainder_both_in(
    machine: &mut Machine,
    left: &str,
    left_owner: &str,
    right: &str,
    right_owner: &str,
) -> Result<(), Error> {
    let (left, right) = (number_in(machine, left, left_owner), number_in(machine, right, right_owner));
    combine(machine, Operator::Remainder, left, right)
}

/// Makes `result`: the value of an expression of numbers, names, paths, brackets and the signs `+ - * /`.
///
/// A path such as `room.price` names a member of a dictionary. Numbers of two kinds are refused.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'nights'
/// Given I have a 'number dictionary' named 'room'
/// When I create the result of '(room.price + room.breakfast) * nights'
/// Then print the 'result'
/// ```
/// ```json data
/// { "nights": 3, "room": { "price": 62.5, "breakfast": 7 } }
/// ```
#[when("create result of ''")]
fn evaluate(machine: &mut Machine, text: &str) -> Result<(), Error> {
    machine.empty("result")?;
    let steps = expression::steps(text).map_err(Error::refused)?;
    let mut values = Vec::new();
    let mut missing = None;
    for step in steps {
        let value = match step {
            Item::Operand(word) => operand(machine, word)?,
            Item::Negation => Some(negated(&values.pop().ok_or_else(|| invalid(missing.as_ref()))?)?),
            Item::Operator(operator) => {
                let (right, left) = (values.pop(), values.pop());
                let (left, right) = left.zip(right).ok_or_else(|| invalid(missing.as_ref()))?;
                Some(combined(operator, &left, &right)?)
            }
        };
        match (value, step) {
            (Some(value), _) => values.push(value),
            (None, Item::Operand(word)) => missing = Some(word.to_owned()),
            (None, _) => {}
        }
    }
    match values.pop() {
        Some(value) if values.is_empty() => keep(machine, value),
        _ => Err(invalid(missing.as_ref())),
    }
}

/// The value of an operand: a number, or what is at the end of a path. None for a name of nothing, which
/// the reference engine skips.
fn operand(machine: &Machine, word: &str) -> Result<Option<Value>, Error> {
    if word.strip_prefix('-').unwrap_or(word).bytes().all(|octet| octet.is_ascii_digit()) {
        let integer = integer(word).ok_or_else(|| Error::failed(format!("{word} has too many digits")))?;
        return limited(integer).map(|integer| Some(Value::Integer(integer)));
    }
    if Number::parse(word).is_some() || float_like(word) {
        let float = whole_float(word);
        let float = float.ok_or_else(|| Error::failed("Invalid argument, could not parse float number"))?;
        return Ok(Some(Value::Float(float)));
    }
    let parts = machine.path(word);
    match parts.as_slice() {
        [root] if !machine.objects.contains_key(root) => Ok(None),
        _ => machine.follow(word).map(|(value, _)| Some(value)),
    }
}

fn invalid(missing: Option<&String>) -> Error {
    match missing {
        Some(name) => Error::Missing(name.clone()),
        None => Error::failed("Invalid arithmetical expression"),
    }
}
