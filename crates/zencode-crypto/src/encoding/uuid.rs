//! Sixteen octets as a UUID.

use super::{Error, hex, symbol_error};

const PREFIX: &str = "urn:uuid:";
const DASHES: [usize; 4] = [8, 13, 18, 23];
const SYMBOLS: usize = 36;
const EXPECTED_TEXT: &str = "36 symbols, or 45 with urn:uuid: before them";
const EXPECTED_OCTETS: &str = "16 octets";
const EXPECTED_SYMBOL: &str = "hexadecimal digits in groups of 8, 4, 4, 4 and 12 with dashes between";

/// Writes lower-case digits in five groups.
///
/// # Errors
/// `Length` unless there are 16 octets.
///
/// # Source
/// RFC 9562, 4; Zenroom `OCTET.to_uuid`.
pub fn encode(octets: &[u8]) -> Result<String, Error> {
    if octets.len() != 16 {
        return Err(Error::Length { found: octets.len(), expected: EXPECTED_OCTETS });
    }
    let mut text = hex::encode(octets);
    for position in DASHES {
        text.insert(position, '-');
    }
    Ok(text)
}

/// Reads digits of either case in five groups, after `urn:uuid:` if it is there. Gives 16 octets.
///
/// # Errors
/// `Length`, `Symbol`.
///
/// # Source
/// RFC 9562, 4; Zenroom `OCTET.from_uuid`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let groups = text.strip_prefix(PREFIX).unwrap_or(text);
    if groups.len() != SYMBOLS {
        return Err(Error::Length { found: text.len(), expected: EXPECTED_TEXT });
    }
    let right = |(position, symbol): (usize, u8)| {
        if DASHES.contains(&position) { symbol == b'-' } else { symbol.is_ascii_hexdigit() }
    };
    if let Some(position) = groups.bytes().enumerate().position(|symbol| !right(symbol)) {
        return Err(symbol_error(text, text.len() - SYMBOLS + position, EXPECTED_SYMBOL));
    }
    hex::decode(&groups.replace('-', ""))
}
