//! What the swarm is, and whether the controller is well.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::controller::{Controller, clock};
use crate::tls::Tls;

pub(crate) fn routes(tls: Option<Tls>) -> Router<Arc<Controller>> {
    let health = move |controller| health(controller, tls.clone());
    Router::new()
        .route("/v1/genesis", get(genesis))
        .route("/health", get(health.clone()))
        .route("/health/ready", get(health))
        .route("/health/live", get(super::health::live))
}

async fn genesis(State(controller): State<Arc<Controller>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], controller.genesis().to_json()).into_response()
}

/// 200 while changes can be written, 503 afterwards: reading goes on.
async fn health(State(controller): State<Arc<Controller>>, tls: Option<Tls>) -> Response {
    let registrar = controller.registrar();
    let running = registrar.is_running();
    let active = registrar.registry().active(clock::now()).count();
    let report = json!({
        "status": if running { "ok" } else { "log stopped" },
        "role": "controller",
        "swarm": controller.genesis().swarm(),
        "entries": registrar.head().size(),
        "active_oracles": active,
        "warnings": tls.as_ref().map(super::health::warnings).unwrap_or_default(),
        "tls": tls.as_ref().map(super::health::certificate),
    });
    let status = if running { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report)).into_response()
}
