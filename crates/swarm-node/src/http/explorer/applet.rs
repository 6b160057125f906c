//! The applet of a contract: what its form holds, and what came of running it.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;
use zencode::{Cause, Diagnostic};

use super::form::{self, Entry};
use crate::http::auth::{Caller, Visitor};
use crate::http::calling::{self, Asked, Refused};
use crate::http::error::Problem;
use crate::http::openapi::route::Route;
use crate::http::{body, contracts};
use crate::oracle::Shared;
use crate::oracle::call::CallError;
use crate::oracle::contracts::BodyType;

/// Octets of an answer, at most, that a page is made of.
const ANSWER_OCTETS_MAX: usize = 16 * 1024 * 1024;
/// The member of the form that holds all data as JSON.
pub(super) const JSON: &str = "json";

/// A form and what came of it.
#[derive(Debug)]
pub(super) struct Applet {
    /// What each field holds, in the order of the route's.
    pub(super) entries: Vec<Entry>,
    /// All data as JSON, instead of the fields.
    pub(super) json: Entry,
    /// What came of running it; none before.
    pub(super) outcome: Option<Outcome>,
}

/// What came of running a contract.
#[derive(Debug)]
pub(super) enum Outcome {
    /// What it answered.
    Answer(Given),
    /// Why it failed.
    Failure { diagnostic: Box<Diagnostic>, took: Duration },
    /// Why it was not run.
    Refused(Problem),
    /// The form has faults, which stand beside the fields.
    Unfit,
}

/// An answer as a caller gets it.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) status: StatusCode,
    pub(super) media_type: String,
    pub(super) is_json: bool,
    pub(super) text: String,
    pub(super) took: Duration,
}

impl Applet {
    /// A form that holds the example.
    pub(super) fn fresh(route: &Route) -> Self {
        let text = |field| form::example(field, route.example.as_ref());
        let entries = route.fields.named.iter().map(|field| Entry { text: text(field), fault: None });
        Self { entries: entries.collect(), json: Entry::default(), outcome: None }
    }

    /// A form as it was sent.
    fn filled(route: &Route, octets: &[u8]) -> Self {
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(octets).into_owned().collect();
        let entry = |name: &str| {
            let text = sent.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone());
            Entry { text: text.unwrap_or_default(), fault: None }
        };
        let entries = route.fields.named.iter().map(|field| entry(&form::pointer(field))).collect();
        Self { entries, json: entry(JSON), outcome: None }
    }

    /// The status of the page: a contract that failed was run all the same.
    pub(super) fn status(&self) -> StatusCode {
        match &self.outcome {
            Some(Outcome::Refused(problem)) => {
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Some(Outcome::Unfit) => StatusCode::UNPROCESSABLE_ENTITY,
            Some(Outcome::Answer(_) | Outcome::Failure { .. }) | None => StatusCode::OK,
        }
    }

    /// The line of the contract that failed.
    pub(super) fn fault_line(&self) -> Option<usize> {
        match &self.outcome {
            Some(Outcome::Failure { diagnostic, .. }) => diagnostic.line,
            _ => None,
        }
    }

    /// DATA, or none when the form has faults.
    fn data(&mut self, route: &Route) -> Option<String> {
        if self.json.text.trim().is_empty() {
            return form::data(&route.fields.named, &mut self.entries);
        }
        let text = self.json.text.trim();
        let sound = serde_json::from_str::<serde::de::IgnoredAny>(text)
            .map_err(|error| format!("this is not JSON: {error}"))
            .and_then(|_| contracts::data(text).map_err(|problem| problem.detail));
        match sound {
            Ok(data) => Some(data),
            Err(fault) => {
                self.json.fault = Some(fault);
                None
            }
        }
    }
}

/// A form that somebody sent who has been let in.
pub(super) struct Visit<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) visitor: Visitor,
    pub(super) body: Body,
}

/// Runs a contract with what a form holds, as a request to the contract's own address would.
///
/// # Errors
/// When the form cannot be read, or is not the one that was signed.
pub(super) async fn run(
    oracle: &Shared,
    route: &Route,
    visit: Visit<'_>,
    caller: &mut Caller,
) -> Result<Applet, Problem> {
    let Visit { asked, visitor, body } = visit;
    match calling::read(oracle, asked, visitor, body, caller).await {
        Ok(octets) => {
            let mut applet = Applet::filled(route, &octets);
            applet.outcome = Some(match applet.data(route) {
                Some(data) => outcome(oracle, asked, data).await,
                None => Outcome::Unfit,
            });
            Ok(applet)
        }
        // What is behind a signature is not shown to who has none.
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED.as_u16() => Err(problem),
        Err(problem) => Ok(Applet { outcome: Some(Outcome::Refused(problem)), ..Applet::fresh(route) }),
    }
}

async fn outcome(oracle: &Shared, asked: Asked<'_>, data: String) -> Outcome {
    let start = Instant::now();
    let result = calling::answer(oracle, asked, data).await;
    let took = start.elapsed();
    match result {
        Ok(response) => given(response, took).await,
        Err(Refused::Problem(problem)) => Outcome::Refused(problem),
        Err(Refused::Failed(error)) => match error.run_error().and_then(calling::turned_away) {
            Some(problem) => Outcome::Refused(problem),
            None => Outcome::Failure { diagnostic: Box::new(diagnostic(error)), took },
        },
    }
}

async fn given(response: Response, took: Duration) -> Outcome {
    let status = response.status();
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_owned();
    match body::read(response.into_body(), ANSWER_OCTETS_MAX).await {
        Ok(octets) => Outcome::Answer(Given {
            status,
            is_json: media_type.starts_with(BodyType::Json.name()),
            media_type,
            text: String::from_utf8_lossy(&octets).into_owned(),
            took,
        }),
        Err(_) => Outcome::Refused(Problem::too_large(ANSWER_OCTETS_MAX)),
    }
}

/// What is told of a failure; of a chain, the step is told too.
fn diagnostic(error: CallError) -> Diagnostic {
    let message = error.message();
    match error {
        CallError::Run(error) => error.diagnostic(),
        CallError::NoChain(diagnostic) => diagnostic,
        // The line is one of the step's own text, which is not on the page.
        CallError::Chain(_) => {
            Diagnostic { cause: Cause::Statement, message, line: None, source: None, hint: None }
        }
    }
}
