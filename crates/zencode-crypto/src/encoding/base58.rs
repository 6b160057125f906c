//! Base58 with the Bitcoin alphabet.
//!
//! Every signature and DID of the swarm passes through here, so the digits are worked on five at a time: a
//! group of five fits in 32 bits.

use super::{Error, check_length, check_symbols};

/// The most octets that are written. The work grows with the square of the length.
pub const OCTETS_MAX: usize = 16 * 1024;
/// The longest text that is read: the longest that is written.
pub const SYMBOLS_MAX: usize = OCTETS_MAX * 138 / 100 + 1;
/// The fewest octets that the reference engine writes; [`encode`] writes fewer too.
pub const REFERENCE_OCTETS_MIN: usize = 3;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Digits worked on at once.
const GROUP: usize = 5;
/// The base of a group of digits: 58^5.
const GROUP_BASE: u64 = 58 * 58 * 58 * 58 * 58;
/// The digit of each ASCII symbol, or 255.
const DIGITS: [u8; 128] = digits();
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
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let mut groups: Vec<u32> = Vec::with_capacity(octets.len() * 138 / 100 / GROUP + 2);
    // The first word may be short, so that the last octet ends one.
    for word in octets[zeros..].rchunks(4).rev() {
        let mut carry = word.iter().fold(0, |word, octet| (word << 8) | u64::from(*octet));
        for group in &mut groups {
            let value = (u64::from(*group) << (8 * word.len())) + carry;
            *group = (value % GROUP_BASE) as u32;
            carry = value / GROUP_BASE;
        }
        while carry > 0 {
            groups.push((carry % GROUP_BASE) as u32);
            carry /= GROUP_BASE;
        }
    }
    Ok(symbols(zeros, &groups))
}

/// Leading zeros and groups of digits, least significant first, as symbols.
fn symbols(zeros: usize, groups: &[u32]) -> String {
    let mut symbols = vec![ALPHABET[0]; zeros];
    for (index, group) in groups.iter().rev().enumerate() {
        let mut rest = *group;
        let mut five = [0; GROUP];
        for symbol in five.iter_mut().rev() {
            *symbol = ALPHABET[(rest % 58) as usize];
            rest /= 58;
        }
        let leading =
            if index == 0 { five.iter().take_while(|symbol| **symbol == ALPHABET[0]).count() } else { 0 };
        symbols.extend(&five[leading..]);
    }
    String::from_utf8(symbols).expect("the alphabet is ASCII")
}

/// Whether there is a symbol and nothing else.
///
/// # Source
/// Zenroom `OCTET.is_base58`.
pub fn is_valid(text: &str) -> bool {
    check(text).is_ok()
}

/// Reads symbols. The reference engine misplaces the octets of some texts with several leading `1`.
///
/// # Errors
/// `Empty`, `Symbol`; `TooLong` above [`SYMBOLS_MAX`].
///
/// # Source
/// Bitcoin's base58; Zenroom `OCTET.from_base58`.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    check(text)?;
    let zeros = text.bytes().take_while(|symbol| *symbol == ALPHABET[0]).count();
    let mut words: Vec<u32> = Vec::with_capacity(text.len() / GROUP + 1);
    for group in text.as_bytes()[zeros..].chunks(GROUP) {
        let (mut carry, mut base) = (0u64, 1u64);
        for symbol in group {
            carry = carry * 58 + u64::from(DIGITS[usize::from(*symbol)]);
            base *= 58;
        }
        for word in &mut words {
            let value = u64::from(*word) * base + carry;
            *word = value as u32;
            carry = value >> 32;
        }
        if carry > 0 {
            words.push(carry as u32);
        }
    }
    let mut octets = vec![0; zeros];
    let significant = words.iter().rev().flat_map(|word| word.to_be_bytes()).skip_while(|octet| *octet == 0);
    octets.extend(significant);
    Ok(octets)
}

fn check(text: &str) -> Result<(), Error> {
    check_length(text)?;
    if text.len() > SYMBOLS_MAX {
        return Err(Error::TooLong { found: text.len(), max: SYMBOLS_MAX });
    }
    check_symbols(text, EXPECTED, |symbol| DIGITS.get(usize::from(symbol)).is_some_and(|digit| *digit < 58))
}

const fn digits() -> [u8; 128] {
    let mut digits = [u8::MAX; 128];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        digits[ALPHABET[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
}
