//! `GET /openapi.json`: every address of the oracle, for programs, in OpenAPI 3.1.
//!
//! A contract's operation is made from its text: what its Given phase declares is the request, without what KEYS, the
//! oracle or a web service bring; what its Then phase prints is the answer, as far as the text alone tells. The node's own
//! operations are written by hand in `openapi/node.json`. The document is made once per load of the contracts, and
//! has an `ETag`.
//!
//! # Source
//! OpenAPI Specification 3.1.1; JSON Schema draft 2020-12.

pub(crate) mod answer;
pub(crate) mod connector;
pub(crate) mod document;
pub(crate) mod field;
pub(crate) mod route;
pub(crate) mod schema;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use crate::config::OracleConfig;
use crate::http::error::Problem;
use crate::http::unchanged;
use crate::oracle::Shared;
use crate::oracle::contracts::{Contracts, ContractsError};
use route::Route;

/// What is said of all contracts, made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Description {
    /// The document.
    json: String,
    /// Its tag, in quotes.
    tag: String,
    /// A line for each contract, in the order of their names.
    pub(crate) cards: Vec<Card>,
}

/// One contract in a list.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) tags: Vec<String>,
}

impl Description {
    pub(crate) fn of(contracts: &Contracts, server: Option<&Url>) -> Self {
        let routes: Vec<Route> = contracts.all_public().map(|entry| Route::of(entry)).collect();
        let json = document::document(&routes, server).to_string();
        let tag = unchanged::tag(json.as_bytes());
        let cards = routes.into_iter().map(|Route { name, summary, tags, .. }| Card { name, summary, tags });
        Self { json, tag, cards: cards.collect() }
    }
}

/// The document of an oracle with these settings, without starting it.
///
/// # Errors
/// When its contracts cannot be read.
pub fn describe(config: &OracleConfig) -> Result<Value, ContractsError> {
    // A contract that is granted the keyring asks nobody for it, whatever it holds.
    let contracts = Contracts::load(config.contracts.as_deref(), &Zeroizing::default())?;
    Ok(describe_contracts(&contracts, config.endpoint.as_ref()))
}

fn describe_contracts(contracts: &Contracts, server: Option<&Url>) -> Value {
    let routes: Vec<Route> = contracts.all_public().map(|entry| Route::of(entry)).collect();
    document::document(&routes, server)
}

/// What is said of the contracts in service; made on a thread of its own, because there may be thousands.
pub(crate) async fn described(oracle: &Arc<Shared>) -> Result<Arc<Description>, Problem> {
    if let Some(description) = oracle.contracts.description.get() {
        return Ok(description.clone());
    }
    let oracle = oracle.clone();
    let make = move || {
        let contracts = &oracle.contracts;
        let server = oracle.config.endpoint.as_ref();
        contracts.description.get_or_init(|| Arc::new(Description::of(contracts, server))).clone()
    };
    tokio::task::spawn_blocking(make).await.map_err(|error| {
        tracing::error!(%error, "the contracts could not be described");
        Problem::internal()
    })
}

/// Answers with the document, or that it has not changed.
pub(crate) async fn openapi(
    State(oracle): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let description = described(&oracle).await?;
    if unchanged::is_known(&headers, &description.tag) {
        return Ok(unchanged::answer(&description.tag));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::ETAG, description.tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, description.json.clone()).into_response())
}
