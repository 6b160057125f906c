//! Base64 for URLs, without padding.

use super::{Error, check_length, symbol_error};
use data_encoding::{BASE64URL_NOPAD, DecodeKind, Encoding};
use std::sync::LazyLock;

const EXPECTED: &str = "A-Z, a-z, 0-9, - or _";
/// The shortest text that the reference engine takes.
const VALID_SYMBOLS_MIN: usize = 3;

/// The encoding that ignores the bits which the last symbol has too many.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("base64url without the check of trailing bits is consistent")
});

/// Writes four symbols for each three octets, without padding.
///
/// # Source
/// RFC 4648, 5; Zenroom `OCTET.to_url64`.
pub fn encode(octets: &[u8]) -> String {
    BASE64URL_NOPAD.encode(octets)
}

/// Whether there are three symbols or more, and nothing else.
///
/// # Source
/// Zenroom `OCTET.is_url64`; zencode.md, C.4.
pub fn is_valid(text: &str) -> bool {
    text.len() >= VALID_SYMBOLS_MIN && decode(text).is_ok()
}

/// Reads symbols without padding. Bits too many are ignored, and so is a last symbol that stands alone, as in
/// the reference engine.
///
/// # Errors
/// `Empty`, `TooLong`, `Symbol`.
///
/// # Source
/// RFC 4648, 5, without its 3.5; Zenroom `OCTET.from_url64`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check_length(text)?;
    super::check_symbols(text, EXPECTED, |symbol| {
        symbol.is_ascii_alphanumeric() || symbol == b'-' || symbol == b'_'
    })?;
    let whole = text.len() - usize::from(text.len() % 4 == 1);
    LENIENT.decode(&text.as_bytes()[..whole]).map_err(|error| match error.kind {
        DecodeKind::Length => Error::Length { found: text.len(), expected: "other than one symbol over" },
        _ => symbol_error(text, error.position, EXPECTED),
    })
}
