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
use zeroize::Zeroizing;

use crate::config::{FolderConfig, OracleConfig};
use crate::http::error::Problem;
use crate::http::unchanged;
use crate::oracle::Shared;
use crate::oracle::contracts::{Contracts, ContractsError, Places};
use route::{Envelope, Route};

/// Stands for whatever keyring an oracle has: a contract that is granted it asks nobody for it.
const ANY_KEYRING: &str = "{\"keyring\":{}}";

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
    fn of(contracts: &Contracts, config: &OracleConfig) -> Self {
        let json = describe_contracts(contracts, config).to_string();
        let tag = unchanged::tag(json.as_bytes());
        let cards = contracts.listed().map(|entry| {
            let Route { name, summary, tags, .. } = Route::of(entry, Envelope::Data);
            Card { name, summary, tags }
        });
        Self { json, tag, cards: cards.collect() }
    }
}

/// The document of an oracle with these settings, without starting it.
///
/// # Errors
/// When its contracts cannot be read.
pub fn describe(config: &OracleConfig) -> Result<Value, ContractsError> {
    let places = Places { contracts: config.contracts.clone(), private: config.folder.private.clone() };
    let keyring = Zeroizing::new(ANY_KEYRING.to_owned());
    let contracts = Contracts::read(&places, config.folder.default, &keyring)?;
    Ok(describe_contracts(&contracts, config))
}

fn describe_contracts(contracts: &Contracts, config: &OracleConfig) -> Value {
    let FolderConfig { convention, base_path, .. } = &config.folder;
    let envelopes = [(Envelope::Data, convention.has_restroom()), (Envelope::Bare, convention.has_ncr())];
    let envelopes = envelopes.into_iter().filter(|(_, is_served)| *is_served);
    let routes: Vec<Route> = envelopes
        .flat_map(|(envelope, _)| contracts.listed().map(move |entry| Route::of(entry, envelope)))
        .collect();
    let server = match &config.endpoint {
        Some(endpoint) => endpoint.as_str().trim_end_matches('/'),
        None if base_path.is_empty() => "/",
        None => base_path,
    };
    document::document(&routes, server)
}

/// What is said of the contracts in service; made on a thread of its own, because there may be thousands.
pub(crate) async fn described(oracle: &Arc<Shared>) -> Result<Arc<Description>, Problem> {
    let contracts = oracle.contracts();
    if let Some(description) = contracts.description.get() {
        return Ok(description.clone());
    }
    let oracle = oracle.clone();
    let make = move || {
        let make = || Arc::new(Description::of(&contracts, &oracle.config));
        contracts.description.get_or_init(make).clone()
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
