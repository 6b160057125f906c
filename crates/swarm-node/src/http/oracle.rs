//! The routes of an oracle.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::http::{assets, contracts, error, explorer, health, log, openapi, votes};
use crate::oracle::Shared;

/// Every address that an oracle answers at.
pub(crate) fn routes(oracle: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/{*name}", get(contracts::call).post(contracts::call))
        .route("/apis", get(contracts::list))
        .route("/openapi.json", get(openapi::openapi))
        .route("/docs", get(explorer::list))
        .route("/docs/{*name}", get(explorer::show).post(explorer::run))
        .route("/assets/{file}", get(assets::asset))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/v1/votes", post(votes::vote))
        .route("/v1/dial-backs", post(votes::dial_back))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(axum::middleware::from_fn(log::access))
        .with_state(oracle)
}
