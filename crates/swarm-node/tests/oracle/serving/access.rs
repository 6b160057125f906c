//! Who may call what.

use serde_json::json;

use super::serve;

const HELLO: &str = "Given nothing\nThen print the string 'hello'\n";

#[tokio::test]
async fn a_closed_contract_is_403_and_says_how_it_is_opened() {
    let it =
        serve("convention = \"both\"", &[("a.zen", HELLO), ("a.metadata.json", r#"{"keyring":true}"#)]).await;
    for path in ["/a", "/api/a", "/a/raw"] {
        let reply = it.get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.json()["hint"].as_str().unwrap().contains("\"public\": true"), "{}", reply.text);
    }
    assert_eq!(it.get("/apis").await.json(), json!([]));
    assert_eq!(it.get("/").await.json(), json!([]));
}

#[tokio::test]
async fn a_folder_that_is_closed_by_default_opens_by_metadata() {
    let files = [("a.zen", HELLO), ("b.zen", HELLO), ("b.metadata.json", r#"{"public":true}"#)];
    let it = serve("folder_default = \"closed\"", &files).await;
    assert_eq!(it.get("/api/a").await.status, 403);
    assert_eq!(it.get("/api/b").await.status, 200);
}

#[tokio::test]
async fn a_private_folder_is_never_routable() {
    let folder = tempfile::tempdir().unwrap();
    super::write(
        folder.path(),
        &[
            ("contracts/x.yml", "start: a\nblocks:\n  a:\n    zenFile: secret.zen\n"),
            ("private/secret.zen", HELLO),
            ("private/secret.metadata.json", r#"{"public":true}"#),
        ],
    );
    let it = super::up(folder, "convention = \"both\"\nprivate_contracts = \"@/private\"").await;
    for path in ["/api/secret", "/secret", "/secret/raw", "/api/private/secret", "/private/secret"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
    }
    assert_eq!(it.get("/api/x.chain").await.json(), json!({"output": ["hello"]}));
}

#[tokio::test]
async fn an_inner_step_is_404_as_if_it_were_not_there() {
    let it = serve("", &[("x.yml", "start: a\nblocks:\n  a:\n    zenFile: step.zen\n"), ("step.zen", HELLO)])
        .await;
    assert_eq!(it.get("/api/step").await.status, 404);
    assert_eq!(it.get("/apis").await.json(), json!(["/api/x.chain"]));
}
