//! The reference engine's configuration string, as far as this implementation follows it.

use anyhow::{Context, Result, bail};
use zencode::{Limits, Seed};

/// Octets of an `rngseed`.
const SEED_OCTETS: usize = 64;

/// How a case is run on both sides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The configuration string handed to the reference engine.
    pub conf: String,
    /// The same seed for this implementation.
    pub seed: [u8; SEED_OCTETS],
    /// The same limits for this implementation.
    pub limits: Limits,
    /// The present time on both sides, in milliseconds since 1970.
    pub now_ms: i64,
}

impl Default for Settings {
    /// Seed of zeros, no heap guard: what the reference engine's own test-suite uses.
    fn default() -> Self {
        Self {
            conf: format!("debug=1,rngseed=hex:{}", "0".repeat(2 * SEED_OCTETS)),
            seed: [0; SEED_OCTETS],
            limits: Limits::default(),
            now_ms: 1_700_000_000_000,
        }
    }
}

impl Settings {
    /// Reads a configuration string; keys that change nothing in the output are passed on unread.
    ///
    /// # Errors
    /// When `rngseed` or `maxiter` is malformed, or when the case asks for what is not compared here
    /// (`scope=given`).
    ///
    /// # Source
    /// `zen_config.c` of the reference engine.
    pub fn from_conf(conf: &str) -> Result<Self> {
        let mut settings = Self { conf: conf.to_owned(), ..Self::default() };
        let mut seeded = false;
        for pair in conf.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').with_context(|| format!("conf: `{pair}` has no `=`"))?;
            match key {
                "rngseed" => {
                    settings.seed = seed(value)?;
                    seeded = true;
                }
                "maxiter" => settings.limits.iterations_max = iterations(value)?,
                "scope" if value != "full" => bail!("conf: only scope=full is compared, found scope={value}"),
                _ => {}
            }
        }
        if !seeded {
            let comma = if conf.is_empty() { "" } else { "," };
            settings.conf = format!("{conf}{comma}rngseed=hex:{}", "0".repeat(2 * SEED_OCTETS));
        }
        Ok(settings)
    }

    /// The seed in the type of the language.
    pub fn language_seed(&self) -> Seed {
        Seed::Reference(self.seed)
    }
}

fn seed(value: &str) -> Result<[u8; SEED_OCTETS]> {
    let digits = value.strip_prefix("hex:").context("conf: rngseed must start with `hex:`")?;
    if digits.len() != 2 * SEED_OCTETS || !digits.is_ascii() {
        bail!("conf: rngseed has {} digits, expected {}", digits.len(), 2 * SEED_OCTETS);
    }
    let mut octets = [0; SEED_OCTETS];
    for (octet, pair) in octets.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        let pair = str::from_utf8(pair).context("conf: rngseed is not hexadecimal")?;
        *octet =
            u8::from_str_radix(pair, 16).with_context(|| format!("conf: `{pair}` is not hexadecimal"))?;
    }
    Ok(octets)
}

fn iterations(value: &str) -> Result<u64> {
    let digits = value.strip_prefix("dec:").context("conf: maxiter must start with `dec:`")?;
    digits.parse().with_context(|| format!("conf: `{digits}` is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_read_as_hexadecimal() {
        let conf = format!("debug=1,rngseed=hex:{}", "0f".repeat(64));
        assert_eq!(Settings::from_conf(&conf).unwrap().seed, [0x0f; 64]);
    }

    #[test]
    fn a_short_seed_is_refused() {
        assert!(Settings::from_conf("rngseed=hex:00").is_err());
    }

    #[test]
    fn a_loop_limit_is_followed() {
        assert_eq!(Settings::from_conf("maxiter=dec:3").unwrap().limits.iterations_max, 3);
    }

    #[test]
    fn a_conf_without_seed_gets_the_seed_of_zeros() {
        assert!(Settings::from_conf("debug=1").unwrap().conf.ends_with(&"0".repeat(128)));
    }
}
