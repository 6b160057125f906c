//! Octets as eight binary digits each.

use super::{Error, check_length, check_symbols};

const EXPECTED: &str = "0, 1 or a blank";

/// Writes eight digits per octet, the high bit first.
///
/// # Source
/// Zenroom `OCTET.to_bin`.
pub fn encode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 8);
    for octet in octets {
        text.extend((0..8).rev().map(|bit| if (octet >> bit) & 1 == 1 { '1' } else { '0' }));
    }
    text
}

/// Whether there are digits or blanks, and nothing else. Blanks alone pass.
///
/// # Source
/// Zenroom `OCTET.is_bin`.
pub fn is_valid(text: &str) -> bool {
    check(text).is_ok()
}

/// Reads digits, skips blanks, and drops the digits at the end that are short of an octet.
///
/// # Errors
/// `Empty`, `TooLong`, `Symbol`.
///
/// # Source
/// Zenroom `OCTET.from_bin`; zencode.md, C.4.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check(text)?;
    let mut octets = Vec::with_capacity(text.len() / 8);
    let (mut octet, mut count) = (0u8, 0);
    for digit in text.bytes().filter(|symbol| !is_blank(*symbol)) {
        octet = (octet << 1) | (digit - b'0');
        count += 1;
        if count == 8 {
            octets.push(octet);
            count = 0;
        }
    }
    Ok(octets)
}

fn check(text: &str) -> Result<(), Error> {
    check_length(text)?;
    check_symbols(text, EXPECTED, |symbol| symbol == b'0' || symbol == b'1' || is_blank(symbol))
}

/// C's `isspace`.
fn is_blank(symbol: u8) -> bool {
    matches!(symbol, b' ' | b'\t'..=b'\r')
}
