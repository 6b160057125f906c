//! Random: octets, numbers and picks from the run's generator.

use num_bigint::{BigInt, BigUint, Sign};
use zencode_crypto::random::RESEED_OCTETS_MIN;
use zencode_macros::when;

use crate::arithmetic::magnitude_of;
use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::import::float_of;
use crate::machine::Machine;
use crate::number::Number;
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

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
    RANDOMIZE_ARRAY,
    CREATE_RANDOM_ARRAY,
    CREATE_RANDOM_ARRAY_BITS,
    CREATE_RANDOM_ARRAY_BYTES,
    CREATE_ARRAY_OF_RANDOM,
    CREATE_ARRAY_OF_RANDOM_BITS,
    CREATE_ARRAY_OF_RANDOM_BYTES,
    CREATE_RANDOM_NUMBERS,
    CREATE_RANDOM_INTEGERS,
    CREATE_ARRAY_OF_RANDOM_NUMBERS,
    CREATE_RANDOM_NUMBERS_MODULO,
    CREATE_RANDOM_INTEGERS_MODULO,
    CREATE_ARRAY_OF_RANDOM_NUMBERS_MODULO,
    CREATE_RANDOM_PICK,
    CREATE_RANDOM_ARRAY_FROM,
    CREATE_RANDOM_DICTIONARY_FROM,
    PICK_RANDOM_OBJECT,
    CREATE_RANDOM_DICTIONARY_OBJECTS,
];

/// Order of the BLS12-381 groups: what random integers are reduced by.
///
/// # Source
/// draft-irtf-cfrg-pairing-friendly-curves, 4.2.1; Zenroom `BIG.random`.
const ORDER: [u8; 32] = [
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05, 0x53,
    0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
];

/// The modulo of random numbers when the contract names none.
const NUMBERS_MODULO: u32 = 65_536;

/// Octets of each random object when the contract names no size.
const OBJECT_OCTETS: usize = 64;

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
        return Err(Error::Limit(format!("{number} is more than memory can hold")));
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

/// Starts the generator anew from the octets of an object.
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

/// Makes 32 random octets.
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

/// Makes `random`: a number of random octets.
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

/// Makes `random_object`: a number of random octets.
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

/// Makes `uuid_v4`: a random identifier as text.
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

/// Shuffles an array.
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
    machine.replace(name, Value::Table(Table::Array(items)))
}

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

/// Makes `random_array`: random objects of 64 octets.
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

/// Makes `random_array`: random objects of a number of bits.
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

/// Makes `random_array`: random objects of a number of octets.
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

/// Makes `array`: random objects of 64 octets.
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

/// Makes `array`: random objects of a number of bits.
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

/// Makes `array`: random objects of a number of octets.
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

/// Makes `random_array`: random floats from 1 to 65536.
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

/// Makes `random_array`: random integers below the order of BLS12-381.
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

/// Makes `array`: random integers below the order of BLS12-381.
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
    let value = number_of(machine, modulo)?;
    if value.fract() != 0.0 {
        return Err(Error::failed(format!("a whole number is expected as modulo: {value}")));
    }
    let value = count(machine, value)?;
    let value = u32::try_from(value).map_err(|_| Error::failed("max_random is less than modulo"))?;
    create_array(machine, target, length, Traits::encoded("float"), &mut |machine| {
        random_number(machine, value)
    })
}

/// Makes `random_array`: random floats from 1 to a modulo.
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
    ensure(fits, || "max_random is less than modulo".to_owned())?;
    let uniform = (&order / modulo) * modulo;
    create_array(machine, target, length, Traits::encoded("integer"), &mut |machine| {
        let mut drawn = random_integer(machine).magnitude().clone();
        while drawn >= uniform {
            drawn = random_integer(machine).magnitude().clone();
        }
        Ok(Value::Integer(BigInt::from(drawn % modulo + RAISED_BY)))
    })
}

/// Makes `random_array`: random integers below a modulo, raised by 49 as the reference engine raises them.
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

/// Makes `array`: random floats from 1 to a modulo that is a float, or else random integers.
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

/// Makes `random_pick`: one member of a table.
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

/// Makes `random_array`: some members of an array.
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

/// Makes `random_object`: one member of a table.
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
