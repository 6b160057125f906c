//! Texts: appending, splitting, dropping characters, JSON in a text, reading and writing encodings.

use zencode_macros::{check, when};

use super::number_text;
use crate::codec::{Shape, Traits};
use crate::encoding::Input;
use crate::error::{Error, ensure};
use crate::import::{convert_text, plain};
use crate::machine::Machine;
use crate::schema::Schema;
use crate::value::Value;

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
    append_octets(machine, target, &tail)
}

fn append_octets(machine: &mut Machine, target: &str, tail: &[u8]) -> Result<(), Error> {
    let length = machine.value(target)?.length();
    machine.afford(length.saturating_add(tail.len()))?;
    let mut octets = appendable(machine, target)?;
    octets.reserve_exact(tail.len());
    octets.extend_from_slice(tail);
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
    append_octets(machine, target, text.as_bytes())
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
    machine.afford(octets.len().saturating_add(text.len()))?;
    let octets = [octets.as_slice(), &text].concat();
    machine.replace(target, Value::Octet(octets))
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
    ensure(object.value.length() > 0, || format!("Invalid JSON object: {name}"))?;
    let text = machine.text(name)?;
    let valid = crate::json::is_valid(&text, machine.limits.nesting_max);
    ensure(valid, || format!("Invalid JSON object: {name}"))
}

/// Types whose leaves are all texts, and become them again.
const OF_TEXTS: &[&str] = &["did_document"];

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
    let Value::Table(table) = &object.value else {
        return Err(Error::failed("JSON encode input is not a table"));
    };
    if object.codec.schema.is_some_and(|schema| OF_TEXTS.contains(&schema.name)) {
        let text = crate::library::jose::jws::payload_json(&object.value)?;
        return machine.create("json_escaped_string", Value::Octet(text), Traits::element_encoded("string"));
    }
    let encoding = object.codec.schema.map_or(object.codec.encoding.as_ref(), |schema| schema.name);
    // The reference engine exports leaf by leaf, and stumbles. A key is no text to hand on either.
    let stumbles = |schema: &Schema| {
        schema.export.is_none() || (object.codec.shape == Shape::Element && schema.name != "date_table")
    };
    if object.codec.schema.is_some_and(stumbles) && !table.is_empty() {
        return Err(Error::failed(format!("{name} has a shape of its own, and does not become a text")));
    }
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
    machine.afford(crate::json::weight_max(&text))?;
    let json = crate::json::decode(&text, machine.limits.nesting_max).map_err(Error::Failed)?;
    machine.create("json_unescaped_object", plain(&json)?, Traits::encoded("string"))
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
    // As C reads it, no character is the octet zero.
    let wanted = character.bytes().next().unwrap_or_default();
    let count = octets.iter().filter(|octet| **octet == wanted).count();
    #[expect(clippy::cast_precision_loss, reason = "the reference engine counts in floats")]
    machine.create("count", Value::Float(count as f32), Traits::element_encoded("number"))
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
    let no_digits = text.is_empty() && matches!(input, Input::Integer | Input::Float);
    if no_digits || !input.accepts(text) {
        return Err(unfit());
    }
    convert_text(text, input).ok_or_else(unfit)
}
