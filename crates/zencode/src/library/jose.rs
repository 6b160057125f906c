//! JSON Web Tokens as values: header, payload and signature, and the ways to write their JSON.

pub(super) mod algorithm;
pub(super) mod jws;

use zencode_crypto::encoding::url64;

use crate::encoding::{Input, Output};
use crate::error::Error;
use crate::export::{Printed, leaf};
use crate::import::{detected_time, plain};
use crate::json::{self, Json};
use crate::number::{Number, float_text};
use crate::schema::octets;
use crate::value::{Table, Value};

/// Levels of arrays and objects inside a token.
const NESTING_MAX: usize = 256;

/// A JSON value as tokens hold it: whole numbers of our time are times, null is nothing.
pub(super) fn value(json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Number(number) => match detected_time(*number) {
            Some(time) => Value::Time(time),
            None => plain(json)?,
        },
        Json::Array(items) => {
            let items = items.iter().filter(|item| **item != Json::Null).map(value);
            Value::Table(Table::Array(items.collect::<Result<_, _>>()?))
        }
        Json::Object(members) => {
            let mut table = Table::default();
            for (name, item) in members.iter().filter(|(_, item)| **item != Json::Null) {
                table.set(name, value(item)?);
            }
            Value::Table(table)
        }
        scalar => plain(scalar)?,
    })
}

/// The JSON in a part of a token.
pub(super) fn decoded(part: &str) -> Result<Json, Error> {
    let octets = octets(&Json::Text(part.trim().to_owned()), "a part of the token", Input::Url64)?;
    let text = String::from_utf8_lossy(&octets);
    json::decode(&text, NESTING_MAX).map_err(Error::input)
}

/// Reads a token of three parts; more are overlooked, as in the reference engine.
///
/// # Source
/// RFC 7515, 7.1.
pub(super) fn import(text: &str) -> Result<Value, Error> {
    let mut parts = text.split('.').filter(|part| !part.is_empty());
    let mut part = || parts.next().ok_or_else(|| Error::input("a token has three parts between dots"));
    let mut token = Table::default();
    token.set("header", value(&decoded(part()?)?)?);
    token.set("payload", value(&decoded(part()?)?)?);
    let signature = octets(&Json::Text(part()?.to_owned()), "signature", Input::Url64)?;
    token.set("signature", Value::Octet(signature));
    Ok(Value::Table(token))
}

/// A member of a token.
pub(super) fn part<'a>(token: &'a Value, name: &str) -> Result<&'a Value, Error> {
    let part = token.table().and_then(|token| token.member(name));
    part.ok_or_else(|| Error::failed(format!("the token has no {name}")))
}

/// One of the ways to write JSON: [`compact`] or [`spaced`].
pub(super) type Write = fn(&Value) -> Result<Vec<u8>, Error>;

/// The text of a token, its parts written by `write`.
pub(super) fn export(token: &Value, write: Write) -> Result<String, Error> {
    let signature = part(token, "signature")?.octets();
    let signature = signature.ok_or_else(|| Error::failed("the signature of a token is octets"))?;
    Ok(format!("{}.{}", signed(token, write)?, url64::encode(&signature)))
}

/// What the signature of a token is of.
pub(super) fn signed(token: &Value, write: Write) -> Result<String, Error> {
    let encoded = |name| Ok::<_, Error>(url64::encode(&write(part(token, name)?)?));
    Ok(format!("{}.{}", encoded("header")?, encoded("payload")?))
}

/// JSON without blanks, texts as they are.
pub(super) fn compact(value: &Value) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write(&mut out, value, &COMPACT)?;
    Ok(out)
}

/// JSON with a blank after each comma and colon. Floats become texts, unless there is a number beside them that
/// takes more than 32 bits; empty texts are left out.
///
/// # Source
/// Zenroom `crypto_sd_jwt.lua`, `encode_prepared_dictionary`.
pub(super) fn spaced(value: &Value) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write(&mut out, value, if is_wide(value) { &PRECISE } else { &SPACED })?;
    Ok(out)
}

/// One way to write JSON.
struct Style {
    comma: &'static str,
    colon: &'static str,
    /// The text of an element; none leaves it out.
    scalar: fn(&Value) -> Result<Option<Vec<u8>>, Error>,
}

const COMPACT: Style = Style {
    comma: ",",
    colon: ":",
    scalar: |value| {
        Ok(Some(match leaf(value, Output::Text)? {
            Printed::Text(octets) => quoted(&octets),
            Printed::Number(number) => number.text().into_bytes(),
            Printed::Boolean(truth) => truth.to_string().into_bytes(),
            _ => return Err(Error::failed("a token holds texts, numbers and truth values")),
        }))
    },
};

const SPACED: Style = Style {
    comma: ", ",
    colon: ": ",
    scalar: |value| {
        Ok(match value {
            Value::Float(float) => Some(quoted(float_text(*float).as_bytes())),
            other => plain_text(other),
        })
    },
};

const PRECISE: Style = Style {
    scalar: |value| {
        Ok(match value {
            Value::Float(float) => Some(match whole(*float) {
                Some(whole) => format!("{whole:.0}").into_bytes(),
                None => float_text(*float).into_bytes(),
            }),
            other => plain_text(other),
        })
    },
    ..SPACED
};

fn plain_text(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Octet(octets) => text_of(octets),
        Value::Time(time) => Some(time.to_string().into_bytes()),
        Value::Integer(integer) => Some(integer.to_string().into_bytes()),
        Value::Boolean(truth) => Some(truth.to_string().into_bytes()),
        Value::Float(_) | Value::Table(_) | Value::Point(_) => None,
    }
}

/// The text that octets are; empty ones are nothing.
fn text_of(octets: &[u8]) -> Option<Vec<u8>> {
    (!octets.is_empty()).then(|| quoted(octets))
}

/// A JSON string of octets, which need not be UTF-8.
fn quoted(octets: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(octets.len() + 2);
    text.push(b'"');
    for octet in octets {
        match octet {
            b'"' => text.extend(b"\\\""),
            b'\\' => text.extend(b"\\\\"),
            8 => text.extend(b"\\b"),
            12 => text.extend(b"\\f"),
            b'\n' => text.extend(b"\\n"),
            b'\r' => text.extend(b"\\r"),
            b'\t' => text.extend(b"\\t"),
            0..=31 => text.extend(format!("\\u{octet:04x}").into_bytes()),
            other => text.push(*other),
        }
    }
    text.push(b'"');
    text
}

/// The number that the text of a float says, when it is a whole one.
fn whole(float: f32) -> Option<f32> {
    let number = Number::parse(&float_text(float))?.float();
    (number.fract() == 0.0).then_some(number)
}

/// Whether a whole number in it takes more than 32 bits.
fn is_wide(value: &Value) -> bool {
    match value {
        Value::Float(float) => {
            whole(*float).is_some_and(|whole| !(-2_147_483_648.0..2_147_483_648.0).contains(&whole))
        }
        Value::Time(time) => i32::try_from(*time).is_err(),
        Value::Integer(_) => true,
        Value::Table(table) => table.values().any(is_wide),
        Value::Octet(_) | Value::Boolean(_) | Value::Point(_) => false,
    }
}

fn write(out: &mut Vec<u8>, value: &Value, style: &Style) -> Result<(), Error> {
    match value {
        Value::Table(table) if table.is_empty() => out.extend(b"[]"),
        Value::Table(Table::Array(items)) => array(out, items, style)?,
        Value::Table(Table::Dictionary(named)) => {
            let named = named.iter().map(|(name, item)| (Some(name.as_str()), item));
            members(out, named, style, *b"{}")?;
        }
        scalar => out.extend((style.scalar)(scalar)?.unwrap_or_default()),
    }
    Ok(())
}

fn array(out: &mut Vec<u8>, items: &[Value], style: &Style) -> Result<(), Error> {
    members(out, items.iter().map(|item| (None, item)), style, *b"[]")
}

fn members<'a>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    style: &Style,
    [open, close]: [u8; 2],
) -> Result<(), Error> {
    let start = out.len();
    out.push(open);
    let mut comma = "";
    let mut hole = false;
    for (name, item) in items {
        let mut text = Vec::new();
        write(&mut text, item, style)?;
        if text.is_empty() {
            hole = name.is_none();
            continue;
        }
        if hole {
            return Err(Error::failed("an item of an array is empty, and cannot be left out before others"));
        }
        out.extend(comma.as_bytes());
        comma = style.comma;
        if let Some(name) = name {
            out.extend(quoted(name.as_bytes()));
            out.extend(style.colon.as_bytes());
        }
        out.extend(text);
    }
    out.push(close);
    if comma.is_empty() {
        // With every member left out it is an empty table, which is an array.
        out.truncate(start);
        out.extend(b"[]");
    }
    Ok(())
}
