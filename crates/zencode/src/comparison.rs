//! Comparison of values of any kinds: the second is read as the kind of the first.
//!
//! # Source
//! The `__eq` and `__lt` of Zenroom `zen_octet.c`, `zen_big.c`, `zen_float.c` and `zen_time.c`.

use crate::arithmetic::{float_of, magnitude_of};
use crate::error::Error;
use crate::value::Value;

/// Floats closer than this are equal.
const TOLERANCE: f64 = 0.000_001;

/// Whether a value is below another: integers by their magnitude, texts by the octets that both have.
///
/// # Errors
/// When the second cannot be read as the kind of the first.
pub(crate) fn less(left: &Value, right: &Value) -> Result<bool, Error> {
    match left {
        Value::Float(left) => Ok(*left < float_of(right)?),
        Value::Integer(left) => Ok(*left.magnitude() < magnitude_of(right)?),
        Value::Time(left) => Ok(*left < time_of(right)?),
        Value::Octet(left) => {
            let right = right.octets().ok_or_else(|| unfit(right))?;
            let length = left.len().min(right.len());
            Ok(left[..length] < right[..length])
        }
        Value::Boolean(_) | Value::Table(_) | Value::Point(_) => Err(unfit(left)),
    }
}

/// Whether two values are the same; two tables never are.
///
/// # Errors
/// When the second cannot be read as the kind of the first.
pub(crate) fn same(left: &Value, right: &Value) -> Result<bool, Error> {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Ok(left == right),
        (Value::Boolean(_) | Value::Table(_), _) | (_, Value::Boolean(_) | Value::Table(_)) => Ok(false),
        (Value::Float(left), right) => Ok(f64::from((left - float_of(right)?).abs()) < TOLERANCE),
        (Value::Integer(left), right) => Ok(*left.magnitude() == magnitude_of(right)?),
        (Value::Time(left), right) => Ok(*left == time_of(right)?),
        (Value::Octet(_) | Value::Point(_), right) => Ok(right.octets() == left.octets()),
    }
}

/// Anything read as a time: by the 4 or 8 octets that times are kept in.
pub(crate) fn time_of(value: &Value) -> Result<i64, Error> {
    if let Value::Time(time) = value {
        return Ok(*time);
    }
    let octets = value.octets().ok_or_else(|| unfit(value))?;
    let short = <[u8; 4]>::try_from(octets.as_slice()).map(i32::from_le_bytes).map(i64::from);
    let time = short.or_else(|_| <[u8; 8]>::try_from(octets.as_slice()).map(i64::from_le_bytes));
    time.map_err(|_| Error::failed(format!("Wrong size timestamp: {} octets", octets.len())))
}

fn unfit(value: &Value) -> Error {
    Error::failed(format!("attempt to compare a {} value", value.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(value: i32) -> Value {
        Value::Integer(value.into())
    }

    #[test]
    fn integers_compare_without_their_sign() {
        assert_eq!(less(&integer(-5), &integer(3)), Ok(false));
        assert_eq!(same(&integer(-5), &integer(5)), Ok(true));
    }

    #[test]
    fn texts_compare_by_the_octets_that_both_have() {
        assert_eq!(less(&Value::text("a"), &Value::text("ab")), Ok(false));
        assert_eq!(less(&Value::text("a"), &Value::text("b")), Ok(true));
    }

    #[test]
    fn a_text_is_read_as_the_number_it_is_compared_with() {
        assert_eq!(same(&Value::Float(2.5), &Value::text("2.5")), Ok(true));
        assert!(same(&Value::Float(2.5), &Value::text("x")).is_err());
    }

    #[test]
    fn tables_are_never_the_same() {
        let table = Value::Table(crate::value::Table::default());
        assert_eq!(same(&table, &table), Ok(false));
        assert!(less(&table, &table).is_err());
    }
}
