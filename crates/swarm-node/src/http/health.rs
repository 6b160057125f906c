//! `GET /health`, `/health/live`, `/health/ready` and `/metrics`: for machines that watch the oracle.
//!
//! Live: the process answers; restart it when it does not. Ready: it should be sent requests; 503 while it starts,
//! drains, or lacks what it needs, with the reasons. `/health` itself is for people and dashboards: always 200, and
//! everything that may become a reason.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::controller::clock;
use crate::metrics::OPEN_METRICS;
use crate::oracle::{Phase, Shared};
use crate::tls::Tls;

/// A certificate that expires sooner is worth a word.
const EXPIRY_WARNING_MS: u64 = 14 * 24 * 3600 * 1000;

/// Who this is and how it fares; nothing secret.
pub(crate) async fn health(State(oracle): State<Arc<Shared>>) -> Json<Value> {
    let reasons = reasons(&oracle);
    let warnings = oracle.tls.as_ref().map(warnings).unwrap_or_default();
    let status = match (oracle.phase(), reasons.is_empty() && warnings.is_empty()) {
        (Phase::Starting, _) => "starting",
        (Phase::Draining, _) => "draining",
        (Phase::Serving, false) => "degraded",
        (Phase::Serving, true) => "ok",
    };
    Json(json!({
        "status": status,
        "ready": reasons.is_empty(),
        "reasons": reasons,
        "warnings": warnings,
        "version": env!("CARGO_PKG_VERSION"),
        "did": oracle.keys.did(),
        "contracts": oracle.contracts.all_public().count(),
        "swarm": oracle.standing(),
        "tls": oracle.tls.as_ref().map(certificate),
    }))
}

/// 200 whenever the process answers.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// Whether requests should be sent here.
pub(crate) async fn ready(State(oracle): State<Arc<Shared>>) -> Response {
    let reasons = reasons(&oracle);
    let (status, word) = match reasons.is_empty() {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    (status, Json(json!({ "status": word, "reasons": reasons }))).into_response()
}

/// Counts and measurements.
pub(crate) async fn metrics(State(oracle): State<Arc<Shared>>) -> Response {
    let not_after = oracle.tls.as_ref().map(|tls| tls.not_after().millis() / 1000);
    ([(header::CONTENT_TYPE, OPEN_METRICS)], oracle.metrics.render(not_after)).into_response()
}

/// Why no requests should be sent here.
fn reasons(oracle: &Shared) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    match oracle.phase() {
        Phase::Starting => reasons.push("the oracle is starting"),
        Phase::Draining => reasons.push("the oracle is stopping"),
        Phase::Serving => {}
    }
    if clock::random::<1>().is_err() {
        reasons.push("the system gives no random octets");
    }
    if !oracle.contracts.all_public().any(|entry| entry.contract.is_ok()) {
        reasons.push("there is no contract to run");
    }
    reasons
}

/// The certificate, as people and programs ask for it.
pub(crate) fn certificate(tls: &Tls) -> Value {
    let (not_after, now) = (tls.not_after(), clock::now());
    json!({ "not_after": not_after.xml_date_time(), "days_left": not_after.since(now) / (24 * 3600 * 1000) })
}

/// What will be wrong soon.
pub(crate) fn warnings(tls: &Tls) -> Vec<String> {
    let (not_after, now) = (tls.not_after(), clock::now());
    let expiry = match not_after.since(now) {
        0 => Some("the TLS certificate has expired".to_owned()),
        left if left < EXPIRY_WARNING_MS => {
            Some(format!("the TLS certificate expires at {}", not_after.xml_date_time()))
        }
        _ => None,
    };
    let trouble = tls.trouble().map(|trouble| format!("the new TLS certificate is not used: {trouble}"));
    expiry.into_iter().chain(trouble).collect()
}
