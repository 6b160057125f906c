//! Contracts over HTTP: restroom-mw's shapes, and a clear answer to everything else.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;

use crate::{Reply, get, post, start};

/// An oracle that serves these contracts.
async fn serve(contracts: &[(&str, &str)]) -> (tempfile::TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("contracts");
    std::fs::create_dir(&below).unwrap();
    for (name, text) in contracts {
        std::fs::write(below.join(name), text).unwrap();
    }
    let layer = Layer { contracts: Some(below), ..Layer::default() };
    let oracle = start(&folder.path().join("state"), layer).await;
    (folder, oracle)
}

/// An oracle that serves the contracts inside the binary.
async fn shipped(layer: Layer) -> (tempfile::TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(&folder.path().join("state"), layer).await;
    (folder, oracle)
}

async fn call(name: &str, data: Value) -> Reply {
    let (_folder, oracle) = shipped(Layer::default()).await;
    post(oracle.local_addr(), &format!("/api/{name}"), json!({ "data": data }).to_string()).await
}

#[tokio::test]
async fn ping_answers_by_get_and_by_post() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let alive = (200, json!({ "output": ["I_am_alive!"] }));
    for name in ["zenswarm-oracle-ping", "consensusroom-ping"] {
        let path = format!("/api/{name}");
        assert_eq!(get(oracle.local_addr(), &path).await, alive);
        assert_eq!(post(oracle.local_addr(), &path, "").await, alive);
        assert_eq!(post(oracle.local_addr(), &path, "{\"data\":{},\"keys\":{}}").await, alive);
    }
}

#[tokio::test]
async fn the_timestamp_is_the_present_time_in_digits() {
    let (status, body) = call("zenswarm-oracle-get-timestamp", json!({})).await;
    let stamp: u128 = body["myTimestamp"].as_str().unwrap().parse().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert_eq!(status, 200);
    assert!(now - stamp < 60_000, "{stamp} is not {now}");
}

#[tokio::test]
async fn what_an_oracle_signs_its_verifying_contract_accepts() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let address = oracle.local_addr();
    let (_, keys) = get(address, "/api/zenswarm-oracle-generate-all-public-keys").await;
    let schemes = [
        ("ecdsa", "ecdh", "ECDSA"),
        ("eddsa", "eddsa", "EDDSA"),
        ("schnorr", "schnorr", "Schnorr"),
        ("dilithium", "dilithium", "Dilithium"),
    ];
    for (scheme, key, said) in schemes {
        let asset = json!({ "data": { "asset": { "houses": [{ "name": "Harry" }], "number": 42 } } });
        let (status, mut signed) =
            post(address, &format!("/api/zenswarm-oracle-sign-{scheme}"), asset.to_string()).await;
        assert_eq!(status, 200, "{signed}");
        signed[format!("{key}_public_key")] = keys[format!("{key}_public_key")].clone();
        let path = format!("/api/zenswarm-oracle-verify-{scheme}");
        let reply = post(address, &path, json!({ "data": signed }).to_string()).await;
        assert_eq!(reply, (200, json!({ "output": [format!("The_{said}_signature_was_verified")] })));
        signed["asset"]["number"] = json!(43);
        let (status, refused) = post(address, &path, json!({ "data": signed }).to_string()).await;
        assert_eq!(status, 500, "{refused}");
    }
}

#[tokio::test]
async fn a_new_oracle_has_every_public_key_and_address_and_its_identity_shows_the_same() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let (status, keys) = get(oracle.local_addr(), "/api/zenswarm-oracle-generate-all-public-keys").await;
    assert_eq!(status, 200, "{keys}");
    let names: Vec<&String> = keys.as_object().unwrap().keys().collect();
    let expected = [
        "bitcoin_address",
        "bitcoin_public_key",
        "dilithium_public_key",
        "ecdh_public_key",
        "eddsa_public_key",
        "es256_public_key",
        "ethereum_address",
        "reflow_public_key",
        "schnorr_public_key",
    ];
    assert_eq!(names, expected);
    let (_, identity) = get(oracle.local_addr(), "/api/zenswarm-oracle-get-identity").await;
    for key in ["ecdh_public_key", "eddsa_public_key"] {
        assert_eq!(identity["identity"][key], keys[key]);
    }
}

#[tokio::test]
async fn an_oracle_makes_and_signs_its_did_document_and_anyone_verifies_the_proof() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let address = oracle.local_addr();
    let ask = async |name: &str, data: Value| {
        post(address, &format!("/api/zenswarm-oracle-{name}"), json!({ "data": data }).to_string()).await
    };
    let data = json!({ "@context": ["https://www.w3.org/ns/did/v1"], "service": [] });
    let (status, mut document) = ask("create-did-document", data).await;
    assert_eq!(status, 200, "{document}");
    document["signer"] = document["did_document"]["id"].clone();
    let (status, mut signed) = ask("sign-did-document", document.clone()).await;
    assert_eq!(status, 200, "{signed}");
    signed["signer_document"] = document["did_document"].clone();
    let reply = ask("verify-did-document", signed.clone()).await;
    assert_eq!(reply, (200, json!({ "output": ["The_proof_of_the_DID_document_was_verified"] })));
    signed["did_document"]["@context"] = json!(["https://example.org"]);
    let (status, refused) = ask("verify-did-document", signed).await;
    assert_eq!(status, 500, "{refused}");
}

#[tokio::test]
async fn the_signed_timestamp_carries_its_signature() {
    let (status, body) = call("zenswarm-oracle-get-signed-timestamp", json!({})).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["ecdsa_signature"]["r"].is_string() && body["ecdsa_signature"]["s"].is_string(), "{body}");
}

#[tokio::test]
async fn the_identity_is_the_oracles_and_not_the_callers() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let body = json!({ "data": { "identity": { "did": "did:dyne:zenswarm:someone-else" } } }).to_string();
    let (status, body) = post(oracle.local_addr(), "/api/zenswarm-oracle-get-identity", body).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["identity"]["did"], json!(oracle.did()));
    assert_eq!(body["identity"]["uid"], json!(oracle.local_addr().to_string()));
    assert!(body["identity"]["API"].as_array().unwrap().contains(&json!("/api/zenswarm-oracle-ping")));
}

#[tokio::test]
async fn http_post_returns_status_and_result_of_an_allowed_service() {
    let (_other, service) =
        serve(&[("echo.zen", "Given I have a 'string' named 'x'\nThen print the 'x'\n")]).await;
    let layer = Layer { egress_allow: Some(vec!["127.0.0.1/32".parse().unwrap()]), ..Layer::default() };
    let (_folder, oracle) = shipped(layer).await;
    let endpoint = format!("http://{}/api/echo", service.local_addr());
    let data = json!({ "data": { "endpoint": endpoint, "post": { "data": { "x": "y" } } } });
    let reply = post(oracle.local_addr(), "/api/zenswarm-oracle-http-post", data.to_string()).await;
    assert_eq!(reply, (200, json!({ "output": { "status": 200, "result": { "x": "y" } } })));
}

#[tokio::test]
async fn http_post_to_a_closed_port_returns_the_code() {
    let layer = Layer { egress_allow: Some(vec!["127.0.0.1/32".parse().unwrap()]), ..Layer::default() };
    let (_folder, oracle) = shipped(layer).await;
    let closed = swarm_node::server::Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let endpoint = format!("http://{}/", closed.local_addr());
    drop(closed);
    let data = json!({ "data": { "endpoint": endpoint, "post": {} } });
    let reply = post(oracle.local_addr(), "/api/zenswarm-oracle-http-post", data.to_string()).await;
    assert_eq!(reply, (200, json!({ "output": { "status": "ECONNREFUSED", "result": "" } })));
}

#[tokio::test]
async fn http_post_to_the_oracles_own_network_is_refused() {
    for endpoint in
        ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://localhost/"]
    {
        let (status, body) =
            call("zenswarm-oracle-http-post", json!({ "endpoint": endpoint, "post": {} })).await;
        assert_eq!(status, 500, "{endpoint}");
        assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("egress policy"), "{body}");
    }
}

#[tokio::test]
async fn a_failing_contract_answers_in_upstreams_shape() {
    let (_folder, oracle) =
        serve(&[("fails.zen", "Given I have a 'string' named 'absent'\nThen print data\n")]).await;
    let (status, body) = get(oracle.local_addr(), "/api/fails").await;
    assert_eq!(status, 500);
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["zenroom_errors", "result", "exception"]);
    assert_eq!(body["result"], json!(""));
    assert_eq!(body["zenroom_errors"]["result"], json!(""));
    assert_eq!(
        body["exception"],
        json!("[ZENROOM EXECUTION ERROR FOR CONTRACT fails]\n\n\n Please check zenroom_errors logs")
    );
    assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("line 1"), "{body}");
}

#[tokio::test]
async fn a_contract_that_is_no_zencode_fails_with_its_line() {
    let (_folder, oracle) = serve(&[("broken.zen", "Given nothing\nWhen I fly to the 'moon'\n")]).await;
    let (status, body) = get(oracle.local_addr(), "/api/broken").await;
    assert_eq!(status, 500);
    assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("line 2"), "{body}");
}

#[tokio::test]
async fn no_secret_is_in_any_answer() {
    let failing = "Scenario 'ecdh': x\nGiven I have a 'keyring'\nGiven I have a 'string' named 'absent'\n";
    let (folder, oracle) = serve(&[
        ("granted.zen", failing),
        ("granted.metadata.json", "{\"keyring\":true,\"public\":true}"),
        ("denied.zen", "Scenario 'ecdh': x\nGiven I have a 'keyring'\nThen print the 'keyring'\n"),
    ])
    .await;
    let keyring = std::fs::read_to_string(folder.path().join("state/keyring.json")).unwrap();
    let keyring: Value = serde_json::from_str(&keyring).unwrap();
    let root = std::fs::read_to_string(folder.path().join("state/root.key")).unwrap();
    for path in ["/api/granted", "/api/denied", "/health", "/metrics", "/apis", "/api/none"] {
        let (_, body) = get(oracle.local_addr(), path).await;
        let body = body.to_string();
        for secret in [&keyring["keyring"]["ecdh"], &keyring["keyring"]["eddsa"], &json!(root.trim())] {
            assert!(!body.contains(secret.as_str().unwrap()), "{path}: {body}");
        }
    }
}

#[tokio::test]
async fn an_unknown_contract_is_404_with_a_suggestion() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let (status, body) = get(oracle.local_addr(), "/api/zenswarm-oracle-pong").await;
    assert_eq!(status, 404);
    assert_eq!(body["hint"], json!("did you mean /api/zenswarm-oracle-ping?"));
}

#[tokio::test]
async fn a_private_contract_is_404_and_not_suggested() {
    let (_folder, oracle) =
        serve(&[("hidden.zen", "Given nothing\n"), ("hidden.metadata.json", "{\"private\":true}")]).await;
    for path in ["/api/hidden", "/api/hidde", "/api/../contracts/hidden", "/api/%68idden"] {
        let (status, body) = get(oracle.local_addr(), path).await;
        assert_eq!(status, 404, "{path}");
        assert!(!body["hint"].to_string().contains("/api/hidden"), "{body}");
    }
    assert_eq!(get(oracle.local_addr(), "/apis").await, (200, json!([])));
}

#[tokio::test]
async fn a_path_leads_nowhere_but_to_contracts() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    for path in ["/", "/api", "/api/", "/api/..%2f..%2fstate%2froot.key", "/api//etc/passwd", "/%00", "/v1"] {
        let (status, body) = get(oracle.local_addr(), path).await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(body["status"], json!(404), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let client = client::new(Tls::Off).unwrap();
    for (method, path) in [("PUT", "/api/zenswarm-oracle-ping"), ("DELETE", "/health"), ("GET", "/v1/votes")]
    {
        let url = format!("http://{}{path}", oracle.local_addr());
        let response = client.request(method.parse().unwrap(), url).send().await.unwrap();
        assert_eq!(crate::reply(response).await.0, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_beyond_its_limit_is_413() {
    let layer = Layer::from_toml("[oracle]\nbody_max = \"1KiB\"\n", "test").unwrap();
    let (_folder, oracle) = shipped(layer).await;
    let body = json!({ "data": { "x": "y".repeat(2000) } }).to_string();
    let (status, body) = post(oracle.local_addr(), "/api/zenswarm-oracle-ping", body).await;
    assert_eq!((status, &body["status"]), (413, &json!(413)));
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    for body in ["{", "[]", "nonsense", "{\"data\":[1]}", "\u{0}", "{\"data\":{\"a\":1},\"data\":{}}"] {
        let (status, answer) = post(oracle.local_addr(), "/api/zenswarm-oracle-ping", body).await;
        assert_eq!(status, 400, "{body}");
        assert!(answer["hint"].is_string(), "{answer}");
    }
    let (status, _) = get(oracle.local_addr(), "/api/zenswarm-oracle-ping?data=%7B").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_full_pool_is_503_with_a_time_to_come_back() {
    let service = axum::Router::new().fallback(std::future::pending::<String>);
    let service =
        swarm_node::server::Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(service);
    let mut layer = Layer::from_toml("[oracle]\nruns_max = 1\negress_timeout = \"2s\"\n", "test").unwrap();
    layer.egress_allow = Some(vec!["127.0.0.1/32".parse().unwrap()]);
    let (_folder, oracle) = shipped(layer).await;
    let data = json!({ "data": { "endpoint": format!("http://{}/", service.local_addr()), "post": {} } });
    let address = oracle.local_addr();
    let slow =
        tokio::spawn(async move { post(address, "/api/zenswarm-oracle-http-post", data.to_string()).await });
    let refused = async {
        loop {
            let client = client::new(Tls::Off).unwrap();
            let url = format!("http://{address}/api/zenswarm-oracle-ping");
            let response = client.get(url).send().await.unwrap();
            if response.status().as_u16() == 503 {
                break response;
            }
            tokio::task::yield_now().await;
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(10), refused).await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(slow.await.unwrap(), (200, json!({ "output": { "status": "ETIMEDOUT", "result": "" } })));
}

#[tokio::test]
async fn a_run_beyond_its_time_is_answered() {
    let service = axum::Router::new().fallback(std::future::pending::<String>);
    let service =
        swarm_node::server::Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(service);
    let mut layer = Layer::from_toml("[oracle]\nrun_timeout = \"100ms\"\n", "test").unwrap();
    layer.egress_allow = Some(vec!["127.0.0.1/32".parse().unwrap()]);
    let (_folder, oracle) = shipped(layer).await;
    let data = json!({ "data": { "endpoint": format!("http://{}/", service.local_addr()), "post": {} } });
    let (status, body) = post(oracle.local_addr(), "/api/zenswarm-oracle-http-post", data.to_string()).await;
    assert_eq!(status, 500);
    assert!(body["exception"].as_str().unwrap().starts_with("[UNEXPECTED EXCEPTION FOR CONTRACT"), "{body}");
}

#[tokio::test]
async fn health_says_who_it_is() {
    let (_folder, oracle) = shipped(Layer::default()).await;
    let (status, body) = get(oracle.local_addr(), "/health").await;
    assert_eq!(status, 200);
    assert_eq!(body["did"], json!(oracle.did()));
    assert_eq!(body["swarm"], Value::Null);
}
