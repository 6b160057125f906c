//! `GET|POST /api/<contract>`: runs a contract, in the shapes of restroom-mw.
//!
//! A POST's body is `{"data": {…}}`; its `keys` are ignored, as upstream ignores them: what a
//! contract gets as KEYS is the oracle's to decide. A GET brings the same object, as JSON, in the
//! query parameter `data`. No data and an empty object are the same. The answer is what the contract
//! printed; a contract that fails answers 500 with `zenroom_errors`, `result` and `exception`. The
//! log inside holds our diagnostic (message, line, hint) and nothing of the contract's memory.
//!
//! A request may be repeated: contracts keep no state.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use zencode::Diagnostic;

use crate::http::auth::{self, Caller, Door, Head};
use crate::http::body;
use crate::http::error::Problem;
use crate::http::request_log::Called;
use crate::oracle::Shared;
use crate::oracle::contracts::Entry;
use crate::oracle::runner::{Job, RunError};

/// Runs the contract.
pub(crate) async fn call(
    State(oracle): State<Arc<Shared>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    head: Head,
    body: Body,
) -> Response {
    let entry = match find(&oracle, &name) {
        Ok(entry) => entry,
        Err(problem) => return problem.into_response(),
    };
    let asked = Asked { query: query.as_deref(), method: &method };
    let mut caller = Caller::Anyone;
    let mut response = match run(&oracle, entry, &head, asked, body, &mut caller).await {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(refusal) => refusal,
    };
    response.extensions_mut().insert(Called::new(&name, &caller));
    response
}

/// What was asked, besides the body.
#[derive(Clone, Copy)]
struct Asked<'a> {
    query: Option<&'a str>,
    method: &'a Method,
}

/// Lists the addresses of all contracts that may be called.
pub(crate) async fn list(State(oracle): State<Arc<Shared>>) -> axum::Json<Vec<String>> {
    axum::Json(oracle.contracts.all_public().map(|entry| format!("/api/{}", entry.name)).collect())
}

async fn run(
    oracle: &Shared,
    entry: &Entry,
    head: &Head,
    asked: Asked<'_>,
    body: Body,
    caller: &mut Caller,
) -> Result<String, Response> {
    let octets =
        enter(oracle, entry, head, asked, body, caller).await.map_err(IntoResponse::into_response)?;
    let data = match *asked.method {
        Method::POST => posted(&octets),
        _ => queried(asked.query.unwrap_or_default()),
    };
    let data = data.and_then(|data| shape(oracle, entry, data)).map_err(IntoResponse::into_response)?;
    execute(oracle, entry, data).await.map_err(|error| refusal(&entry.name, &error))
}

/// Lets the caller in and reads the body, which a signed request names.
async fn enter(
    oracle: &Shared,
    entry: &Entry,
    head: &Head,
    asked: Asked<'_>,
    body: Body,
    caller: &mut Caller,
) -> Result<Bytes, Problem> {
    let limits = &entry.metadata.limits;
    let door = Door { name: &entry.name, access: entry.metadata.access(false), rate: limits.rate };
    let visitor = auth::admit(oracle, head, door)?;
    let octets = match *asked.method {
        Method::POST => body::read(body, limits.body_octets_max(&oracle.config.runs)).await?,
        _ => Bytes::new(),
    };
    *caller = visitor.confirm(oracle, &octets)?;
    Ok(octets)
}

fn find<'a>(oracle: &'a Shared, name: &str) -> Result<&'a Arc<Entry>, Problem> {
    oracle.contracts.public(name).ok_or_else(|| {
        let problem = Problem::new(
            StatusCode::NOT_FOUND,
            "unknown-contract",
            format!("there is no contract {:?} here", name.chars().take(128).collect::<String>()),
        );
        match oracle.contracts.nearest(name) {
            Some(near) => problem.hint(format!("did you mean /api/{near}?")),
            None => problem.hint("GET /apis lists the contracts"),
        }
    })
}

async fn execute(oracle: &Shared, entry: &Entry, data: String) -> Result<String, RunError> {
    let contract = entry
        .contract
        .clone()
        .inspect_err(|fault| oracle.metrics.contract(&entry.name).broken(fault.cause))?;
    let limits = &entry.metadata.limits;
    let job = Job {
        contract,
        data,
        keys: entry.keys.clone(),
        timeout: limits.timeout(&oracle.config.runs),
        limits: limits.language(),
    };
    Ok(oracle.runner.run(&entry.name, limits.crowd(), job).await?.json)
}

/// The body's form; the text of `data` goes to the contract as it came.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

fn posted(octets: &[u8]) -> Result<String, Problem> {
    if octets.iter().all(u8::is_ascii_whitespace) {
        return Ok(String::new());
    }
    let how = |problem: Problem| problem.hint("send {\"data\": {…}} as JSON");
    // Serde would read an array as the members in their order.
    if octets.trim_ascii_start().first() == Some(&b'[') {
        return Err(how(Problem::malformed("the body is an array")));
    }
    let envelope: Envelope<'_> = body::parse(octets).map_err(how)?;
    data(envelope.data.map_or("", RawValue::get))
}

fn queried(query: &str) -> Result<String, Problem> {
    let parameter = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "data");
    let Some((_, json)) = parameter else { return Ok(String::new()) };
    serde_json::from_str::<&RawValue>(&json)
        .map_err(|error| Problem::malformed(format!("the parameter data is not JSON: {error}")))
        .map_err(|problem| problem.hint("send ?data= and a JSON object, percent-encoded"))
        .and_then(|raw| data(raw.get()))
}

/// Only objects are data; an empty one is none.
fn data(json: &str) -> Result<String, Problem> {
    let json = json.trim();
    match json.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(members) if members.trim().is_empty() => Ok(String::new()),
        Some(_) => Ok(json.to_owned()),
        None if json.is_empty() || json == "null" => Ok(String::new()),
        None => Err(Problem::malformed("data is no JSON object").hint("send {\"data\": {…}}")),
    }
}

/// Renames what the caller sent under an alias, and adds what the oracle supplies: nobody can say
/// who the oracle is but itself.
pub(crate) fn shape(oracle: &Shared, entry: &Entry, data: String) -> Result<String, Problem> {
    if !entry.metadata.shapes_data() {
        return Ok(data);
    }
    let mut members: Map<String, Value> = match data.as_str() {
        "" => Map::new(),
        data => body::parse(data.as_bytes())?,
    };
    for (alias, name) in &entry.metadata.aliases {
        if !members.contains_key(name)
            && let Some(value) = members.remove(alias)
        {
            members.insert(name.clone(), value);
        }
    }
    for input in &entry.metadata.inputs {
        members.insert(input.name().to_owned(), oracle.input(*input));
    }
    Ok(Value::Object(members).to_string())
}

fn refusal(name: &str, error: &RunError) -> Response {
    let kind = match error {
        RunError::Busy => return Problem::busy(error.to_string()).into_response(),
        RunError::Crowded => return Problem::crowded(error.to_string()).into_response(),
        RunError::Contract(_) => "ZENROOM EXECUTION ERROR",
        RunError::Timeout(_) | RunError::Fault(_) => "UNEXPECTED EXCEPTION",
    };
    let diagnostic = error.diagnostic();
    tracing::debug!(contract = name, cause = ?diagnostic.cause, line = diagnostic.line, "failed");
    let body = json!({
        "zenroom_errors": { "result": "", "logs": log(&diagnostic) },
        "result": "",
        "exception": format!("[{kind} FOR CONTRACT {name}]\n\n\n Please check zenroom_errors logs"),
    });
    (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(body)).into_response()
}

fn log(diagnostic: &Diagnostic) -> String {
    let hint = diagnostic.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
    format!("{diagnostic}{}", hint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn status(result: Result<String, Problem>) -> Result<String, u16> {
        result.map_err(|problem| problem.status)
    }

    #[test]
    fn the_data_of_a_post_goes_on_as_it_came() {
        let body = b"{\"keys\":{\"a\":1},\"data\": {\"n\": 1.0e400, \"s\":\"\\u00e9\"} ,\"more\":2}";
        assert_eq!(status(posted(body)), Ok("{\"n\": 1.0e400, \"s\":\"\\u00e9\"}".into()));
    }

    #[test]
    fn no_data_and_empty_data_are_the_same() {
        for body in
            ["", " \n", "{}", "{\"data\":{}}", "{\"data\":{ \n }}", "{\"data\":null}", "{\"keys\":{}}"]
        {
            assert_eq!(status(posted(body.as_bytes())), Ok(String::new()), "{body}");
        }
        for query in ["", "data=%7B%7D", "other=1", "data=null"] {
            assert_eq!(status(queried(query)), Ok(String::new()), "{query}");
        }
    }

    #[test]
    fn the_data_of_a_get_is_json_in_the_address() {
        assert_eq!(status(queried("x=1&data=%7B%22a%22%3A%22b+c%22%7D")), Ok("{\"a\":\"b c\"}".into()));
    }

    #[test]
    fn what_is_no_json_object_is_malformed() {
        for body in
            ["{", "[]", "1", "\"x\"", "{\"data\":1}", "{\"data\":[]}", "{\"data\":\"x\"}", "{\"data\":{}}}"]
        {
            assert_eq!(status(posted(body.as_bytes())), Err(400), "{body}");
        }
        for query in ["data=%7B", "data=1", "data=x", "data="] {
            assert_eq!(status(queried(query)), Err(400), "{query}");
        }
    }

    #[test]
    fn data_given_twice_is_malformed() {
        assert_eq!(status(posted(b"{\"data\":{\"a\":1},\"data\":{\"b\":2}}")), Err(400));
    }

    #[test]
    fn nesting_without_end_is_malformed() {
        let body = format!("{{\"data\":{}", "{\"a\":".repeat(200_000));
        assert_eq!(status(posted(body.as_bytes())), Err(400));
    }

    proptest! {
        #[test]
        fn no_octets_break_the_readers(octets in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
            drop(posted(&octets));
            drop(posted(format!("{{\"data\":{text}}}").as_bytes()));
            drop(queried(&text));
            drop(queried(&format!("data={text}")));
        }
    }
}
