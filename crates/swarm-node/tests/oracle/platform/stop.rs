//! A graceful end.

use axum::Router;
use serde_json::json;
use swarm_node::server::Socket;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::{WAITS, asks, serve, until};
use crate::{get, post};

#[tokio::test]
async fn an_oracle_that_stops_says_so_and_finishes_what_is_under_way() {
    let (came, go) = (std::sync::Arc::new(Notify::new()), std::sync::Arc::new(Notify::new()));
    let (coming, going) = (came.clone(), go.clone());
    let router = Router::new().fallback(move || {
        let (coming, going) = (coming.clone(), going.clone());
        async move {
            coming.notify_one();
            going.notified().await;
            "\"finished\""
        }
    });
    let service = Socket::bind("127.0.0.1:0".parse().unwrap()).await.unwrap().serve(router);
    let settings = "egress_allow = [\"127.0.0.1/32\"]\ndrain = \"1s\"";
    let (_folder, oracle) = serve(settings, &[("waits.zen", WAITS)]).await;
    let address = oracle.local_addr();
    let call = tokio::spawn(async move { post(address, "/api/waits", asks(&service)).await });
    came.notified().await;
    let stopping = tokio::spawn(oracle.stop());
    let reasons = until("not ready", || async {
        let (status, body) = get(address, "/health/ready").await;
        (status == 503).then(|| body["reasons"].clone())
    });
    assert_eq!(reasons.await, json!(["the oracle is stopping"]));
    until("no more connections", || async { TcpStream::connect(address).await.err() }).await;
    assert!(!call.is_finished());
    go.notify_one();
    assert_eq!(call.await.unwrap().0, 200);
    stopping.await.unwrap().unwrap();
}
