//! ncr's convention.

use serde_json::{Value, json};

use super::{Served, serve};

const ECHO: &str = "Given I have a 'string' named 'x'\nThen print the 'x'\n";
const HELLO: &str = "Given nothing\nThen print the string 'hello'\n";

async fn ncr(files: &[(&str, &str)]) -> Served {
    serve("convention = \"ncr\"", files).await
}

#[tokio::test]
async fn the_body_is_data_itself() {
    let it = ncr(&[("sub/echo.zen", ECHO)]).await;
    let reply = it.post("/sub/echo", r#"{"x":"y"}"#).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"x":"y"}"#));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(it.get("/api/sub/echo").await.status, 404);
}

#[tokio::test]
async fn the_parameters_of_an_address_are_data_as_strings() {
    let text = "Given I have a 'string' named 'x'\nGiven I have a 'string' named 'n'\nThen print data\n";
    let it = ncr(&[("a.zen", text)]).await;
    assert_eq!(it.get("/a?x=y%20z&n=7").await.json(), json!({"x": "y_z", "n": "7"}));
}

#[tokio::test]
async fn a_post_without_body_runs_whatever_its_type() {
    let it = ncr(&[("hello.zen", HELLO)]).await;
    for headers in [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/json")]] {
        let reply = it.send("POST", "/hello", headers, "").await;
        assert_eq!((reply.status, reply.json()), (200, json!({"output": ["hello"]})), "{headers:?}");
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_415() {
    let it = ncr(&[("echo.zen", ECHO)]).await;
    for headers in
        [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/x-www-form-urlencoded")]]
    {
        let reply = it.send("POST", "/echo", headers, r#"{"x":"y"}"#).await;
        assert_eq!(reply.status, 415, "{headers:?}");
        assert!(reply.json()["hint"].as_str().unwrap().contains("application/json"), "{}", reply.text);
    }
    let charset = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(it.send("POST", "/echo", &charset, r#"{"x":"y"}"#).await.status, 200);
}

#[tokio::test]
async fn a_form_is_data_where_the_metadata_say_so() {
    let text =
        "Given I have a 'string' named 'data1'\nGiven I have a 'string' named 'data2'\nThen print the data\n";
    let metadata = r#"{"content_type":"application/x-www-form-urlencoded"}"#;
    let it = ncr(&[("form.zen", text), ("form.metadata.json", metadata)]).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply =
        it.send("POST", "/form", &form, "&data1=code&data2=https%3A%2F%2Fclient.example.org%2F").await;
    assert_eq!(reply.json(), json!({"data1": "code", "data2": "https://client.example.org/"}));
    assert_eq!(it.post("/form", "{}").await.status, 415);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_400() {
    let it = ncr(&[("echo.zen", ECHO)]).await;
    for body in ["{", "[]", "1", "null", "\"x\"", "{\"x\":1}}"] {
        assert_eq!(it.post("/echo", body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_body_beyond_its_limit_is_413() {
    let it = serve("convention = \"ncr\"\nbody_max = \"1KiB\"", &[("echo.zen", ECHO)]).await;
    assert_eq!(it.post("/echo", &json!({"x": "y".repeat(2000)}).to_string()).await.status, 413);
}

#[tokio::test]
async fn missing_data_are_422_and_a_failing_statement_is_500_in_plain_text() {
    let fails = "Given I have a 'string' named 'x'\nWhen I verify 'x' is equal to 'y'\nThen print data\n";
    let it = ncr(&[("echo.zen", ECHO), ("fails.zen", fails)]).await;
    let reply = it.post("/echo", "{}").await;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("line 1") && reply.text.contains('x'), "{}", reply.text);
    let reply = it.post("/fails", r#"{"x":"1"}"#).await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(reply.text.contains("line 2"), "{}", reply.text);
}

#[tokio::test]
async fn the_root_lists_what_is_not_hidden() {
    let it = ncr(&[
        ("hello.zen", HELLO),
        ("a/echo.zen", ECHO),
        ("hidden.zen", HELLO),
        ("hidden.metadata.json", r#"{"hidden":true}"#),
        ("unlisted.zen", HELLO),
        ("unlisted.metadata.json", r#"{"hide_from_openapi":true}"#),
        ("flow.chain.yaml", "steps:\n  - id: one\n    zencode: |\n      Given nothing\n"),
    ])
    .await;
    let address = it.oracle.local_addr();
    let expected: Vec<Value> =
        ["a/echo", "flow", "hello"].iter().map(|name| json!(format!("http://{address}/{name}"))).collect();
    assert_eq!(it.get("/").await.json(), Value::Array(expected));
    assert_eq!(it.get("/unlisted").await.status, 200);
    for path in ["/hidden", "/hidden/raw"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
        assert_eq!(it.post(path, "{}").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_text_of_a_contract_is_shown() {
    let it = ncr(&[("hello.zen", HELLO)]).await;
    let reply = it.get("/hello/raw").await;
    assert_eq!((reply.status, reply.text.as_str()), (200, HELLO));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(it.post("/hello/raw", "{}").await.status, 405);
}

#[tokio::test]
async fn the_text_of_a_chain_that_holds_keys_is_not_shown() {
    let chain = "steps:\n  - id: a\n    zencode: Given nothing\n    keys: { secret: canary }\n";
    let open = "steps:\n  - id: a\n    zencode: Given nothing\n";
    let it = ncr(&[("closed.chain.yaml", chain), ("open.chain.yaml", open)]).await;
    let reply = it.get("/closed/raw").await;
    assert!(reply.status == 403 && !reply.text.contains("canary"), "{}", reply.text);
    assert_eq!(it.get("/open/raw").await.text, open);
}

#[tokio::test]
async fn verbs_are_answered_with_those_that_are_taken() {
    let it = ncr(&[
        ("hello.zen", HELLO),
        ("post.zen", HELLO),
        ("post.metadata.json", r#"{"disable_get":true}"#),
        ("get.zen", HELLO),
        ("get.metadata.json", r#"{"disable_post":true}"#),
    ])
    .await;
    let options = it.send("OPTIONS", "/hello", &[], "").await;
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, POST")));
    for (method, path, allow) in [
        ("PUT", "/hello", "GET, HEAD, POST"),
        ("DELETE", "/hello", "GET, HEAD, POST"),
        ("GET", "/post", "POST"),
        ("POST", "/get", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ] {
        let reply = it.send(method, path, &[], "").await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)), "{method} {path}");
    }
    assert_eq!(it.send("HEAD", "/hello", &[], "").await.status, 200);
}

#[tokio::test]
async fn both_conventions_answer_side_by_side_and_the_nodes_own_routes_come_first() {
    let it = serve("convention = \"both\"", &[("echo.zen", ECHO), ("health.zen", HELLO)]).await;
    assert_eq!(it.post("/api/echo", r#"{"data":{"x":"y"}}"#).await.json(), json!({"x": "y"}));
    assert_eq!(it.post("/echo", r#"{"x":"y"}"#).await.json(), json!({"x": "y"}));
    assert_eq!(it.get("/health").await.json()["did"], json!(it.oracle.did()));
    assert_eq!(it.get("/sayhi").await.text, "Hi");
}

#[tokio::test]
async fn an_unknown_address_is_404() {
    let it = ncr(&[("hello.zen", HELLO)]).await;
    for path in ["/notfound", "/hello/app", "/hello/raw/raw", "/hello.zen", "/hello.keys.json"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
    }
}
