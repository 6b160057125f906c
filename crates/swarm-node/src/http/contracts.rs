//! `GET|POST /api/<contract>`: runs a contract or a chain, in the shapes of restroom-mw.
//!
//! A POST's body is `{"data": {…}}`; its `keys` are ignored, as upstream ignores them: what a
//! contract gets as KEYS is the oracle's to decide. A GET brings the same object, as JSON, in the
//! query parameter `data`. No data and an empty object are the same. The answer is what the contract
//! printed; a contract that fails answers 500 with `zenroom_errors`, `result` and `exception`. The
//! log inside holds our diagnostic (message, line, hint) and nothing of the contract's memory.
//!
//! A request may be repeated: contracts keep no state.

mod envelope;
mod form;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::http::auth::Caller;
use crate::http::body;
use crate::http::calling::{self, Asked};
use crate::http::elsewhere;
use crate::http::error::Problem;
use crate::http::request_log::Called;
use crate::oracle::Shared;
use crate::oracle::call::CallError;
use crate::oracle::chain::Why;
use crate::oracle::contracts::{BodyType, Contracts, Entry};
use crate::oracle::runner::RunError;
pub(crate) use envelope::data;
pub(crate) use form::fields;

/// Runs the contract.
pub(crate) async fn call(
    State(oracle): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let contracts = oracle.contracts();
    let Some(entry) = contracts.public(&name) else {
        return elsewhere::missing(&oracle, unknown(&contracts, &name));
    };
    let mut caller = Caller::Anyone;
    let ran = run(&oracle, Asked { entry, head: &head }, body, &mut caller).await;
    let mut response = ran.unwrap_or_else(|refusal| refusal);
    response.extensions_mut().insert(Called::new(&entry.name, &caller));
    response
}

/// Lists the addresses of all contracts that may be called.
pub(crate) async fn list(State(oracle): State<Arc<Shared>>) -> axum::Json<Vec<String>> {
    let folder = &oracle.config.folder;
    let prefix = if folder.convention.has_restroom() { "/api/" } else { "/" };
    let address = |entry: &Arc<Entry>| format!("{}{prefix}{}", folder.base_path, entry.name);
    axum::Json(oracle.contracts().listed().map(address).collect())
}

async fn run(
    oracle: &Shared,
    asked: Asked<'_>,
    body: Body,
    caller: &mut Caller,
) -> Result<Response, Response> {
    let octets = calling::enter(oracle, asked, body, caller).await?;
    let data = match asked.head.method {
        Method::POST => sent(asked, &octets),
        _ => envelope::asked(asked.query()),
    };
    let data = data.map_err(IntoResponse::into_response)?;
    calling::answer(oracle, asked, data)
        .await
        .map_err(|refused| refused.response(|error| failure(asked.entry, error)))
}

/// DATA in the body of a POST.
fn sent(asked: Asked<'_>, octets: &[u8]) -> Result<String, Problem> {
    let found = calling::body_type(&asked.head.headers);
    let expected = asked.entry.metadata.content_type;
    if let Some(expected) = expected.filter(|_| !octets.is_empty()) {
        calling::expect_type(expected, found.as_deref())?;
    }
    // Clients that send JSON and say nothing of it often say that it is a form.
    let looks_like_json = octets.trim_ascii_start().first().is_none_or(|octet| matches!(octet, b'{' | b'['));
    let is_form = expected == Some(BodyType::Form)
        || (expected.is_none() && !looks_like_json && found.as_deref() == Some(BodyType::Form.name()));
    if is_form { form::data(octets) } else { envelope::posted(octets) }
}

/// 404, with the name that is nearest.
pub(crate) fn unknown(contracts: &Contracts, name: &str) -> Problem {
    let problem = Problem::new(
        StatusCode::NOT_FOUND,
        "unknown-contract",
        format!("there is no contract {:?} here", name.chars().take(128).collect::<String>()),
    );
    match contracts.nearest(name) {
        Some(near) => problem.hint(format!("did you mean /api/{near}?")),
        None => problem.hint("GET /apis lists the contracts"),
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

/// A failure as restroom-mw tells it.
///
/// # Source
/// restroom-mw `packages/core`: kinds of failures, and what their texts begin with.
fn failure(entry: &Entry, error: &CallError) -> Response {
    let log = "Please check zenroom_errors logs".to_owned();
    let (kind, detail) = match error {
        CallError::Run(error) => (format!("{} FOR CONTRACT {}", kind(error), entry.name), log),
        CallError::NoChain(_) => ("CHAIN YML EXECUTION ERROR".to_owned(), error.message()),
        CallError::Chain(chain) => match &chain.why {
            Why::Run(error) => (format!("{} FOR CONTRACT {}", kind(error), chain.step), log),
            Why::Flow(message) => {
                (format!("CHAIN EXECUTION ERROR FOR CONTRACT {}", chain.step), message.clone())
            }
        },
    };
    let logs = match error {
        CallError::Chain(chain) => match &chain.why {
            Why::Run(error) => CallError::told(&error.diagnostic()),
            Why::Flow(_) => String::new(),
        },
        CallError::Run(error) => CallError::told(&error.diagnostic()),
        CallError::NoChain(_) => String::new(),
    };
    let mut body = Map::new();
    body.insert("zenroom_errors".to_owned(), json!({ "result": "", "logs": logs }));
    body.insert("result".to_owned(), json!(""));
    body.insert("exception".to_owned(), json!(format!("[{kind}]\n\n\n {detail}")));
    if let CallError::Chain(chain) = error
        && let Some(context) = &chain.context
    {
        body.insert("context".to_owned(), context.clone());
    }
    let status = entry.metadata.error_code.map_or(StatusCode::INTERNAL_SERVER_ERROR, |code| code.get());
    (status, axum::Json(body)).into_response()
}

fn kind(error: &RunError) -> &'static str {
    match error {
        RunError::Contract(_) => "ZENROOM EXECUTION ERROR",
        RunError::Busy | RunError::Crowded | RunError::Timeout(_) | RunError::Fault(_) => {
            "UNEXPECTED EXCEPTION"
        }
    }
}
