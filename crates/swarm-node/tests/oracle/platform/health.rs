//! Health, and the id of a request.

use serde_json::json;
use swarm_node::client::{self, Tls};

use super::{FAST, serve};
use crate::get;

#[tokio::test]
async fn an_oracle_that_serves_is_live_and_ready() {
    let (_folder, oracle) = serve("", &[("fast.zen", FAST)]).await;
    let address = oracle.local_addr();
    assert_eq!(get(address, "/health/live").await, (200, json!({ "status": "live" })));
    assert_eq!(get(address, "/health/ready").await, (200, json!({ "status": "ready", "reasons": [] })));
    let (_, health) = get(address, "/health").await;
    assert_eq!((&health["status"], &health["tls"]), (&json!("ok"), &json!(null)));
}

#[tokio::test]
async fn an_oracle_without_a_contract_that_compiles_is_not_ready_and_says_why() {
    let (_folder, oracle) = serve("", &[("broken.zen", "Given I fly to the moon\n")]).await;
    let (status, body) = get(oracle.local_addr(), "/health/ready").await;
    assert_eq!((status, &body["reasons"]), (503, &json!(["there is no contract to run"])));
    assert_eq!(get(oracle.local_addr(), "/health/live").await.0, 200);
    assert_eq!(get(oracle.local_addr(), "/health").await.1["status"], json!("degraded"));
}

#[tokio::test]
async fn a_request_keeps_the_id_that_it_came_with_and_gets_one_otherwise() {
    let (_folder, oracle) = serve("", &[("fast.zen", FAST)]).await;
    let client = client::new(Tls::Off).unwrap();
    for path in ["/api/fast", "/api/none", "/nowhere"] {
        let request = client.get(format!("http://{}{path}", oracle.local_addr()));
        let response = request.try_clone().unwrap().header("x-request-id", "abc-1").send().await.unwrap();
        assert_eq!(response.headers()["x-request-id"], "abc-1", "{path}");
        let response = request.header("x-request-id", "a b\"c").send().await.unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert!(id.len() > 9 && !id.contains(' '), "{id}");
    }
}
