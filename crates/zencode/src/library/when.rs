//! When: making, joining, moving and dropping objects.

use num_bigint::BigInt;
use zencode_macros::{check, when};

use crate::codec::{Codec, Object, Shape, Traits};
use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::{Printed, leaf};
use crate::import::{Kind, convert_text, float_of, integer, plain};
use crate::json::Json;
use crate::machine::Machine;
use crate::number::{Number, float_text, whole_float};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    DONE,
    IS_FOUND,
    IS_NOT_FOUND,
    APPEND,
    APPEND_STRING,
    PREPEND_STRING,
    APPEND_ENCODED,
    CREATE,
    CREATE_NAMED,
    WRITE_STRING,
    WRITE_NUMBER,
    CREATE_NUMBER_FROM,
    SET_AS,
    SET_BASE,
    IS_JSON,
    CREATE_JSON_ESCAPED_STRING,
    CREATE_JSON_UNESCAPED_OBJECT,
    REMOVE,
    RENAME,
    RENAME_NAMED_BY,
    RENAME_TO_NAMED_BY,
    RENAME_NAMED_BY_TO_NAMED_BY,
    CREATE_STRING_OF,
    COPY_TO,
    COPY_AS_TO,
    MOVE_TO,
    MOVE_AS_TO,
    COPY_CONTENTS,
    COPY_CONTENTS_NAMED,
    COPY_FROM_TO,
    MOVE_FROM_TO,
    SPLIT_RIGHTMOST,
    SPLIT_LEFTMOST,
    COUNT_CHAR,
    REMOVE_ZERO_VALUES,
    REMOVE_SPACES,
    REMOVE_NEWLINES,
    REMOVE_OCCURRENCES,
    COMPACT_ASCII,
    CREATE_CAST_OF_STRINGS,
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

/// The octets that something is appended to; a number becomes a text first, and stays one.
fn appendable(machine: &mut Machine, name: &str) -> Result<Vec<u8>, Error> {
    let object = machine.have_mut(name)?;
    match &object.value {
        Value::Table(_) => Err(Error::refused(format!("Cannot append to table: {name}"))),
        number @ (Value::Float(_) | Value::Integer(_)) => {
            let text = number_text(number);
            object.codec.encoding = "string".into();
            object.codec.shape = Shape::Element;
            Ok(text.into_bytes())
        }
        other => {
            other.octets().ok_or_else(|| Error::failed(format!("Cannot append to a truth value: {name}")))
        }
    }
}

/// The text of a number: what Lua's `tostring` prints.
fn number_text(value: &Value) -> String {
    match value {
        Value::Float(float) => float_text(*float),
        Value::Integer(integer) => integer.to_string(),
        _ => String::new(),
    }
}

/// Appends an object to another, numbers as text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'name'
/// Given I have a 'string' named 'surname'
/// When I append 'surname' to 'name'
/// Then print the 'name'
/// ```
/// ```json data
/// { "name": "Ada", "surname": "Byron" }
/// ```
#[when("append '' to ''")]
fn append(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    let tail = match machine.value(source)? {
        number @ (Value::Float(_) | Value::Integer(_)) => number_text(number).into_bytes(),
        other => other.octets().ok_or_else(|| Error::failed(format!("{source} has no octets to append")))?,
    };
    let mut octets = appendable(machine, target)?;
    octets.extend_from_slice(&tail);
    machine.replace(target, Value::Octet(octets))
}

/// Appends a text, spaces as underscores.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I append the string ', Italy' to 'city'
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("append string '' to ''")]
fn append_string(machine: &mut Machine, text: &str, target: &str) -> Result<(), Error> {
    let mut octets = appendable(machine, target)?;
    octets.extend_from_slice(text.as_bytes());
    machine.replace(target, Value::Octet(octets))
}

/// Puts a text in front, spaces as underscores.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I prepend the string 'from:' to 'city'
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("prepend string '' to ''")]
fn prepend_string(machine: &mut Machine, text: &str, target: &str) -> Result<(), Error> {
    let tail = appendable(machine, target)?;
    let mut octets = text.as_bytes().to_vec();
    octets.extend_from_slice(&tail);
    machine.replace(target, Value::Octet(octets))
}

/// Appends the text of an object in an encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'label'
/// Given I have a 'hex' named 'seal'
/// When I append the 'base64' of 'seal' to 'label'
/// Then print the 'label'
/// ```
/// ```json data
/// { "label": "seal=", "seal": "c0ffee" }
/// ```
#[when("append '' of '' to ''")]
fn append_encoded(machine: &mut Machine, encoding: &str, source: &str, target: &str) -> Result<(), Error> {
    let text = machine.encoded_text(source, encoding)?;
    let object = machine.have(target)?;
    let Value::Octet(octets) = &object.value else {
        let kind = object.value.kind();
        return Err(Error::refused(format!("Destination type is not octet: {target} ({kind})")));
    };
    ensure(object.codec.encoding == "string", || format!("Destination encoding is not string: {target}"))?;
    let mut octets = octets.clone();
    octets.extend_from_slice(&text);
    machine.replace(target, Value::Octet(octets))
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

/// Requires a text to be JSON.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'body'
/// When I verify 'body' is a json
/// Then print the 'body'
/// ```
/// ```json data
/// { "body": "{\"city\":\"Ivrea\"}" }
/// ```
#[check("verify '' is a json")]
fn is_json(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    ensure(object.codec.shape == Shape::Element, || format!("Encoded JSON is not an element: {name}"))?;
    ensure(object.codec.encoding == "string", || format!("Encoded JSON is not an string: {name}"))?;
    let text = machine.text(name)?;
    let valid = crate::json::is_valid(&text, machine.limits.nesting_max);
    ensure(valid, || format!("Invalid JSON object: {name}"))
}

/// Makes `json_escaped_string`: the JSON text of a table.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I create the json escaped string of 'address'
/// Then print the 'json escaped string'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("create json escaped string of ''")]
fn create_json_escaped_string(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    let Value::Table(_) = object.value else {
        return Err(Error::failed("JSON encode input is not a table"));
    };
    let encoding = object.codec.schema.map_or(object.codec.encoding.as_ref(), |schema| schema.name);
    let text = machine.json_text(&object.value, encoding)?;
    machine.create("json_escaped_string", Value::Octet(text.into_bytes()), Traits::element_encoded("string"))
}

/// Makes `json_unescaped_object`: the table of a JSON text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'body'
/// When I create the json unescaped object of 'body'
/// Then print the 'json unescaped object'
/// ```
/// ```json data
/// { "body": "{\"city\":\"Ivrea\"}" }
/// ```
#[when("create json unescaped object of ''")]
fn create_json_unescaped_object(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let text = machine.text(name)?;
    let json = crate::json::decode(&text, machine.limits.nesting_max).map_err(Error::Failed)?;
    machine.create("json_unescaped_object", plain(&json)?, Traits::encoded("string"))
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

/// Makes a text of an object in an encoding, named like the encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I create the 'hex' string of 'city'
/// Then print the 'hex'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("create '' string of ''")]
fn create_string_of(machine: &mut Machine, encoding: &str, name: &str) -> Result<(), Error> {
    let table = matches!(machine.value(name)?, Value::Table(_));
    ensure(!table, || format!("Source element is not a table: {name}"))?;
    let text = machine.encoded_text(name, encoding)?;
    machine.create(encoding, Value::Octet(text), Traits::written())
}

/// The value of an object, every leaf turned into a text in one encoding and read back in another.
pub(super) fn transcoded(machine: &mut Machine, name: &str, from: &str, to: &str) -> Result<Value, Error> {
    let object = machine.have(name)?.clone();
    let input = machine.input_encoding(to);
    let exported = match machine.schema(from) {
        Some(schema) => {
            if let Some(own) = object.codec.schema
                && own.name != schema.name
            {
                return Err(Error::failed(format!(
                    "Source schema: {} does not match encoding {from}",
                    own.name
                )));
            }
            schema.export.map(|export| texts_of(machine, &export(&object.value)?)).transpose()?
        }
        None => None,
    };
    let output = match (&exported, machine.schema(from)) {
        (Some(_), _) => Output::Text,
        (None, Some(_)) => machine.output_encoding("def"),
        (None, None) => machine.output_encoding(from),
    };
    let mut read = |value: &Value| {
        let json = match leaf(value, output)? {
            Printed::Text(text) => Json::Text(String::from_utf8_lossy(&text).into_owned()),
            Printed::Number(number) => Json::Number(number),
            _ => return Ok(value.clone()),
        };
        machine.scalar(name, &json, input).map_err(|error| Error::failed(error.to_string()))
    };
    match exported.as_ref().unwrap_or(&object.value) {
        Value::Table(table) => table.map(&mut read).map(Value::Table),
        scalar => read(scalar),
    }
}

/// What a schema exported, as values: texts are octets, octets become texts in the contract's encoding.
fn texts_of(machine: &Machine, printed: &Printed) -> Result<Value, Error> {
    Ok(match printed {
        Printed::Text(text) => Value::Octet(text.clone()),
        Printed::Number(number) => Value::Float(float_of(*number)?),
        Printed::Boolean(truth) => Value::Boolean(*truth),
        Printed::Raw(value) => match leaf(value, machine.output_encoding("def"))? {
            Printed::Text(text) => Value::Octet(text),
            _ => value.clone(),
        },
        Printed::Array(items) => {
            let items = items.iter().map(|item| texts_of(machine, item)).collect::<Result<_, _>>()?;
            Value::Table(Table::Array(items))
        }
        Printed::Dictionary(members) => {
            let mut table = Table::default();
            for (name, item) in members {
                table.set(name, texts_of(machine, item)?);
            }
            Value::Table(table)
        }
    })
}

/// Makes a copy under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I copy the 'city' to 'backup'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("copy '' to ''")]
fn copy_to(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let Object { value, codec } = machine.have(source)?.clone();
    machine.create_like(target, value, &codec)
}

/// Makes a text of an object in an encoding, under another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I copy the 'city' as 'hex' to 'digits'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("copy '' as '' to ''")]
fn copy_as_to(machine: &mut Machine, source: &str, encoding: &str, target: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let value = transcoded(machine, source, encoding, "string")?;
    machine.create(target, value, Traits::encoded("string"))
}

/// Moves an object to another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I move the 'city' to 'birthplace'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("move '' to ''")]
fn move_to(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    copy_to(machine, source, target)?;
    remove(machine, source)
}

/// Moves an object to another name, as a text in an encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// When I move the 'city' as 'hex' to 'digits'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[when("move '' as '' to ''")]
fn move_as_to(machine: &mut Machine, source: &str, encoding: &str, target: &str) -> Result<(), Error> {
    copy_as_to(machine, source, encoding, target)?;
    remove(machine, source)
}

/// Whether members can be added to an object by name.
pub(super) fn takes_names(codec: &Codec, name: &str) -> Result<bool, Error> {
    match (codec.shape, codec.schema) {
        (Shape::Element, Some(schema)) if schema.open => Ok(true),
        (Shape::Element, Some(_)) => {
            Err(Error::failed(format!("Schema is not open to accept extra objects: {name}")))
        }
        (Shape::Dictionary, _) => Ok(true),
        _ => Ok(false),
    }
}

/// Checks a value that goes into a table, one level below it.
fn admit_inside(machine: &mut Machine, value: &Value) -> Result<(), Error> {
    let limit = machine.limits.nesting_max;
    if value.nesting() >= limit {
        return Err(Error::Limit(format!("Nesting limit exceeded: {limit} levels")));
    }
    machine.admit(value)
}

/// Adds a named member to an object that has none of that name.
pub(super) fn add_member(machine: &mut Machine, target: &str, name: &str, value: Value) -> Result<(), Error> {
    admit_inside(machine, &value)?;
    let table = machine.table_mut(target)?;
    if table.member(name).is_some_and(|found| *found != Value::Boolean(false)) {
        return Err(Error::failed(format!("Cannot overwrite: {name} in {target}")));
    }
    if table.set(name, value) {
        Ok(())
    } else {
        Err(Error::failed(format!("{target} is an array: its members have no names")))
    }
}

/// Appends a value to an array.
pub(super) fn push_item(machine: &mut Machine, target: &str, value: Value) -> Result<(), Error> {
    admit_inside(machine, &value)?;
    if machine.table_mut(target)?.push(value) {
        Ok(())
    } else {
        Err(Error::failed(format!("{target} is a dictionary: its members need names")))
    }
}

/// Copies all members of an object into another.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I copy the contents of 'address' in 'person'
/// Then print the 'person'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea" }, "person": { "name": "Ada" } }
/// ```
#[when("copy contents of '' in ''")]
fn copy_contents(machine: &mut Machine, source: &str, target: &str) -> Result<(), Error> {
    let members = machine.table(source)?.clone();
    machine.table(target)?;
    let from = machine.have(source)?.codec.shape;
    let codec = machine.have(target)?.codec.clone();
    if codec.shape == Shape::Array {
        for value in members.values() {
            push_item(machine, target, value.clone())?;
        }
        return Ok(());
    }
    if takes_names(&codec, target)? {
        let fits = codec.shape != Shape::Dictionary || from == Shape::Dictionary;
        ensure(fits, || "Can not copy contents of an array into a dictionary".to_owned())?;
        for (key, value) in members.entries() {
            add_member(machine, target, &key.to_string(), value.clone())?;
        }
    }
    Ok(())
}

/// Copies one member of a dictionary into another object.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Given I have a 'string dictionary' named 'person'
/// When I copy the contents of 'address' named 'city' in 'person'
/// Then print the 'person'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" }, "person": { "name": "Ada" } }
/// ```
#[when("copy contents of '' named '' in ''")]
fn copy_contents_named(machine: &mut Machine, source: &str, name: &str, target: &str) -> Result<(), Error> {
    let table = machine.table(source)?;
    let dictionary = machine.have(source)?.codec.shape == Shape::Dictionary;
    ensure(dictionary, || format!("Object is not a dictionary: {source}"))?;
    let value = table.member(name).cloned();
    let value = value.ok_or_else(|| Error::refused(format!("Object not found: {name} inside {source}")))?;
    machine.table(target)?;
    let codec = machine.have(target)?.codec.clone();
    if codec.shape == Shape::Array {
        return push_item(machine, target, value);
    }
    if takes_names(&codec, target)? { add_member(machine, target, name, value) } else { Ok(()) }
}

/// The key that a name means in an object: its own value when there is such an object, else itself.
fn key_of(machine: &mut Machine, name: &str, owner: &str) -> Result<Key, Error> {
    let array = machine.have(owner)?.codec.shape == Shape::Array;
    let text = match machine.may_have(name) {
        None => name.to_owned(),
        Some(object) => match (object.codec.encoding.as_ref(), array) {
            ("string", _) => machine.text(name)?,
            ("integer" | "float", true) => number_text(&object.value),
            (other, true) => return Err(Error::failed(format!("Invalid array key encoding: {other}"))),
            (other, false) => return Err(Error::failed(format!("Invalid dictionary key encoding: {other}"))),
        },
    };
    if array {
        let position = crate::machine::position(&text);
        return position
            .map(Key::Position)
            .ok_or_else(|| Error::failed(format!("Invalid array index: {text}")));
    }
    Ok(Key::Name(text))
}

/// Copies a member of an object out, under a new name.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I copy the 'city' from 'address' to 'birthplace'
/// Then print the 'birthplace'
/// Then print the 'address'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("copy '' from '' to ''")]
fn copy_from_to(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    copy_member(machine, name, owner, target).map(|_| ())
}

fn copy_member(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<Key, Error> {
    let key = key_of(machine, name, owner)?;
    let value = machine.table(owner)?.get(&key).filter(|value| **value != Value::Boolean(false)).cloned();
    let value = value.ok_or_else(|| Error::failed(format!("Object not found: {key} inside {owner}")))?;
    if machine.objects.contains_key(target) {
        return Err(Error::failed(format!(
            "Cannot overwrite existing object: {target}\nTo copy/move element in existing element use:\n\
             When I move/copy '' from '' in ''"
        )));
    }
    let traits = Traits::member_of(&machine.have(owner)?.codec);
    machine.create(target, value, traits)?;
    Ok(key)
}

/// Moves a member of an object out, under a new name.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I move the 'city' from 'address' to 'birthplace'
/// Then print the 'birthplace'
/// Then print the 'address'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea", "street": "Via Jervis" } }
/// ```
#[when("move '' from '' to ''")]
fn move_from_to(machine: &mut Machine, name: &str, owner: &str, target: &str) -> Result<(), Error> {
    let key = copy_member(machine, name, owner, target)?;
    machine.table_mut(owner)?.take(&key);
    Ok(())
}

/// How many octets to split off, and the octets.
fn split(machine: &Machine, length: &str, name: &str) -> Result<(usize, Vec<u8>), Error> {
    let octets = machine.value(name)?.octets();
    let octets = octets.ok_or_else(|| Error::failed(format!("{name} has no octets to split")))?;
    let count = crate::machine::position(length);
    let count = count.ok_or_else(|| Error::refused(format!("Invalid number arg #1: {length}")))?;
    if count > octets.len() {
        return Err(Error::failed(format!("cannot split {count} octets off the {} of {name}", octets.len())));
    }
    Ok((count, octets))
}

/// Splits the last octets off, into `rightmost`.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'plate'
/// When I split the rightmost '3' bytes of 'plate'
/// Then print the 'rightmost'
/// Then print the 'plate'
/// ```
/// ```json data
/// { "plate": "TO-941" }
/// ```
#[when("split rightmost '' bytes of ''")]
fn split_rightmost(machine: &mut Machine, length: &str, name: &str) -> Result<(), Error> {
    machine.empty("rightmost")?;
    if let Value::Float(_) | Value::Time(_) = machine.value(name)? {
        return Err(Error::failed(format!("{name} has no length")));
    }
    let (count, mut left) = split(machine, length, name)?;
    let right = left.split_off(left.len() - count);
    let codec = machine.have(name)?.codec.clone();
    machine.replace(name, Value::Octet(left))?;
    machine.create_like("rightmost", Value::Octet(right), &codec)
}

/// Splits the first octets off, into `leftmost`.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'plate'
/// When I split the leftmost '3' bytes of 'plate'
/// Then print the 'leftmost'
/// Then print the 'plate'
/// ```
/// ```json data
/// { "plate": "TO-941" }
/// ```
#[when("split leftmost '' bytes of ''")]
fn split_leftmost(machine: &mut Machine, length: &str, name: &str) -> Result<(), Error> {
    machine.empty("leftmost")?;
    let (count, mut left) = split(machine, length, name)?;
    let right = left.split_off(count);
    let codec = machine.have(name)?.codec.clone();
    machine.replace(name, Value::Octet(right))?;
    machine.create_like("leftmost", Value::Octet(left), &codec)
}

/// Makes `count`: how often a character occurs.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'path'
/// When I create the count of char '/' found in 'path'
/// Then print the 'count'
/// ```
/// ```json data
/// { "path": "home/ada/notes" }
/// ```
#[when("create count of char '' found in ''")]
fn count_char(machine: &mut Machine, character: &str, name: &str) -> Result<(), Error> {
    let octets = machine.value(name)?.octets();
    let octets = octets.ok_or_else(|| Error::failed(format!("{name} has no octets to count in")))?;
    let wanted = character.bytes().next();
    let count = octets.iter().filter(|octet| Some(**octet) == wanted).count();
    #[expect(clippy::cast_precision_loss, reason = "the reference engine counts in floats")]
    machine.create("count", Value::Float(count as f32), Traits::element_encoded("number"))
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
    machine.replace(name, Value::Table(kept))
}

/// The octets of a text: no table and no number.
fn text_octets(machine: &Machine, name: &str) -> Result<Vec<u8>, Error> {
    match machine.value(name)? {
        Value::Table(_) => Err(Error::refused(format!("Invalid table object: {name}"))),
        Value::Float(_) | Value::Integer(_) => Err(Error::refused(format!("Invalid number object: {name}"))),
        other => other.octets().ok_or_else(|| Error::failed(format!("{name} has no octets"))),
    }
}

fn drop_octet(machine: &mut Machine, name: &str, unwanted: u8) -> Result<(), Error> {
    let mut octets = text_octets(machine, name)?;
    octets.retain(|octet| *octet != unwanted);
    machine.replace(name, Value::Octet(octets))
}

/// Drops every space of a text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'number'
/// When I remove spaces in 'number'
/// Then print the 'number'
/// ```
/// ```json data
/// { "number": "IT 60 X054" }
/// ```
#[when("remove spaces in ''")]
fn remove_spaces(machine: &mut Machine, name: &str) -> Result<(), Error> {
    drop_octet(machine, name, b' ')
}

/// Drops every newline of a text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'poem'
/// When I remove newlines in 'poem'
/// Then print the 'poem'
/// ```
/// ```json data
/// { "poem": "one,\ntwo" }
/// ```
#[when("remove newlines in ''")]
fn remove_newlines(machine: &mut Machine, name: &str) -> Result<(), Error> {
    drop_octet(machine, name, b'\n')
}

/// Drops every occurrence of a character that an object holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'number'
/// Given I have a 'string' named 'dash'
/// When I remove all occurrences of character 'dash' in 'number'
/// Then print the 'number'
/// ```
/// ```json data
/// { "number": "60-054-11", "dash": "-" }
/// ```
#[when("remove occurrences of character '' in ''")]
fn remove_occurrences(machine: &mut Machine, character: &str, name: &str) -> Result<(), Error> {
    let character = text_octets(machine, character)?;
    match character.first() {
        Some(unwanted) => drop_octet(machine, name, *unwanted),
        None => Err(Error::failed("no character to remove")),
    }
}

/// Drops blanks, control characters, everything beyond ASCII, and escapes such as `\\n` of a text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'note'
/// When I compact ascii strings in 'note'
/// Then print the 'note'
/// ```
/// ```json data
/// { "note": "one two\tthree" }
/// ```
#[when("compact ascii strings in ''")]
fn compact_ascii(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let octets = text_octets(machine, name)?;
    let mut kept = Vec::with_capacity(octets.len());
    let mut escaped = false;
    for octet in octets.into_iter().filter(|octet| (0x21..0x80).contains(octet)) {
        let dropped =
            std::mem::take(&mut escaped) && matches!(octet, b'a' | b'b' | b't' | b'n' | b'v' | b'f' | b'r');
        if dropped {
            continue;
        }
        if octet == b'\\' {
            escaped = true;
        } else {
            kept.push(octet);
        }
    }
    machine.replace(name, Value::Octet(kept))
}

/// Makes an object of texts read in an encoding, named like the encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'seals'
/// When I create the 'hex' cast of strings in 'seals'
/// Then print the 'hex'
/// ```
/// ```json data
/// { "seals": ["c0ffee", "00ff"] }
/// ```
#[when("create '' cast of strings in ''")]
fn create_cast_of_strings(machine: &mut Machine, encoding: &str, name: &str) -> Result<(), Error> {
    let object = machine.objects.get(name);
    let object = object.ok_or_else(|| Error::refused(format!("Object has no codec: {name}")))?.clone();
    ensure(object.codec.encoding == "string", || format!("Object has no string encoding: {name}"))?;
    machine.empty(encoding)?;
    let input = machine.input_encoding(encoding);
    let mut cast = |value: &Value| cast_text(value, input, encoding, name);
    let value = match &object.value {
        Value::Table(table) => Value::Table(table.map(&mut cast)?),
        scalar => cast(scalar)?,
    };
    machine.create(encoding, value, Traits::encoded(encoding.to_owned()))
}

fn cast_text(value: &Value, input: Input, encoding: &str, name: &str) -> Result<Value, Error> {
    let unfit = || Error::refused(format!("Object value is not a {encoding}: {name}"));
    let octets = value.octets().ok_or_else(unfit)?;
    let text = std::str::from_utf8(&octets).map_err(|_| unfit())?;
    if !input.accepts(text) {
        return Err(unfit());
    }
    convert_text(text, input).ok_or_else(unfit)
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
            let octets = other.octets().ok_or_else(|| Error::failed(format!("{source} is no integer")))?;
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
