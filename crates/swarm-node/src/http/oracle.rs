//! The routes of an oracle.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::http::{contracts, cors, error, health, request_log, votes};
use crate::oracle::Shared;

/// Every address that an oracle answers at.
pub(crate) fn routes(oracle: Arc<Shared>) -> Router {
    let counting: request_log::Counting = Some(oracle.metrics.clone());
    let router = Router::new()
        .route("/api/{*name}", get(contracts::call).post(contracts::call))
        .route("/apis", get(contracts::list))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/v1/votes", post(votes::vote))
        .route("/v1/dial-backs", post(votes::dial_back))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::wrong_method);
    let router = match cors::layer(&oracle.config.serving.origins) {
        Some(layer) => router.layer(layer),
        None => router,
    };
    router.layer(from_fn_with_state(counting, request_log::log)).with_state(oracle)
}
