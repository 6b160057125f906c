//! restroom-mw's convention.

use serde_json::json;

use super::serve;

const ECHO: &str = "Given I have a 'string' named 'x'\nThen print the 'x'\n";

#[tokio::test]
async fn a_contract_in_a_folder_below_is_reached_by_its_path() {
    let it = serve("", &[("a/b/echo.zen", ECHO)]).await;
    let reply = it.post("/api/a/b/echo", r#"{"data":{"x":"y"}}"#).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"x": "y"})));
}

#[tokio::test]
async fn keys_in_yaml_are_keys_and_no_caller_replaces_them() {
    let text = "Given I have a 'string' named 'x'\nGiven I have a 'string' named 'y'\nThen print data\n";
    let it = serve("", &[("a.zen", text), ("a.keys", "x: from the file\n")]).await;
    let reply = it.post("/api/a", r#"{"data":{"x":"from the caller","y":"1"},"keys":{"x":"z"}}"#).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"x": "from_the_file", "y": "1"})));
}

#[tokio::test]
async fn a_form_is_data_in_the_field_or_in_brackets() {
    let it = serve("", &[("echo.zen", ECHO)]).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for body in ["data=%7B%22x%22%3A%22y%22%7D", "data[x]=y", "data%5Bx%5D=y&keys[x]=z"] {
        let reply = it.send("POST", "/api/echo", &form, body).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"x": "y"})), "{body}");
    }
    assert_eq!(it.send("POST", "/api/echo", &form, r#"{"data":{"x":"y"}}"#).await.status, 200);
    assert_eq!(it.send("POST", "/api/echo", &form, "data=%7B").await.status, 400);
}

#[tokio::test]
async fn a_configuration_seeds_the_draws() {
    let text =
        "Given nothing\nWhen I create the random object of '128' bits\nThen print the 'random object'\n";
    let conf = format!("rngseed=hex:{}", "0".repeat(128));
    let it = serve("", &[("seeded.zen", text), ("seeded.conf", &conf), ("fresh.zen", text)]).await;
    assert_eq!(it.get("/api/seeded").await.text, it.get("/api/seeded").await.text);
    assert_ne!(it.get("/api/fresh").await.text, it.get("/api/fresh").await.text);
}

#[tokio::test]
async fn a_contract_that_does_not_compile_answers_with_its_fault() {
    let it = serve("", &[("broken.zen", "Given nothing\nWhen I fly\n"), ("good.zen", ECHO)]).await;
    let reply = it.get("/api/broken").await;
    assert_eq!(reply.status, 500);
    assert!(reply.json()["zenroom_errors"]["logs"].as_str().unwrap().contains("line 2"), "{}", reply.text);
    assert_eq!(it.get("/health").await.json()["faults"], json!([{"file": "broken.zen", "line": 2}]));
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_operators_words() {
    let it = serve("not_found_message = \"<h2>gone fishing</h2>\"", &[("a.zen", "")]).await;
    for path in ["/api/none", "/none", "/"] {
        let reply = it.get(path).await;
        assert_eq!((reply.status, reply.text.as_str()), (404, "<h2>gone fishing</h2>"), "{path}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    }
}

#[tokio::test]
async fn a_base_path_comes_before_everything() {
    let it = serve("base_path = \"/one/two\"\nconvention = \"both\"", &[("echo.zen", ECHO)]).await;
    let address = it.oracle.local_addr();
    assert_eq!(it.post("/one/two/api/echo", r#"{"data":{"x":"y"}}"#).await.json(), json!({"x": "y"}));
    assert_eq!(it.post("/one/two/echo", r#"{"x":"y"}"#).await.json(), json!({"x": "y"}));
    assert_eq!(it.get("/one/two/apis").await.json(), json!(["/one/two/api/echo"]));
    assert_eq!(it.get("/one/two/").await.json(), json!([format!("http://{address}/one/two/echo")]));
    assert_eq!(it.get("/one/two/health").await.status, 200);
    for path in ["/api/echo", "/echo", "/health", "/one/health", "/one/two/one/two/health"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_routes_of_ncr_are_not_there() {
    let it = serve("", &[("echo.zen", ECHO)]).await;
    for path in ["/", "/echo", "/echo/raw", "/sayhi"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn no_path_is_more_than_the_name_of_a_contract() {
    let it = serve(
        "convention = \"both\"",
        &[("a.zen", "Given nothing\nThen print data\n"), ("b/a.keys", "k: 1\n")],
    )
    .await;
    let long = format!("/api/{}", "a".repeat(20_000));
    for path in [
        "/api/../a",
        "/api/%2e%2e/a",
        "/api/..%2fa",
        "/api//a",
        "/api/a/",
        "/api/a%00",
        "/api/%00",
        "/api/a.zen",
        "/api/a%2ezen",
        "/api/./a",
        "/api/b/a.keys",
        "//a",
        "/%2e%2e/a",
        "/a%00",
        "/a/",
        "/b/a.keys",
        "/..%5ca",
        &long,
    ] {
        let reply = it.raw(path).await;
        assert!(reply.starts_with("HTTP/1.1 404") || reply.starts_with("HTTP/1.1 400"), "{path}: {reply}");
    }
    assert!(it.raw("/api/%61").await.starts_with("HTTP/1.1 200"));
}
