//! `GET|POST /<contract>`: runs a contract or a chain, in the shapes of ncr.
//!
//! The body of a POST is DATA itself, of the type that the metadata name; the parameters of a GET are
//! DATA as strings. The answer is what the contract printed; a contract that fails answers with its
//! message as plain text. `GET /` lists the addresses, `GET /<contract>/raw` gives the text.
//!
//! Refusals have ncr's statuses and, as everywhere here, say in JSON what was found and what to do.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use zencode::Cause;

use crate::http::auth::{self, Caller};
use crate::http::body;
use crate::http::calling::{self, Asked};
use crate::http::contracts::fields;
use crate::http::error::Problem;
use crate::oracle::Shared;
use crate::oracle::call::CallError;
use crate::oracle::contracts::{BodyType, CHAIN_ENDING, Contracts, Entry, Program};
use crate::oracle::runner::RunError;

/// What the address of a contract's text ends with.
const RAW: &str = "/raw";

/// What an address means.
pub(crate) enum Meaning<'a> {
    /// The list of contracts.
    List,
    /// A word that says that the oracle is there.
    Greeting,
    /// A contract or chain.
    Run(&'a Entry),
    /// Its text.
    Raw(&'a Entry),
}

/// What a decoded path means; none when it means nothing here.
pub(crate) fn meaning<'a>(contracts: &'a Contracts, path: &str) -> Option<Meaning<'a>> {
    match path {
        "/" => return Some(Meaning::List),
        "/sayhi" => return Some(Meaning::Greeting),
        _ => {}
    }
    let name = path.strip_prefix('/')?;
    if let Some(entry) = named(contracts, name) {
        return Some(Meaning::Run(entry));
    }
    named(contracts, name.strip_suffix(RAW)?).map(Meaning::Raw)
}

/// Contracts and chains share one space of names; a contract comes first.
fn named<'a>(contracts: &'a Contracts, name: &str) -> Option<&'a Entry> {
    let contract = contracts.public(name).filter(|entry| entry.contract().is_some());
    contract.or_else(|| contracts.public(&format!("{name}{CHAIN_ENDING}"))).map(AsRef::as_ref)
}

/// The addresses of all contracts that may be called.
pub(crate) fn list(oracle: &Shared) -> Response {
    let base = oracle.endpoint.as_str().trim_end_matches('/');
    let address = |entry: &Entry| {
        let chain = matches!(entry.program, Program::Chain(_))
            .then(|| entry.name.strip_suffix(CHAIN_ENDING))
            .flatten();
        format!("{base}/{}", chain.unwrap_or(&entry.name))
    };
    let mut addresses: Vec<String> = oracle.contracts().listed().map(|entry| address(entry)).collect();
    addresses.sort();
    addresses.dedup();
    Json(addresses).into_response()
}

/// The text of a contract, for who may call it; a chain's only when it holds no keys.
pub(crate) fn raw(oracle: &Shared, asked: Asked<'_>) -> Response {
    let entry = asked.entry;
    if let Err(refusal) = auth::look(oracle, asked.head, entry) {
        return refusal.into_response();
    }
    if let Program::Chain(plan) = &entry.program
        && plan.as_ref().is_ok_and(|plan| plan.holds_keys)
    {
        let detail = format!("the text of the chain {:?} holds keys, and is not shown", entry.name);
        let problem = Problem::new(StatusCode::FORBIDDEN, "forbidden", detail);
        return problem.hint("put the keys into a file of their own: keysFromFile").into_response();
    }
    let plain =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (plain, entry.text.clone()).into_response()
}

/// Runs it.
pub(crate) async fn run(
    oracle: &Shared,
    asked: Asked<'_>,
    body: Body,
    caller: &mut Caller,
) -> Result<Response, Response> {
    let entry = asked.entry;
    if asked.head.method == Method::OPTIONS {
        let allow = [(header::ALLOW, calling::allow(entry))];
        return Ok((StatusCode::NO_CONTENT, allow).into_response());
    }
    let octets = calling::enter(oracle, asked, body, caller).await?;
    let data = match asked.head.method {
        Method::POST => sent(asked, &octets),
        _ => fields(asked.query().as_bytes()).map(|fields| json(fields.into())),
    };
    let data = data.map_err(IntoResponse::into_response)?;
    calling::answer(oracle, asked, data)
        .await
        .map_err(|refused| refused.response(|error| failure(entry, error)))
}

/// DATA in the body of a POST.
fn sent(asked: Asked<'_>, octets: &Bytes) -> Result<String, Problem> {
    if octets.is_empty() {
        return Ok(String::new());
    }
    let expected = asked.entry.metadata.content_type.unwrap_or(BodyType::Json);
    calling::expect_type(expected, calling::body_type(&asked.head.headers).as_deref())?;
    match expected {
        BodyType::Form => fields(octets).map(|fields| json(fields.into())),
        BodyType::Json => {
            let text =
                std::str::from_utf8(octets).map_err(|_| Problem::malformed("the body is not UTF-8"))?;
            body::parse::<serde::de::IgnoredAny>(octets)?;
            let inside = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            match inside {
                Some(inside) if inside.trim().is_empty() => Ok(String::new()),
                Some(_) => Ok(text.to_owned()),
                None => {
                    Err(Problem::malformed("the body is no JSON object").hint("send the data as one object"))
                }
            }
        }
    }
}

fn json(fields: Value) -> String {
    if fields.as_object().is_some_and(serde_json::Map::is_empty) { String::new() } else { fields.to_string() }
}

/// A failure as ncr tells it. Data that a contract cannot take are the caller's to correct: 422.
fn failure(entry: &Entry, error: &CallError) -> Response {
    let metadata = &entry.metadata;
    let is_input =
        matches!(error, CallError::Run(RunError::Contract(diagnostic)) if diagnostic.cause == Cause::Input);
    let asks = entry.contract().is_some_and(|contract| contract.is_ok_and(zencode::Contract::asks));
    let status = match metadata.error_code {
        Some(code) => code.get(),
        None if is_input && !asks => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let media_type = metadata.error_content_type.as_ref().map_or(plain, |it| it.header().clone());
    (status, [(header::CONTENT_TYPE, media_type)], error.message()).into_response()
}
