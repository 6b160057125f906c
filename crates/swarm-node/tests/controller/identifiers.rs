//! Resolution of DIDs: the table of W3C DID Resolution's HTTP binding, row by row.

use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_protocol::did::verify_proof;
use swarm_protocol::registry::Evict;

use crate::member::Member;
use crate::swarm::Swarm;
use crate::{Reply, get, request};

const RESULT: &str = "application/did-resolution";

async fn resolve(swarm: &Swarm, did: &str) -> Reply {
    get(&swarm.url(&format!("/1.0/identifiers/{did}"))).await
}

async fn resolve_as(swarm: &Swarm, did: &str, accept: &str) -> Reply {
    let url = swarm.url(&format!("/1.0/identifiers/{did}"));
    request(client::new(Tls::Off).unwrap().get(url).header("accept", accept)).await
}

/// Status and error name; an error has all three members of a result.
fn error(reply: &Reply) -> (u16, &str) {
    assert_eq!(reply.media_type, RESULT, "{reply:?}");
    assert_eq!(reply.body["didDocument"], Value::Null);
    assert_eq!(reply.body["didDocumentMetadata"], json!({}));
    let error = &reply.body["didResolutionMetadata"]["error"];
    (reply.status, error["type"].as_str().unwrap().strip_prefix("https://www.w3.org/ns/did#").unwrap())
}

#[tokio::test]
async fn a_known_did_gives_its_document_with_the_controllers_proof() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let reply = resolve(&swarm, &member.did().to_string()).await;
    assert_eq!((reply.status, reply.media_type.as_str()), (200, RESULT));
    let document = &reply.body["didDocument"];
    assert_eq!(document["id"], member.did().to_string());
    assert!(verify_proof(document, &swarm.issuer.public()));
    assert_eq!(document["service"][0]["serviceEndpoint"], format!("http://{}", member.address()));
    assert_eq!(reply.body["didDocumentMetadata"]["deactivated"], false);
    assert!(reply.body["didResolutionMetadata"].is_object());
}

#[tokio::test]
async fn the_controller_has_a_document_too() {
    let swarm = Swarm::start().await;
    let reply = resolve(&swarm, &swarm.genesis.controller().to_string()).await;
    assert_eq!(reply.status, 200);
    assert!(verify_proof(&reply.body["didDocument"], &swarm.issuer.public()));
}

#[tokio::test]
async fn each_fault_has_its_status_and_type() {
    let swarm = Swarm::start().await;
    let unknown = Member::new(&swarm).await.did().to_string();
    for (did, expected) in [
        ("nonsense", (400, "INVALID_DID")),
        ("did:dyne:zenswarm:0", (400, "INVALID_DID")),
        ("did:dyne:zenswarm:abc", (400, "INVALID_DID")),
        ("did:dyne:..:abc", (400, "INVALID_DID")),
        ("did:dyne:sandbox.test_A:8REPQXUsFmaN6avGN6aozQtkhLNC9xUmZZNRM7u2UqEZ", (404, "NOT_FOUND")),
        (unknown.as_str(), (404, "NOT_FOUND")),
        ("did:web:example.org", (501, "METHOD_NOT_SUPPORTED")),
    ] {
        assert_eq!(error(&resolve(&swarm, did).await), expected, "{did}");
        assert_eq!(error(&get(&swarm.url(&format!("/dids/{did}"))).await), expected, "{did}");
    }
}

#[tokio::test]
async fn a_deactivated_did_is_gone_and_says_so() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    swarm.order(Evict { oracle: member.did(), reason: "test".parse().unwrap() }).await;
    for accept in ["*/*", "application/did"] {
        let reply = resolve_as(&swarm, &member.did().to_string(), accept).await;
        assert_eq!((reply.status, reply.media_type.as_str()), (410, RESULT));
        assert_eq!(reply.body["didDocument"], Value::Null);
        assert_eq!(reply.body["didDocumentMetadata"]["deactivated"], true);
    }
}

#[tokio::test]
async fn the_form_is_negotiated() {
    let swarm = Swarm::start().await;
    let did = Member::active(&swarm).await.did().to_string();
    let legacy = "application/ld+json;profile=\"https://w3id.org/did-resolution\"";
    for (accept, expected, is_document) in [
        ("application/did", "application/did", true),
        ("application/did+ld+json", "application/did+ld+json", true),
        ("application/did-resolution", RESULT, false),
        ("application/ld+json", legacy, false),
        (legacy, legacy, false),
        ("text/html, */*;q=0.1", RESULT, false),
    ] {
        let reply = resolve_as(&swarm, &did, accept).await;
        assert_eq!((reply.status, reply.media_type.as_str()), (200, expected), "{accept}");
        assert_eq!(reply.body["id"].is_string(), is_document, "{accept}");
    }
    let reply = resolve_as(&swarm, &did, "text/html").await;
    assert_eq!(error(&reply), (406, "REPRESENTATION_NOT_SUPPORTED"));
}

#[tokio::test]
async fn only_the_present_version_is_had() {
    let swarm = Swarm::start().await;
    let did = Member::active(&swarm).await.did().to_string();
    let metadata = resolve(&swarm, &did).await.body["didDocumentMetadata"].clone();
    let version = metadata["versionId"].as_str().unwrap();
    let updated = metadata["updated"].as_str().unwrap();
    for (options, status) in [
        (format!("versionId={version}"), 200),
        (format!("versionTime={updated}"), 200),
        ("versionTime=2999-01-01T00:00:00Z".to_owned(), 200),
    ] {
        assert_eq!(resolve(&swarm, &format!("{did}?{options}")).await.status, status, "{options}");
    }
    for (options, expected) in [
        ("versionId=other", (501, "FEATURE_NOT_SUPPORTED")),
        ("versionTime=2001-01-01T00:00:00Z", (501, "FEATURE_NOT_SUPPORTED")),
        ("versionTime=yesterday", (400, "INVALID_OPTIONS")),
        ("unknown=1", (400, "INVALID_OPTIONS")),
    ] {
        assert_eq!(error(&resolve(&swarm, &format!("{did}?{options}")).await), expected, "{options}");
    }
}

#[tokio::test]
async fn dids_are_listed_newest_first_in_pages() {
    let swarm = Swarm::start().await;
    let mut dids = Vec::new();
    for _ in 0..3 {
        dids.push(Member::active(&swarm).await.did().to_string());
    }
    dids.reverse();
    let listed = get(&swarm.url("/dids")).await;
    assert_eq!(listed.body, json!({"moreDids": false, "dids": dids}));
    let page = get(&swarm.url("/dids?offset=1&limit=1")).await;
    assert_eq!(page.body, json!({"moreDids": true, "dids": [dids[1]]}));
    assert_eq!(get(&swarm.url("/dids?offset=99")).await.body, json!({"moreDids": false, "dids": []}));
    let found = get(&swarm.url(&format!("/dids?search={}", &dids[0][18..]))).await;
    assert_eq!(found.body["dids"], json!([dids[0]]));
    assert_eq!(get(&swarm.url("/dids?limit=x")).await.kind(), "malformed-request");
}
