//! The web service that the demonstration's contract asks: a quote that never changes.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Json;
use axum::routing::post;
use serde_json::{Value, json};

use crate::report::Failure;

/// A web service on a free port of this machine.
pub(super) struct Service {
    pub(super) address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Service {
    pub(super) async fn start() -> Result<Self, Failure> {
        let listener =
            tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Failure::internal)?;
        let address = listener.local_addr().map_err(Failure::internal)?;
        let routes = axum::Router::new().route("/rate", post(rate));
        let task = tokio::spawn(async move {
            // It ends when the demonstration does.
            drop(axum::serve(listener, routes).await);
        });
        Ok(Self { address, task })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn rate(Json(question): Json<Value>) -> Json<Value> {
    let pair = question.pointer("/data/pair").cloned().unwrap_or_default();
    Json(json!({ "pair": pair, "rate": "1.0842", "source": "demonstration" }))
}
