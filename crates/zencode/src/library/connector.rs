//! Connector: what only a host can do, described for it.
//!
//! The requests of a contract are answered before its first statement works, so that everything after
//! is a pure function of what was found.

use zencode_macros::{ask, given};

use crate::error::Error;
use crate::given::{Declaration, Given, Keep, Name, Place};
use crate::json::Json;
use crate::machine::Machine;
use crate::request::{HttpMethod, HttpRequest, Request};
use crate::statement::{Question, Statement};

pub(super) const STATEMENTS: &[Statement] =
    &[FETCH_LOCAL_TIMESTAMP, HAVE_ENDPOINT, CONNECT, CONNECT_AND_PASS, READ_CONTENT, READ_CONTENT_INTO];

/// Asks the host for the present time, and keeps it as an input: milliseconds since 1970, as a text.
///
/// # Example
/// ```zencode
/// Given I fetch the local timestamp and store it into 'now'
/// Given I have a 'string' named 'now'
/// Then print the 'now'
/// ```
/// ```json answer
/// "1714550400000"
/// ```
#[ask("fetch local timestamp and store it into ''")]
fn fetch_local_timestamp(_machine: &Machine, target: &str) -> Result<Question, Error> {
    Ok(Question { request: Request::Time, into: Some(target.to_owned()) })
}

/// Requires the address of a web service to be among the inputs, under the name given.
///
/// It is no object afterwards: only `connect to ''` takes it.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'library'
/// Given I connect to 'library' and save the output into 'reply'
/// Given I have a 'string dictionary' named 'reply'
/// Then print the 'reply'
/// ```
/// ```json data
/// { "library": "http://192.0.2.7/books" }
/// ```
/// ```json answer
/// { "status": "ETIMEDOUT", "result": "" }
/// ```
#[given("endpoint named ''")]
fn have_endpoint(given: &mut Given, name: &str) -> Result<(), Error> {
    given.declare(Declaration::Take {
        kind: Some("string".to_owned()),
        name: Name::Literal(name.to_owned()),
        place: Place::Root,
        keep: Keep::Nothing,
    });
    Ok(())
}

/// Asks the host to GET from a web service, and keeps the reply as an input: its `status` and its `result`.
///
/// The service is named by the input that holds its address. One that cannot be reached gives a reply too, with
/// a code such as `ECONNREFUSED` as its status and an empty result.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'station'
/// Given I connect to 'station' and save the output into 'weather'
/// Given I have a 'string' in path 'weather.result.sky'
/// Then print the 'sky'
/// ```
/// ```json data
/// { "station": "https://weather.example/ivrea" }
/// ```
/// ```json answer
/// { "status": 200, "result": { "sky": "clear", "wind": "north" } }
/// ```
#[ask("connect to '' and save output into ''")]
fn connect(machine: &Machine, endpoint: &str, target: &str) -> Result<Question, Error> {
    http(machine, HttpMethod::Get, endpoint, None, target)
}

/// Asks the host to POST an input to a web service, and keeps the reply as an input.
///
/// The reply has a `status` and a `result`. An input that is absent is refused.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'archive'
/// Given I connect to 'archive' and pass it the content of 'letter' and save the output into 'receipt'
/// Given I have a 'string dictionary' named 'receipt'
/// Then print the 'receipt'
/// ```
/// ```json data
/// { "archive": "https://archive.example/letters", "letter": { "to": "Ugo", "text": "Meet me." } }
/// ```
/// ```json answer
/// { "status": 201, "result": "stored" }
/// ```
#[ask("connect to '' and pass it content of '' and save output into ''")]
fn connect_and_pass(
    machine: &Machine,
    endpoint: &str,
    content: &str,
    target: &str,
) -> Result<Question, Error> {
    let body = machine.inputs.get(content);
    let body = body.ok_or_else(|| Error::input(format!("Cannot find '{content}' to pass to {endpoint}")))?;
    http(machine, HttpMethod::Post, endpoint, Some(json_text(body)), target)
}

fn http(
    machine: &Machine,
    method: HttpMethod,
    endpoint: &str,
    body: Option<String>,
    target: &str,
) -> Result<Question, Error> {
    let url = match machine.inputs.get(endpoint) {
        Some(Json::Text(url)) => url.clone(),
        Some(_) => return Err(Error::input(format!("'{endpoint}' is not the address of a web service"))),
        None => return Err(Error::input(format!("Cannot find '{endpoint}': an endpoint is an input"))),
    };
    let request = Request::Http(HttpRequest { method, url, body });
    Ok(Question { request, into: Some(target.to_owned()) })
}

/// The path that a name holds, or the name itself.
fn path(machine: &Machine, name: &str) -> String {
    match machine.inputs.get(name) {
        Some(Json::Text(path)) => path.clone(),
        _ => name.to_owned(),
    }
}

/// Asks the host for a JSON file, and makes each of its members an input.
///
/// The file is named by its path, or by an input that holds the path. One that does not exist has no members.
///
/// # Example
/// ```zencode
/// Given I read the content of 'office.json'
/// Given I have a 'string' named 'street'
/// Then print the 'street'
/// ```
/// ```json answer
/// { "street": "via Jervis 77", "city": "Ivrea" }
/// ```
#[ask("read content of ''")]
fn read_content(machine: &Machine, file: &str) -> Result<Question, Error> {
    Ok(Question { request: Request::File { path: path(machine, file) }, into: None })
}

/// Asks the host for a JSON file, and keeps all of it as one input.
///
/// The file is named by its path, or by an input that holds the path.
///
/// # Example
/// ```zencode
/// Given I read the content of 'list' and save the output into 'prices'
/// Given I have a 'number dictionary' named 'prices'
/// Then print the 'prices'
/// ```
/// ```json data
/// { "list": "2026/prices.json" }
/// ```
/// ```json answer
/// { "bread": 3.5, "milk": 1.8 }
/// ```
#[ask("read content of '' and save output into ''")]
fn read_content_into(machine: &Machine, file: &str, target: &str) -> Result<Question, Error> {
    Ok(Question { request: Request::File { path: path(machine, file) }, into: Some(target.to_owned()) })
}

/// An input as JSON text again.
pub(crate) fn json_text(json: &Json) -> String {
    let mut out = String::new();
    write(&mut out, json);
    out
}

fn write(out: &mut String, json: &Json) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Boolean(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Json::Number(number) => out.push_str(&number.text()),
        Json::Integer(integer) => out.push_str(&integer.to_string()),
        Json::Text(text) => crate::json::write_string(out, text.as_bytes()),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                crate::json::write_string(out, name.as_bytes());
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
    }
}
