//! What `Rule` lines set for a contract.

use crate::encoding::{Input, Output};

/// The settings of a contract.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) input_encoding: Input,
    pub(crate) output_encoding: Output,
    /// Name of the output encoding, as the contract wrote it.
    pub(crate) output_encoding_name: String,
    pub(crate) number_strict: bool,
    pub(crate) ignore_unknown: bool,
    pub(crate) output_sorting: bool,
    pub(crate) path_separator: char,
    /// Name of the default hash function.
    pub(crate) hash: String,
    pub(crate) version_checked: bool,
    /// What the rules had to say.
    pub(crate) warnings: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            input_encoding: Input::Base64,
            output_encoding: Output::Base64,
            output_encoding_name: "base64".to_owned(),
            number_strict: false,
            ignore_unknown: false,
            output_sorting: true,
            path_separator: '.',
            hash: "sha256".to_owned(),
            version_checked: false,
            warnings: Vec::new(),
        }
    }
}

/// The version of the reference engine that the language follows.
pub(crate) const REFERENCE_VERSION: (u32, u32, u32) = (5, 38, 1);

impl Rules {
    /// Applies one `Rule` line.
    ///
    /// # Errors
    /// A sentence, when the rule is unknown or its value does not fit.
    ///
    /// # Source
    /// Zenroom `zencode.lua`, `set_rule`.
    pub(crate) fn apply(&mut self, line: &str) -> Result<(), String> {
        let lower = line.trim().to_lowercase();
        let words: Vec<&str> = lower.split(' ').filter(|word| !word.is_empty()).collect();
        let invalid = || format!("Rule invalid: {line}");
        let value = words.get(3).copied();
        match (words.get(1).copied(), words.get(2).copied()) {
            (Some("check"), Some("version")) => self.check_version(value.ok_or_else(invalid)?)?,
            (Some("input"), Some("encoding")) => self.set_input_encoding(value.ok_or_else(invalid)?),
            (Some("output"), Some("encoding")) => {
                let name = value.ok_or_else(invalid)?;
                self.output_encoding = Output::named(name).unwrap_or(Output::Base64);
                name.clone_into(&mut self.output_encoding_name);
            }
            (Some("input" | "output"), Some("format")) => match value.ok_or_else(invalid)? {
                "json" => {}
                other => return Err(format!("Conversion format not supported: {other}")),
            },
            (Some("input"), Some("untagged")) | (Some("output"), Some("versioning")) => {}
            (Some("input"), Some("number")) if value == Some("strict") => self.number_strict = true,
            (Some("output"), Some("sorting")) => self.output_sorting = value == Some("true"),
            (Some("unknown"), Some("ignore")) => self.ignore_unknown = true,
            (Some("caller"), Some("restroom-mw")) => {}
            (Some("path"), Some("separator")) => {
                let mut letters = value.ok_or_else(invalid)?.chars();
                self.path_separator = letters.next().filter(char::is_ascii).ok_or_else(invalid)?;
                if letters.next().is_some() {
                    return Err(invalid());
                }
            }
            (Some("set"), Some(key)) => {
                let value = value.ok_or_else(invalid)?;
                if key == "hash" {
                    value.clone_into(&mut self.hash);
                }
            }
            _ => return Err(invalid()),
        }
        Ok(())
    }

    fn set_input_encoding(&mut self, name: &str) {
        match Input::named(name) {
            Some(encoding) => self.input_encoding = encoding,
            None => {
                let current = self.input_encoding.name();
                self.warnings.push(format!("Unknown input encoding '{name}': using default '{current}'"));
            }
        }
    }

    fn check_version(&mut self, version: &str) -> Result<(), String> {
        let mut parts = version.split(['.', '-', '+']).map(str::parse::<u32>);
        let Some(Ok(major)) = parts.next() else {
            return Err(format!("Could not extract version number(s) from \"{version}\""));
        };
        let mut next = || parts.next().and_then(Result::ok).unwrap_or(0);
        let wanted = (major, next(), next());
        match wanted.cmp(&REFERENCE_VERSION) {
            std::cmp::Ordering::Less => {
                self.warnings.push(format!("Zencode written for an older version: {version}"));
            }
            std::cmp::Ordering::Greater => {
                self.warnings.push(format!("Zencode written for a newer version: {version}"));
            }
            std::cmp::Ordering::Equal => {}
        }
        self.version_checked = true;
        Ok(())
    }
}
