//! Crockford's base32, with and without its check symbol.

use super::base32::collect_bits;
use super::{Error, check_length, check_symbols, symbol_error};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const EXPECTED: &str = "0-9, A-Z without U, or -";
const EXPECTED_CHECK: &str = "one check symbol at the end: 0-9, A-Z, *, ~, $ or =";
const DASH: u8 = b'-';

/// Writes eight upper-case symbols for each five octets; zero bits fill the last one.
///
/// # Source
/// Crockford, "Base 32", read as a string of bits; Zenroom `OCTET.to_base32_crockford`.
pub fn encode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 8 / 5 + 1);
    let (mut bits, mut count) = (0u16, 0);
    for octet in octets {
        bits = (bits << 8) | u16::from(*octet);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(symbol(bits >> count));
        }
    }
    if count > 0 {
        text.push(symbol(bits << (5 - count)));
    }
    text
}

/// Writes symbols and then the check symbol.
///
/// # Source
/// Crockford, "Base 32", check symbols; Zenroom's `base32crockford_cs`.
pub fn encode_with_check(octets: &[u8]) -> String {
    let mut text = encode(octets);
    text.push(check_symbol(octets));
    text
}

/// Reads symbols of either case, `O` for zero, `I` and `L` for one. Dashes are skipped and bits short of an
/// octet dropped.
///
/// # Errors
/// `TooLong`, `Symbol`; `Length` if there is not one whole octet.
///
/// # Source
/// Crockford, "Base 32"; Zenroom `OCTET.from_base32_crockford`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check_length(text)?;
    check_symbols(text, EXPECTED, |symbol| symbol == DASH || value(symbol).is_some())?;
    let octets = collect_bits(text.bytes().filter_map(value));
    if octets.is_empty() {
        return Err(Error::Length { found: text.len(), expected: "at least 2 symbols" });
    }
    Ok(octets)
}

/// Reads symbols and drops the check symbol at the end without a look at what it says, as the reference
/// engine does. [`has_right_check`] tells.
///
/// # Errors
/// `TooLong`, `Symbol`; `Length` if there is not one whole octet before the check symbol.
///
/// # Source
/// Zenroom `OCTET.from_base32_crockford`, behind `base32crockford_cs`.
pub fn decode_with_check(text: &str) -> Result<Vec<u8>, Error> {
    check_length(text)?;
    let (symbols, _) = split_check(text)?;
    if symbols.is_empty() {
        return Err(Error::Length { found: text.len(), expected: "at least 3 symbols" });
    }
    decode(symbols)
}

/// Whether the check symbol at the end is right.
///
/// # Source
/// Crockford, "Base 32", check symbols.
pub fn has_right_check(text: &str) -> bool {
    split_check(text).is_ok_and(|(symbols, check)| {
        decode(symbols).is_ok_and(|octets| check_symbol(&octets).eq_ignore_ascii_case(&canonical(check)))
    })
}

fn split_check(text: &str) -> Result<(&str, char), Error> {
    let trimmed = text.trim_end_matches(char::from(DASH));
    let Some((position, check)) = trimmed.char_indices().next_back() else {
        return Err(Error::Empty { min: 3 });
    };
    let known = u8::try_from(check).is_ok_and(|symbol| {
        value(symbol).is_some() || CHECK_ALPHABET[32..].contains(&symbol.to_ascii_uppercase())
    });
    if !known {
        return Err(symbol_error(text, position, EXPECTED_CHECK));
    }
    Ok((&trimmed[..position], check))
}

/// The check symbol for the octets as a big-endian integer modulo 37.
fn check_symbol(octets: &[u8]) -> char {
    let remainder = octets.iter().fold(0, |remainder, octet| (remainder * 256 + usize::from(*octet)) % 37);
    char::from(CHECK_ALPHABET[remainder])
}

fn symbol(bits: u16) -> char {
    char::from(ALPHABET[usize::from(bits & 31)])
}

/// The symbol that `O`, `I` and `L` stand for.
fn canonical(symbol: char) -> char {
    match symbol {
        'o' | 'O' => '0',
        'i' | 'I' | 'l' | 'L' => '1',
        other => other,
    }
}

/// The five bits of a symbol.
fn value(symbol: u8) -> Option<u8> {
    let upper = match symbol.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|known| *known == upper).and_then(|index| u8::try_from(index).ok())
}
