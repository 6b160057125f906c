//! Callers: API keys, signed requests, and who may call what.

use std::net::SocketAddr;

use data_encoding::BASE64URL_NOPAD;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_node::controller::clock;
use swarm_node::oracle::{Oracle, api_keys};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::request::{NO_SWARM, Request};
use swarm_protocol::time::Timestamp;
use tempfile::TempDir;

use super::{FAST, serve, until};

const BODY: &str = "{\"data\":{}}";

/// An oracle with a contract of this metadata, named `guarded`.
async fn guarded(metadata: &str) -> (TempDir, Oracle) {
    serve("", &[("guarded.zen", FAST), ("guarded.metadata.json", metadata), ("open.zen", FAST)]).await
}

fn new_key(folder: &TempDir, name: &str) -> String {
    api_keys::create(&folder.path().join("state"), name, None).unwrap().1.to_string()
}

async fn call(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Response {
    let client = client::new(Tls::Off).unwrap();
    let mut request = client.post(format!("http://{address}{path}")).body(BODY);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn with_key(oracle: &Oracle, key: &str) -> Response {
    let bearer = format!("Bearer {key}");
    call(oracle.local_addr(), "/api/guarded", &[("authorization", &bearer)]).await
}

/// Waits until the oracle has seen a key that was made while it serves.
async fn known(oracle: &Oracle, key: &str) -> Response {
    until("the key is known", || async {
        Some(with_key(oracle, key).await).filter(|it| it.status() != StatusCode::UNAUTHORIZED)
    })
    .await
}

/// Status, kind of problem and challenge.
async fn refusal(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let challenge = response.headers().get("www-authenticate").map(|it| it.to_str().unwrap().to_owned());
    let body: Value = response.json().await.unwrap();
    assert!(body["hint"].is_string(), "{body}");
    let kind = body["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    (status, kind, challenge.unwrap_or_default())
}

#[tokio::test]
async fn a_contract_that_needs_a_key_refuses_without_one_and_says_how_to_send_it() {
    let (_folder, oracle) = guarded("{\"auth\":\"api_key\"}").await;
    let response = call(oracle.local_addr(), "/api/guarded", &[]).await;
    let challenge = "Bearer realm=\"zenswarm\"".to_owned();
    assert_eq!(refusal(response).await, (401, "not-authenticated".to_owned(), challenge));
    assert_eq!(call(oracle.local_addr(), "/api/open", &[]).await.status(), 200);
}

#[tokio::test]
async fn a_key_opens_while_it_is_good() {
    let (folder, oracle) = guarded("{\"auth\":\"api_key\"}").await;
    let key = new_key(&folder, "dashboard");
    assert_eq!(known(&oracle, &key).await.status(), 200);
    let response = call(oracle.local_addr(), "/api/guarded", &[("x-api-key", &key)]).await;
    assert_eq!(response.status(), 200);
    api_keys::revoke(&folder.path().join("state"), "dashboard").unwrap();
    let refused = until("the key is refused", || async {
        Some(with_key(&oracle, &key).await).filter(|it| it.status() != StatusCode::OK)
    });
    let (status, kind, _) = refusal(refused.await).await;
    assert_eq!((status, kind.as_str()), (401, "api-key-refused"));
}

#[tokio::test]
async fn only_the_keys_that_a_contract_names_may_call_it() {
    let (folder, oracle) = guarded("{\"auth\":\"api_key\",\"callers\":[\"dashboard\"]}").await;
    let (dashboard, other) = (new_key(&folder, "dashboard"), new_key(&folder, "other"));
    assert_eq!(known(&oracle, &dashboard).await.status(), 200);
    let (status, kind, _) = refusal(known(&oracle, &other).await).await;
    assert_eq!((status, kind.as_str()), (403, "caller-not-allowed"));
}

#[tokio::test]
async fn a_credential_of_ours_that_does_not_hold_is_refused_where_none_is_needed() {
    let (_folder, oracle) = guarded("{}").await;
    for value in ["Bearer zsk_abc_def", "Zenswarm abc", "Zenswarm !", "Zenswarm e30"] {
        let response = call(oracle.local_addr(), "/api/open", &[("authorization", value)]).await;
        assert_eq!(response.status(), 401, "{value}");
    }
    let response =
        call(oracle.local_addr(), "/api/open", &[("authorization", "Bearer of.another.kind")]).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn callers_with_different_keys_are_counted_apart() {
    let metadata = "{\"auth\":\"api_key\",\"limits\":{\"rate\":\"1/h\"}}";
    let folder = super::folder(&[("guarded.zen", FAST), ("guarded.metadata.json", metadata)]);
    let keys = [new_key(&folder, "a"), new_key(&folder, "b")];
    let oracle = crate::start(&folder.path().join("state"), super::layer("", &folder)).await;
    for key in &keys {
        assert_eq!(with_key(&oracle, key).await.status(), 200);
        assert_eq!(with_key(&oracle, key).await.status(), 429);
    }
}

#[tokio::test]
async fn guessing_keys_has_an_end() {
    let (_folder, oracle) = serve(
        "rate = \"2/h\"",
        &[("guarded.zen", FAST), ("guarded.metadata.json", "{\"auth\":\"api_key\"}")],
    )
    .await;
    let mut statuses = Vec::new();
    for guess in 0..3 {
        statuses.push(with_key(&oracle, &format!("zsk_{guess}_x")).await.status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 429]);
}

#[tokio::test]
async fn a_metadata_file_that_names_callers_and_no_auth_is_refused() {
    for metadata in ["{\"callers\":[\"a\"]}", "{\"auth\":\"none\",\"callers\":[\"a\"]}", "{\"auth\":\"key\"}"]
    {
        let folder = super::folder(&[("a.zen", FAST), ("a.metadata.json", metadata)]);
        let layer = super::layer("", &folder);
        let layer = swarm_node::config::Layer { state: Some(folder.path().join("state")), ..layer };
        let error = Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("a.metadata.json"), "{error}");
    }
}

/// A caller with a DID.
struct Caller(SigningKey);

impl Caller {
    fn new(octet: u8) -> Self {
        Self(SigningKey::from_octets([octet; 32]))
    }

    fn did(&self) -> Did {
        Did::of(self.0.public())
    }

    /// The header for a request to an oracle.
    fn sign(&self, oracle: Did, path: &str, body: &str, now: Timestamp) -> String {
        let stamp = Stamp::once(NO_SWARM, oracle, clock::random().unwrap(), now);
        let signed = Signed::by_did(&self.0, stamp, Request::new("POST", path, body.as_bytes()));
        format!("Zenswarm {}", BASE64URL_NOPAD.encode(signed.to_json().as_bytes()))
    }

    /// A header that the oracle accepts by its time: it remembers requests that were signed after its start.
    async fn ready(&self, oracle: &Oracle) -> String {
        until("a signed request is accepted", || async {
            let header = self.sign(oracle.did(), "/api/open", BODY, clock::now());
            let response = call(oracle.local_addr(), "/api/open", &[("authorization", &header)]).await;
            (response.status() == 200).then_some(())
        })
        .await;
        self.sign(oracle.did(), "/api/guarded", BODY, clock::now())
    }
}

async fn with_signature(oracle: &Oracle, header: &str) -> Response {
    call(oracle.local_addr(), "/api/guarded", &[("authorization", header)]).await
}

async fn kind(oracle: &Oracle, header: &str) -> (u16, String) {
    let (status, kind, _) = refusal(with_signature(oracle, header).await).await;
    (status, kind)
}

#[tokio::test]
async fn a_challenge_says_what_a_signed_request_must_name() {
    let (_folder, oracle) = guarded("{\"auth\":\"did\"}").await;
    let (status, _, challenge) = refusal(call(oracle.local_addr(), "/api/guarded", &[]).await).await;
    let expected =
        format!("Zenswarm realm=\"zenswarm\", audience=\"{}\", swarm=\"{NO_SWARM}\"", oracle.did());
    assert_eq!((status, challenge), (401, expected));
}

#[tokio::test]
async fn a_signed_request_opens_once() {
    let (_folder, oracle) = guarded("{\"auth\":\"did\"}").await;
    let header = Caller::new(1).ready(&oracle).await;
    assert_eq!(with_signature(&oracle, &header).await.status(), 200);
    assert_eq!(kind(&oracle, &header).await, (401, "replayed-message".to_owned()));
}

#[tokio::test]
async fn a_signed_request_that_is_stale_future_or_for_another_is_refused() {
    let (_folder, oracle) = guarded("{\"auth\":\"did\"}").await;
    let caller = Caller::new(1);
    caller.ready(&oracle).await;
    let (did, now) = (oracle.did(), clock::now());
    let earlier = Timestamp::from_millis(now.millis() - 120_000);
    let path = "/api/guarded";
    for (header, expected) in [
        (caller.sign(did, path, BODY, earlier), "stale-message"),
        (caller.sign(did, path, BODY, now.plus(120_000)), "future-message"),
        (caller.sign(caller.did(), path, BODY, now), "wrong-audience"),
        (caller.sign(did, path, "{\"data\":{\"amount\":1}}", now), "other-request"),
        (caller.sign(did, path, "", now), "other-request"),
        (caller.sign(did, "/api/open", BODY, now), "other-request"),
        (caller.sign(did, "/api/guarded?data=%7B%7D", BODY, now), "other-request"),
    ] {
        assert_eq!(kind(&oracle, &header).await, (401, expected.to_owned()));
    }
}

#[tokio::test]
async fn a_signed_request_with_one_octet_changed_is_refused() {
    let (_folder, oracle) = guarded("{\"auth\":\"did\"}").await;
    let header = Caller::new(1).ready(&oracle).await;
    let json = BASE64URL_NOPAD.decode(header.strip_prefix("Zenswarm ").unwrap().as_bytes()).unwrap();
    for place in (0..json.len()).step_by(7) {
        let mut changed = json.clone();
        changed[place] ^= 1;
        let header = format!("Zenswarm {}", BASE64URL_NOPAD.encode(&changed));
        assert_eq!(with_signature(&oracle, &header).await.status(), 401, "octet {place}");
    }
    assert_eq!(with_signature(&oracle, &header).await.status(), 200);
}

#[tokio::test]
async fn only_the_dids_that_a_contract_names_may_call_it() {
    let (named, other) = (Caller::new(1), Caller::new(2));
    let metadata = json!({ "auth": "did", "callers": [named.did()] }).to_string();
    let (_folder, oracle) = guarded(&metadata).await;
    let header = named.ready(&oracle).await;
    assert_eq!(with_signature(&oracle, &header).await.status(), 200);
    let header = other.sign(oracle.did(), "/api/guarded", BODY, clock::now());
    assert_eq!(kind(&oracle, &header).await, (403, "caller-not-allowed".to_owned()));
}

#[tokio::test]
async fn a_proof_of_the_wrong_kind_is_not_enough() {
    let (folder, oracle) = guarded("{\"auth\":\"did\"}").await;
    let key = new_key(&folder, "a");
    let kind_of = async |response| refusal(response).await.1;
    let refused = until("the key is known", || async {
        let kind = kind_of(with_key(&oracle, &key).await).await;
        (kind != "api-key-refused").then_some(kind)
    });
    assert_eq!(refused.await, "not-authenticated");
}

#[tokio::test]
async fn either_proof_is_enough_where_the_contract_says_any() {
    let (folder, oracle) = guarded("{\"auth\":\"any\"}").await;
    let key = new_key(&folder, "a");
    assert_eq!(known(&oracle, &key).await.status(), 200);
    let header = Caller::new(1).ready(&oracle).await;
    assert_eq!(with_signature(&oracle, &header).await.status(), 200);
    let (status, _, challenge) = refusal(call(oracle.local_addr(), "/api/guarded", &[]).await).await;
    assert_eq!(status, 401);
    assert!(challenge.starts_with("Bearer ") && challenge.contains(", Zenswarm "), "{challenge}");
}
