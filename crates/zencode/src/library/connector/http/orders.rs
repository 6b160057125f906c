//! Connector: web services, in the sentences of slangroom.

use zencode_macros::order;

use super::{HttpMethod, HttpRequest, http, reply};
use crate::error::Error;
use crate::order::Ordered;
use crate::question::{Reading, Want};
use crate::request::Pace;
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[GET, SUBMIT];

/// Asks the host to GET from a web service: one, or each of an array.
///
/// Plain, the reply is an object with `status` (a text such as `200`, or a code such as `ECONNREFUSED`) and
/// `result`, and of an array of addresses the first is asked. `sequential` asks one address after the other,
/// `parallel` and `same` ask them at the same time; the reply is an array in the order of the addresses.
/// `headers` is a dictionary.
///
/// # Example
/// ```zencode
/// Given I connect to 'station' and do get and output into 'weather'
/// Given I have a 'string dictionary' named 'weather'
/// Then print the 'weather'
/// ```
/// ```json data
/// { "station": "https://weather.example/ivrea" }
/// ```
/// ```json answer
/// { "status": "200", "result": { "sky": "clear" } }
/// ```
#[order(connect, send(headers?), "do get", "do sequential get", "do parallel get", "do same get")]
fn get(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(order)
}

/// Asks the host to POST, PUT, PATCH or DELETE at a web service: one, or each of an array.
///
/// `object` is the body. Plain, the reply is an object with `status` (a text such as `201`) and `result`.
/// `same` sends the same body to every address of an array, `parallel` and `sequential` send the items of an
/// array, each to the address that has its place; the reply is an array in the order of the addresses.
///
/// # Example
/// ```zencode
/// Given I connect to 'archive' and send object 'letter' and send headers 'headers' and do post and output into 'receipt'
/// Given I have a 'string dictionary' named 'receipt'
/// Then print the 'receipt'
/// ```
/// ```json data
/// {
///   "archive": "https://archive.example/letters",
///   "letter": { "to": "Ugo", "text": "Meet me." },
///   "headers": { "x-request-id": "17" }
/// }
/// ```
/// ```json answer
/// { "status": "201", "result": "stored" }
/// ```
#[order(
    connect,
    send(object?, headers?),
    "do post",
    "do sequential post",
    "do parallel post",
    "do same post",
    "do put",
    "do sequential put",
    "do parallel put",
    "do same put",
    "do patch",
    "do sequential patch",
    "do parallel patch",
    "do same patch",
    "do delete",
    "do sequential delete",
    "do parallel delete",
    "do same delete"
)]
fn submit(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(order)
}

/// How the addresses of an array are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The first alone.
    Plain,
    /// Each with a body of its own.
    Each,
    /// All with the same body.
    Same,
}

fn ask(order: &Ordered<'_>) -> Result<Want, Error> {
    let (mode, method) = parts(order.phrase());
    let mut urls = order.addresses()?;
    if mode == Mode::Plain {
        urls.truncate(1);
    }
    let headers = headers(order)?;
    let mut bodies = bodies(order, mode, urls.len(), &headers)?.into_iter();
    let calls = urls.into_iter().map(|url| {
        let (headers, body) = (headers.clone(), bodies.next().flatten());
        HttpRequest { method, url, headers, body }
    });
    let reading: Reading = if mode == Mode::Plain { reply::ordered_one } else { reply::ordered_all };
    let pace = if order.phrase().contains(" sequential ") { Pace::InTurn } else { Pace::Together };
    http(calls.collect(), pace, reading)
}

fn parts(phrase: &str) -> (Mode, HttpMethod) {
    let mode = match phrase.split(' ').nth(1) {
        Some("sequential" | "parallel") => Mode::Each,
        Some("same") => Mode::Same,
        _ => Mode::Plain,
    };
    let method = HttpMethod::ALL.into_iter().find(|method| {
        phrase.rsplit(' ').next().is_some_and(|verb| verb.eq_ignore_ascii_case(method.name()))
    });
    (mode, method.unwrap_or(HttpMethod::Get))
}

fn headers(order: &Ordered<'_>) -> Result<Vec<(String, String)>, Error> {
    if order.source("headers").is_none() {
        return Ok(Vec::new());
    }
    let unfit = || Error::input("headers are a dictionary of texts, numbers and truth values");
    let serde_json::Value::Object(members) = order.value("headers")? else { return Err(unfit()) };
    let pairs = members.into_iter().map(|(name, value)| match value {
        serde_json::Value::String(text) => Ok((name, text)),
        serde_json::Value::Number(_) | serde_json::Value::Bool(_) => Ok((name, value.to_string())),
        _ => Err(unfit()),
    });
    pairs.collect()
}

/// The body of each call.
fn bodies(
    order: &Ordered<'_>,
    mode: Mode,
    count: usize,
    headers: &[(String, String)],
) -> Result<Vec<Option<String>>, Error> {
    let Some(source) = order.source("object") else { return Ok(vec![None; count]) };
    let bodies = match mode {
        Mode::Each => order.known.items(source)?,
        Mode::Plain | Mode::Same => vec![order.json("object")?; count],
    };
    let verbatim = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && !value.to_ascii_lowercase().contains("json")
    });
    let text = |body: String| if verbatim { serde_json::from_str(&body).unwrap_or(body) } else { body };
    Ok(bodies.into_iter().map(|body| Some(text(body))).collect())
}
