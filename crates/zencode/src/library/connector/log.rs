//! Connector: lines for a log of the host, in the sentences of restroom-mw.

use zencode_macros::ask;

use crate::error::Error;
use crate::known::Known;
use crate::question::{Question, Target};
use crate::request::Request;
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[APPEND, APPEND_NAMED, APPEND_ARRAY];

/// Lines of one request, at most.
const LINES_MAX: usize = 1000;

/// Asks the host to append a line to a file below its log folder, after the contract has run.
///
/// The text is a member of the output, an input, or what stands in quotes itself; the path is what stands in
/// quotes. A line break inside the text does not begin a line.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'event'
/// Then print the 'event'
/// Then I append the string 'event' to the logfile in 'oracle.log'
/// ```
/// ```json data
/// { "event": "the gate is open" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "append string '' to logfile in ''")]
fn append(known: &Known, text: &str, path: &str) -> Result<Question, Error> {
    log(path.to_owned(), vec![line(known, text)?])
}

/// Asks the host to append a line to a file below its log folder, under a path that has a name.
///
/// The path is a member of the output or an input, and so is the text unless it stands in quotes itself.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'event'
/// Then print the 'event'
/// Then I append the string 'event' to the logfile named by 'log path'
/// ```
/// ```json data
/// { "event": "the gate is shut", "log path": "gates/north.log" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "append string '' to logfile named by ''")]
fn append_named(known: &Known, text: &str, path: &str) -> Result<Question, Error> {
    log(known.text(path)?, vec![line(known, text)?])
}

/// Asks the host to append each text of an array as a line to a file below its log folder.
///
/// The path is a member of the output, an input, or what stands in quotes itself.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'events'
/// Then print the 'events'
/// Then I append the array of strings 'events' to the logfile named by 'gates.log'
/// ```
/// ```json data
/// { "events": ["the gate is open", "the gate is shut"] }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "append array of strings '' to logfile named by ''")]
fn append_array(known: &Known, texts: &str, path: &str) -> Result<Question, Error> {
    log(known.text_or_literal(path)?, known.texts(texts)?)
}

/// A text, a number or a truth value as a line; a name that nothing has is the line itself.
fn line(known: &Known, name: &str) -> Result<String, Error> {
    match known.find(name)?.map(|value| value.get()) {
        None => Ok(name.to_owned()),
        Some(json) if json.starts_with(['[', '{']) => {
            Err(Error::input(format!("'{name}' is no text that a log can have a line of")))
        }
        Some(json) => Ok(serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())),
    }
}

fn log(path: String, lines: Vec<String>) -> Result<Question, Error> {
    let count = lines.len();
    if count > LINES_MAX {
        return Err(Error::Limit(format!("{count} lines for a log, at most {LINES_MAX} are taken at once")));
    }
    Ok(Question::json(Request::Log { path, lines }, Target::Nothing))
}
