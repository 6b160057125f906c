//! From DATA to an answer: what both conventions of contract routes have in common.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use zencode::{Cause, Diagnostic};

use crate::connector::Caller;
use crate::http::contracts::shape;
use crate::http::error::Problem;
use crate::http::{auth, body};
use crate::members::{Members, raw};
use crate::oracle::Shared;
use crate::oracle::call::{self, CallError};
use crate::oracle::chain::Ended;
use crate::oracle::contracts::{BodyType, Entry, Mismatch};
use crate::oracle::runner::RunError;

/// The member of DATA and output that holds headers.
const HTTP_HEADERS: &str = "http_headers";
/// Headers that a contract may give, at most.
const HEADERS_MAX: usize = 64;
/// Headers that say how the answer is sent, which is the server's to say.
const NOT_THE_CONTRACTS: [HeaderName; 8] = [
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::DATE,
    header::HOST,
];

/// A request to a contract.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) head: &'a Parts,
}

impl Asked<'_> {
    /// What is behind the question mark.
    pub(crate) fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The request, as contracts may know it.
    fn caller(&self) -> Caller {
        let Parts { method, uri, version, headers, extensions, .. } = self.head;
        let remote = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(remote)| *remote);
        // A part of the path may have been taken off on the way to the route.
        let uri = extensions.get::<OriginalUri>().map_or(uri, |OriginalUri(uri)| uri);
        Caller {
            method: method.clone(),
            uri: uri.clone(),
            version: *version,
            headers: headers.clone(),
            remote,
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The request is not one that is run.
    Problem(Problem),
    /// It was run and failed.
    Failed(CallError),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Refused {
    /// The answer to the caller; failures are told as the convention tells them.
    pub(crate) fn response(self, failure: impl FnOnce(&CallError) -> Response) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Failed(error) => match error.run_error() {
                Some(run) => turned_away(run).map_or_else(|| failure(&error), IntoResponse::into_response),
                None => failure(&error),
            },
        }
    }
}

/// 429 or 503 when there was no place for a run.
pub(crate) fn turned_away(error: &RunError) -> Option<Problem> {
    match error {
        RunError::Busy => Some(Problem::busy(error.to_string())),
        RunError::Crowded => Some(Problem::crowded(error.to_string())),
        RunError::Contract(_) | RunError::Timeout(_) | RunError::Fault(_) => None,
    }
}

/// Lets the caller in, and reads the body, which a signed request names. Who called is noted for the log.
pub(crate) async fn enter(
    oracle: &Shared,
    asked: Asked<'_>,
    body: Body,
    caller: &mut auth::Caller,
) -> Result<Bytes, Response> {
    let visitor = auth::admit(oracle, asked.head, asked.entry).map_err(IntoResponse::into_response)?;
    allowed(asked.entry, &asked.head.method).map_err(|refusal| *refusal)?;
    read(oracle, asked, visitor, body, caller).await.map_err(IntoResponse::into_response)
}

/// Reads the body of somebody who has been let in.
pub(crate) async fn read(
    oracle: &Shared,
    asked: Asked<'_>,
    visitor: auth::Visitor,
    body: Body,
    caller: &mut auth::Caller,
) -> Result<Bytes, Problem> {
    let octets = match asked.head.method {
        Method::POST => {
            body::read(body, asked.entry.metadata.limits.body_octets_max(&oracle.config.runs)).await?
        }
        _ => Bytes::new(),
    };
    *caller = visitor.confirm(oracle, &octets)?;
    Ok(octets)
}

/// Whether a contract may be called in this way.
fn allowed(entry: &Entry, method: &Method) -> Result<(), Box<Response>> {
    let metadata = &entry.metadata;
    let is_taken = match *method {
        Method::GET | Method::HEAD => !metadata.disable_get,
        Method::POST => !metadata.disable_post,
        _ => false,
    };
    if is_taken { Ok(()) } else { Err(Box::new(not_allowed(method, allow(entry)))) }
}

/// The methods that a contract takes.
pub(crate) fn allow(entry: &Entry) -> &'static str {
    match (entry.metadata.disable_get, entry.metadata.disable_post) {
        (false, false) => "GET, HEAD, POST",
        (false, true) => "GET, HEAD",
        (true, _) => "POST",
    }
}

/// 405, with what would be taken.
pub(crate) fn not_allowed(method: &Method, allow: &'static str) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!("this address does not take {method}"),
    );
    let mut response = problem.hint(format!("it takes {allow}")).into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// The media type of a body, without parameters and in lower case.
pub(crate) fn body_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// 415 unless the body is of the expected type.
pub(crate) fn expect_type(expected: BodyType, found: Option<&str>) -> Result<(), Problem> {
    if found == Some(expected.name()) {
        return Ok(());
    }
    let found = found.map_or_else(|| "no content-type".to_owned(), |it| it.chars().take(100).collect());
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        format!("the body is sent as {found}, this address takes {}", expected.name()),
    )
    .hint(format!("send the header content-type: {}", expected.name())))
}

/// Runs an entry on DATA.
///
/// The order is ncr's: headers, precondition, schema, contract.
pub(crate) async fn answer(oracle: &Shared, asked: Asked<'_>, data: String) -> Result<Response, Refused> {
    let entry = asked.entry;
    let mut admission = call::admit(oracle, entry).map_err(|error| Refused::Failed(CallError::Run(error)))?;
    let mut data = entry.keys.over(data);
    if entry.metadata.http_headers {
        data = with_headers(&data, &asked.head.headers)?;
    }
    if let Some(precondition) = &entry.precondition {
        let caller = Some(asked.caller());
        call::precondition(oracle, &mut admission, precondition, data.clone(), caller)
            .await
            .map_err(|error| unmet(error, entry))?;
    }
    if entry.schema.is_some() {
        data = conforming(entry, data).await?;
    }
    let data = shape(oracle, entry, data)?;
    let ended = call::run(oracle, &mut admission, entry, data, Some(asked.caller()))
        .await
        .map_err(|error| failed(entry, error))?;
    reply(entry, ended).map_err(|error| {
        admission.ends(Some(error.outcome()));
        failed(entry, error)
    })
}

/// DATA with the headers of the request, but for credentials of ours: a contract has no use for them.
fn with_headers(data: &str, headers: &HeaderMap) -> Result<String, Problem> {
    let mut members = members(data)?;
    if members.get(HTTP_HEADERS).is_some() {
        return Err(unprocessable(format!(
            "the data have a member {HTTP_HEADERS}, which is the oracle's to give"
        )));
    }
    let texts = headers.iter().filter_map(|(name, value)| {
        let text = value.to_str().ok().filter(|text| !auth::is_credential(text))?;
        Some((name.as_str(), text))
    });
    let request: Map<String, Value> = texts.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    members.set(HTTP_HEADERS, raw(&json!({ "request": request })));
    Ok(members.json())
}

fn unmet(error: RunError, entry: &Entry) -> Refused {
    match error {
        RunError::Contract(diagnostic) => {
            tracing::debug!(contract = entry.name, %diagnostic, "the precondition is not met");
            let detail = format!("the precondition of {:?} is not met", entry.name);
            Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).into()
        }
        other => Refused::Failed(CallError::Run(other)),
    }
}

/// DATA, when they are as the schema says. The comparison takes a core for as long as both are large.
async fn conforming(entry: &Entry, data: String) -> Result<String, Problem> {
    let Some(schema) = entry.schema.clone() else { return Ok(data) };
    let checked = tokio::task::spawn_blocking(move || {
        let value = if data.is_empty() { Ok(json!({})) } else { serde_json::from_str(&data) };
        value.map(|value: Value| (schema.check(&value), data))
    });
    match checked.await {
        Ok(Ok((Ok(()), data))) => Ok(data),
        Ok(Ok((Err(mismatches), _))) => Err(mismatched(&mismatches)),
        Ok(Err(error)) => Err(Problem::malformed(format!("the data are not JSON: {error}"))),
        Err(_) => Err(Problem::internal()),
    }
}

fn mismatched(mismatches: &[Mismatch]) -> Problem {
    let told = mismatches.iter().map(|it| match it.path.as_str() {
        "" => it.cause.clone(),
        path => format!("{path}: {}", it.cause),
    });
    unprocessable(told.collect::<Vec<_>>().join("; ")).hint("compare the data with the contract's schema")
}

fn unprocessable(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable-data", detail)
}

fn members(data: &str) -> Result<Members, Problem> {
    Members::parse(data).map_err(|error| Problem::malformed(format!("the data are no JSON object: {error}")))
}

/// The output as an answer, with status, type and headers as the metadata say.
fn reply(entry: &Entry, ended: Ended) -> Result<Response, CallError> {
    let metadata = &entry.metadata;
    let (mut json, mut headers) = (ended.json, HeaderMap::new());
    if metadata.http_headers
        && let Ok(mut members) = Members::parse(&json)
        && let Some(given) = members.remove(HTTP_HEADERS)
    {
        headers = response_headers(given.get()).map_err(bad_header)?;
        json = members.json();
    }
    if let Some(context) = ended.context {
        let mut members = Members::parse(&json).unwrap_or_default();
        members.set("context", raw(&context));
        json = members.json();
    }
    let is_bare = metadata.success_code.is_some_and(|code| code.is_bare());
    let mut response = if is_bare { ().into_response() } else { json.into_response() };
    if let Some(code) = metadata.success_code {
        *response.status_mut() = code.get();
    }
    let json_type = HeaderValue::from_static(BodyType::Json.name());
    let media_type = metadata.success_content_type.as_ref().map_or(json_type, |it| it.header().clone());
    if !is_bare {
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

/// The member `response` of what a contract gave as headers.
fn response_headers(given: &str) -> Result<HeaderMap, String> {
    let given: Value = serde_json::from_str(given).map_err(|error| error.to_string())?;
    let mut headers = HeaderMap::new();
    let Some(Value::Object(response)) = given.get("response") else { return Ok(headers) };
    if response.len() > HEADERS_MAX {
        return Err(format!("it gives {} headers, at most {HEADERS_MAX} are sent", response.len()));
    }
    for (name, value) in response {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let header = name.parse::<HeaderName>().ok().zip(HeaderValue::from_str(&text).ok());
        match header {
            Some((name, value)) if !NOT_THE_CONTRACTS.contains(&name) => {
                headers.insert(name, value);
            }
            _ => return Err(format!("it gives a header {name:?} that cannot be sent")),
        }
    }
    Ok(headers)
}

fn bad_header(message: String) -> CallError {
    CallError::Run(RunError::Contract(Box::new(Diagnostic {
        cause: Cause::Host,
        message,
        line: None,
        source: None,
        hint: Some("print names and values of headers in http_headers.response".to_owned()),
    })))
}

/// Logs a failure, whatever its shape.
fn failed(entry: &Entry, error: CallError) -> Refused {
    tracing::debug!(contract = entry.name, error = error.message(), "failed");
    Refused::Failed(error)
}
