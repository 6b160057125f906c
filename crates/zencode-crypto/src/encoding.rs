//! Octets as text, one encoding per module, with the acceptance of the reference engine.
//!
//! Every module has `encode`, `decode` and, where the reference engine checks a text before it converts it,
//! `is_valid`. The check and the conversion differ there, and so they do here: a contract needs both.
//!
//! # Example
//! ```
//! use zencode_crypto::encoding::{base58, hex};
//! let octets = hex::decode("48656c6c6f20576f726c64").unwrap();
//! assert_eq!(octets, b"Hello World");
//! assert_eq!(base58::encode(&octets).unwrap(), "JxF12TrwUP45BMd");
//! ```

pub mod base32;
pub mod base32crockford;
pub mod base58;
pub mod base64;
pub mod binary;
pub mod hex;
pub mod mnemonic;
pub mod url64;
pub mod uuid;

/// The longest text that is decoded: 16 MiB, as for the JSON it comes in.
pub const TEXT_OCTETS_MAX: usize = 16 * 1024 * 1024;

/// Why a text or octets were refused. Positions count octets of the text from zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No symbols at all.
    #[error("no symbols found, expected at least {min}")]
    Empty {
        /// The fewest symbols accepted.
        min: usize,
    },
    /// A symbol that the encoding does not have.
    #[error("{found:?} found at position {position}, expected {expected}")]
    Symbol {
        /// The symbol.
        found: char,
        /// Where it stands.
        position: usize,
        /// The symbols that may stand there.
        expected: &'static str,
    },
    /// A number of symbols or octets that the encoding does not have.
    #[error("length {found} found, expected {expected}")]
    Length {
        /// The length found.
        found: usize,
        /// The lengths accepted, in words.
        expected: &'static str,
    },
    /// Too much at once.
    #[error("length {found} found, expected at most {max}")]
    TooLong {
        /// The length found.
        found: usize,
        /// The longest accepted.
        max: usize,
    },
    /// A word that is not in the list.
    #[error("word {position} is not in the English list of BIP-39, expected lower case and single spaces")]
    Word {
        /// The word's number, from one.
        position: usize,
    },
    /// The last word disagrees with the others.
    #[error("checksum of the words is wrong, expected another last word or another order")]
    Checksum,
}

/// Refuses texts that are empty or too long.
fn check_length(text: &str) -> Result<(), Error> {
    match text.len() {
        0 => Err(Error::Empty { min: 1 }),
        found if found > TEXT_OCTETS_MAX => Err(Error::TooLong { found, max: TEXT_OCTETS_MAX }),
        _ => Ok(()),
    }
}

/// Refuses a text with a symbol that `accepts` does not know.
fn check_symbols(text: &str, expected: &'static str, accepts: impl Fn(u8) -> bool) -> Result<(), Error> {
    match text.bytes().position(|symbol| !accepts(symbol)) {
        None => Ok(()),
        Some(position) => Err(symbol_error(text, position, expected)),
    }
}

/// Names the symbol around an octet of the text.
fn symbol_error(text: &str, position: usize, expected: &'static str) -> Error {
    let start = (0..=position).rev().find(|index| text.is_char_boundary(*index)).unwrap_or_default();
    let found = text[start..].chars().next().unwrap_or('\0');
    Error::Symbol { found, position: start, expected }
}

#[cfg(test)]
mod tests;
