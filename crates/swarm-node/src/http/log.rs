//! The access log: who asked for what, with which outcome. Addresses lose their query, which may
//! hold a contract's data; bodies are never logged.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Logs one request when it is answered.
pub(crate) async fn access(request: Request, next: Next) -> Response {
    if !tracing::enabled!(tracing::Level::INFO) {
        return next.run(request).await;
    }
    let start = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let ms = start.elapsed().as_millis();
    tracing::info!(?peer, %method, path, status = response.status().as_u16(), ms, "answered");
    response
}
