//! Hexadecimal.

use super::{Error, check_length, check_symbols};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

const PREFIX: &str = "0x";
const SYMBOLS: &str = "0-9, a-f or A-F";

/// Writes two lower-case digits per octet.
///
/// # Source
/// RFC 4648, 8; Zenroom `OCTET.to_hex`.
pub fn encode(octets: &[u8]) -> String {
    HEXLOWER.encode(octets)
}

/// Whether there is a digit and nothing else, after `0x` if it is there. An odd number passes.
///
/// # Source
/// Zenroom `OCTET.is_hex`.
pub fn is_valid(text: &str) -> bool {
    digits(text).is_ok()
}

/// Reads digits of either case, after `0x` if it is there. Only with `0x` their number may be odd.
///
/// # Errors
/// `Empty`, `TooLong`, `Symbol`; `Length` for an odd number without `0x`.
///
/// # Source
/// Zenroom `OCTET.from_hex`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let digits = digits(text)?;
    if digits.len().is_multiple_of(2) {
        return decode_pairs(digits);
    }
    if digits.len() == text.len() {
        return Err(Error::Length {
            found: text.len(),
            expected: "an even number of digits, or 0x before them",
        });
    }
    decode_pairs(&format!("0{digits}"))
}

fn digits(text: &str) -> Result<&str, Error> {
    let digits = text.strip_prefix(PREFIX).unwrap_or(text);
    check_length(digits)?;
    check_symbols(digits, SYMBOLS, |symbol| symbol.is_ascii_hexdigit())?;
    Ok(digits)
}

fn decode_pairs(digits: &str) -> Result<Vec<u8>, Error> {
    Ok(HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).expect("the digits were checked and come in pairs"))
}
