//! Known differences by rule: what a contract says and how both engines end, with the reason.
//!
//! The file is made of blocks: a name in brackets, then `key = value` lines. `because` is the reason; every
//! other line is a condition, and all of them have to hold:
//!
//! | key | holds when |
//! |---|---|
//! | `says` | a line that failed says this sentence; when both engines print, any line of the contract |
//! | `line` | a line that failed contains this text |
//! | `ours`, `theirs` | that engine `printed`, `failed`, `hung`, ended with `anything`; `printed: TEXT` or `failed: TEXT`, which contains the text |
//! | `ours = went on` | it printed, or failed at a later line than theirs |
//! | `script`, `input` | the contract, or the data or keys, contain this text |
//! | `and script` | the contract contains this text as well |
//!
//! A condition may stand several times; then one of its values has to hold.

use anyhow::{Context, Result, bail};

use crate::case::Case;
use crate::compare::Outcome;
use crate::random::sentences_of;

/// The rules, in the order of the file.
#[derive(Debug, Default)]
pub struct KnownRules {
    rules: Vec<Rule>,
}

#[derive(Debug, Default)]
struct Rule {
    name: String,
    because: String,
    conditions: Vec<(Key, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Says,
    Line,
    Ours,
    Theirs,
    Script,
    AndScript,
    Input,
}

const KEYS: &[(&str, Key)] = &[
    ("says", Key::Says),
    ("line", Key::Line),
    ("ours", Key::Ours),
    ("theirs", Key::Theirs),
    ("script", Key::Script),
    ("and script", Key::AndScript),
    ("input", Key::Input),
];

impl KnownRules {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a line is neither a name nor a condition, or a rule has no reason or no condition on both engines.
    pub fn parse(text: &str) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                rules.push(Rule { name: name.to_owned(), ..Rule::default() });
                continue;
            }
            let place = || format!("line {number}: `{line}` is not `key = value` of a rule");
            let (key, value) = line.split_once('=').with_context(place)?;
            rules.last_mut().with_context(place)?.set(key.trim(), value.trim()).with_context(place)?;
        }
        for rule in &rules {
            let has = |key| rule.conditions.iter().any(|(found, _)| *found == key);
            if rule.because.is_empty() || !has(Key::Ours) || !has(Key::Theirs) {
                bail!("rule `{}` needs `because`, `ours` and `theirs`", rule.name);
            }
        }
        Ok(Self { rules })
    }

    /// Name and reason of the first rule that explains the difference.
    pub(super) fn explain(&self, case: &Case, ours: &Outcome, theirs: &Outcome) -> Option<String> {
        let rule = self.rules.iter().find(|rule| rule.holds(case, ours, theirs))?;
        Some(format!("{}: {}", rule.name, rule.because))
    }
}

impl Rule {
    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        if key == "because" {
            value.clone_into(&mut self.because);
            return Ok(());
        }
        let (_, key) = KEYS.iter().find(|(name, _)| *name == key).context("unknown key")?;
        self.conditions.push((*key, value.to_owned()));
        Ok(())
    }

    fn holds(&self, case: &Case, ours: &Outcome, theirs: &Outcome) -> bool {
        KEYS.iter().all(|(_, key)| {
            let mut values = self.conditions.iter().filter(|(found, _)| found == key).peekable();
            values.peek().is_none() || values.any(|(_, value)| meets(*key, value, case, ours, theirs))
        })
    }
}

fn meets(key: Key, value: &str, case: &Case, ours: &Outcome, theirs: &Outcome) -> bool {
    match key {
        Key::Ours if value == "went on" => went_on(ours, theirs),
        Key::Ours => ended(value, ours),
        Key::Theirs => ended(value, theirs),
        Key::Script | Key::AndScript => case.script.contains(value),
        Key::Input => case.data.contains(value) || case.keys.contains(value),
        Key::Line => failed_lines(ours, theirs).any(|number| {
            case.script.split(['\n', '\r']).nth(number - 1).is_some_and(|line| line.contains(value))
        }),
        Key::Says => {
            let sentences = sentences_of(&case.script);
            let mut failed = failed_lines(ours, theirs).peekable();
            match failed.peek() {
                Some(_) => {
                    failed.any(|number| sentences.get(&number).is_some_and(|sentence| sentence.text == value))
                }
                None => sentences.values().any(|sentence| sentence.text == value),
            }
        }
    }
}

/// Whether this implementation got behind the line at which the reference engine stopped.
fn went_on(ours: &Outcome, theirs: &Outcome) -> bool {
    match (ours, theirs) {
        (Outcome::Printed(_), _) => true,
        (Outcome::Failed { .. }, Outcome::Failed { .. }) => match (failed_line(ours), failed_line(theirs)) {
            (Some(ours), Some(theirs)) => ours > theirs,
            // What fails when everything is printed names no line.
            (None, Some(_)) => true,
            _ => false,
        },
        _ => false,
    }
}

fn ended(value: &str, outcome: &Outcome) -> bool {
    match (value.split_once(':'), outcome) {
        (None, _) if value == "anything" => true,
        (None, Outcome::Printed(_)) => value == "printed",
        (None, Outcome::Failed { .. }) => value == "failed",
        (None, Outcome::Unknown(_)) => value == "hung",
        (Some(("failed", text)), Outcome::Failed { message, .. }) => message.contains(text.trim()),
        (Some(("printed", text)), Outcome::Printed(printed)) => printed.contains(text.trim()),
        _ => false,
    }
}

/// The lines at which the engines stopped.
pub(super) fn failed_lines(ours: &Outcome, theirs: &Outcome) -> impl Iterator<Item = usize> {
    failed_line(theirs).into_iter().chain(failed_line(ours))
}

/// The line that an engine blames; a panic's is none.
pub(super) fn failed_line(outcome: &Outcome) -> Option<usize> {
    match outcome {
        Outcome::Failed { line, .. } => line.filter(|line| *line > 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str =
        "[size]\nbecause = a slip\nsays = create size of ''\nours = printed\ntheirs = failed: nil\n";

    fn explained(script: &str, theirs: &str) -> bool {
        let known = KnownRules::parse(RULE).unwrap();
        let theirs = Outcome::Failed { line: Some(2), message: theirs.into() };
        known.explain(&Case::from_text("", script), &Outcome::Printed("{}\n".into()), &theirs).is_some()
    }

    #[test]
    fn a_rule_explains_the_line_that_it_names() {
        assert!(explained("Given nothing\nWhen I create the size of 'x'\n", "length of a nil value"));
    }

    #[test]
    fn a_rule_does_not_explain_another_message_or_another_line() {
        assert!(!explained("Given nothing\nWhen I create the size of 'x'\n", "no memory"));
        assert!(!explained("Given nothing\nWhen I create the hash of 'x'\n", "length of a nil value"));
    }

    #[test]
    fn going_on_means_a_later_line() {
        let rule = "[slip]\nbecause = a slip\nours = went on\ntheirs = failed: nil\n";
        let known = KnownRules::parse(rule).unwrap();
        let failed = |line| Outcome::Failed { line: Some(line), message: "a nil value".into() };
        let explains = |ours| known.explain(&Case::from_text("", ""), &failed(ours), &failed(3)).is_some();
        assert!(explains(4));
        assert!(!explains(2));
    }

    #[test]
    fn a_rule_without_a_reason_is_refused() {
        assert!(KnownRules::parse("[size]\nours = printed\ntheirs = failed\n").is_err());
    }

    #[test]
    fn an_unknown_condition_is_refused() {
        assert!(KnownRules::parse("[size]\nwhen = printed\n").is_err());
    }
}
