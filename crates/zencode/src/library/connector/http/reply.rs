//! What contracts get of a reply, in the forms of both reference servers.

use crate::error::Error;
use crate::known::compact;
use crate::library::connector::quoted;
use crate::question::unfit;
use crate::request::{Answer, HttpAnswer};

/// The one reply, as contracts of restroom-mw expect it.
pub(super) fn one(answer: Answer) -> Result<String, Error> {
    first(answer, restroom)
}

/// The array of replies, as contracts of restroom-mw expect it.
pub(super) fn all(answer: Answer) -> Result<String, Error> {
    array(answer, restroom)
}

/// The one reply, as contracts of slangroom expect it.
pub(super) fn ordered_one(answer: Answer) -> Result<String, Error> {
    first(answer, slangroom)
}

/// The array of replies, as contracts of slangroom expect it.
pub(super) fn ordered_all(answer: Answer) -> Result<String, Error> {
    array(answer, slangroom)
}

fn first(answer: Answer, form: fn(&HttpAnswer) -> String) -> Result<String, Error> {
    answers(answer)?.first().map(form).ok_or_else(|| Error::failed("the host answered nothing"))
}

fn array(answer: Answer, form: fn(&HttpAnswer) -> String) -> Result<String, Error> {
    let replies: Vec<_> = answers(answer)?.iter().map(form).collect();
    Ok(format!("[{}]", replies.join(",")))
}

/// Nothing, once a web service has taken what it was sent.
pub(super) fn delivered(answer: Answer) -> Result<String, Error> {
    match answers(answer)?.first() {
        Some(HttpAnswer::Response { status: 200..=299, .. }) => Ok("null".to_owned()),
        Some(HttpAnswer::Response { status, .. }) => {
            Err(Error::failed(format!("the output was not taken: the web service answered {status}")))
        }
        Some(HttpAnswer::Unreachable { code }) => {
            Err(Error::failed(format!("the output was not delivered: {code}")))
        }
        None => Err(Error::failed("the host answered nothing")),
    }
}

fn answers(answer: Answer) -> Result<Vec<HttpAnswer>, Error> {
    match answer {
        Answer::Http(answers) => Ok(answers),
        other => Err(unfit(other)),
    }
}

/// A status that is a number, and an empty text where there is no result.
fn restroom(answer: &HttpAnswer) -> String {
    match answer {
        HttpAnswer::Response { status, body } => {
            let result = result(body);
            let nothing = matches!(result.as_str(), "null" | "false" | "0" | "\"\"");
            let result = if nothing { "\"\"" } else { &result };
            format!("{{\"status\":{status},\"result\":{result}}}")
        }
        HttpAnswer::Unreachable { code } => unreachable(code),
    }
}

fn unreachable(code: &str) -> String {
    format!("{{\"status\":{},\"result\":\"\"}}", quoted(code))
}

/// A body as JSON: what it is when it is JSON, or else a text.
fn result(body: &str) -> String {
    match serde_json::from_str::<&serde_json::value::RawValue>(body) {
        Ok(json) => compact(json.get()),
        Err(_) => quoted(body),
    }
}

/// A status that is a text.
fn slangroom(answer: &HttpAnswer) -> String {
    match answer {
        HttpAnswer::Response { status, body } => {
            format!("{{\"status\":\"{status}\",\"result\":{}}}", result(body))
        }
        HttpAnswer::Unreachable { code } => unreachable(code),
    }
}
