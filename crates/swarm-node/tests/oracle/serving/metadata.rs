//! What metadata and schemas say is done.

use serde_json::json;

use super::serve;

const ECHO: &str = "Given I have a 'string' named 'x'\nThen print the 'x'\n";
const HELLO: &str = "Given nothing\nThen print the string 'hello'\n";

#[tokio::test]
async fn status_and_media_type_are_those_of_the_metadata() {
    let metadata =
        r#"{"success_code":"201","success_content_type":"application/ld+json","error_code":"418"}"#;
    let fails = "Given nothing\nWhen I verify 'x' is found\nThen print data\n";
    let it = serve(
        "convention = \"both\"",
        &[("a.zen", HELLO), ("a.metadata.json", metadata), ("b.zen", fails), ("b.metadata.json", metadata)],
    )
    .await;
    for path in ["/a", "/api/a"] {
        let reply = it.get(path).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (201, Some("application/ld+json")),
            "{path}"
        );
    }
    for path in ["/b", "/api/b"] {
        assert_eq!(it.get(path).await.status, 418, "{path}");
    }
}

#[tokio::test]
async fn an_answer_without_content_has_none() {
    let it = serve("", &[("a.zen", HELLO), ("a.metadata.json", r#"{"success_code":204}"#)]).await;
    let reply = it.get("/api/a").await;
    assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (204, "", None));
}

const HEADERS: &str = "Given I have a 'string dictionary' named 'request' in 'http_headers'\n\
    Given I have a 'string dictionary' named 'http_headers'\n\
    When I create the 'string dictionary' named 'response'\n\
    and I set 'Cache-Control' to 'no-store' as 'string'\n\
    and I move 'Cache-Control' in 'response'\n\
    and I move 'response' in 'http headers'\n\
    Then print 'x-test' from 'request'\n\
    and print the 'http_headers'\n";

#[tokio::test]
async fn headers_come_in_and_go_out() {
    let it = serve(
        "convention = \"both\"",
        &[("h.zen", HEADERS), ("h.metadata.json", r#"{"http_headers":true}"#)],
    )
    .await;
    for path in ["/h", "/api/h"] {
        let reply = it.send("GET", path, &[("X-Test", "one")], "").await;
        assert_eq!((reply.status, reply.json()), (200, json!({"x-test": "one"})), "{path}: {}", reply.text);
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn headers_are_the_oracles_to_give() {
    let it =
        serve("convention = \"ncr\"", &[("h.zen", HEADERS), ("h.metadata.json", r#"{"http_headers":true}"#)])
            .await;
    let reply = it.post("/h", r#"{"http_headers":{"request":{"x-test":"forged"}}}"#).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
}

#[tokio::test]
async fn a_redirect_is_a_status_and_a_header() {
    let text = "Given I have a 'string dictionary' named 'http_headers'\n\
        When I set 'location' to 'https://example.com/cb?code=aaaa' as 'string'\n\
        When I create the 'string dictionary' named 'response'\n\
        When I move 'location' in 'response'\nWhen I move 'response' in 'http headers'\n\
        Then print the 'http_headers'\n";
    let metadata = r#"{"success_code":"302","error_code":"500","http_headers":true}"#;
    let it = serve("convention = \"ncr\"", &[("r.zen", text), ("r.metadata.json", metadata)]).await;
    let reply = it.raw("/r").await;
    assert!(reply.starts_with("HTTP/1.1 302"), "{reply}");
    assert!(reply.contains("location: https://example.com/cb?code=aaaa\r\n"), "{reply}");
}

#[tokio::test]
async fn headers_that_would_break_the_answer_are_the_contracts_failure() {
    let text = "Given I have a 'string dictionary' named 'http_headers'\nGiven I have a 'string dictionary' named 'response'\n\
        When I remove 'request' from 'http_headers'\nWhen I move 'response' in 'http headers'\nThen print the 'http_headers'\n";
    let it = serve("", &[("h.zen", text), ("h.metadata.json", r#"{"http_headers":true}"#)]).await;
    for response in [
        json!({"content-length": "1"}),
        json!({"a:b": "1"}),
        json!({"x": "1\r\ny: 2"}),
        json!({"Transfer-Encoding": "chunked"}),
    ] {
        let reply = it.post("/api/h", &json!({"data": {"response": response}}).to_string()).await;
        assert_eq!(reply.status, 500, "{response}: {}", reply.text);
        assert!(
            reply.json()["zenroom_errors"]["logs"].as_str().unwrap().contains("cannot be sent"),
            "{}",
            reply.text
        );
    }
    let reply = it.post("/api/h", &json!({"data": {"response": {"x-fine": "1"}}}).to_string()).await;
    assert_eq!((reply.status, reply.header("x-fine")), (200, Some("1")), "{}", reply.text);
}

const CHECK: &str = "Given I have a 'string dictionary' named 'http headers'\nGiven I have a 'string' named 'hello'\n\
    Given I have a 'string' named 'condition_1'\nand I have a 'string' named 'condition_2'\n\
    When I pickup from path 'http_headers.request.test'\nand I verify 'test' is equal to 'condition_1'\n\
    and I verify 'hello' is equal to 'condition_2'\nThen print the string 'ok'\n";

#[tokio::test]
async fn a_precondition_that_is_not_met_is_403() {
    let it = serve(
        "convention = \"both\"",
        &[
            ("meta/after.zen", "Given I have a 'string' named 'hello'\nThen print 'hello'\n"),
            ("meta/after.metadata.json", r#"{"precondition":"contracts/meta/check","http_headers":true}"#),
            ("meta/check.slang", CHECK),
            ("meta/check.keys.json", r#"{"condition_1":"precondition","condition_2":"world"}"#),
        ],
    )
    .await;
    let call = async |hello: &str, test: &str| {
        let headers = [("content-type", "application/json"), ("test", test)];
        it.send("POST", "/meta/after", &headers, &json!({"hello": hello}).to_string()).await
    };
    let met = call("world", "precondition").await;
    assert_eq!((met.status, met.json()), (200, json!({"hello": "world"})), "{}", met.text);
    assert_eq!(call("world!", "precondition").await.status, 403);
    let refused = call("world", "another").await;
    assert!(refused.status == 403 && !refused.text.contains("condition_2"), "{}", refused.text);
    assert_eq!(it.get("/meta/check").await.status, 404);
}

#[tokio::test]
async fn data_that_the_schema_refuses_are_422_with_their_place() {
    let schema = r#"{"type":"object","properties":{"x":{"type":"string"},"n":{"type":"object","properties":{"m":{"maximum":3}}}},"required":["x"]}"#;
    let it = serve(
        "convention = \"both\"",
        &[("a.zen", ECHO), ("a.schema.json", schema), ("b.zen", ECHO), ("b.schema", schema)],
    )
    .await;
    for (path, body) in
        [("/a", r#"{"n":{"m":7}}"#), ("/api/a", r#"{"data":{"n":{"m":7}}}"#), ("/b", r#"{"n":{"m":7}}"#)]
    {
        let reply = it.post(path, body).await;
        assert_eq!(reply.status, 422, "{path}: {}", reply.text);
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("/n/m") && detail.contains("\"x\""), "{detail}");
    }
    assert_eq!(it.post("/a", r#"{"x":"y"}"#).await.status, 200);
    assert_eq!(it.get("/a").await.status, 422);
}

#[tokio::test]
async fn what_the_contract_has_as_keys_is_not_asked_of_the_caller() {
    let schema = r#"{"type":"object","properties":{"x":{"type":"string"}},"required":["x"]}"#;
    let it = serve(
        "convention = \"ncr\"",
        &[("a.zen", ECHO), ("a.schema.json", schema), ("a.keys.json", r#"{"x":"k"}"#)],
    )
    .await;
    assert_eq!(it.post("/a", "{}").await.json(), json!({"x": "k"}));
}

#[tokio::test]
async fn the_body_has_the_type_that_the_metadata_name() {
    let it =
        serve("", &[("a.zen", ECHO), ("a.metadata.json", r#"{"content_type":"application/json"}"#)]).await;
    let reply = it.send("POST", "/api/a", &[("content-type", "text/plain")], r#"{"data":{"x":"y"}}"#).await;
    assert_eq!(reply.status, 415);
    assert_eq!(it.post("/api/a", r#"{"data":{"x":"y"}}"#).await.status, 200);
}

#[tokio::test]
async fn a_refused_verb_is_405_with_what_is_taken() {
    let it = serve("", &[("a.zen", ECHO), ("a.metadata.json", r#"{"disable_get":true}"#)]).await;
    let reply = it.get("/api/a").await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
}
