//! When: making, finding, renaming and dropping objects.

use num_bigint::BigInt;
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::import::{Kind, convert_text, float_of, integer};
use crate::json::Json;
use crate::machine::Machine;
use crate::number::{Number, float_text, whole_float};
use crate::sharing::{Change, Place};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) mod copy;
mod text;

pub(super) const STATEMENTS: &[Statement] = &[
    DONE,
    IS_FOUND,
    IS_NOT_FOUND,
    text::APPEND,
    text::APPEND_STRING,
    text::PREPEND_STRING,
    text::APPEND_ENCODED,
    CREATE,
    CREATE_NAMED,
    WRITE_STRING,
    WRITE_NUMBER,
    CREATE_NUMBER_FROM,
    SET_AS,
    SET_BASE,
    text::IS_JSON,
    text::CREATE_JSON_ESCAPED_STRING,
    text::CREATE_JSON_UNESCAPED_OBJECT,
    REMOVE,
    RENAME,
    RENAME_NAMED_BY,
    RENAME_TO_NAMED_BY,
    RENAME_NAMED_BY_TO_NAMED_BY,
    text::CREATE_STRING_OF,
    copy::COPY_TO,
    copy::COPY_AS_TO,
    copy::MOVE_TO,
    copy::MOVE_AS_TO,
    copy::COPY_CONTENTS,
    copy::COPY_CONTENTS_NAMED,
    copy::COPY_FROM_TO,
    copy::MOVE_FROM_TO,
    text::SPLIT_RIGHTMOST,
    text::SPLIT_LEFTMOST,
    text::COUNT_CHAR,
    REMOVE_ZERO_VALUES,
    text::REMOVE_SPACES,
    text::REMOVE_NEWLINES,
    text::REMOVE_OCCURRENCES,
    text::COMPACT_ASCII,
    text::CREATE_CAST_OF_STRINGS,
    CREATE_FLOAT_CAST,
    EXIT_WITH_ERROR,
];

/// Does nothing: ends a branch that has nothing to do.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// If I verify 'city' is equal to 'city'
/// When done
/// EndIf
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("done")]
fn done(_machine: &mut Machine) -> Result<(), Error> {
    Ok(())
}

/// Whether a value counts as found: a table, a number, or octets that are not empty.
///
/// # Errors
/// For what is true, which has no length to look at in the reference engine.
pub(super) fn counts_as_found(value: &Value) -> Result<bool, Error> {
    match value {
        Value::Table(_) => Ok(true),
        Value::Boolean(false) => Ok(false),
        Value::Boolean(true) => Err(Error::failed("a truth value has no length")),
        other => Ok(other.length() > 0),
    }
}

fn found(machine: &Machine, name: &str) -> Result<bool, Error> {
    machine.objects.get(name).map_or(Ok(false), |object| counts_as_found(&object.value))
}

/// Requires an object to be there and not empty.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// If I verify 'city' is found
/// Then print the string 'there is a city'
/// EndIf
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[check("verify '' is found")]
fn is_found(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let found = found(machine, name)?;
    ensure(found, || format!("Cannot find object: {name}"))
}

/// Requires an object to be missing or empty.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I verify 'town' is not found
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[check("verify '' is not found")]
fn is_not_found(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let found = found(machine, name)?;
    ensure(!found, || format!("Object should not be found: {name}"))
}

/// The text of a number: what Lua's `tostring` prints.
fn number_text(value: &Value) -> String {
    match value {
        Value::Float(float) => float_text(*float),
        Value::Integer(integer) => integer.to_string(),
        _ => String::new(),
    }
}

/// Makes an empty object whose name says its type.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the 'string array'
/// When I write string 'Ivrea' in 'stop'
/// When I move 'stop' in 'string array'
/// Then print the 'string array'
/// ```
#[when("create ''")]
fn create(machine: &mut Machine, name: &str) -> Result<(), Error> {
    create_named(machine, name, name)
}

/// Makes an empty object of a type.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the 'string array' named 'stops'
/// When I write string 'Ivrea' in 'stop'
/// When I move 'stop' in 'stops'
/// Then print the 'stops'
/// ```
#[when("create '' named ''")]
fn create_named(machine: &mut Machine, kind: &str, name: &str) -> Result<(), Error> {
    machine.empty(name)?;
    let traits = machine.traits_of(&Value::Table(Table::default()), kind)?;
    machine.create(name, Value::Table(Table::default()), traits)
}

/// Makes a text, spaces as underscores.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I write string 'a written line' in 'line'
/// Then print the 'line'
/// ```
#[when("write string '' in ''")]
fn write_string(machine: &mut Machine, text: &str, name: &str) -> Result<(), Error> {
    machine.create(name, Value::text(text), Traits::written())
}

/// Makes a number.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I write number '12.5' in 'price'
/// Then print the 'price'
/// ```
#[when("write number '' in ''")]
fn write_number(machine: &mut Machine, text: &str, name: &str) -> Result<(), Error> {
    let number = Number::parse(text);
    let number = number.ok_or_else(|| Error::refused(format!("Cannot convert value to number: {text}")))?;
    machine.create(name, Value::Float(float_of(number)?), Traits::element_encoded("number"))
}

/// Makes the integer `number` of a decimal text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'digits'
/// When I create the number from 'digits'
/// Then print the 'number'
/// ```
/// ```json data
/// { "digits": "2041" }
/// ```
#[when("create number from ''")]
fn create_number_from(machine: &mut Machine, source: &str) -> Result<(), Error> {
    let text = machine.text(source)?;
    // The reference engine has no empty text, and reads a text up to a zero octet.
    let text = text.split('\0').next().filter(|_| !text.is_empty());
    let number =
        text.and_then(integer).ok_or_else(|| Error::failed(format!("{source} is not a decimal integer")))?;
    machine.create("number", Value::Integer(number), Traits::element())
}

/// Makes an object of a text in an encoding.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I set 'seal' to 'c0ffee' as 'hex'
/// When I set 'price' to '12' as 'number'
/// Then print the 'seal'
/// Then print the 'price'
/// ```
#[when("set '' to '' as ''")]
fn set_as(machine: &mut Machine, name: &str, text: &str, encoding: &str) -> Result<(), Error> {
    machine.empty(name)?;
    let input = machine.input_encoding(encoding);
    let unfit = || Error::input(format!("Cannot decode {name} with encoding {}", input.name()));
    if !input.accepts(text) {
        return Err(unfit());
    }
    let value = convert_text(text, input).ok_or_else(unfit)?;
    machine.create(name, value, Traits { schema: None, ..Traits::element_encoded(input.name()) })?;
    // The name of a schema says nothing about an object that was set by hand.
    machine.have_mut(name)?.codec.schema = None;
    Ok(())
}

/// Makes a number of digits in a base from 2 to 36.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I set 'mask' to 'ff' base '16'
/// Then print the 'mask'
/// ```
#[when("set '' to '' base ''")]
fn set_base(machine: &mut Machine, name: &str, digits: &str, base: &str) -> Result<(), Error> {
    let wrong_base = || Error::refused(format!("Invalid numerical conversion for base: {base}"));
    let base_number = Number::parse(base).and_then(Number::integral_text).ok_or_else(wrong_base)?;
    let base_number: u32 =
        base_number.parse().ok().filter(|b| (2..=36).contains(b)).ok_or_else(wrong_base)?;
    let wrong_value = || Error::refused(format!("Invalid numerical conversion for value: {digits}"));
    let (negative, bare) = match digits.strip_prefix('-') {
        Some(bare) => (true, bare),
        None => (false, digits),
    };
    if bare.is_empty() {
        return Err(wrong_value());
    }
    let mut value = 0_i32;
    let radix = i32::try_from(base_number).map_err(|_| wrong_base())?;
    for digit in bare.chars() {
        let digit = digit.to_digit(base_number).ok_or_else(wrong_value)?;
        value = value.wrapping_mul(radix).wrapping_add(i32::try_from(digit).map_err(|_| wrong_value())?);
    }
    let value = if negative { value.wrapping_neg() } else { value };
    let float = float_of(Number::Integer(value))?;
    machine.create(name, Value::Float(float), Traits::element_encoded("number"))
}

/// Drops an object.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string' named 'note'
/// When I remove the 'note'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "note": "not for print" }
/// ```
#[when("remove ''", "delete ''")]
fn remove(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.remove(name).map(|_| ())
}

/// Gives an object another name; what it was made as stays known.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I rename the 'city' to 'birthplace'
/// Then print the 'birthplace'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("rename '' to ''")]
fn rename(machine: &mut Machine, old: &str, new: &str) -> Result<(), Error> {
    machine.have(old)?;
    machine.empty(new)?;
    machine.sharing.relocate(&Place::of(old), &Place::of(new));
    let object = machine.remove(old)?;
    machine.objects.insert(new.to_owned(), object);
    Ok(())
}

/// Renames the object whose name another object holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'which'
/// Given I have a 'string' named 'city'
/// When I rename the object named by 'which' to 'birthplace'
/// Then print the 'birthplace'
/// ```
/// ```json data
/// { "which": "city", "city": "Ivrea" }
/// ```
#[when("rename object named by '' to ''")]
fn rename_named_by(machine: &mut Machine, reference: &str, new: &str) -> Result<(), Error> {
    let old = machine.text(reference)?;
    rename(machine, &old, new)
}

/// Renames an object to the name that another object holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'label'
/// Given I have a 'string' named 'city'
/// When I rename the 'city' to named by 'label'
/// Then print the 'birthplace'
/// ```
/// ```json data
/// { "label": "birthplace", "city": "Ivrea" }
/// ```
#[when("rename '' to named by ''")]
fn rename_to_named_by(machine: &mut Machine, old: &str, reference: &str) -> Result<(), Error> {
    let new = machine.text(reference)?;
    rename(machine, old, &new)
}

/// Renames the object whose name one object holds to the name that another holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'which'
/// Given I have a 'string' named 'label'
/// Given I have a 'string' named 'city'
/// When I rename the object named by 'which' to named by 'label'
/// Then print the 'birthplace'
/// ```
/// ```json data
/// { "which": "city", "label": "birthplace", "city": "Ivrea" }
/// ```
#[when("rename object named by '' to named by ''")]
fn rename_named_by_to_named_by(machine: &mut Machine, old: &str, new: &str) -> Result<(), Error> {
    let (old, new) = (machine.text(old)?, machine.text(new)?);
    rename(machine, &old, &new)
}

fn without_zeros(table: &Table) -> Table {
    let zero = |value: &Value| match value {
        Value::Float(float) => f64::from(float.abs()) < 0.000_001,
        Value::Integer(integer) => *integer == BigInt::ZERO,
        _ => false,
    };
    let keep = |value: &Value| match value {
        Value::Table(inner) => Value::Table(without_zeros(inner)),
        other => other.clone(),
    };
    match table {
        Table::Array(items) => Table::Array(items.iter().filter(|value| !zero(value)).map(keep).collect()),
        Table::Dictionary(members) => Table::Dictionary(
            members.iter().filter(|(_, value)| !zero(value)).map(|(k, v)| (k.clone(), keep(v))).collect(),
        ),
    }
}

/// Drops every zero in a table, at any depth.
///
/// # Example
/// ```zencode
/// Given I have a 'number dictionary' named 'stock'
/// When I remove zero values in 'stock'
/// Then print the 'stock'
/// ```
/// ```json data
/// { "stock": { "pens": 4, "ink": 0 } }
/// ```
#[when("remove zero values in ''")]
fn remove_zero_values(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let table = machine.value(name)?.table();
    let table = table.ok_or_else(|| Error::refused(format!("Invalid table object: {name}")))?;
    let kept = without_zeros(table);
    if kept.is_array() {
        return machine.replace(name, Value::Table(kept));
    }
    machine.change(&Place::of(name), &Change::Become(kept)).map(|_| ())
}

/// Makes a float of an integer.
///
/// # Example
/// ```zencode
/// Given I have a 'integer' named 'year'
/// When I create the float 'year as float' cast of integer in 'year'
/// Then print the 'year as float'
/// ```
/// ```json data
/// { "year": "1908" }
/// ```
#[when("create float '' cast of integer in ''")]
fn create_float_cast(machine: &mut Machine, target: &str, source: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let integer = match machine.value(source)? {
        Value::Integer(integer) => integer.clone(),
        other => {
            let octets = other.octets().filter(|octets| !octets.is_empty());
            let octets = octets.ok_or_else(|| Error::failed(format!("{source} is no integer")))?;
            BigInt::from_bytes_be(num_bigint::Sign::Plus, &octets)
        }
    };
    let float = whole_float(&integer.to_string());
    let float = float.ok_or_else(|| Error::failed("the integer is too large for a float"))?;
    machine.create(target, Value::Float(float), Traits::encoded("float"))
}

/// Ends the run with a message: the text of an object, or the words themselves.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'stock'
/// Given I have a 'number' named 'order'
/// If I verify number 'order' is more than 'stock'
/// When I exit with error message 'the order exceeds the stock'
/// EndIf
/// Then print the 'order'
/// ```
/// ```json data
/// { "stock": 3, "order": 5 }
/// ```
#[when("exit with error message ''")]
fn exit_with_error(machine: &mut Machine, message: &str) -> Result<(), Error> {
    let text = match machine.may_have(message) {
        None => message.to_owned(),
        Some(object) => {
            let table = matches!(object.value, Value::Table(_));
            ensure(!table, || format!("Error message can not be a table {message}"))?;
            ensure(object.codec.encoding == "string", || {
                format!("Error message must be a string {message}")
            })?;
            machine.text(message)?
        }
    };
    Err(Error::failed(text.replace('_', " ")))
}

impl Machine {
    /// The JSON text of a table, its leaves in one encoding.
    pub(crate) fn json_text(&self, value: &Value, encoding: &str) -> Result<String, Error> {
        /// The text beside what is written: three times as much, except for texts of control characters.
        const TEXT: usize = 3;
        self.afford(value.weight().saturating_mul(TEXT))?;
        let printed = crate::export::tree(value, self.output_encoding(encoding))?;
        self.write_printed(&printed)
    }

    /// What a definition says of an object that is made rather than read.
    pub(crate) fn traits_of(&mut self, value: &Value, kind: &str) -> Result<Traits, Error> {
        let like = match value {
            Value::Table(table) if table.is_dictionary() && !table.is_empty() => {
                Json::Object([(String::new(), Json::Null)].into())
            }
            Value::Table(table) if table.is_empty() => Json::Array(Vec::new()),
            Value::Table(_) => Json::Array(vec![Json::Null]),
            _ => Json::Text(String::new()),
        };
        let conversion = self.guess(&like, kind)?;
        let (encoding, schema) = match conversion.kind {
            Kind::Encoding(input) => (input.name(), None),
            Kind::Schema(schema) if schema.complex => ("complex", Some(schema)),
            Kind::Schema(schema) => ("def", Some(schema)),
        };
        Ok(Traits { shape: Some(conversion.shape), schema, ..Traits::encoded(encoding) })
    }
}
