//! Base32 as RFC 4648 has it.

use super::{Error, check_length, check_symbols};
use data_encoding::BASE32;

const EXPECTED: &str = "A-Z, a-z or 2-7, and = only at the end";
const PADDING: char = '=';

/// Writes eight symbols for each five octets, padded.
///
/// # Source
/// RFC 4648, 6; Zenroom `OCTET.to_base32`.
pub fn encode(octets: &[u8]) -> String {
    BASE32.encode(octets)
}

/// Whether there are symbols of either case, with as much padding as one likes, even alone.
///
/// # Source
/// Zenroom `OCTET.is_base32`.
pub fn is_valid(text: &str) -> bool {
    symbols(text).is_ok()
}

/// Reads symbols of either case. Padding may be there or not; bits short of an octet are dropped.
///
/// # Errors
/// `Empty`, `TooLong`, `Symbol`.
///
/// # Source
/// RFC 4648, 6, without its padding and its 3.5; Zenroom `OCTET.from_base32`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    Ok(collect_bits(symbols(text)?.bytes().map(value)))
}

fn symbols(text: &str) -> Result<&str, Error> {
    check_length(text)?;
    let symbols = text.trim_end_matches(PADDING);
    check_symbols(symbols, EXPECTED, |symbol| {
        symbol.is_ascii_alphabetic() || (b'2'..=b'7').contains(&symbol)
    })?;
    Ok(symbols)
}

/// The five bits of a symbol that was checked.
fn value(symbol: u8) -> u8 {
    match symbol {
        b'2'..=b'7' => symbol - b'2' + 26,
        _ => symbol.to_ascii_uppercase() - b'A',
    }
}

/// Joins groups of five bits to octets; bits short of an octet are dropped.
pub(super) fn collect_bits(groups: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut octets = Vec::with_capacity(groups.size_hint().0 * 5 / 8);
    let (mut bits, mut count) = (0u16, 0);
    for group in groups {
        bits = (bits << 5) | u16::from(group);
        count += 5;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count).to_le_bytes()[0]);
        }
    }
    octets
}
