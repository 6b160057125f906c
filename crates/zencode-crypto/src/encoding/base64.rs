//! Base64, padded.

use super::{Error, check_length, symbol_error};
use data_encoding::{BASE64, DecodeKind, Encoding};
use std::sync::LazyLock;

const EXPECTED: &str = "A-Z, a-z, 0-9, + or /, and = only at the end";

/// Base64 that ignores the bits which the last symbol has too many.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = BASE64.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("base64 without the check of trailing bits is consistent")
});

/// Writes four symbols for each three octets, padded.
///
/// # Source
/// RFC 4648, 4; Zenroom `OCTET.to_base64`.
pub fn encode(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

/// Whether the text is padded base64. The reference engine also passes one newline at the end, which it then
/// reads as a symbol.
///
/// # Source
/// Zenroom `OCTET.is_base64`.
pub fn is_valid(text: &str) -> bool {
    decode(text).is_ok()
}

/// Reads padded base64. Bits that the last symbol has too many are ignored, as in the reference engine.
///
/// # Errors
/// `Empty`, `TooLong`, `Symbol`; `Length` unless it is a multiple of four.
///
/// # Source
/// RFC 4648, 4, without its 3.5; Zenroom `OCTET.from_base64`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check_length(text)?;
    if !text.len().is_multiple_of(4) {
        return Err(Error::Length { found: text.len(), expected: "a multiple of 4 symbols" });
    }
    let octets = LENIENT.decode(text.as_bytes()).map_err(|error| match error.kind {
        DecodeKind::Length => Error::Length { found: text.len(), expected: "a multiple of 4 symbols" },
        _ => symbol_error(text, error.position, EXPECTED),
    })?;
    // The library takes several padded texts in a row for one.
    match text.find('=') {
        Some(position) if position + 2 < text.len() => Err(symbol_error(text, position, EXPECTED)),
        _ => Ok(octets),
    }
}
