//! What is wrong with the files of a folder: all of it, each with its place.

use std::fmt;
use std::path::PathBuf;

use crate::config::distance;

/// Faults that are kept; a folder with more is told so.
const FAULTS_MAX: usize = 1_000;

/// What is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file or folder.
    pub path: PathBuf,
    /// The line, counted from 1, where one is to blame.
    pub line: Option<usize>,
    /// What was found and what was expected.
    pub cause: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.cause)
    }
}

/// Why a folder of contracts is refused; a contract that does not compile is no reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ContractsError {
    /// All faults, at least one.
    pub faults: Vec<Fault>,
}

impl fmt::Display for ContractsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.as_slice() {
            [fault] => fault.fmt(f),
            faults => {
                write!(f, "{} files of contracts are at fault:", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

/// A cause, with the line where one is known: a fault that does not know its file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) line: Option<usize>,
    pub(crate) text: String,
}

impl Cause {
    pub(crate) fn at(self, path: PathBuf) -> Fault {
        Fault { path, line: self.line, cause: self.text }
    }
}

impl From<String> for Cause {
    fn from(text: String) -> Self {
        Self { line: None, text }
    }
}

impl From<&str> for Cause {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Collects faults up to the limit.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        // A companion that belongs to a contract and to a chain is read twice.
        if self.0.len() < FAULTS_MAX && !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// Keeps what is good of a result, and notes what is not.
    pub(super) fn take<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.add(fault)).ok()
    }

    pub(super) fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// An error of serde's, with "did you mean" in the place of the list of all keys.
pub(crate) fn explained(message: &str) -> String {
    let Some((unknown, expected)) =
        message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'))
    else {
        return message.to_owned();
    };
    let known = expected.split('`').skip(1).step_by(2);
    // YAML's reader writes the names without quotes.
    let plain = expected.trim_start_matches(", expected one of ").split(", ");
    let nearest = known.chain(plain).map(|key| (distance(unknown, key), key)).min();
    match nearest {
        Some((distance, key)) if distance <= 3 => {
            format!("there is no key `{unknown}`: did you mean `{key}`?")
        }
        _ => format!("there is no key `{unknown}`{expected}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_answered_by_the_nearest() {
        let message =
            "unknown field `privat`, expected one of `description`, `private`, `public` at line 1 column 9";
        assert_eq!(explained(message), "there is no key `privat`: did you mean `private`?");
        let yaml = "unknown field `nxt`, expected one of zenFile, next, index";
        assert_eq!(explained(yaml), "there is no key `nxt`: did you mean `next`?");
    }

    #[test]
    fn a_key_that_resembles_none_is_answered_by_all() {
        let message = "unknown field `colour`, expected `next` or `index`";
        assert_eq!(explained(message), "there is no key `colour`, expected `next` or `index`");
    }

    #[test]
    fn all_faults_are_listed_with_file_and_line() {
        let fault = |path: &str, line| Fault { path: path.into(), line, cause: "it is wrong".into() };
        let error = ContractsError { faults: vec![fault("a.zen", Some(3)), fault("b.keys", None)] };
        assert_eq!(
            error.to_string(),
            "2 files of contracts are at fault:\n  a.zen:3: it is wrong\n  b.keys: it is wrong"
        );
    }
}
