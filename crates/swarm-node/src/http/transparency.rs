//! The log, for those who check it: its signed head, its entries, and proofs about them.
//!
//! Everything is as of the latest checkpoint, which never covers what is not on disk.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::controller::Controller;
use crate::http::error::Problem;
use crate::http::parameter::Parameters;
use crate::store::StoreError;

/// Entries in one answer, at most, and unless fewer are asked for.
const PAGE_MAX: usize = 256;

pub(crate) fn routes() -> Router<Arc<Controller>> {
    Router::new()
        .route("/v1/checkpoint", get(checkpoint))
        .route("/v1/log/entries", get(entries))
        .route("/v1/log/inclusion", get(inclusion))
        .route("/v1/log/consistency", get(consistency))
}

async fn checkpoint(State(controller): State<Arc<Controller>>) -> Response {
    let text = controller.registrar().head().checkpoint().to_string();
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    first: Option<u64>,
    limit: Option<usize>,
}

async fn entries(
    State(controller): State<Arc<Controller>>,
    Parameters(page): Parameters<Page>,
) -> Result<Response, Problem> {
    let first = page.first.unwrap_or(0);
    let size = controller.registrar().head().size();
    let limit = page.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let left = usize::try_from(size.saturating_sub(first)).unwrap_or(usize::MAX);
    let reader = controller.clone();
    let octets = tokio::task::spawn_blocking(move || reader.store().entries(first, limit.min(left)))
        .await
        .map_err(|_| Problem::internal())?
        .map_err(|error| unreadable(&error))?;
    let entries: Result<Vec<Box<RawValue>>, _> =
        octets.into_iter().map(|entry| serde_json::from_slice(&entry)).collect();
    let entries = entries.map_err(|_| Problem::internal())?;
    Ok(Json(EntriesPage { first, size, entries }).into_response())
}

#[derive(Debug, serde::Serialize)]
struct EntriesPage {
    first: u64,
    size: u64,
    entries: Vec<Box<RawValue>>,
}

fn unreadable(error: &StoreError) -> Problem {
    tracing::error!(%error, "the log cannot be read");
    Problem::internal()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inclusion {
    index: u64,
    size: Option<u64>,
}

async fn inclusion(
    State(controller): State<Arc<Controller>>,
    Parameters(Inclusion { index, size }): Parameters<Inclusion>,
) -> Result<Json<Value>, Problem> {
    let head = controller.registrar().head();
    let size = size.unwrap_or(head.size());
    let proof = match size <= head.size() {
        true => controller.registrar().registry().tree().inclusion_proof(index, size),
        false => None,
    };
    let proof = proof.ok_or_else(|| outside(head.size()))?;
    Ok(Json(json!({ "index": index, "size": size, "proof": proof })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consistency {
    old: u64,
    new: Option<u64>,
}

async fn consistency(
    State(controller): State<Arc<Controller>>,
    Parameters(Consistency { old, new }): Parameters<Consistency>,
) -> Result<Json<Value>, Problem> {
    let head = controller.registrar().head();
    let new = new.unwrap_or(head.size());
    let proof = match new <= head.size() {
        true => controller.registrar().registry().tree().consistency_proof(old, new),
        false => None,
    };
    let proof = proof.ok_or_else(|| outside(head.size()))?;
    Ok(Json(json!({ "old": old, "new": new, "proof": proof })))
}

fn outside(size: u64) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "outside-the-log", format!("the log has {size} entries"))
        .hint("ask about entries below the size of the latest checkpoint, sizes from 1 on")
}
