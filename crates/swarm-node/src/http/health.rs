//! `GET /health` and `GET /metrics`: whether the oracle does its work, for machines that watch it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::oracle::Shared;

/// Who this is and how it fares; nothing secret.
pub(crate) async fn health(State(oracle): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "did": oracle.keys.did(),
        "contracts": oracle.contracts().all_public().count(),
        "faults": faults(&oracle),
        "swarm": oracle.standing(),
    }))
}

/// Files of contracts that are at fault: they are not served, or in an older version. The log says why.
fn faults(oracle: &Shared) -> Vec<Value> {
    let faults = oracle.served.faults().into_iter();
    faults.map(|(file, line)| json!({ "file": file, "line": line })).collect()
}

/// The counters.
pub(crate) async fn metrics(State(oracle): State<Arc<Shared>>) -> String {
    oracle.metrics.render()
}
