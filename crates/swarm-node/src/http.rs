//! HTTP routes, one file per resource; every mapping of an error to a status is in [`error`].

pub mod body;
pub(crate) mod contracts;
pub mod error;
pub(crate) mod health;
mod log;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::oracle::Shared;

/// The routes of an oracle.
pub(crate) fn oracle(oracle: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/{*name}", get(contracts::call).post(contracts::call))
        .route("/apis", get(contracts::list))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(axum::middleware::from_fn(log::access))
        .with_state(oracle)
}
