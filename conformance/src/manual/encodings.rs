//! The page about types and encodings; its samples are a committed case.

use std::fmt::Write;

use anyhow::{Context, Result};

use crate::case::Case;
use crate::compare::Outcome;
use crate::markdown::code;
use crate::recording::Recording;
use crate::suite::{CASES_FOLDER, folder_of};

/// The case that prints one text in every encoding.
const SAMPLES: &str = "encoding/manual_samples";

/// An encoding of octets.
struct Encoding {
    /// The name that prints, and reads.
    name: &'static str,
    /// Names that read only.
    short: &'static [&'static str],
    about: &'static str,
}

const OCTETS: &[Encoding] = &[
    Encoding { name: "string", short: &["str"], about: "text in UTF-8, up to its first NUL" },
    Encoding { name: "hex", short: &[], about: "hexadecimal digits" },
    Encoding { name: "base64", short: &["b64"], about: "RFC 4648" },
    Encoding {
        name: "url64",
        short: &["u64"],
        about: "RFC 4648 with the alphabet for addresses, without padding",
    },
    Encoding { name: "base58", short: &["b58"], about: "the alphabet of Bitcoin" },
    Encoding { name: "base32", short: &["b32"], about: "RFC 4648" },
    Encoding { name: "base32crockford", short: &["b32crockford"], about: "Crockford's alphabet" },
    Encoding {
        name: "base32crockford_cs",
        short: &["b32crockford_cs"],
        about: "the same with a check symbol at its end",
    },
    Encoding { name: "binary", short: &["bin"], about: "digits 0 and 1" },
    Encoding { name: "mnemonic", short: &[], about: "words of BIP-39, for 16 to 32 octets" },
    Encoding { name: "uuid", short: &[], about: "RFC 9562, for 16 octets" },
];

const OTHERS: &[(&str, &str, &str)] = &[
    ("integer", "int", "a whole number of any size, in decimal digits; printed as text"),
    ("float", "number, num", "a number of seven significant digits; printed as a JSON number"),
    ("time", "", "seconds since 1970; printed as a JSON number"),
    ("boolean", "", "`true` or `false`"),
];

/// The page.
///
/// # Errors
/// When the case of samples or its recording cannot be read.
pub(super) fn page() -> Result<String> {
    let samples = samples()?;
    let mut text = String::from(
        "# Types and encodings\n\n\
         A type says how a value of the input is read: `Given I have a 'hex' named 'letter'`. An encoding says how it is written: `Then print the \
         'letter' as 'base64'`. Most names are both. A value is printed in the encoding that it was read in, unless the line says `as`.\n\n\
         `array` and `dictionary` after a type make a collection of it: `'hex array'`, `'integer dictionary'`. The names of schemas are types too, such \
         as `keyring`, `date table`, `ecdh public key` and `eddsa signature`: [types](types.md) lists them.\n\n\
         [All statements](README.md)\n\n## Octets\n\n| type | also read as | is | `Meet at bridge 7` |\n|---|---|---|---|\n",
    );
    for Encoding { name, short, about } in OCTETS {
        let sample = samples.get(name).and_then(|sample| sample.as_str());
        let sample = sample.with_context(|| format!("{SAMPLES} prints no {name}"))?;
        let short: Vec<String> = short.iter().map(|name| code(name)).collect();
        writeln!(text, "| {} | {} | {about} | {} |", code(name), short.join(", "), code(sample))
            .expect("a String takes any text");
    }
    text.push_str("\n## Numbers and truth values\n\n| type | also read as | is |\n|---|---|---|\n");
    for (name, short, about) in OTHERS {
        let short: Vec<String> = short.split(", ").filter(|name| !name.is_empty()).map(code).collect();
        writeln!(text, "| {} | {} | {about} |", code(name), short.join(", "))
            .expect("a String takes any text");
    }
    text.push_str(
        "\nWithout a type (`Given I have a 'letter'`), the name itself is taken as the type if it is one; a JSON number between 1500000000 and \
         4102444800 is a time, any other number a `float`, and a text is read by `Rule input encoding`.\n",
    );
    Ok(text)
}

fn samples() -> Result<serde_json::Value> {
    let folder = folder_of(CASES_FOLDER);
    let case = Case::read(&folder, &folder.join(format!("{SAMPLES}.zen")))?;
    let recording = Recording::read(&case)?.with_context(|| format!("{SAMPLES} has no recording"))?;
    match recording.outcome()? {
        Outcome::Printed(output) => serde_json::from_str(&output).context(SAMPLES),
        outcome => anyhow::bail!("{SAMPLES} prints nothing: {outcome:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ours, settings::Settings};

    #[test]
    fn every_name_reads_as_a_type() {
        let short =
            OTHERS.iter().flat_map(|(name, short, _)| std::iter::once(*name).chain(short.split(", ")));
        let octets = OCTETS.iter().flat_map(|row| std::iter::once(row.name).chain(row.short.iter().copied()));
        for name in octets.chain(short).filter(|name| !name.is_empty()) {
            let script = format!("Rule input encoding {name}\nGiven nothing\nThen print string 'x'\n");
            let limits = zencode::Limits::default();
            let contract = zencode::Contract::compile(&script, zencode::Library::Language, &limits).unwrap();
            let unknown = contract
                .warnings()
                .iter()
                .any(|warning| format!("{warning:?}").contains("Unknown input encoding"));
            assert!(!unknown, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_no_type_is_told() {
        let case = Case {
            data: r#"{"x":"y"}"#.into(),
            ..Case::from_text("x", "Given I have a 'rot13' named 'x'\nThen print the 'x'\n")
        };
        assert!(matches!(ours::run(&case, &Settings::default()), Outcome::Failed { .. }));
    }
}
