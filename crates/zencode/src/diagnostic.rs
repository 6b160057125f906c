//! Why a contract failed: what was found, where, and what to do about it.

use std::fmt;

/// What kind of fault it is; a host maps it to an exit code or a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The text is not a contract.
    Syntax,
    /// A line matches no statement.
    UnknownStatement,
    /// The input does not fit what the contract declares.
    Input,
    /// A statement refused: a check failed, an object is missing or of the wrong kind.
    Statement,
    /// A limit was exceeded.
    Limit,
    /// The host refused a request.
    Host,
}

/// Message, place and hint: the only three parts of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of fault.
    pub cause: Cause,
    /// What was found and what was expected, lower case, without full stop.
    pub message: String,
    /// Line of the contract, counted from 1, when one is to blame.
    pub line: Option<usize>,
    /// The text of that line, trimmed.
    pub source: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Diagnostic {}

/// What kind of remark it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// The sentence is on its way out, or was already gone and is kept for old contracts.
    Deprecated,
    /// A line that matches nothing was ignored, as the contract's rule wants.
    Ignored,
    /// A rule has no effect, or not the one that the author may have meant.
    Rule,
    /// There is no scenario of that name.
    Scenario,
    /// There is no type of that name.
    Type,
    /// An input that nothing uses.
    Unused,
}

/// Something that a contract's author should look at, though it does not stop the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The kind of remark.
    pub concern: Concern,
    /// What was found.
    pub message: String,
    /// Line of the contract, counted from 1, when one is meant.
    pub line: Option<usize>,
    /// The text of that line, trimmed.
    pub source: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.concern, self.line) {
            (Concern::Deprecated, Some(line)) => write!(f, "{} (line {line})", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

/// A run that failed: its diagnostic, and the trace that users of the reference engine know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub diagnostic: Diagnostic,
    /// The lines executed, `+LINE  SOURCE`, up to the one that failed.
    pub trace: Vec<String>,
    /// Names and kinds of the objects in memory, values of secrets left out.
    pub heap: String,
    /// Warnings given before.
    pub warnings: Vec<String>,
    /// What debugging statements wrote before; may hold values of the contract's memory.
    pub notes: Vec<Note>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for Failure {}

/// Something that a debugging statement wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The lines executed so far, `+LINE  SOURCE`.
    Trace(Vec<String>),
    /// A picture of the memory.
    Heap(String),
    /// Anything else.
    Text(String),
}
