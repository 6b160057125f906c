//! The applet of a contract: what its form holds, and what came of running it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::StatusCode;
use zencode::Diagnostic;

use super::form::{self, Entry};
use crate::http::error::Problem;
use crate::http::openapi::route::Route;
use crate::http::{body, contracts};
use crate::oracle::Shared;
use crate::oracle::contracts::Entry as Contract;
use crate::oracle::runner::RunError;

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
    /// What it printed.
    Answer { json: String, took: Duration },
    /// Why it failed.
    Failure { diagnostic: Box<Diagnostic>, took: Duration },
    /// Why it was not run.
    Refused(Problem),
    /// The form has faults, which stand beside the fields.
    Unfit,
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
            Some(Outcome::Answer { .. } | Outcome::Failure { .. }) | None => StatusCode::OK,
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

/// Runs a contract with what a form holds.
pub(super) async fn run(oracle: &Arc<Shared>, contract: &Contract, route: &Route, body: Body) -> Applet {
    match body::read(body, oracle.config.runs.body_octets_max).await {
        Ok(octets) => {
            let mut applet = Applet::filled(route, &octets);
            applet.outcome = Some(match applet.data(route) {
                Some(data) => outcome(oracle, contract, data).await,
                None => Outcome::Unfit,
            });
            applet
        }
        Err(problem) => Applet { outcome: Some(Outcome::Refused(problem)), ..Applet::fresh(route) },
    }
}

async fn outcome(oracle: &Arc<Shared>, contract: &Contract, data: String) -> Outcome {
    let data = match contracts::shape(oracle, contract, data) {
        Ok(data) => data,
        Err(problem) => return Outcome::Refused(problem),
    };
    let start = Instant::now();
    let result = contracts::execute(oracle, contract, data).await;
    let took = start.elapsed();
    match result {
        Ok(json) => Outcome::Answer { json, took },
        Err(error @ RunError::Busy) => {
            oracle.metrics.runs_refused.add();
            Outcome::Refused(Problem::busy(error.to_string()))
        }
        Err(error) => {
            oracle.metrics.runs_failed.add();
            Outcome::Failure { diagnostic: Box::new(error.diagnostic()), took }
        }
    }
}
