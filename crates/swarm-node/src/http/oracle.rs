//! The routes of an oracle.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::http::{assets, contracts, cors, elsewhere, error, explorer, health, openapi, request_log, votes};
use crate::oracle::Shared;

/// Every address that an oracle answers at.
pub(crate) fn routes(oracle: Arc<Shared>) -> Router {
    let base_path = oracle.config.folder.base_path.clone();
    let origins = oracle.config.serving.origins.clone();
    let counting: request_log::Counting = Some(oracle.metrics.clone());
    let mut router = Router::new();
    if oracle.config.folder.convention.has_restroom() {
        router = router.route("/api/{*name}", get(contracts::call).post(contracts::call));
    }
    let router = router
        .route("/apis", get(contracts::list))
        .route("/openapi.json", get(openapi::openapi))
        .route("/docs", get(explorer::list))
        .route("/docs/{*name}", get(explorer::show).post(explorer::run))
        .route("/assets/{file}", get(assets::asset))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/v1/votes", post(votes::vote))
        .route("/v1/dial-backs", post(votes::dial_back))
        .fallback(elsewhere::answer)
        .method_not_allowed_fallback(error::wrong_method)
        .with_state(oracle);
    let router = if base_path.is_empty() {
        router
    } else {
        Router::new().nest(&base_path, router).fallback(error::unknown_path)
    };
    let router = match cors::layer(&origins) {
        Some(layer) => router.layer(layer),
        None => router,
    };
    router.layer(from_fn_with_state(counting, request_log::log))
}
