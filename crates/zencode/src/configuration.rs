//! The configuration string of the reference interpreter.
//!
//! # Source
//! Zenroom `zen_config.c`, `zen_conf_parse`; `stb_c_lexer.h` for the words.

use crate::limits::Limits;

/// What a configuration string sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The seed of every draw: 64 octets. None: draws are fresh.
    pub seed: Option<[u8; 64]>,
    /// Whether the log is JSON.
    pub json_log: bool,
    /// How much of a contract is run.
    pub scope: Scope,
    /// How much is logged; from 2 on, what the engine does besides.
    pub debug: u64,
    /// What a run may use.
    pub limits: Limits,
}

/// How much of a contract is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Full,
    /// The Given phase alone, to see what it declares.
    Given,
}

/// Octets of a configuration string. The reference engine cuts a longer one, which may end in a number.
const OCTETS_MIN: usize = 3;
const OCTETS_MAX: usize = 512;

/// Octets of memory when the string names no limit.
const MEMORY_OCTETS: usize = 1024 * 1024 * 1024;

/// What the reference engine logs when the string says nothing of it.
const DEBUG: u64 = 2;

/// Digits of a seed, two per octet.
const SEED_DIGITS: usize = 128;

/// Digits of a decimal number behind `dec:`.
const DECIMAL_DIGITS_MAX: usize = 10;

/// Every key.
const KEYS: &str = "debug, verbose, scope, rngseed, logfmt, maxiter, maxmem, memblocknum, memblocksize";

/// The key whose value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Debug,
    Scope,
    Seed,
    LogFormat,
    Iterations,
    Memory,
    /// The size of a pool that this program does not have.
    Pool(&'static str),
}

impl Key {
    fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "debug" | "verbose" => Self::Debug,
            "scope" => Self::Scope,
            "rngseed" => Self::Seed,
            "logfmt" => Self::LogFormat,
            "maxiter" => Self::Iterations,
            "maxmem" => Self::Memory,
            "memblocknum" => Self::Pool("memblocknum"),
            "memblocksize" => Self::Pool("memblocksize"),
            _ => return None,
        })
    }
}

/// A word of the string.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A letter or colon, then letters, digits and colons.
    Word(&'a str),
    Number(&'a str),
    Comma,
    Equals,
}

impl Configuration {
    /// Reads a configuration string; an empty one sets nothing.
    ///
    /// # Errors
    /// What is wrong, in one line, and in a second what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse(text)
    }
}

impl Default for Configuration {
    /// What an empty string says.
    fn default() -> Self {
        Self {
            seed: None,
            json_log: false,
            scope: Scope::Full,
            debug: DEBUG,
            limits: Limits { heap_octets_max: MEMORY_OCTETS, ..Limits::default() },
        }
    }
}

fn parse(text: &str) -> Result<Configuration, String> {
    let mut configuration = Configuration::default();
    if text.is_empty() {
        return Ok(configuration);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || ",:=".contains(c);
    if text.len() < OCTETS_MIN || text.len() > OCTETS_MAX || !text.chars().all(allowed) {
        return Err(format!(
            "Error parsing configuration: {OCTETS_MIN} to {OCTETS_MAX} letters, digits, blanks and , : = are \
             expected"
        ));
    }
    let mut key = None;
    for token in tokens(text) {
        match token {
            Token::Comma => key = None,
            Token::Equals if key.is_none() => {
                return Err("Undefined config variable: a key comes before =".into());
            }
            Token::Equals => {}
            Token::Word(word) => match Key::named(word) {
                Some(named) => key = Some(named),
                None => configuration.set_word(key, word)?,
            },
            Token::Number(digits) => configuration.set_number(key, digits)?,
        }
    }
    Ok(configuration)
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let length = match first {
            ',' | '=' => 1,
            '0'..='9' => rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()),
            _ => rest.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(match first {
            ',' => Token::Comma,
            '=' => Token::Equals,
            '0'..='9' => Token::Number(word),
            _ => Token::Word(word),
        })
    })
}

impl Configuration {
    fn set_word(&mut self, key: Option<Key>, word: &str) -> Result<(), String> {
        let lower = word.to_ascii_lowercase();
        match (key, lower.as_str()) {
            (Some(Key::Scope), "full") => self.scope = Scope::Full,
            (Some(Key::Scope), "given") => self.scope = Scope::Given,
            (Some(Key::Scope), _) => {
                return Err(format!("Invalid scope config string: {word}\nscope is full or given"));
            }
            (Some(Key::LogFormat), "json") => self.json_log = true,
            (Some(Key::LogFormat), "text") => self.json_log = false,
            (Some(Key::LogFormat), _) => {
                return Err(format!("Invalid log format string: {word}\nlogfmt is text or json"));
            }
            (Some(Key::Seed), _) => self.seed = Some(seed(&lower)?),
            (Some(Key::Iterations), _) => self.limits.iterations_max = decimal("maxiter", &lower)?,
            (Some(Key::Memory), _) => self.limits.heap_octets_max = mebibytes(decimal("maxmem", &lower)?),
            (None | Some(Key::Debug | Key::Pool(_)), _) => {
                return Err(format!("Invalid configuration: {word}\nthe keys are {KEYS}"));
            }
        }
        Ok(())
    }

    fn set_number(&mut self, key: Option<Key>, digits: &str) -> Result<(), String> {
        let number: u64 = digits.parse().unwrap_or(u64::MAX);
        match key {
            Some(Key::Debug) => self.debug = number,
            Some(Key::Pool(name)) if number == 0 => {
                return Err(format!("Invalid configuration: {name} is at least 1"));
            }
            Some(Key::Pool(_)) => {}
            Some(Key::Iterations) => {
                return Err(format!("Invalid integer configuration\nwrite maxiter=dec:{digits}"));
            }
            Some(Key::Memory) => {
                return Err(format!("Invalid integer configuration\nwrite maxmem=dec:{digits}"));
            }
            Some(Key::Seed) => {
                return Err("Invalid integer configuration\nwrite hex: before the digits".into());
            }
            None | Some(Key::Scope | Key::LogFormat) => {
                return Err(format!(
                    "Invalid integer configuration\nno key that takes a number comes before {digits}"
                ));
            }
        }
        Ok(())
    }
}

fn decimal(name: &str, value: &str) -> Result<u64, String> {
    let Some(digits) = value.strip_prefix("dec:") else {
        return Err(format!("Invalid {name} data prefix (must be dec:)"));
    };
    if digits.is_empty() || digits.len() > DECIMAL_DIGITS_MAX {
        return Err(format!("Invalid length of {name}, must be 1 to {DECIMAL_DIGITS_MAX} digits"));
    }
    digits.parse().map_err(|_| format!("Invalid digit in {name}: {digits}"))
}

/// Memory of at least one mebibyte: a contract cannot do without.
fn mebibytes(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).max(1).saturating_mul(1024 * 1024)
}

fn seed(value: &str) -> Result<[u8; 64], String> {
    let Some(digits) = value.strip_prefix("hex:") else {
        return Err("Invalid rngseed data prefix (must be hex:)".to_owned());
    };
    if digits.len() != SEED_DIGITS {
        return Err(format!("Invalid length of rngseed: {} (must be {SEED_DIGITS})", digits.len()));
    }
    let octets = zencode_crypto::encoding::hex::decode(digits).ok().and_then(|octets| octets.try_into().ok());
    octets.ok_or_else(|| "Invalid hex digit in rngseed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reference engine takes.
    const TAKEN: &[&str] = &[
        "debug",
        "debug=1,",
        "debug 1",
        "debug=1 logfmt=json",
        "DEBUG=1",
        "debug==1",
        "debug=99999999999",
        "scope=FULL",
        "logfmt=TEXT",
        "maxiter=DEC:5",
        "maxiter=dec:0",
        "maxmem=dec:0",
        "maxmem=dec:9999999999",
        "memblocknum=64",
        "memblocksize=128",
        ",,,",
        "   ",
        "debug = 1 , scope = full",
        "debug=1debug=2",
        "debug=1\nlogfmt=text",
    ];

    /// What it refuses.
    const REFUSED: &[&str] = &[
        "a",
        "ab",
        "abc",
        "=1,debug=1",
        "debug=-1",
        "debug=abc",
        "foo=1",
        "debug=1,foo",
        "scope=foo",
        "logfmt=xml",
        "maxiter=10",
        "maxiter=dec:",
        "maxiter=dec:12345678901",
        "maxiter=hex:10",
        "maxmem=1",
        "memblocknum=0",
        "memwipe=1",
        "memmanager=sys",
        "print=sys",
        "rngseed=hex:00",
        "rngseed=00",
        "debug=1;logfmt=json",
        "debug:1",
    ];

    #[test]
    fn what_the_reference_takes_is_taken() {
        for text in TAKEN {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn what_the_reference_refuses_is_refused() {
        for text in REFUSED {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_trailing_comma_and_a_seed_are_read() {
        let read = parse(&format!("debug=2,rngseed=hex:{},", "0".repeat(128)));
        assert_eq!(read.map(|configuration| configuration.seed), Ok(Some([0; 64])));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let message = parse("foo=1").map(|_| ());
        assert_eq!(message, Err(format!("Invalid configuration: foo\nthe keys are {KEYS}")));
    }

    #[test]
    fn a_seed_with_a_letter_too_much_is_refused() {
        assert!(parse(&format!("rngseed=hex:{}", "0".repeat(129))).is_err());
    }

    #[test]
    fn a_seed_that_is_not_hexadecimal_is_refused() {
        assert!(parse(&format!("rngseed=hex:{}", "g".repeat(128))).is_err());
    }

    #[test]
    fn a_string_over_its_limit_is_refused() {
        assert!(parse(&"debug=1,".repeat(65)).is_err());
    }

    #[test]
    fn iterations_are_limited() {
        let read = parse("maxiter=dec:10");
        assert_eq!(read.map(|configuration| configuration.limits.iterations_max), Ok(10));
    }

    #[test]
    fn the_given_phase_alone_can_be_asked_for() {
        assert_eq!(parse("scope=given").map(|configuration| configuration.scope), Ok(Scope::Given));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_configuration_or_a_fault(text in "\\PC{0,80}") {
            drop(parse(&text));
        }

        #[test]
        fn any_words_are_a_configuration_or_a_fault(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "debug", "scope", "rngseed", "logfmt", "maxiter", "memblocknum", "given", "json", "dec:7", "hex:",
                "12", "=", ",", " ",
            ]), 0..20)
        ) {
            drop(parse(&words.concat()));
        }
    }
}
