//! A question to the host: what is asked, how the answer is read, and where it goes.

use crate::error::Error;
use crate::request::{Answer, Request};

/// When a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before the first statement that works on memory.
    Before,
    /// After the last one, when the output is there.
    After,
}

/// What an attribute says about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) moment: Moment,
    /// Whether it changes something outside.
    pub(crate) writes: bool,
}

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere.
    Nothing,
    /// It becomes an input, or after the run a member of the output.
    Member(String),
    /// It becomes a key, which no output shows by itself.
    Secret(String),
    /// It becomes a member of an input.
    Within { object: String, name: String },
    /// It is held for requests that follow, under a name that no contract can say.
    Held(&'static str),
    /// Each of its members becomes an input.
    Members,
}

/// How an answer becomes JSON text.
pub(crate) type Reading = fn(Answer) -> Result<String, Error>;

/// What is wanted.
#[derive(Debug)]
pub(crate) enum Want {
    /// The host is asked.
    Ask(Request, Reading),
    /// It could be computed: JSON text, and the statements that it took.
    Have { json: String, statements: u64 },
}

impl Want {
    /// What could be computed without a statement.
    pub(crate) fn have(json: impl std::fmt::Display) -> Self {
        Self::Have { json: json.to_string(), statements: 0 }
    }

    /// A request that is answered with JSON text.
    pub(crate) fn json(request: Request) -> Self {
        Self::Ask(request, json)
    }
}

/// A line's question.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) want: Want,
    pub(crate) target: Target,
    /// Whether it can be asked together with others of its kind in the lines next to it.
    pub(crate) joins: bool,
}

impl Question {
    pub(crate) fn new(want: Want, target: Target) -> Self {
        Self { want, target, joins: false }
    }

    /// A question whose answer is JSON text.
    pub(crate) fn json(request: Request, target: Target) -> Self {
        Self::new(Want::json(request), target)
    }
}

/// The text of an answer that is JSON already.
///
/// # Errors
/// When the host refused, or answered something else.
pub(crate) fn json(answer: Answer) -> Result<String, Error> {
    match answer {
        Answer::Json(text) => Ok(text),
        other => Err(unfit(other)),
    }
}

/// The error of an answer that does not fit its question.
pub(crate) fn unfit(answer: Answer) -> Error {
    match answer {
        Answer::Refused(reason) => Error::failed(reason),
        _ => Error::failed("the host answered something else than what it was asked"),
    }
}
