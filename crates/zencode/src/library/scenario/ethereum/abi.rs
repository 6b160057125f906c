//! What contracts on the ledger take and give: the application binary interface, as far as one level of arrays.
//!
//! # Source
//! Solidity, "Contract ABI Specification"; Zenroom `crypto_ethereum.lua`.

use num_bigint::BigUint;
use zencode_crypto::hash::keccak256;

use crate::error::Error;
use crate::value::{Table, Value, until_zero};

/// Octets of a word, of which everything is made.
const WORD: usize = 32;

/// Octets of a selector, which a call begins with.
const SELECTOR: usize = 4;

/// Items of an array of fixed length.
const ITEMS_MAX: usize = 10_000;

/// A type of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Number,
    Truth,
    /// Octets of a number that the type says, at its place.
    Fixed,
    /// Octets behind their length, away from their place.
    Octets,
    /// Items of one type: how many, when the type says it.
    Array(&'a str, Option<usize>),
}

impl<'a> Kind<'a> {
    fn of(name: &'a str) -> Result<Self, Error> {
        let unknown = || Error::failed(format!("Unable to encode {name}: no such type"));
        let numbered = |rest: &str| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit());
        if let Some((item, length)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            let simple = !item.is_empty() && item.bytes().all(|letter| letter.is_ascii_alphanumeric());
            let length = if length.is_empty() {
                None
            } else {
                let length = numbered(length).then(|| length.parse().ok()).flatten();
                Some(length.filter(|length| *length <= ITEMS_MAX).ok_or_else(unknown)?)
            };
            return if simple { Ok(Self::Array(item, length)) } else { Err(unknown()) };
        }
        match name {
            "address" => Ok(Self::Number),
            "bool" => Ok(Self::Truth),
            "string" | "bytes" => Ok(Self::Octets),
            name if name.strip_prefix("uint").is_some_and(numbered) => Ok(Self::Number),
            name if name.strip_prefix("bytes").is_some_and(numbered) => Ok(Self::Fixed),
            _ => Err(unknown()),
        }
    }

    /// Whether its place holds only where it is.
    fn is_dynamic(self) -> Result<bool, Error> {
        Ok(match self {
            Self::Octets | Self::Array(_, None) => true,
            Self::Array(item, Some(_)) => Self::of(item)?.is_dynamic()?,
            Self::Number | Self::Truth | Self::Fixed => false,
        })
    }

    /// Octets of its place.
    fn head(self) -> Result<usize, Error> {
        Ok(match self {
            Self::Array(_, Some(length)) if !self.is_dynamic()? => WORD * length,
            _ => WORD,
        })
    }
}

/// The selector of a function: the beginning of its signature's digest.
pub(super) fn selector(function: &str, types: &[&str]) -> [u8; SELECTOR] {
    let signature = format!("{function}({})", types.join(","));
    *keccak256(signature.as_bytes()).first_chunk().expect("a digest is longer than a selector")
}

/// The call of a function: its selector and its arguments.
pub(super) fn call(selector: [u8; SELECTOR], types: &[&str], arguments: &[Value]) -> Result<Vec<u8>, Error> {
    let mut call = selector.to_vec();
    call.extend(tuple(types, arguments.iter())?);
    Ok(call)
}

/// Arguments one after the other, what is dynamic behind them.
pub(super) fn tuple<'a>(
    types: &[&str],
    mut arguments: impl Iterator<Item = &'a Value>,
) -> Result<Vec<u8>, Error> {
    let kinds = types.iter().map(|name| Kind::of(name)).collect::<Result<Vec<_>, _>>()?;
    let place = kinds.iter().map(|kind| kind.head()).sum::<Result<usize, _>>()?;
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for (kind, name) in kinds.into_iter().zip(types) {
        let missing = || Error::failed(format!("there is no argument for {name}"));
        let encoded = encode(kind, arguments.next().ok_or_else(missing)?)?;
        if kind.is_dynamic()? {
            heads.extend(word(place + tails.len()));
            tails.extend(encoded);
        } else {
            heads.extend(encoded);
        }
    }
    heads.append(&mut tails);
    Ok(heads)
}

/// One argument of a named type, alone.
pub(super) fn single(name: &str, argument: &Value) -> Result<Vec<u8>, Error> {
    encode(Kind::of(name)?, argument)
}

fn encode(kind: Kind<'_>, argument: &Value) -> Result<Vec<u8>, Error> {
    match kind {
        Kind::Number => number(argument),
        Kind::Truth => Ok(word(usize::from(truth(argument)?))),
        Kind::Fixed => Ok(padded(octets(argument)?)),
        Kind::Octets => {
            let octets = octets(argument)?;
            let mut encoded = word(octets.len());
            encoded.extend(padded(octets));
            Ok(encoded)
        }
        Kind::Array(item, length) => {
            let items =
                argument.table().ok_or_else(|| Error::failed(format!("an array of {item} is expected")))?;
            let count = length.unwrap_or_else(|| items.array_length());
            let mut encoded = if length.is_none() { word(count) } else { Vec::new() };
            encoded.extend(tuple(&vec![item; count], items.values())?);
            Ok(encoded)
        }
    }
}

fn octets(argument: &Value) -> Result<Vec<u8>, Error> {
    argument.octets().ok_or_else(|| Error::failed(format!("octets are expected, found {}", argument.kind())))
}

/// A number of zero or more: an integer, or octets as one. As in the reference engine these are of a float the
/// text that it prints: a `number` 1 is 49 here.
fn number(argument: &Value) -> Result<Vec<u8>, Error> {
    let fault = |what: &str| Error::failed(format!("a number of 256 bits is expected, found {what}"));
    let number = match argument {
        Value::Integer(number) => number.to_biguint().ok_or_else(|| fault("one below zero"))?,
        other => {
            let octets = other.octets().ok_or_else(|| fault(&format!("a {}", other.kind())))?;
            BigUint::from_bytes_be(&octets)
        }
    };
    let digits = number.to_bytes_be();
    let zeros = WORD.checked_sub(digits.len()).ok_or_else(|| fault("a longer one"))?;
    Ok([vec![0; zeros], digits].concat())
}

fn truth(argument: &Value) -> Result<bool, Error> {
    match argument {
        Value::Boolean(truth) => Ok(*truth),
        other => match other.octets().as_deref() {
            Some(b"true") => Ok(true),
            Some(b"false") => Ok(false),
            _ => Err(Error::failed("true or false is expected, found something else")),
        },
    }
}

fn word(number: usize) -> Vec<u8> {
    let digits = number.to_be_bytes();
    let mut word = vec![0; WORD - digits.len()];
    word.extend(digits);
    word
}

fn padded(mut octets: Vec<u8>) -> Vec<u8> {
    octets.resize(octets.len().next_multiple_of(WORD), 0);
    octets
}

/// What a function gave back: numbers, truth values, words and octets.
pub(super) fn decode(types: &[&str], octets: &[u8]) -> Result<Value, Error> {
    let values = types.iter().enumerate().map(|(index, name)| decode_one(name, octets, index * WORD));
    Ok(Value::Table(Table::Array(values.collect::<Result<_, _>>()?)))
}

fn decode_one(name: &str, octets: &[u8], at: usize) -> Result<Value, Error> {
    let word = slice(octets, at, WORD)?;
    match (name, Kind::of(name)?) {
        ("address" | "bytes32", _) => Ok(Value::Octet(word.to_vec())),
        (_, Kind::Number) => Ok(Value::Integer(BigUint::from_bytes_be(word).into())),
        (_, Kind::Truth) => Ok(Value::Boolean(word.iter().any(|octet| *octet != 0))),
        (_, Kind::Octets) => {
            let found = pointed_at(octets, word)?;
            Ok(Value::Octet(until_zero(found).to_vec()))
        }
        (_, Kind::Fixed | Kind::Array(..)) => Err(Error::failed(format!("Unknown data type: {name}"))),
    }
}

/// The one value of type `bytes` that a function gave back, zeros included.
pub(super) fn decode_bytes(octets: &[u8]) -> Result<&[u8], Error> {
    pointed_at(octets, slice(octets, 0, WORD)?)
}

/// The octets behind the length that a word points at.
fn pointed_at<'a>(octets: &'a [u8], word: &[u8]) -> Result<&'a [u8], Error> {
    let start = small(word)?;
    let length = small(slice(octets, start, WORD)?)?;
    slice(octets, start + WORD, length)
}

fn slice(octets: &[u8], start: usize, length: usize) -> Result<&[u8], Error> {
    let end = start.checked_add(length);
    let found = end.and_then(|end| octets.get(start..end));
    found.ok_or_else(|| Error::failed(format!("the data ends before octet {start} and {length} more")))
}

/// A word as a place or length.
fn small(word: &[u8]) -> Result<usize, Error> {
    let number =
        usize::try_from(BigUint::from_bytes_be(word)).ok().filter(|number| *number <= isize::MAX as usize);
    number.ok_or_else(|| Error::failed("the data points beyond its end"))
}
