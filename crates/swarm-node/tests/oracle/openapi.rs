//! The OpenAPI document as a client gets it, and the answers of contracts held against it.

use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;

use crate::{get, post, start};

async fn shipped() -> (tempfile::TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(&folder.path().join("state"), Layer::default()).await;
    (folder, oracle)
}

/// A schema of the document, with the document's components in its reach.
fn schema(document: &Value, schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    schema
}

#[tokio::test]
async fn the_document_is_given_with_a_tag_and_once() {
    let (_folder, oracle) = shipped().await;
    let client = client::new(Tls::Off).unwrap();
    let url = format!("http://{}/openapi.json", oracle.local_addr());
    let response = client.get(&url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let tag = response.headers()["etag"].clone();
    let document: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(document["openapi"], json!("3.1.0"));
    let again = client.get(&url).header("if-none-match", tag.clone()).send().await.unwrap();
    assert_eq!((again.status().as_u16(), &again.headers()["etag"]), (304, &tag));
    assert_eq!(again.text().await.unwrap(), "");
    let other = client.get(&url).header("if-none-match", "\"other\"").send().await.unwrap();
    assert_eq!(other.status().as_u16(), 200);
}

#[tokio::test]
async fn every_contract_is_in_the_document_with_both_methods() {
    let (_folder, oracle) = shipped().await;
    let (_, document) = get(oracle.local_addr(), "/openapi.json").await;
    let (_, names) = get(oracle.local_addr(), "/apis").await;
    for name in names.as_array().unwrap() {
        let item = &document["paths"][name.as_str().unwrap()];
        assert!(item["get"].is_object() && item["post"].is_object(), "{name}");
    }
}

#[tokio::test]
async fn the_document_names_the_endpoint_that_is_configured() {
    let folder = tempfile::tempdir().unwrap();
    let layer = Layer { endpoint: Some("https://oracle.example/".parse().unwrap()), ..Layer::default() };
    let oracle = start(&folder.path().join("state"), layer).await;
    let (_, document) = get(oracle.local_addr(), "/openapi.json").await;
    assert_eq!(document["servers"], json!([{ "url": "https://oracle.example" }]));
}

#[tokio::test]
async fn what_contracts_answer_to_their_examples_is_what_the_document_says() {
    let (_folder, oracle) = shipped().await;
    let (_, document) = get(oracle.local_addr(), "/openapi.json").await;
    let mut answered = 0;
    for (path, item) in
        document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/"))
    {
        let example =
            &item["post"]["requestBody"]["content"]["application/json"]["examples"]["example"]["value"];
        let body = if example.is_null() { "{}".to_owned() } else { example.to_string() };
        let (status, answer) = post(oracle.local_addr(), path, body).await;
        let response = &item["post"]["responses"][status.to_string()];
        let response = match response["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => response,
        };
        let expected = schema(&document, &response["content"]["application/json"]["schema"]);
        assert!(jsonschema::is_valid(&expected, &answer), "{path} {status}: {answer} is not {expected:#}");
        answered += usize::from(status == 200);
    }
    assert!(answered > 15, "{answered}");
}

#[tokio::test]
async fn refusals_are_what_the_document_says() {
    let (_folder, oracle) = shipped().await;
    let (_, document) = get(oracle.local_addr(), "/openapi.json").await;
    let problem = schema(&document, &document["components"]["schemas"]["Problem"]);
    for (path, body, expected) in [
        ("/api/zenswarm-oracle-ping", "[", 400),
        ("/api/none", "", 404),
        ("/v1/votes", "{}", 409),
        ("/health", "", 405),
    ] {
        let (status, answer) = post(oracle.local_addr(), path, body).await;
        assert_eq!(status, expected, "{path}: {answer}");
        assert!(jsonschema::is_valid(&problem, &answer), "{path}: {answer}");
    }
}
