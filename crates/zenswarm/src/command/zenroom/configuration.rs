//! The configuration string of the reference interpreter.
//!
//! # Source
//! Zenroom `zen_config.c`, `zen_conf_parse`.

use zencode::Limits;

/// What a configuration string sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Configuration {
    pub(super) seed: Option<[u8; 64]>,
    pub(super) json_log: bool,
    pub(super) limits: Limits,
}

/// Octets of a configuration string.
const OCTETS_MIN: usize = 3;
const OCTETS_MAX: usize = 512;

/// Octets of memory when the string names no limit.
const MEMORY_OCTETS: usize = 1024 * 1024 * 1024;

/// Reads a configuration string; an empty one sets nothing.
pub(super) fn parse(text: &str) -> Result<Configuration, String> {
    let mut configuration = Configuration {
        seed: None,
        json_log: false,
        limits: Limits { heap_octets_max: MEMORY_OCTETS, ..Limits::default() },
    };
    if text.is_empty() {
        return Ok(configuration);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | ':' | '=');
    if text.len() < OCTETS_MIN || text.len() > OCTETS_MAX || !text.chars().all(allowed) {
        return Err(format!(
            "Invalid configuration: {OCTETS_MIN} to {OCTETS_MAX} letters, digits, spaces and , : = are expected"
        ));
    }
    for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
        apply(&mut configuration, setting)?;
    }
    Ok(configuration)
}

fn apply(configuration: &mut Configuration, setting: &str) -> Result<(), String> {
    let invalid = || format!("Invalid configuration: {setting}");
    let (key, value) = setting.split_once('=').ok_or_else(invalid)?;
    match (key.to_ascii_lowercase().as_str(), value) {
        ("debug" | "verbose" | "memblocknum" | "memblocksize", number) => {
            number.parse::<u32>().map_err(|_| invalid())?;
        }
        ("scope", "full") | ("logfmt", "text") => {}
        ("logfmt", "json") => configuration.json_log = true,
        ("rngseed", value) => configuration.seed = Some(seed(value).ok_or_else(invalid)?),
        ("maxiter", value) => {
            configuration.limits.iterations_max = decimal(value).ok_or_else(invalid)?;
        }
        ("maxmem", value) => {
            let mebibytes = usize::try_from(decimal(value).ok_or_else(invalid)?).map_err(|_| invalid())?;
            configuration.limits.heap_octets_max = mebibytes.saturating_mul(1024 * 1024);
        }
        _ => return Err(invalid()),
    }
    Ok(())
}

fn decimal(value: &str) -> Option<u64> {
    const DIGITS_MAX: usize = 10;
    let digits = value.strip_prefix("dec:")?;
    (digits.len() <= DIGITS_MAX).then(|| digits.parse().ok()).flatten()
}

fn seed(value: &str) -> Option<[u8; 64]> {
    let digits = value.strip_prefix("hex:")?;
    zencode_crypto::encoding::hex::decode(digits).ok().filter(|_| digits.len() == 128)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_comma_and_a_seed_are_read() {
        let read = parse(&format!("debug=2,rngseed=hex:{},", "0".repeat(128)));
        assert_eq!(read.map(|configuration| configuration.seed), Ok(Some([0; 64])));
    }

    #[test]
    fn an_unknown_key_is_named() {
        assert_eq!(parse("foo=1").map(|_| ()), Err("Invalid configuration: foo=1".to_owned()));
    }

    #[test]
    fn a_short_seed_is_refused() {
        assert!(parse("rngseed=hex:00").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_configuration_or_a_fault(text in "\\PC{0,80}") {
            drop(parse(&text));
        }

        #[test]
        fn any_setting_is_read_or_named(key in "[a-z]{3,10}", value in "[a-z0-9:]{0,20}") {
            if let Err(message) = parse(&format!("{key}={value}")) {
                proptest::prop_assert!(message.contains(&key));
            }
        }
    }

    #[test]
    fn iterations_are_limited() {
        let read = parse("maxiter=dec:10");
        assert_eq!(read.map(|configuration| configuration.limits.iterations_max), Ok(10));
    }
}
