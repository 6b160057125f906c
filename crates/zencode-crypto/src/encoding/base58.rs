//! Base58 with the Bitcoin alphabet.

use super::{Error, check_length, check_symbols};

/// The most octets that are written. The work grows with the square of the length.
pub const OCTETS_MAX: usize = 16 * 1024;
/// The longest text that is read: the longest that is written.
pub const SYMBOLS_MAX: usize = OCTETS_MAX * 138 / 100 + 1;
/// The fewest octets that the reference engine writes; [`encode`] writes fewer too.
pub const REFERENCE_OCTETS_MIN: usize = 3;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const EXPECTED: &str = "1-9, A-Z or a-z without I, O and l";

/// Writes octets; a leading zero octet is a leading `1`.
///
/// # Errors
/// `TooLong` above [`OCTETS_MAX`].
///
/// # Source
/// Bitcoin's base58; Zenroom `OCTET.to_base58`.
pub fn encode(octets: &[u8]) -> Result<String, Error> {
    if octets.len() > OCTETS_MAX {
        return Err(Error::TooLong { found: octets.len(), max: OCTETS_MAX });
    }
    Ok(bs58::encode(octets).into_string())
}

/// Whether there is a symbol and nothing else.
///
/// # Source
/// Zenroom `OCTET.is_base58`.
pub fn is_valid(text: &str) -> bool {
    check(text).is_ok()
}

/// Reads symbols.
///
/// # Errors
/// `Empty`, `Symbol`; `TooLong` above [`SYMBOLS_MAX`].
///
/// # Source
/// Bitcoin's base58; Zenroom `OCTET.from_base58`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check(text)?;
    Ok(bs58::decode(text).into_vec().expect("every symbol was checked to be of the alphabet"))
}

fn check(text: &str) -> Result<(), Error> {
    check_length(text)?;
    if text.len() > SYMBOLS_MAX {
        return Err(Error::TooLong { found: text.len(), max: SYMBOLS_MAX });
    }
    check_symbols(text, EXPECTED, |symbol| ALPHABET.contains(&symbol))
}
