//! Random: octets, numbers and picks from the run's generator.

use zencode_crypto::random::RESEED_OCTETS_MIN;
use zencode_macros::when;

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::number::Number;
use crate::statement::Statement;
use crate::value::Value;

mod array;
mod pick;

pub(super) const STATEMENTS: &[Statement] = &[
    SEED_RANDOM,
    CREATE_RANDOM,
    CREATE_RANDOM_BITS,
    CREATE_RANDOM_BYTES,
    CREATE_RANDOM_OBJECT_BITS,
    CREATE_RANDOM_OBJECT_BYTES,
    CREATE_UUID_V4,
    CREATE_UUID_V1,
    CREATE_ULID,
    pick::RANDOMIZE_ARRAY,
    array::CREATE_RANDOM_ARRAY,
    array::CREATE_RANDOM_ARRAY_BITS,
    array::CREATE_RANDOM_ARRAY_BYTES,
    array::CREATE_ARRAY_OF_RANDOM,
    array::CREATE_ARRAY_OF_RANDOM_BITS,
    array::CREATE_ARRAY_OF_RANDOM_BYTES,
    array::CREATE_RANDOM_NUMBERS,
    array::CREATE_RANDOM_INTEGERS,
    array::CREATE_ARRAY_OF_RANDOM_NUMBERS,
    array::CREATE_RANDOM_NUMBERS_MODULO,
    array::CREATE_RANDOM_INTEGERS_MODULO,
    array::CREATE_ARRAY_OF_RANDOM_NUMBERS_MODULO,
    pick::CREATE_RANDOM_PICK,
    pick::CREATE_RANDOM_ARRAY_FROM,
    pick::CREATE_RANDOM_DICTIONARY_FROM,
    pick::PICK_RANDOM_OBJECT,
    pick::CREATE_RANDOM_DICTIONARY_OBJECTS,
];

/// A float or time that an object holds, or a literal number.
fn number_of(machine: &mut Machine, text: &str) -> Result<f32, Error> {
    let number = match machine.may_have(text) {
        Some(object) => object.value.number(),
        None => Number::parse(text),
    };
    let number = number.ok_or_else(|| Error::failed(format!("Argument is not a number: {text}")))?;
    Ok(number.float())
}

/// A whole number of things to draw.
fn count(machine: &Machine, number: f32) -> Result<usize, Error> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a limit far below the precision of single floats matters here"
    )]
    let limit = machine.limits.heap_octets_max as f32;
    if number < 0.0 {
        return Err(Error::failed(format!("a number below zero found, expected how many to draw: {number}")));
    }
    if !(0.0..=limit).contains(&number) {
        return Err(Error::Limit(format!("{number} is more than memory can hold: {limit} octets")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be in range above"
    )]
    Ok(number as usize)
}

fn bits(machine: &mut Machine, text: &str) -> Result<usize, Error> {
    let number = number_of(machine, text)?;
    count(machine, (number / 8.0).ceil())
}

fn bytes(machine: &mut Machine, text: &str) -> Result<usize, Error> {
    let number = number_of(machine, text)?;
    count(machine, number.ceil())
}

fn create_octets(machine: &mut Machine, name: &str, count: usize) -> Result<(), Error> {
    machine.empty(name)?;
    machine.charge(count)?;
    let octets = machine.random.octets(count);
    machine.create(name, Value::Octet(octets), Traits::element())
}

/// Starts the random generator anew from the octets of an object, at least 4.
///
/// What is drawn afterwards depends on them alone.
///
/// # Example
/// ```zencode
/// Given I have a 'hex' named 'seed'
/// When I seed the random with 'seed'
/// When I create the random of '16' bytes
/// Then print the 'random' as 'hex'
/// ```
/// ```json data
/// { "seed": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" }
/// ```
#[when("seed random with ''")]
fn seed_random(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let octets = match machine.value(name)? {
        Value::Float(_) | Value::Time(_) => None,
        other => other.octets(),
    };
    let octets = octets
        .ok_or_else(|| Error::refused(format!("New random seed is not a valid zenroom type: {name}")))?;
    ensure(octets.len() >= RESEED_OCTETS_MIN, || {
        format!("Random seed error: too small ({} bytes)", octets.len())
    })?;
    machine.random.reseed(&octets);
    Ok(())
}

/// Makes an object of the name given: 32 random octets.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random 'challenge'
/// Then print the 'challenge'
/// ```
#[when("create random ''")]
fn create_random(machine: &mut Machine, name: &str) -> Result<(), Error> {
    create_octets(machine, name, 32)
}

/// Makes `random`: as many random octets as hold a number of bits.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random of '128' bits
/// Then print the 'random' as 'hex'
/// ```
#[when("create random of '' bits")]
fn create_random_bits(machine: &mut Machine, size: &str) -> Result<(), Error> {
    let count = bits(machine, size)?;
    create_octets(machine, "random", count)
}

/// Makes `random`: as many random octets as a number says.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random of '20' bytes
/// Then print the 'random' as 'hex'
/// ```
#[when("create random of '' bytes")]
fn create_random_bytes(machine: &mut Machine, size: &str) -> Result<(), Error> {
    let count = bytes(machine, size)?;
    create_octets(machine, "random", count)
}

/// Makes `random_object`: as many random octets as hold a number of bits.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random object of '128' bits
/// Then print the 'random object' as 'hex'
/// ```
#[when("create random object of '' bits", deprecated = "create random of '' bits")]
fn create_random_object_bits(machine: &mut Machine, size: &str) -> Result<(), Error> {
    let count = bits(machine, size)?;
    create_octets(machine, "random_object", count)
}

/// Makes `random_object`: as many random octets as a number says.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random object of '20' bytes
/// Then print the 'random object' as 'hex'
/// ```
#[when("create random object of '' bytes", deprecated = "create random of '' bytes")]
fn create_random_object_bytes(machine: &mut Machine, size: &str) -> Result<(), Error> {
    let count = bytes(machine, size)?;
    create_octets(machine, "random_object", count)
}

/// Makes `uuid_v4`: an identifier of 122 random bits, as text.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random uuid v4
/// Then print the 'uuid v4'
/// ```
#[when("create random uuid v4")]
fn create_uuid_v4(machine: &mut Machine) -> Result<(), Error> {
    machine.empty("uuid_v4")?;
    let mut octets: [u8; 16] = [0; 16];
    // The reference engine draws the parts one by one; the octets come in the same order.
    machine.random.fill(&mut octets);
    octets[6] = (octets[6] & 0x0f) | 0x40;
    octets[8] = (octets[8] & 0x3f) | 0x80;
    let text =
        zencode_crypto::encoding::uuid::encode(&octets).map_err(|error| Error::failed(error.to_string()))?;
    machine.create("uuid_v4", Value::text(&text), Traits::element_encoded("string"))
}

/// Makes `uuid_v1`: an identifier of the present time, to the second, and random octets, as text.
///
/// The example prints the random part only: the rest changes with every second.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random uuid v1
/// When I split the rightmost '17' bytes of 'uuid v1'
/// Then print the 'rightmost' as 'string'
/// ```
///
/// # Source
/// RFC 9562, 5.1; Zenroom `crypto_ulid.lua`.
#[when("create random uuid v1")]
fn create_uuid_v1(machine: &mut Machine) -> Result<(), Error> {
    /// Steps of 100 nanoseconds from the start of the Gregorian calendar to 1970.
    const GREGORIAN_OFFSET: u64 = 0x01b2_1dd2_1381_4000;
    /// Steps of 100 nanoseconds in a second.
    const STEPS: u64 = 10_000_000;
    machine.empty("uuid_v1")?;
    let now = u64::try_from(machine.now_ms / 1000).map_err(|_| Error::failed("the time is before 1970"))?;
    let time = now.wrapping_mul(STEPS).wrapping_add(GREGORIAN_OFFSET).to_be_bytes();
    let mut octets = [0; 16];
    octets[..4].copy_from_slice(&time[4..]);
    octets[4..6].copy_from_slice(&time[2..4]);
    octets[6..8].copy_from_slice(&time[..2]);
    octets[6] = (octets[6] & 0x0f) | 0x10;
    machine.random.fill(&mut octets[8..]);
    octets[8] = (octets[8] & 0x3f) | 0x80;
    octets[10] |= 0x01;
    let text =
        zencode_crypto::encoding::uuid::encode(&octets).map_err(|error| Error::failed(error.to_string()))?;
    machine.create("uuid_v1", Value::text(&text), Traits::element_encoded("string"))
}

/// Makes `ulid`: an identifier of the present time, to the millisecond, and 80 random bits, as text.
///
/// Identifiers sort by their time. The example prints their length: the rest never comes twice.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the random ulid
/// When I create the size of 'ulid'
/// Then print the 'size'
/// ```
///
/// # Source
/// The ULID specification: 48 bits of time and 80 of randomness in Crockford's base 32. The reference
/// engine takes its random part from a generator of its own, and its time is garbage.
#[when("create random ulid")]
fn create_ulid(machine: &mut Machine) -> Result<(), Error> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    machine.empty("ulid")?;
    let now = u64::try_from(machine.now_ms).map_err(|_| Error::failed("the time is before 1970"))?;
    let mut octets = [0; 16];
    octets[..6].copy_from_slice(&now.to_be_bytes()[2..]);
    machine.random.fill(&mut octets[6..]);
    let number = u128::from_be_bytes(octets);
    let digit = |place: u32| usize::try_from(number >> (5 * place) & 31).map_or(b'0', |digit| DIGITS[digit]);
    let text = (0..26).rev().map(digit).collect();
    machine.create("ulid", Value::Octet(text), Traits::element_encoded("string"))
}
