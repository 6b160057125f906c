//! Arithmetic of values: integers of up to 384 bits, single-precision floats, times and date tables.
//!
//! # Source
//! Zenroom `zencode_math.lua`; `zen_big.c`, `zen_float.c`, `zen_time.c`.

use num_bigint::{BigInt, BigUint, Sign};

use crate::calendar::{Date, FIELDS};
use crate::error::{Error, ensure};
use crate::import::limited;
use crate::number::{Number, whole_float};
use crate::value::{Table, Value, until_zero};

/// Octets of an integer, at most.
const INTEGER_OCTETS_MAX: usize = 48;

/// What two numbers are put together with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The result of an operator on two numbers of one kind, or on dates.
///
/// # Errors
/// For numbers of different kinds, division by zero, and results that do not fit their kind.
pub(crate) fn combined(operator: Operator, left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => integers(operator, left, right),
        (Value::Float(left), Value::Float(right)) => floats(operator, *left, *right),
        (Value::Time(left), Value::Time(right)) => times(operator, *left, *right),
        (Value::Table(_), Value::Table(_) | Value::Time(_)) | (Value::Time(_), Value::Table(_)) => {
            dates(operator, left, right)
        }
        _ if left.kind() != right.kind() => Err(Error::failed(format!(
            "Different types to do arithmetics on: {} and {}",
            left.kind(),
            right.kind()
        ))),
        _ => Err(unknown(left)),
    }
}

fn unknown(value: &Value) -> Error {
    Error::failed(format!("Unknown type to do arithmetics on: {}", value.kind()))
}

fn integers(operator: Operator, left: &BigInt, right: &BigInt) -> Result<Value, Error> {
    let divides = matches!(operator, Operator::Divide | Operator::Remainder);
    ensure(!divides || *right != BigInt::ZERO, || "division by zero".to_owned())?;
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => {
            let positive = left.sign() != Sign::Minus && right.sign() != Sign::Minus;
            ensure(positive, || "Invalid argument, both numbers must be positive".to_owned())?;
            left % right
        }
    };
    limited(result).map(Value::Integer)
}

fn floats(operator: Operator, left: f32, right: f32) -> Result<Value, Error> {
    let divides = matches!(operator, Operator::Divide | Operator::Remainder);
    ensure(!divides || right != 0.0, || "division by zero".to_owned())?;
    Ok(Value::Float(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
    }))
}

fn times(operator: Operator, left: i64, right: i64) -> Result<Value, Error> {
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        _ => return Err(unknown(&Value::Time(left))),
    };
    result.map(Value::Time).ok_or_else(|| Error::failed("Result of addition out of range"))
}

/// Field by field, nothing carried over: the 31st and ten days are the 41st.
fn dates(operator: Operator, left: &Value, right: &Value) -> Result<Value, Error> {
    let subtract = match operator {
        Operator::Add => false,
        Operator::Subtract => true,
        _ => return Err(unknown(left)),
    };
    let (left, right) = (fields(left), fields(right));
    let mut table = Table::default();
    for ((name, left), right) in FIELDS.into_iter().zip(left).zip(right) {
        table.set(name, Value::Time(field(left, right, subtract)?));
    }
    Ok(Value::Table(table))
}

/// The numbers of a date's fields; what is no number counts as zero.
fn fields(value: &Value) -> [Number; 6] {
    let table = match value {
        Value::Time(time) => Date::of(*time).table(),
        Value::Table(table) => table.clone(),
        _ => Table::default(),
    };
    FIELDS.map(|name| table.member(name).and_then(Value::number).unwrap_or(Number::Integer(0)))
}

fn field(left: Number, right: Number, subtract: bool) -> Result<i64, Error> {
    if let (Number::Integer(left), Number::Integer(right)) = (left, right) {
        let result = if subtract { left.wrapping_sub(right) } else { left.wrapping_add(right) };
        return Ok(i64::from(result));
    }
    let (left, right) = (left.float(), right.float());
    time_of_number(Number::Float(if subtract { left - right } else { left + right }))
}

/// The time of a number.
///
/// # Errors
/// For numbers with a fraction and beyond 64 bits.
pub(crate) fn time_of_number(number: Number) -> Result<i64, Error> {
    let time = number.integral_text().and_then(|text| text.parse().ok());
    time.ok_or_else(|| Error::failed(format!("Could not read unix timestamp {}", number.text())))
}

/// The number with its sign turned.
pub(crate) fn negated(value: &Value) -> Result<Value, Error> {
    match value {
        Value::Integer(integer) => Ok(Value::Integer(-integer)),
        Value::Float(float) => Ok(Value::Float(-float)),
        Value::Time(time) => {
            let result = time.checked_neg().map(Value::Time);
            result.ok_or_else(|| Error::failed("Result of opposite out of range"))
        }
        other => Err(unknown(other)),
    }
}

/// The sum of a number and anything that can be read as one of its kind. Integers lose their sign, as in
/// the reference engine.
pub(crate) fn plus(left: &Value, right: &Value) -> Result<Value, Error> {
    match left {
        Value::Float(left) => Ok(Value::Float(left + float_of(right)?)),
        Value::Integer(left) => {
            limited(BigInt::from(left.magnitude() + magnitude_of(right)?)).map(Value::Integer)
        }
        Value::Time(left) => match right {
            Value::Time(right) => times(Operator::Add, *left, *right),
            other => Err(Error::failed(format!("{} cannot be added to a time", other.kind()))),
        },
        Value::Point(left) => left.plus(right).map(Value::from),
        other => Err(unknown(other)),
    }
}

/// Anything read as a float: by its text up to a zero octet, as C reads it; no text is zero.
pub(crate) fn float_of(value: &Value) -> Result<f32, Error> {
    if let Value::Float(float) = value {
        return Ok(*float);
    }
    let octets = value.octets();
    let text = octets.as_deref().map(until_zero);
    let float = match text {
        Some([]) => Some(0.0),
        Some(text) => std::str::from_utf8(text).ok().and_then(whole_float),
        None => None,
    };
    float.ok_or_else(|| Error::failed(format!("{} is no float number", value.kind())))
}

/// Anything read as an integer without sign: by its octets, most significant first.
pub(crate) fn magnitude_of(value: &Value) -> Result<BigUint, Error> {
    if let Value::Integer(integer) = value {
        return Ok(integer.magnitude().clone());
    }
    let octets = value.octets().filter(|octets| !octets.is_empty());
    let octets = octets.ok_or_else(|| Error::failed(format!("{} is no integer", value.kind())))?;
    if octets.len() > INTEGER_OCTETS_MAX {
        let found = octets.len();
        return Err(Error::failed(format!(
            "{found} octets are no integer, which has at most {INTEGER_OCTETS_MAX}"
        )));
    }
    Ok(BigUint::from_bytes_be(&octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(text: &str) -> Value {
        Value::Integer(text.parse().expect("an integer"))
    }

    #[track_caller]
    fn check(operator: Operator, left: &str, right: &str, expected: &str) {
        assert_eq!(combined(operator, &integer(left), &integer(right)), Ok(integer(expected)));
    }

    #[test]
    fn integers_divide_towards_zero() {
        check(Operator::Divide, "-7", "2", "-3");
        check(Operator::Divide, "7", "-2", "-3");
    }

    #[test]
    fn division_by_zero_is_refused() {
        for operator in [Operator::Divide, Operator::Remainder] {
            assert!(combined(operator, &integer("7"), &integer("0")).is_err());
            assert!(combined(operator, &Value::Float(7.0), &Value::Float(0.0)).is_err());
        }
    }

    #[test]
    fn an_integer_of_384_bits_is_the_largest() {
        let largest = Value::Integer((BigInt::from(1) << 384) - 1);
        assert_eq!(combined(Operator::Add, &largest, &integer("0")).as_ref(), Ok(&largest));
        assert!(combined(Operator::Add, &largest, &integer("1")).is_err());
    }

    #[test]
    fn an_integer_and_a_float_do_not_mix() {
        assert!(combined(Operator::Add, &integer("1"), &Value::Float(1.0)).is_err());
    }

    #[test]
    fn sums_of_integers_have_no_sign() {
        assert_eq!(plus(&integer("-5"), &integer("3")), Ok(integer("8")));
    }
}
