//! From memory to the output: encodings of values, and the printed tree.
//!
//! # Source
//! Zenroom `zencode_data.lua`: `f_factory_outcast`; `zencode_then.lua`: `then_outcast`; `json.lua`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use zencode_crypto::encoding::base64;

use crate::codec::{Mask, Object, Shape};
use crate::encoding::Output;
use crate::error::{Error, ensure};
use crate::json::write_string;
use crate::machine::Machine;
use crate::number::Number;
use crate::point::Point;
use crate::schema::Schema;
use crate::value::{Table, Value, until_zero};

/// A value of the output tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Printed {
    /// A text that is printed as it is.
    Text(Vec<u8>),
    Number(Number),
    Boolean(bool),
    /// A value that the output encoding of the contract will encode at the end.
    Raw(Value),
    Array(Vec<Printed>),
    Dictionary(BTreeMap<String, Printed>),
}

impl Printed {
    /// A raw value, its tables opened so that they can be added to.
    pub(crate) fn raw(value: &Value) -> Self {
        match value {
            Value::Boolean(truth) => Self::Boolean(*truth),
            Value::Table(Table::Array(items)) => Self::Array(items.iter().map(Self::raw).collect()),
            Value::Table(Table::Dictionary(members)) => Self::Dictionary(
                members.iter().map(|(name, value)| (name.clone(), Self::raw(value))).collect(),
            ),
            leaf => Self::Raw(leaf.clone()),
        }
    }
}

/// Encodes one leaf.
///
/// # Errors
/// When the value has no form in the encoding.
pub(crate) fn leaf(value: &Value, encoding: Output) -> Result<Printed, Error> {
    if encoding == Output::Plain {
        return Ok(Printed::raw(value));
    }
    Ok(match value {
        Value::Boolean(truth) => Printed::Boolean(*truth),
        Value::Float(_) | Value::Time(_) => {
            let number = value.number();
            Printed::Number(number.ok_or_else(|| Error::refused("Could not read the float number"))?)
        }
        Value::Integer(integer) => {
            let unfit = matches!(encoding, Output::Number | Output::Mnemonic);
            ensure(!unfit, || "Encoding not valid for integers".to_owned())?;
            if matches!(encoding, Output::Text | Output::Integer) {
                return Ok(Printed::Text(integer.to_string().into_bytes()));
            }
            let negative = integer.sign() == num_bigint::Sign::Minus;
            ensure(!negative, || "Negative integers can not be encoded".to_owned())?;
            encode(&integer.magnitude().to_bytes_be(), encoding)?
        }
        Value::Octet(octets) => encode(octets, encoding)?,
        Value::Point(point) => point_text(point, encoding)?,
        Value::Table(_) => return Err(Error::failed("invalid table conversion")),
    })
}

/// A point has octets, and no number can be found in it.
fn point_text(point: &Point, encoding: Output) -> Result<Printed, Error> {
    ensure(encoding != Output::Number, || format!("a {} is no number", point.kind()))?;
    encode(&point.octets(), encoding)
}

fn encode(octets: &[u8], encoding: Output) -> Result<Printed, Error> {
    // The check symbol of nothing is that of zero.
    if octets.is_empty() && encoding != Output::Base32CrockfordChecked {
        let number = matches!(encoding, Output::Integer | Output::Number);
        ensure(!number, || "Could not read the float number".to_owned())?;
        if encoding == Output::Uuid {
            return Err(Error::failed("a UUID has 16 octets, found none"));
        }
        return Ok(Printed::Text(Vec::new()));
    }
    if encoding == Output::Number {
        // The reference engine looks for a number in the base64 of the octets, and finds one by chance.
        let number = Number::parse(&base64::encode(octets));
        return number.map(Printed::Number).ok_or_else(|| Error::refused("Could not read the float number"));
    }
    let text = encoding.encode(octets);
    text.map(Printed::Text).ok_or_else(|| Error::failed(format!("the octets have no form in {encoding:?}")))
}

/// Encodes a value, leaf by leaf.
pub(crate) fn tree(value: &Value, encoding: Output) -> Result<Printed, Error> {
    match value {
        Value::Table(Table::Array(items)) => {
            items.iter().map(|item| tree(item, encoding)).collect::<Result<_, _>>().map(Printed::Array)
        }
        Value::Table(Table::Dictionary(members)) => members
            .iter()
            .map(|(name, item)| Ok((name.clone(), tree(item, encoding)?)))
            .collect::<Result<_, _>>()
            .map(Printed::Dictionary),
        scalar => leaf(scalar, encoding),
    }
}

/// Encodes a table, each leaf in the encoding that its mask says, or as a text. An empty text without a
/// mask of its own is left out, and a table without one is refused, as in the reference engine.
fn masked(value: &Value, mask: &Mask, machine: &Machine) -> Result<Printed, Error> {
    let (Value::Table(table), Mask::Inner(masks)) = (value, mask) else {
        return Err(Error::failed("an encoding by path is for the members of tables"));
    };
    let member = |name: &str, item: &Value| match (masks.get(name), item) {
        (Some(inner), Value::Table(_)) => masked(item, inner, machine).map(Some),
        (Some(Mask::Leaf(name)), _) => leaf(item, machine.output_encoding(name)).map(Some),
        (Some(Mask::Inner(_)), _) => Err(Error::failed(format!("{name} has no members to encode"))),
        (None, _) => match item.octets() {
            Some(octets) => Ok((!octets.is_empty()).then_some(Printed::Text(octets))),
            None => Err(Error::failed(format!("{name} has no text: encode its path too"))),
        },
    };
    match table {
        Table::Dictionary(members) => {
            let mut printed = BTreeMap::new();
            for (name, item) in members {
                printed.extend(member(name, item)?.map(|item| (name.clone(), item)));
            }
            Ok(Printed::Dictionary(printed))
        }
        // Names of masks are texts: positions have none.
        Table::Array(items) => {
            let items = items.iter().map(|item| member("", item)).filter_map(Result::transpose);
            items.collect::<Result<_, _>>().map(Printed::Array)
        }
    }
}

/// Exports a value by a schema, its members one by one where the object is a table of them.
fn by_schema(value: &Value, schema: &'static Schema, shape: Shape) -> Result<Printed, Error> {
    match (value, shape) {
        (Value::Table(Table::Array(items)), Shape::Array | Shape::Dictionary) => {
            items.iter().map(|item| exported(item, schema)).collect::<Result<_, _>>().map(Printed::Array)
        }
        (Value::Table(Table::Dictionary(members)), Shape::Array | Shape::Dictionary) => members
            .iter()
            .map(|(name, item)| Ok((name.clone(), exported(item, schema)?)))
            .collect::<Result<_, _>>()
            .map(Printed::Dictionary),
        _ => exported(value, schema),
    }
}

fn exported(value: &Value, schema: &'static Schema) -> Result<Printed, Error> {
    match schema.export {
        Some(export) => export(value),
        None => Ok(Printed::raw(value)),
    }
}

impl Machine {
    /// The printed form of an object: by its schema, its mask or its encoding.
    pub(crate) fn print_object(&self, object: &Object) -> Result<Printed, Error> {
        let codec = &object.codec;
        if let Some(schema) = codec.schema {
            return by_schema(&object.value, schema, codec.shape);
        }
        if let Some(mask) = &codec.mask {
            return masked(&object.value, mask, self);
        }
        self.print_encoded(&object.value, &codec.encoding)
    }

    /// The printed form of a value in a named encoding: that of a codec, or a schema's.
    pub(crate) fn print_encoded(&self, value: &Value, encoding: &str) -> Result<Printed, Error> {
        if encoding != "def"
            && Output::named(encoding).is_none()
            && let Some(schema) = self.schema(encoding).filter(|schema| schema.complex)
        {
            return exported(value, schema);
        }
        self.print_tree(value, self.output_encoding(encoding))
    }

    /// What is printed is held until the end, so memory has to have room for all of it.
    fn print_tree(&self, value: &Value, encoding: Output) -> Result<Printed, Error> {
        let printed = value.weight().saturating_mul(encoding.growth()).saturating_add(self.printed.get());
        self.printed.set(printed);
        self.afford(printed)?;
        tree(value, encoding)
    }

    /// The printed form of a value `as` something: a schema, whose members the named object's shape tells
    /// apart, or an encoding.
    pub(crate) fn print_as(&self, value: &Value, name: &str, encoding: &str) -> Result<Printed, Error> {
        match self.schema(encoding) {
            Some(schema) => {
                let object = self.objects.get(name);
                let object =
                    object.ok_or_else(|| Error::failed(format!("CODEC not found for object: {name}")))?;
                by_schema(value, schema, object.codec.shape)
            }
            None => self.print_tree(value, self.output_encoding(encoding)),
        }
    }

    /// The text of an object's octets in an encoding, or by a schema.
    pub(crate) fn encoded_text(&self, name: &str, encoding: &str) -> Result<Vec<u8>, Error> {
        let octets = self.value(name)?.octets();
        let octets = octets.ok_or_else(|| Error::failed(format!("{name} has no octets to encode")))?;
        self.afford(octets.len().saturating_mul(Output::GROWTH_MAX))?;
        if let Some(schema) = self.schema(encoding) {
            return match schema.export.map(|export| export(&Value::Octet(octets))).transpose()? {
                Some(Printed::Text(text)) => Ok(text),
                _ => Err(Error::failed(format!("{encoding} is no text"))),
            };
        }
        if encoding == "boolean" {
            return Err(Error::failed(format!("{name} has no text in encoding {encoding}")));
        }
        let encoding_found = self.output_encoding(encoding);
        if octets.is_empty() && encoding_found != Output::Base32CrockfordChecked {
            let unfit = matches!(encoding_found, Output::Uuid | Output::Integer | Output::Number);
            return if unfit { Err(Error::failed(format!("{name} is empty"))) } else { Ok(Vec::new()) };
        }
        let text = encoding_found.encode(&octets);
        let text = text.ok_or_else(|| Error::failed(format!("{name} has no text in encoding {encoding}")))?;
        Ok(until_zero(&text).to_vec())
    }

    /// The encoding that members of a table are printed in; a table of schema objects has none.
    pub(crate) fn encoding_of_members(&self, owner: &str) -> Result<Cow<'static, str>, Error> {
        let Object { value, codec } = self.have(owner)?;
        let members = value.table().is_some_and(|table| !table.entries().is_empty());
        if codec.schema.is_some() && codec.shape != Shape::Element && members {
            return Err(Error::failed(format!(
                "the members of {owner} have no encoding; print {owner} itself"
            )));
        }
        Ok(codec.encoding.clone())
    }

    /// The whole output as one line of JSON.
    pub(crate) fn write_output(&mut self) -> Result<String, Error> {
        let members = std::mem::take(&mut self.output);
        let items = std::mem::take(&mut self.output_items);
        if items.is_empty() {
            return self.write_printed(&Printed::Dictionary(members));
        }
        if !members.is_empty() {
            return Err(Error::failed("invalid table: mixed or invalid key types"));
        }
        self.write_printed(&Printed::Array(items))
    }

    /// One line of JSON.
    pub(crate) fn write_printed(&self, printed: &Printed) -> Result<String, Error> {
        let mut out = String::new();
        self.write(&mut out, printed)?;
        self.bounded(&out)?;
        Ok(out)
    }

    fn bounded(&self, out: &str) -> Result<(), Error> {
        let limit = self.limits.output_octets_max;
        if out.len() <= limit {
            return Ok(());
        }
        Err(Error::Limit(format!("Output limit exceeded: {limit} octets")))
    }

    fn write(&self, out: &mut String, printed: &Printed) -> Result<(), Error> {
        self.bounded(out)?;
        match printed {
            Printed::Text(octets) => write_string(out, octets),
            // The reference engine reads its own text back before it writes it.
            Printed::Number(number) => {
                let text = number.text();
                out.push_str(&Number::parse(&text).map_or(text, Number::text));
            }
            Printed::Boolean(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Printed::Raw(value) => {
                let encoded = tree(value, self.rules.output_encoding)?;
                self.write(out, &encoded)?;
            }
            Printed::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    self.write(out, item)?;
                }
                out.push(']');
            }
            Printed::Dictionary(members) if members.is_empty() => out.push_str("[]"),
            Printed::Dictionary(members) => {
                out.push('{');
                for (index, (name, item)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(out, name.as_bytes());
                    out.push(':');
                    self.write(out, item)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// The canonical octets of a value: what is hashed and signed.
///
/// An element is its octets. A table is `K` and the names of its leaves, a zero octet, and the octets
/// of the leaves, depth first in sorted order; names of inner tables are left out, so that this is not
/// injective.
///
/// # Errors
/// For a single truth value, which has no octets.
///
/// # Source
/// Zenroom `zencode.lua`: `zencode_serialize`; `zencode_data.lua`: `serialize`.
pub(crate) fn serialize(value: &Value) -> Result<Vec<u8>, Error> {
    let Value::Table(table) = value else {
        let octets = value.octets();
        return octets
            .ok_or_else(|| Error::failed(format!("Cannot convert value to octet: {}", value.kind())));
    };
    let mut names = b"K".to_vec();
    let mut octets = vec![0];
    serialize_table(table, &mut names, &mut octets);
    names.extend_from_slice(&octets);
    Ok(names)
}

fn serialize_table(table: &Table, names: &mut Vec<u8>, octets: &mut Vec<u8>) {
    for (key, value) in table.entries() {
        if let Value::Table(inner) = value {
            serialize_table(inner, names, octets);
            continue;
        }
        names.extend_from_slice(key.to_string().as_bytes());
        match value.octets() {
            Some(leaf) => octets.extend_from_slice(&leaf),
            None => names.extend_from_slice(if *value == Value::Boolean(true) { b"true" } else { b"false" }),
        }
    }
}
