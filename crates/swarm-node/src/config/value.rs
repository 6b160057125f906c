//! Values as people write them: times and sizes with a unit, lists with commas.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

use super::{ConfigError, Layer, fault};

/// How the value of a key is written in the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Texts, separated by commas.
    List,
}

/// A time with a unit: `500ms`, `10s`, `5m`, `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(Duration);

/// A number of octets with a unit: `512B`, `64KiB`, `1MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Octets(usize);

/// A number of events in a time: `10/s`, `600/m`, `1000/h`. As many may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Events, at least one.
    pub events: u32,
    /// The time.
    pub period: Duration,
}

impl Rate {
    fn parse(text: &str) -> Option<Self> {
        let (events, unit) = text.split_once('/')?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let events = events.parse().ok().filter(|it| (1..=1_000_000).contains(it))?;
        Some(Self { events, period: Duration::from_secs(seconds) })
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is not a rate; write a number from 1 to a million with /s, /m or /h"
            ))
        })
    }
}

impl Span {
    /// The time.
    pub fn get(self) -> Duration {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = split(text)?;
        let unit_ms = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        number.checked_mul(unit_ms).map(|ms| Self(Duration::from_millis(ms)))
    }
}

impl Octets {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let (number, unit) = split(text)?;
        let unit_octets = match unit {
            "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            _ => return None,
        };
        usize::try_from(number.checked_mul(unit_octets)?).ok().map(Self)
    }
}

fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|it: char| !it.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit))
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!("{text:?} is not a time; write a whole number with ms, s, m or h"))
        })
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!("{text:?} is not a size; write a whole number with B, KiB or MiB"))
        })
    }
}

/// Reads the environment through the same types as the file.
pub(super) fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    for (key, kind) in Layer::KEYS {
        let variable = format!("ZENSWARM_{}", key.to_uppercase());
        let Some(text) = get(&variable).filter(|text| !text.is_empty()) else { continue };
        let mut table = toml::Table::new();
        table.insert((*key).to_owned(), value(&text, *kind, &variable)?);
        // One key at a time, so that an error names its variable.
        let one = Layer::deserialize(table).map_err(|error| fault(error.message(), variable))?;
        layer = one.over(layer);
    }
    Ok(layer)
}

fn value(text: &str, kind: Kind, variable: &str) -> Result<toml::Value, ConfigError> {
    Ok(match kind {
        Kind::Text => toml::Value::String(text.to_owned()),
        Kind::Number => toml::Value::Integer(
            text.parse().map_err(|_| fault(format!("{text:?} is not a whole number"), variable))?,
        ),
        Kind::List => {
            toml::Value::Array(text.split(',').map(|it| toml::Value::String(it.trim().to_owned())).collect())
        }
    })
}
