//! From what the input holds to what memory holds: guessing a conversion, and making it.
//!
//! # Source
//! Zenroom `zencode_data.lua`: `guess_conversion`, `input_encoding`; `zencode_given.lua`:
//! `operate_conversion`.

use std::borrow::Cow;

use num_bigint::BigInt;

use crate::codec::{Codec, Object, Shape};
use crate::encoding::Input;
use crate::error::Error;
use crate::json::Json;
use crate::library::multihash_schema;
use crate::machine::{KEYRING, Machine};
use crate::number::{Number, whole_float};
use crate::schema::{Reading, Schema};
use crate::value::{Table, Value};

/// How an input will become an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conversion {
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
}

/// What converts the leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Encoding(Input),
    Schema(&'static Schema),
}

/// Integers may have this many bits.
const INTEGER_BITS_MAX: u64 = 384;

/// The schema that gives way to that of the digest which the input says it holds.
pub(crate) const MULTIHASH: &str = "multihash";

impl Machine {
    /// Converts an input and keeps the object, under a free name.
    pub(crate) fn import(
        &mut self,
        name: &str,
        json: &Json,
        definition: &str,
        root: Option<&str>,
    ) -> Result<(), Error> {
        self.empty(name)?;
        let object = self.convert(name, json, definition, root)?;
        self.insert(name, object)
    }

    /// Converts an input to an object.
    pub(crate) fn convert(
        &mut self,
        name: &str,
        json: &Json,
        definition: &str,
        root: Option<&str>,
    ) -> Result<Object, Error> {
        let conversion = self.guess(json, definition)?;
        let value = self.operate(name, json, conversion)?;
        let mut codec = self.codec_of(name, conversion, root);
        if codec.schema.is_some_and(|schema| schema.name == MULTIHASH) {
            codec.schema =
                multihash_schema(json, self.rules.input_encoding).and_then(|name| self.schema(name));
        }
        codec.read_as = (!matches!(value, Value::Table(_) | Value::Boolean(_))).then(|| value.kind());
        Ok(Object { value, codec })
    }

    fn codec_of(&self, name: &str, conversion: Conversion, root: Option<&str>) -> Codec {
        let (encoding, schema) = match conversion.kind {
            Kind::Encoding(input) => (Cow::Borrowed(input.name()), None),
            Kind::Schema(schema) if conversion.shape == Shape::Element && schema.complex => {
                (Cow::Borrowed("complex"), Some(schema))
            }
            Kind::Schema(schema) => (Cow::Borrowed("def"), Some(schema)),
        };
        Codec {
            name: name.to_owned(),
            encoding,
            shape: conversion.shape,
            schema,
            mask: None,
            root: root.map(str::to_owned),
            read_as: None,
            written: false,
            content: None,
        }
    }

    /// The conversion that a definition asks for, given what the input is.
    pub(crate) fn guess(&mut self, json: &Json, definition: &str) -> Result<Conversion, Error> {
        if let Some(schema) = self.schema(definition) {
            return Ok(Conversion { kind: Kind::Schema(schema), shape: Shape::Element });
        }
        // What an array is of has to be said.
        if definition == "array" {
            return Err(Error::input("an array of what? write for instance 'string array'"));
        }
        let is_dictionary = match json {
            Json::Object(_) => true,
            Json::Array(items) => items.is_empty(),
            _ => {
                if expected_table(definition).is_some() {
                    return Err(Error::input(format!(
                        "Cannot take object: expected '{definition}' but found '{}' (not a table)",
                        scalar_kind(json)
                    )));
                }
                let kind = Kind::Encoding(self.input_encoding(definition));
                return Ok(Conversion { kind, shape: Shape::Element });
            }
        };
        let (shape, left) = expected_table(definition).unwrap_or((
            if is_dictionary { Shape::Dictionary } else { Shape::Array },
            Some("string".to_owned()),
        ));
        let Some(left) = left else {
            let kind = Kind::Encoding(Input::Text);
            return Ok(Conversion { kind, shape: Shape::Dictionary });
        };
        let kind = match self.schema(&left) {
            Some(schema) => Kind::Schema(schema),
            None => Kind::Encoding(self.input_encoding(&left)),
        };
        Ok(Conversion { kind, shape })
    }

    /// The encoding of a name; unknown names are the input encoding of the contract, with a warning.
    pub(crate) fn input_encoding(&mut self, name: &str) -> Input {
        Input::named(name).unwrap_or_else(|| {
            let default = self.rules.input_encoding;
            self.warn(format!("Unknown input encoding '{name}': using default '{}'", default.name()));
            default
        })
    }

    /// Makes the conversion.
    pub(crate) fn operate(
        &mut self,
        name: &str,
        json: &Json,
        conversion: Conversion,
    ) -> Result<Value, Error> {
        let reading = Reading::new(self.rules.input_encoding);
        let value = match json {
            Json::Object(_) | Json::Array(_) => {
                check_shape(name, json, conversion.shape)?;
                match conversion.kind {
                    Kind::Schema(schema) if schema.name == KEYRING && conversion.shape == Shape::Element => {
                        self.key_cache.keyring(json, || (schema.import)(json, &reading))
                    }
                    Kind::Schema(schema) if conversion.shape == Shape::Element => {
                        (schema.import)(json, &reading)
                    }
                    Kind::Schema(schema) => members(json, &mut |item| (schema.import)(item, &reading)),
                    Kind::Encoding(input) => self.leaves(name, json, input),
                }
            }
            Json::Integer(integer) => limited(integer.clone()).map(Value::Integer),
            scalar => match conversion.kind {
                Kind::Schema(schema) => (schema.import)(scalar, &reading),
                Kind::Encoding(input) => {
                    check_scalar(name, scalar, input)?;
                    self.scalar(name, scalar, input)
                }
            },
        };
        reading.take_remarks().into_iter().for_each(|warning| self.warn(warning));
        value
    }

    /// Converts every leaf; a JSON null between items leaves a hole that is refused.
    fn leaves(&mut self, name: &str, json: &Json, input: Input) -> Result<Value, Error> {
        match json {
            Json::Object(members) => {
                let values = members.mapped(|_, item| self.leaves(name, item, input).map(Some));
                values.map(Table::of).map(Value::Table)
            }
            Json::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    if *item == Json::Null {
                        return Err(Error::input(format!("invalid table: sparse array in {name}")));
                    }
                    values.push(self.leaves(name, item, input)?);
                }
                Ok(Value::Table(Table::Array(values)))
            }
            // The reference engine hands a big integer to a function that takes texts.
            Json::Integer(_) => {
                Err(Error::input(format!("string expected in {name}, got a number of more than 15 digits")))
            }
            // The checks of these encodings take texts and numbers only.
            Json::Boolean(_)
                if matches!(
                    input,
                    Input::Base64 | Input::Url64 | Input::Base58 | Input::Hex | Input::Binary | Input::Base32
                ) =>
            {
                Err(cannot_decode(name, input))
            }
            scalar => self.scalar(name, scalar, input),
        }
    }

    /// Converts one scalar, without the check that single inputs go through first.
    pub(crate) fn scalar(&mut self, name: &str, json: &Json, input: Input) -> Result<Value, Error> {
        match json {
            Json::Boolean(truth) => Ok(Value::Boolean(*truth)),
            Json::Number(number) => self.number(*number, input),
            Json::Text(text) => convert_text(text, input).ok_or_else(|| match input {
                Input::Time => Error::input(format!("Could not read unix timestamp {text}")),
                _ => cannot_decode(name, input),
            }),
            Json::Null | Json::Integer(_) | Json::Array(_) | Json::Object(_) => {
                Err(cannot_decode(name, input))
            }
        }
    }

    fn number(&mut self, number: Number, input: Input) -> Result<Value, Error> {
        if input == Input::Time {
            let text = number.integral_text();
            let time = text.and_then(|text| text.parse().ok());
            return time
                .map(Value::Time)
                .ok_or_else(|| Error::input(format!("Could not read unix timestamp {}", number.text())));
        }
        if input != Input::Float
            && !self.rules.number_strict
            && let Some(time) = detected_time(number)
        {
            self.warn(format!("Number value imported as timestamp: {time}"));
            return Ok(Value::Time(time));
        }
        float_of(number).map(Value::Float)
    }
}

/// The float object of a number: by way of its seven digits.
pub(crate) fn float_of(number: Number) -> Result<f32, Error> {
    whole_float(&number.text()).ok_or_else(|| Error::input("Invalid argument, could not parse float number"))
}

/// A number that is taken for a time: integral, between July 2017 and the year 2100.
pub(crate) fn detected_time(number: Number) -> Option<i64> {
    let time: i64 = number.integral_text()?.parse().ok()?;
    (1_500_000_000..=4_102_444_800).contains(&time).then_some(time)
}

/// Converts a text; none when it does not fit the encoding.
pub(crate) fn convert_text(text: &str, input: Input) -> Option<Value> {
    // The reference engine hands texts to C, which reads them up to the first NUL.
    let text = text.split('\0').next().unwrap_or_default();
    match input {
        Input::Integer => integer(text).map(Value::Integer),
        // As C reads it, no digits are zero.
        Input::Float if text.is_empty() => Some(Value::Float(0.0)),
        Input::Float => whole_float(text).map(Value::Float),
        Input::Time => time(text).map(Value::Time),
        // The reference engine keeps such a text, and stops at it with its heap guard on.
        Input::Boolean => None,
        _ => input.decode(text).map(Value::Octet),
    }
}

/// C's `strtoll` on a whole text.
pub(crate) fn time(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    text.trim_start().parse().ok()
}

/// A decimal integer; no digits are zero.
pub(crate) fn integer(text: &str) -> Option<BigInt> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() {
        return Some(BigInt::ZERO);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > 1000 {
        return None;
    }
    limited(text.parse().ok()?).ok()
}

/// The integer, unless it is longer than integers may be.
pub(crate) fn limited(integer: BigInt) -> Result<BigInt, Error> {
    if integer.bits() > INTEGER_BITS_MAX {
        return Err(Error::input(format!("the integer has more than {INTEGER_BITS_MAX} bits")));
    }
    Ok(integer)
}

/// Shape and left words of a definition that ends in `array` or `dictionary`.
pub(crate) fn expected_table(definition: &str) -> Option<(Shape, Option<String>)> {
    let (left, last) = match definition.rsplit_once('_') {
        Some((left, last)) => (Some(left.to_owned()), last),
        None => (None, definition),
    };
    match (last, left) {
        ("dictionary", left) => Some((Shape::Dictionary, left)),
        ("array", Some(left)) => Some((Shape::Array, Some(left))),
        _ => None,
    }
}

fn members(json: &Json, import: &mut dyn FnMut(&Json) -> Result<Value, Error>) -> Result<Value, Error> {
    match json {
        Json::Object(members) => {
            let values = members.mapped(|_, item| import(item).map(Some));
            values.map(Table::of).map(Value::Table)
        }
        Json::Array(items) => {
            items.iter().map(import).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
        }
        _ => Err(Error::failed("Unknown shape to operate schema conversion")),
    }
}

fn check_shape(name: &str, json: &Json, shape: Shape) -> Result<(), Error> {
    let empty = matches!(json, Json::Array(items) if items.is_empty())
        || matches!(json, Json::Object(members) if members.is_empty());
    let fits = match shape {
        Shape::Element => true,
        Shape::Array => empty || matches!(json, Json::Array(_)),
        Shape::Dictionary => empty || matches!(json, Json::Object(_)),
    };
    if fits {
        return Ok(());
    }
    let expected = if shape == Shape::Array { "array" } else { "dictionary" };
    Err(Error::input(format!("Incorrect data type, expected {expected} for {name}")))
}

/// The check of single inputs: on the text of numbers, and never on truth values.
fn check_scalar(name: &str, json: &Json, input: Input) -> Result<(), Error> {
    let unchecked =
        matches!(input, Input::Text | Input::Mnemonic | Input::Uuid | Input::Time | Input::Boolean);
    let accepted = match json {
        Json::Text(text) => input.accepts(text),
        Json::Number(_)
            if matches!(input, Input::Float | Input::Base32Crockford | Input::Base32CrockfordChecked) =>
        {
            true
        }
        Json::Number(number) => input.accepts(&number.text()),
        Json::Boolean(_) => unchecked,
        _ => true,
    };
    if accepted { Ok(()) } else { Err(cannot_decode(name, input)) }
}

fn cannot_decode(name: &str, input: Input) -> Error {
    Error::input(format!("Cannot decode {name} with encoding {}", input.name()))
}

fn scalar_kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "nil",
        Json::Boolean(_) => "boolean",
        Json::Number(_) => "number",
        Json::Integer(_) => "userdata",
        Json::Text(_) => "string",
        Json::Array(_) | Json::Object(_) => "table",
    }
}

/// A JSON value without a contract's word on it: texts become octets, numbers floats.
pub(crate) fn plain(json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Null => return Err(Error::input("null has no value")),
        Json::Boolean(truth) => Value::Boolean(*truth),
        Json::Number(number) => Value::Float(float_of(*number)?),
        Json::Integer(integer) => Value::Integer(limited(integer.clone())?),
        Json::Text(text) => Value::text(text),
        Json::Array(items) => {
            let items = items.iter().filter(|item| **item != Json::Null);
            Value::Table(Table::Array(items.map(plain).collect::<Result<_, _>>()?))
        }
        Json::Object(members) => {
            let values = members.mapped(|_, item| {
                let value = (*item != Json::Null).then(|| plain(item));
                value.transpose()
            });
            Value::Table(Table::of(values?))
        }
    })
}
