//! What `Rule` lines set for a contract.

use crate::diagnostic::Concern;
use crate::encoding::{Input, Output};
use crate::version::{REFERENCE, Version};

/// The settings of a contract.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) input_encoding: Input,
    pub(crate) output_encoding: Output,
    pub(crate) number_strict: bool,
    pub(crate) ignore_unknown: bool,
    pub(crate) output_sorting: bool,
    pub(crate) path_separator: char,
    /// Name of the default hash function.
    pub(crate) hash: String,
    pub(crate) version_checked: bool,
    /// Whether KEYS may hold names that DATA holds too, and win over them.
    pub(crate) collision_ignored: bool,
    /// Whether the contract knows that the messages of `fsp` are no secret.
    pub(crate) fsp_insecure: bool,
    /// Whether a seal of `reflow` is signed once by everybody, which the reference engine does not look at.
    pub(crate) reflow_strict: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            input_encoding: Input::Base64,
            output_encoding: Output::Base64,
            number_strict: false,
            ignore_unknown: false,
            output_sorting: true,
            path_separator: '.',
            hash: "sha256".to_owned(),
            version_checked: false,
            collision_ignored: false,
            fsp_insecure: false,
            reflow_strict: false,
        }
    }
}

/// What a rule has to say besides its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) concern: Concern,
    pub(crate) message: String,
    pub(crate) hint: Option<&'static str>,
}

impl Remark {
    fn new(message: String, hint: Option<&'static str>) -> Option<Self> {
        Some(Self { concern: Concern::Rule, message, hint })
    }

    fn deprecated(old: &str, hint: &'static str) -> Option<Self> {
        let message = format!("DEPRECATED: {old}, use instead: {hint}");
        Some(Self { concern: Concern::Deprecated, message, hint: Some(hint) })
    }
}

/// What versions before 4 called `unknown ignore` and `collision ignore` in one.
const CALLER: &str = "restroom-mw";

impl Rules {
    /// Applies one `Rule` line.
    ///
    /// # Errors
    /// A sentence, when the rule is unknown or its value does not fit.
    ///
    /// # Source
    /// Zenroom `zencode.lua`, `set_rule`.
    pub(crate) fn apply(&mut self, line: &str) -> Result<Option<Remark>, String> {
        let lower = line.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(' ').filter(|word| !word.is_empty()).collect();
        let invalid = || format!("Rule invalid: {line}");
        let value = words.get(3).copied();
        let needed = || value.ok_or_else(invalid);
        let mut remark = None;
        match (words.get(1).copied(), words.get(2).copied()) {
            (Some("check"), Some("version")) => remark = self.check_version(needed()?)?,
            (Some("input"), Some("encoding")) => remark = self.set_input_encoding(needed()?),
            (Some("output"), Some("encoding")) => remark = self.set_output_encoding(needed()?),
            (Some("input" | "output"), Some("format")) => match needed()? {
                "json" => {}
                other => return Err(format!("Conversion format not supported: {other}")),
            },
            (Some("input"), Some("untagged")) | (Some("output"), Some("versioning")) => {}
            (Some("input"), Some("number")) if value == Some("strict") => self.number_strict = true,
            (Some("output"), Some("sorting")) => self.output_sorting = value == Some("true"),
            (Some("unknown"), Some("ignore")) => self.ignore_unknown = true,
            (Some("collision"), Some("ignore")) => {
                self.collision_ignored = true;
                let hint = "give DATA and KEYS different names";
                remark = Remark::deprecated("rule collision ignore", hint);
            }
            (Some("caller"), Some(CALLER)) => {
                self.ignore_unknown = true;
                self.collision_ignored = true;
                remark = Remark::deprecated("rule caller restroom-mw", "rule unknown ignore");
            }
            (Some("path"), Some("separator")) => {
                self.path_separator = separator(needed()?).ok_or_else(invalid)?
            }
            (Some("set"), Some("hash")) => needed()?.clone_into(&mut self.hash),
            (Some("set"), Some("fsp")) => match needed()? {
                "insecure" => self.fsp_insecure = true,
                _ => return Err(invalid()),
            },
            (Some("set"), Some("reflow")) => match needed()? {
                "strict" => self.reflow_strict = true,
                _ => return Err(invalid()),
            },
            (Some("set"), Some(key)) => {
                needed()?;
                remark = Remark::new(
                    format!("rule set {key} has no effect"),
                    Some(
                        "'set hash', 'set fsp' and 'set reflow' are the settings that change what a contract does",
                    ),
                );
            }
            _ => return Err(invalid()),
        }
        Ok(remark)
    }

    fn set_input_encoding(&mut self, name: &str) -> Option<Remark> {
        let Some(encoding) = Input::named(name) else {
            let current = self.input_encoding.name();
            let message = format!("Unknown input encoding '{name}': using default '{current}'");
            return Remark::new(message, None);
        };
        self.input_encoding = encoding;
        None
    }

    fn set_output_encoding(&mut self, name: &str) -> Option<Remark> {
        let Some(encoding) = Output::named(name) else {
            let message = format!("Unknown output encoding '{name}': this line changes nothing");
            return Remark::new(message, None);
        };
        self.output_encoding = encoding;
        None
    }

    fn check_version(&mut self, version: &str) -> Result<Option<Remark>, String> {
        let wanted = Version::read(version)?;
        self.version_checked = true;
        Ok(match wanted.cmp(&REFERENCE) {
            std::cmp::Ordering::Less => {
                Remark::new(format!("Zencode written for an older version: {version}"), None)
            }
            std::cmp::Ordering::Greater => {
                Remark::new(format!("Zencode written for a newer version: {version}"), None)
            }
            std::cmp::Ordering::Equal => None,
        })
    }
}

/// The separator that a rule names: one ASCII character.
fn separator(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|letter| letter.is_ascii() && letters.next().is_none())
}
