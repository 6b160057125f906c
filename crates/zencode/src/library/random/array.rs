//! Arrays of random octets and numbers.

use num_bigint::{BigInt, BigUint, Sign};
use zencode_crypto::bls12_381::ORDER;
use zencode_macros::when;

use super::{bits, bytes, count, number_of};
use crate::arithmetic::magnitude_of;
use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::import::float_of;
use crate::machine::Machine;
use crate::number::Number;
use crate::value::{Table, Value};
/// The modulo of random numbers when the contract names none.
const NUMBERS_MODULO: u32 = 65_536;

/// Octets of each random object when the contract names no size.
const OBJECT_OCTETS: usize = 64;

/// Makes an array of as many values as a number says, rounded down; none when it is below zero.
fn create_array(
    machine: &mut Machine,
    name: &str,
    length: &str,
    traits: Traits,
    draw: &mut dyn FnMut(&mut Machine) -> Result<Value, Error>,
) -> Result<(), Error> {
    machine.empty(name)?;
    let length = number_of(machine, length)?;
    let length = count(machine, length.floor().max(0.0))?;
    let mut items = Vec::new();
    for _ in 0..length {
        let item = draw(machine)?;
        machine.charge(item.weight())?;
        items.push(item);
    }
    machine.create(name, Value::Table(Table::Array(items)), Traits { shape: Some(Shape::Array), ..traits })
}

fn create_octet_array(machine: &mut Machine, name: &str, length: &str, octets: usize) -> Result<(), Error> {
    create_array(machine, name, length, Traits::default(), &mut |machine| {
        machine.charge(octets)?;
        Ok(Value::Octet(machine.random.octets(octets)))
    })
}

/// Makes `random_array`: as many random objects as a number says, of 64 octets each.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '2' elements
/// Then print the 'random array' as 'hex'
/// ```
#[when("create random array with '' elements")]
fn create_random_array(machine: &mut Machine, length: &str) -> Result<(), Error> {
    create_octet_array(machine, "random_array", length, OBJECT_OCTETS)
}

/// Makes `random_array`: as many random objects as a number says, each large enough for a number of bits.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '3' elements each of '64' bits
/// Then print the 'random array' as 'hex'
/// ```
#[when("create random array with '' elements each of '' bits")]
fn create_random_array_bits(machine: &mut Machine, length: &str, size: &str) -> Result<(), Error> {
    let octets = bits(machine, size)?;
    create_octet_array(machine, "random_array", length, octets)
}

/// Makes `random_array`: as many random objects as a number says, each of a number of octets.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '3' elements each of '8' bytes
/// Then print the 'random array' as 'hex'
/// ```
#[when("create random array with '' elements each of '' bytes")]
fn create_random_array_bytes(machine: &mut Machine, length: &str, size: &str) -> Result<(), Error> {
    let octets = bytes(machine, size)?;
    create_octet_array(machine, "random_array", length, octets)
}

/// Makes `array`: as many random objects as a number says, of 64 octets each.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the array of '2' random objects
/// Then print the 'array' as 'hex'
/// ```
#[when("create array of '' random objects", deprecated = "create random array with '' elements")]
fn create_array_of_random(machine: &mut Machine, length: &str) -> Result<(), Error> {
    create_octet_array(machine, "array", length, OBJECT_OCTETS)
}

/// Makes `array`: as many random objects as a number says, each large enough for a number of bits.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the array of '3' random objects of '64' bits
/// Then print the 'array' as 'hex'
/// ```
#[when(
    "create array of '' random objects of '' bits",
    deprecated = "create random array with '' elements each of '' bits"
)]
fn create_array_of_random_bits(machine: &mut Machine, length: &str, size: &str) -> Result<(), Error> {
    let octets = bits(machine, size)?;
    create_octet_array(machine, "array", length, octets)
}

/// Makes `array`: as many random objects as a number says, each of a number of octets.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the array of '3' random objects of '8' bytes
/// Then print the 'array' as 'hex'
/// ```
#[when(
    "create array of '' random objects of '' bytes",
    deprecated = "create random array with '' elements each of '' bytes"
)]
fn create_array_of_random_bytes(machine: &mut Machine, length: &str, size: &str) -> Result<(), Error> {
    let octets = bytes(machine, size)?;
    create_octet_array(machine, "array", length, octets)
}

fn random_number(machine: &mut Machine, modulo: u32) -> Result<Value, Error> {
    let drawn = machine.random.modulo16(modulo).map_err(|error| Error::failed(error.to_string()))?;
    let number = i32::try_from(drawn).map_err(|_| Error::failed("the number is out of range"))?;
    float_of(Number::Integer(number)).map(Value::Float)
}

fn random_integer(machine: &mut Machine) -> BigInt {
    BigInt::from_bytes_be(Sign::Plus, &machine.random.scalar(&ORDER))
}

/// Makes `random_array`: as many random whole numbers from 1 to 65536 as a number says, as floats.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '3' numbers
/// Then print the 'random array'
/// ```
#[when("create random array with '' numbers")]
fn create_random_numbers(machine: &mut Machine, length: &str) -> Result<(), Error> {
    create_array(machine, "random_array", length, Traits::encoded("float"), &mut |machine| {
        random_number(machine, NUMBERS_MODULO)
    })
}

/// Makes `random_array`: as many random integers as a number says, below the order of BLS12-381 (255 bits).
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '2' integers
/// Then print the 'random array'
/// ```
#[when("create random array with '' integers")]
fn create_random_integers(machine: &mut Machine, length: &str) -> Result<(), Error> {
    create_array(machine, "random_array", length, Traits::encoded("integer"), &mut |machine| {
        Ok(Value::Integer(random_integer(machine)))
    })
}

/// Makes `array`: as many random integers as a number says, below the order of BLS12-381 (255 bits).
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the array of '2' random numbers
/// Then print the 'array'
/// ```
#[when("create array of '' random numbers", deprecated = "create random array with '' [numbers|integers]")]
fn create_array_of_random_numbers(machine: &mut Machine, length: &str) -> Result<(), Error> {
    create_array(machine, "array", length, Traits::encoded("integer"), &mut |machine| {
        Ok(Value::Integer(random_integer(machine)))
    })
}

fn numbers_modulo(machine: &mut Machine, target: &str, length: &str, modulo: &str) -> Result<(), Error> {
    // An array of nothing asks for no modulo.
    let modulo = number_of(machine, modulo)?;
    create_array(machine, target, length, Traits::encoded("float"), &mut |machine| {
        ensure(modulo.fract() == 0.0, || format!("a whole number is expected as modulo: {modulo}"))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number below zero is none, and one that is too large stays too large"
        )]
        random_number(machine, modulo as u32)
    })
}

/// Makes `random_array`: as many random whole numbers as a number says, from 1 to a modulo, as floats.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '5' numbers modulo '6'
/// Then print the 'random array'
/// ```
#[when("create random array with '' numbers modulo ''")]
fn create_random_numbers_modulo(machine: &mut Machine, length: &str, modulo: &str) -> Result<(), Error> {
    numbers_modulo(machine, "random_array", length, modulo)
}

fn integers_modulo(machine: &mut Machine, target: &str, length: &str, modulo: &BigUint) -> Result<(), Error> {
    /// The digit 1 in ASCII, which the reference engine adds where it means the number.
    const RAISED_BY: u32 = 49;
    let order = BigUint::from_bytes_be(&ORDER);
    let fits = *modulo > BigUint::ZERO && *modulo <= order;
    let uniform = if fits { (&order / modulo) * modulo } else { BigUint::ZERO };
    create_array(machine, target, length, Traits::encoded("integer"), &mut |machine| {
        ensure(fits, || "max_random is less than modulo".to_owned())?;
        let mut drawn = random_integer(machine).magnitude().clone();
        while drawn >= uniform {
            drawn = random_integer(machine).magnitude().clone();
        }
        Ok(Value::Integer(BigInt::from(drawn % modulo + RAISED_BY)))
    })
}

/// Makes `random_array`: as many random integers as a number says, below a modulo, each raised by 49.
///
/// The reference engine raises them so.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random array with '5' integers modulo '6'
/// Then print the 'random array'
/// ```
#[when("create random array with '' integers modulo ''")]
fn create_random_integers_modulo(machine: &mut Machine, length: &str, modulo: &str) -> Result<(), Error> {
    let value = match machine.may_have(modulo) {
        Some(object) => magnitude_of(&object.value)?,
        None => crate::import::integer(modulo)
            .filter(|integer| integer.sign() != Sign::Minus)
            .map(|integer| integer.magnitude().clone())
            .ok_or_else(|| Error::failed(format!("Argument is not a integer: {modulo}")))?,
    };
    integers_modulo(machine, "random_array", length, &value)
}

/// Makes `array`: as many random numbers as a number says, by a modulo.
///
/// They are floats from 1 to the modulo when that is a float, or else integers.
///
/// The integers are those of `create random array with '' integers modulo ''`.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'sides'
/// When I create the array of '5' random numbers modulo 'sides'
/// Then print the 'array'
/// ```
/// ```json data
/// { "sides": 6 }
/// ```
#[when(
    "create array of '' random numbers modulo ''",
    deprecated = "create random array with '' [numbers|integers] modulo ''"
)]
fn create_array_of_random_numbers_modulo(
    machine: &mut Machine,
    length: &str,
    modulo: &str,
) -> Result<(), Error> {
    let value = match machine.may_have(modulo) {
        Some(object) => object.value,
        None => {
            let number = Number::parse(modulo).and_then(Number::integral_text);
            let number = number.and_then(|text| text.parse::<i32>().ok());
            let number =
                number.ok_or_else(|| Error::refused(format!("Argument is not a number: {modulo}")))?;
            Value::Integer(BigInt::from(number.max(0)))
        }
    };
    match value {
        Value::Integer(modulo) => integers_modulo(machine, "array", length, modulo.magnitude()),
        Value::Float(_) => numbers_modulo(machine, "array", length, modulo),
        other => Err(Error::failed(format!("Modulo is not a number nor an integer: {}", other.kind()))),
    }
}
