//! JSON as the reference engine reads and writes it.
//!
//! Not serde_json: trailing commas and leading zeros are accepted, numbers are 32 bits wide, integers
//! of more than 15 digits become big ones, duplicate names are refused, and a text may be a sequence of
//! values that are merged.

use num_bigint::BigInt;
use zeroize::Zeroize as _;

use crate::members::Members;
use crate::number::Number;

mod weight;

pub(crate) use weight::weight_max;

/// A value as it was read, before the contract says what it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(Number),
    /// An integer of more than 15 digits.
    Integer(BigInt),
    Text(String),
    Array(Vec<Json>),
    Object(Members<Json>),
}

impl Json {
    /// Overwrites every text.
    pub(crate) fn wipe(&mut self) {
        match self {
            Self::Text(text) => text.zeroize(),
            Self::Array(items) => items.iter_mut().for_each(Self::wipe),
            Self::Object(members) => members.values_mut().for_each(Self::wipe),
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Integer(_) => {}
        }
    }
}

/// Items of one array and members of one object, at most.
const MEMBERS_MAX: usize = 200_000;

/// Digits of one number, at most: what 384 bits can hold, with room for leading zeros.
const DIGITS_MAX: usize = 1_000;

/// Reads a root: an object or array, or a sequence of them merged from left to right.
///
/// # Errors
/// A sentence with line and column.
///
/// # Source
/// Zenroom `zenroom_json.lua`, `json.lua`, `zen_parse.c`.
pub(crate) fn decode(text: &str, nesting_max: usize) -> Result<Json, String> {
    if text.len() < 2 {
        return Err("JSON.decode argument is empty string".to_owned());
    }
    match decode_value(text, nesting_max) {
        Ok(root @ (Json::Object(_) | Json::Array(_))) => Ok(root),
        Ok(_) => Err("JSON decode has not returned a table".to_owned()),
        Err(_) if !text.trim_start().starts_with(['{', '[']) => {
            Err("JSON decode input is not a encoded table".to_owned())
        }
        Err(fault) => decode_sequence(text, nesting_max).map_err(|other| other.unwrap_or(fault)),
    }
}

/// Reads one value of any kind.
///
/// # Errors
/// A sentence with line and column.
pub(crate) fn decode_value(text: &str, nesting_max: usize) -> Result<Json, String> {
    Reader { text, at: 0, nesting_max }.document()
}

/// Whether a text is one JSON value of any kind, or objects and arrays one behind the other.
pub(crate) fn is_valid(text: &str, nesting_max: usize) -> bool {
    decode_value(text, nesting_max).is_ok() || decode(text, nesting_max).is_ok()
}

/// Objects one behind the other; `Err(None)` when the text does not look like that at all.
fn decode_sequence(text: &str, nesting_max: usize) -> Result<Json, Option<String>> {
    let mut reader = Reader { text, at: 0, nesting_max };
    let mut merged = Members::new();
    let mut items: Vec<Json> = Vec::new();
    let mut count = 0_usize;
    loop {
        reader.skip_blanks();
        if reader.at == text.len() {
            break;
        }
        match reader.value(0) {
            Ok(Json::Object(members)) => merged.extend(members),
            Ok(Json::Array(values)) => {
                for (index, value) in values.into_iter().enumerate() {
                    match items.get_mut(index) {
                        Some(place) => *place = value,
                        None => items.push(value),
                    }
                }
            }
            Ok(_) => return Err(None),
            Err(fault) => return Err((count > 0).then_some(fault)),
        }
        count += 1;
    }
    if merged.is_empty() { Ok(Json::Array(items)) } else { Ok(Json::Object(merged)) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nesting_max: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Json, String> {
        self.skip_blanks();
        let value = self.value(0)?;
        self.skip_blanks();
        if self.at < self.text.len() { Err(self.fault("trailing garbage")) } else { Ok(value) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn fault(&self, message: &str) -> String {
        self.fault_at(self.at, message)
    }

    fn fault_at(&self, at: usize, message: &str) -> String {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        format!("The JSON input is not valid: {message} at line {line} col {column}")
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > self.nesting_max {
            return Err(self.fault("max depth exceeded"));
        }
        match self.peek() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'0'..=b'9' | b'-') => self.number(),
            Some(b't' | b'f' | b'n') => self.literal(),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.object(depth),
            Some(_) => {
                let found = self.text[self.at..].chars().next().unwrap_or('?');
                Err(self.fault(&format!("unexpected character '{found}'")))
            }
            None => Err(self.fault("unexpected character ''")),
        }
    }

    /// The text up to the next delimiter.
    fn word(&mut self) -> &str {
        let start = self.at;
        while !matches!(self.peek(), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b']' | b'}' | b',')) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn literal(&mut self) -> Result<Json, String> {
        let start = self.at;
        match self.word() {
            "true" => Ok(Json::Boolean(true)),
            "false" => Ok(Json::Boolean(false)),
            "null" => Ok(Json::Null),
            other => {
                let message = format!("invalid literal '{other}'");
                Err(self.fault_at(start, &message))
            }
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        let word = self.word();
        let number = read_number(word);
        let message = format!("invalid number '{word}'");
        number.ok_or_else(|| self.fault_at(start, &message))
    }

    fn array(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Json::Array(items));
            }
            items.push(self.value(depth + 1)?);
            if items.len() > MEMBERS_MAX {
                return Err(self.fault("max array length exceeded"));
            }
            if self.separator(b']', "expected ']' or ','")? {
                return Ok(Json::Array(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut members = Members::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(members));
                }
                Some(b'"') => {}
                _ => return Err(self.fault("expected string for key")),
            }
            let name = self.string()?;
            if members.contains_key(&name) {
                return Err(self.fault(&format!("duplicate key '{name}'")));
            }
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err(self.fault("expected ':' after key"));
            }
            self.at += 1;
            self.skip_blanks();
            let value = self.value(depth + 1)?;
            match value {
                Json::Null => members.insert_nothing(name, value),
                value => drop(members.insert(name, value)),
            }
            if members.len() > MEMBERS_MAX {
                return Err(self.fault("max object members exceeded"));
            }
            if self.separator(b'}', "expected '}' or ','")? {
                return Ok(Json::Object(members));
            }
        }
    }

    /// Takes a comma (false) or the closing bracket (true).
    fn separator(&mut self, close: u8, message: &str) -> Result<bool, String> {
        self.skip_blanks();
        let found = self.peek();
        self.at += 1;
        if found == Some(close) {
            return Ok(true);
        }
        if found == Some(b',') { Ok(false) } else { Err(self.fault(message)) }
    }

    fn string(&mut self) -> Result<String, String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut plain = self.at;
        loop {
            match self.peek() {
                None => return Err(self.fault_at(start, "expected closing quote for string")),
                Some(b'"') => {
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    text.push(self.escape()?);
                    plain = self.at;
                }
                Some(0..=31) => return Err(self.fault("control character in string")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault_at(self.at - 1, "invalid escape char in string")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let pair = "invalid unicode surrogate pair in string";
        let first = self.four_digits()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.fault(pair));
        }
        if first >= 0xdc00 || !self.text[self.at..].starts_with("\\u") {
            return Err(self.fault(pair));
        }
        self.at += 2;
        let second = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.fault(pair));
        }
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(code).ok_or_else(|| self.fault(pair))
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let code = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.fault("invalid unicode escape in string"))?;
        self.at += 4;
        Ok(code)
    }
}

fn read_number(word: &str) -> Option<Json> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    if digits.len() > DIGITS_MAX {
        return None;
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    if !all_digits(whole)
        || fraction.is_some_and(|f| !all_digits(f))
        || exponent_digits.is_some_and(|e| !all_digits(e))
    {
        return None;
    }
    if fraction.is_none() && exponent.is_none() && whole.len() > 15 {
        return word.parse().ok().map(Json::Integer);
    }
    let number = Number::parse(word)?;
    number.float().is_finite().then_some(Json::Number(number))
}

/// Writes a text with the reference engine's escapes: octets that are not UTF-8 become U+FFFD.
pub(crate) fn write_string(out: &mut String, octets: &[u8]) {
    out.push('"');
    for character in String::from_utf8_lossy(octets).chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                let code = u32::from(character);
                for digit in [code >> 4, code & 15] {
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
