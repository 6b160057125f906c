//! MessagePack as the reference engine writes it: octets and integers as texts in base64url behind
//! type octets of its own, everything else as the format says.
//!
//! # Source
//! The MessagePack specification; Zenroom `msgpack.lua`, `zenroom_msgpack.lua`.

use num_bigint::{BigInt, Sign};
use zencode_crypto::encoding::url64;

use crate::error::Error;
use crate::number::{Number, whole_float};
use crate::point::Point;
use crate::value::{Table, Value};

const OCTET: u8 = 0xc7;
const INTEGER: u8 = 0xc8;
/// Where MessagePack itself has an extension of one octet.
const FIRST_POINT: u8 = 0xd4;
/// Where MessagePack itself has an extension of two octets.
const SECOND_POINT: u8 = 0xd5;

fn point_code(point: &Point) -> u8 {
    match point {
        Point::First(_) => FIRST_POINT,
        Point::Second(_) => SECOND_POINT,
    }
}

/// Packs a value.
///
/// # Errors
/// For floats and times, which the reference engine cannot pack either.
pub(crate) fn encode(value: &Value) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write(&mut out, value)?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Boolean(false) => out.push(0xc2),
        Value::Boolean(true) => out.push(0xc3),
        Value::Octet(octets) => extension(out, OCTET, octets),
        Value::Integer(integer) => extension(out, INTEGER, &integer.magnitude().to_bytes_be()),
        Value::Point(point) => extension(out, point_code(point), &point.octets()),
        Value::Float(_) | Value::Time(_) => {
            return Err(Error::failed(format!(
                "a {} cannot be packed",
                value.kind().trim_start_matches("zenroom.")
            )));
        }
        Value::Table(table) if table.is_array() => {
            head(out, table.count(), 0x90, 0xdc);
            for item in table.values() {
                write(out, item)?;
            }
        }
        Value::Table(table) => {
            head(out, table.count(), 0x80, 0xde);
            for (key, item) in table.entries() {
                name(out, &key.to_string());
                write(out, item)?;
            }
        }
    }
    Ok(())
}

fn extension(out: &mut Vec<u8>, kind: u8, octets: &[u8]) {
    let text = url64::encode(octets);
    out.push(kind);
    out.extend_from_slice(&length32(text.len()));
    out.extend_from_slice(text.as_bytes());
}

fn length32(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// The head of an array or map: one octet, or the type and 16 or 32 bits.
fn head(out: &mut Vec<u8>, count: usize, short: u8, long: u8) {
    match (u8::try_from(count), u16::try_from(count)) {
        (Ok(count), _) if count < 16 => out.push(short + count),
        (_, Ok(count)) => {
            out.push(long);
            out.extend_from_slice(&count.to_be_bytes());
        }
        _ => {
            out.push(long + 1);
            out.extend_from_slice(&length32(count));
        }
    }
}

fn name(out: &mut Vec<u8>, text: &str) {
    let length = text.len();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 32 => out.push(0xa0 + short),
        (Ok(short), _) => out.extend_from_slice(&[0xd9, short]),
        (_, Ok(medium)) => {
            out.push(0xda);
            out.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            out.push(0xdb);
            out.extend_from_slice(&length32(length));
        }
    }
    out.extend_from_slice(text.as_bytes());
}

/// Unpacks the first value of packed octets.
///
/// # Errors
/// When the octets end early, nest too deep, or hold a type that no value can be.
pub(crate) fn decode(octets: &[u8], nesting_max: usize) -> Result<Value, Error> {
    let mut reader = Reader { octets, nesting_max };
    let mut first = None;
    // Every packed value has to be sound, though only the first one counts.
    while !reader.octets.is_empty() {
        let value = reader.value(0)?;
        first = first.or(value);
    }
    first.ok_or_else(|| Error::failed("the packed octets hold no value"))
}

struct Reader<'a> {
    octets: &'a [u8],
    nesting_max: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) =
            self.octets.split_at_checked(count).ok_or_else(|| Error::failed("cannot decode MessagePack"))?;
        self.octets = rest;
        Ok(taken)
    }

    /// An unsigned number of up to eight octets.
    fn unsigned(&mut self, octets: usize) -> Result<u64, Error> {
        Ok(self.take(octets)?.iter().fold(0, |number, octet| (number << 8) | u64::from(*octet)))
    }

    fn length(&mut self, octets: usize) -> Result<usize, Error> {
        usize::try_from(self.unsigned(octets)?).map_err(|_| Error::failed("cannot decode MessagePack"))
    }

    fn text(&mut self, length: usize) -> Result<Value, Error> {
        Ok(Value::Octet(self.take(length)?.to_vec()))
    }

    /// None is MessagePack's nil.
    fn value(&mut self, depth: usize) -> Result<Option<Value>, Error> {
        if depth > self.nesting_max {
            return Err(Error::failed("the packed octets nest too deep"));
        }
        let kind = self.unsigned(1)?;
        Ok(Some(match kind {
            0xc0 => return Ok(None),
            0xc2 => Value::Boolean(false),
            0xc3 => Value::Boolean(true),
            0x00..=0x7f => number(i128::from(kind))?,
            0xe0..=0xff => number(i128::from(kind) - 256)?,
            0x80..=0x8f => self.map(usize::try_from(kind - 0x80).unwrap_or(0), depth)?,
            0x90..=0x9f => self.array(usize::try_from(kind - 0x90).unwrap_or(0), depth)?,
            0xa0..=0xbf => self.text(usize::try_from(kind - 0xa0).unwrap_or(0))?,
            0xc4 | 0xd9 => self.sized_text(1)?,
            0xc5 | 0xda => self.sized_text(2)?,
            0xc6 | 0xdb => self.sized_text(4)?,
            0xc7 => Value::Octet(self.extension()?),
            0xc8 => Value::Integer(BigInt::from_bytes_be(Sign::Plus, &self.extension()?)),
            0xd4 => Point::first(&self.extension()?)?.into(),
            0xd5 => Point::second(&self.extension()?)?.into(),
            0xca | 0xcb => self.float(kind == 0xcb)?,
            0xcc..=0xcf => number(i128::from(self.unsigned(1 << (kind - 0xcc))?))?,
            0xd0..=0xd3 => self.signed(1 << (kind - 0xd0))?,
            0xdc | 0xdd => {
                let count = self.length(if kind == 0xdc { 2 } else { 4 })?;
                self.array(count, depth)?
            }
            0xde | 0xdf => {
                let count = self.length(if kind == 0xde { 2 } else { 4 })?;
                self.map(count, depth)?
            }
            _ => return Err(Error::failed("cannot decode MessagePack")),
        }))
    }

    fn sized_text(&mut self, octets: usize) -> Result<Value, Error> {
        let length = self.length(octets)?;
        self.text(length)
    }

    fn extension(&mut self) -> Result<Vec<u8>, Error> {
        let length = self.length(4)?;
        let text = std::str::from_utf8(self.take(length)?);
        let text = text.map_err(|_| Error::failed("cannot decode MessagePack"))?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        url64::decode(text).map_err(|_| Error::failed("cannot decode MessagePack"))
    }

    #[expect(clippy::cast_possible_truncation, reason = "floats of the language are single")]
    fn float(&mut self, double: bool) -> Result<Value, Error> {
        let bits = self.unsigned(if double { 8 } else { 4 })?;
        let float = match u32::try_from(bits) {
            Ok(bits) if !double => f32::from_bits(bits),
            _ => f64::from_bits(bits) as f32,
        };
        let float = whole_float(&Number::Float(float).text());
        float.map(Value::Float).ok_or_else(|| Error::failed("the packed number is not finite"))
    }

    fn signed(&mut self, octets: usize) -> Result<Value, Error> {
        let shift = 128 - 8 * u32::try_from(octets).unwrap_or(8);
        number((i128::from(self.unsigned(octets)?) << shift) >> shift)
    }

    fn array(&mut self, count: usize, depth: usize) -> Result<Value, Error> {
        let mut items = Vec::new();
        for _ in 0..count {
            let item = self.value(depth + 1)?;
            items.push(item.ok_or_else(|| Error::failed("invalid table: sparse array in MessagePack"))?);
        }
        Ok(Value::Table(Table::Array(items)))
    }

    fn map(&mut self, count: usize, depth: usize) -> Result<Value, Error> {
        let mut table = Table::default();
        for _ in 0..count {
            let key = self.value(depth + 1)?;
            let Some(Value::Octet(key)) = key else {
                return Err(Error::failed("names in MessagePack are texts"));
            };
            let key = String::from_utf8(key).map_err(|_| Error::failed("names in MessagePack are UTF-8"))?;
            if let Some(value) = self.value(depth + 1)? {
                table.set(&key, value);
            }
        }
        Ok(Value::Table(table))
    }
}

fn number(value: i128) -> Result<Value, Error> {
    let text = value.to_string();
    let number = Number::parse(&text).and_then(|number| whole_float(&number.text()));
    number.map(Value::Float).ok_or_else(|| Error::failed("the packed number is out of range"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_dictionary_is_packed_as_the_reference_packs_it() {
        let mut table = Table::default();
        table.set("b", Value::text("x"));
        table.set("a", Value::Table(Table::Array(vec![Value::text("y"), Value::text("z")])));
        table.set("c", Value::Boolean(true));
        let packed = encode(&Value::Table(table)).unwrap();
        let expected = "83a16192c7000000026551c7000000026567a162c7000000026541a163c3";
        assert_eq!(zencode_crypto::encoding::hex::encode(&packed), expected);
    }

    proptest! {
        #[test]
        fn random_octets_never_panic(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&octets, 16);
        }
    }
}
