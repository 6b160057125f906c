//! The configuration file: TOML with one table per kind of process.

use std::io::Read as _;
use std::path::Path;

use serde::Deserialize;

use super::{CONFIG_OCTETS_MAX, ConfigError, Layer, fault};

pub(super) fn read(path: &Path) -> Result<Layer, ConfigError> {
    let place = path.display().to_string();
    let refused = |message: String| fault(message, &place).hint("check the path given with --config");
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(CONFIG_OCTETS_MAX as u64 + 1).read_to_string(&mut text))
        .map_err(|error| refused(format!("the configuration cannot be read: {error}")))?;
    if text.len() > CONFIG_OCTETS_MAX {
        return Err(refused(format!("the configuration is larger than {CONFIG_OCTETS_MAX} octets")));
    }
    parse(&text, &place)
}

/// The tables of the file; those of other processes are theirs to check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    oracle: Layer,
    #[serde(default, rename = "controller")]
    _controller: toml::Table,
}

pub(super) fn parse(text: &str, name: &str) -> Result<Layer, ConfigError> {
    toml::from_str::<File>(text).map(|file| file.oracle).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
        let error = fault(error.message(), place);
        match suggestion(&error.message) {
            Some(key) => error.hint(format!("did you mean `{key}`?")),
            None => error,
        }
    })
}

/// The known key nearest to the unknown one that the message quotes.
fn suggestion(message: &str) -> Option<&'static str> {
    let unknown = message.strip_prefix("unknown field `")?.split('`').next()?;
    Layer::KEYS
        .iter()
        .map(|(key, _)| (distance(unknown, key), *key))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, key)| key)
}

/// Insertions, deletions and substitutions between two words.
///
/// # Source
/// Levenshtein 1966, computed row by row.
pub(crate) fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in to.iter().enumerate() {
            let substituted = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}
