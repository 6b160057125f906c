//! Octets as English words with a checksum: BIP-39.

use super::Error;
use bip39::{Language, Mnemonic};

/// The longest text that is read: 24 words of eight letters, and the spaces between.
pub const SYMBOLS_MAX: usize = 24 * 9 - 1;

const EXPECTED_OCTETS: &str = "16, 20, 24, 28 or 32 octets";
const EXPECTED_WORDS: &str = "12, 15, 18, 21 or 24 words";

/// Writes words with a space between.
///
/// # Errors
/// `Length` unless there are 16, 20, 24, 28 or 32 octets.
///
/// # Source
/// BIP-39; Zenroom `OCTET.to_mnemonic`.
pub fn encode(octets: &[u8]) -> Result<String, Error> {
    Mnemonic::from_entropy_in(Language::English, octets)
        .map(|mnemonic| mnemonic.to_string())
        .map_err(|_| Error::Length { found: octets.len(), expected: EXPECTED_OCTETS })
}

/// Reads lower-case words with one space between. The reference engine cannot read the 15 and 21 words that it
/// writes.
///
/// # Errors
/// `TooLong`; `Length` unless there are 12, 15, 18, 21 or 24 words; `Word`; `Checksum`.
///
/// # Source
/// BIP-39; Zenroom `OCTET.from_mnemonic`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    if text.len() > SYMBOLS_MAX {
        return Err(Error::TooLong { found: text.len(), max: SYMBOLS_MAX });
    }
    // The library is more generous with blanks.
    if let Some(index) =
        text.split(' ').position(|word| word.is_empty() || word.contains(char::is_whitespace))
    {
        return Err(Error::Word { position: index + 1 });
    }
    let mnemonic = Mnemonic::parse_in_normalized(Language::English, text).map_err(|error| match error {
        bip39::Error::UnknownWord(index) => Error::Word { position: index + 1 },
        bip39::Error::BadWordCount(found) => Error::Length { found, expected: EXPECTED_WORDS },
        _ => Error::Checksum,
    })?;
    Ok(mnemonic.to_entropy())
}
