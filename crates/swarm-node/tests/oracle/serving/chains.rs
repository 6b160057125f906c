//! Chains of both formats, executed.

use serde_json::json;

use super::serve;

const GREET: &str = "Given I have a 'string' named 'name'\nWhen I write string 'dear' in 'greeting'\n\
    Then print the 'greeting'\nThen print the 'name'\n";
const CLOSE: &str = "Given I have a 'string' named 'greeting'\nGiven I have a 'string' named 'name'\n\
    Given I have a 'string' named 'ending'\nThen print data\n";
const LETTER: &str = "zenchain: 1.0\nname: letter\nstart: greet\nblocks:\n  greet:\n    zenFile: greet.zen\n    next: close\n  \
    close:\n    zenFile: close.zen\n    keysFile: close.keys\n";

#[tokio::test]
async fn the_output_of_a_block_is_the_data_of_the_next() {
    let it = serve(
        "",
        &[
            ("letter.yml", LETTER),
            ("greet.zen", GREET),
            ("close.zen", CLOSE),
            ("close.keys", r#"{"ending":"bye"}"#),
        ],
    )
    .await;
    let reply = it.post("/api/letter.chain", r#"{"data":{"name":"Ada"}}"#).await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({"greeting": "dear", "name": "Ada", "ending": "bye"})),
        "{}",
        reply.text
    );
    let query = "/api/letter.chain?data=%7B%22name%22%3A%22Ada%22%7D";
    assert_eq!(it.get(query).await.json(), reply.json());
    assert_eq!(it.get("/api/letter").await.status, 404);
}

#[tokio::test]
async fn a_failing_block_is_named_in_the_shape_of_restroom() {
    let it = serve(
        "",
        &[("letter.yml", LETTER), ("greet.zen", GREET), ("close.zen", CLOSE), ("close.keys", "{}")],
    )
    .await;
    let reply = it.post("/api/letter.chain", r#"{"data":{"name":"Ada"}}"#).await;
    assert_eq!(reply.status, 500);
    let exception = "[ZENROOM EXECUTION ERROR FOR CONTRACT close]\n\n\n Please check zenroom_errors logs";
    assert_eq!(reply.json()["exception"], json!(exception));
    assert!(reply.json()["zenroom_errors"]["logs"].as_str().unwrap().contains("ending"), "{}", reply.text);
    assert_eq!(reply.json().get("context"), None);
}

#[tokio::test]
async fn a_chain_that_is_none_answers_with_what_is_wrong() {
    let it = serve(
        "",
        &[
            ("loop.yml", "start: a\nblocks:\n  a:\n    zenFile: a.zen\n    next: a\n"),
            ("nostart.yml", "blocks:\n  a:\n    zenFile: a.zen\n"),
            ("bad.chain.yaml", "steps:\n  - id: [\n"),
            ("a.zen", "Given nothing\n"),
        ],
    )
    .await;
    for (path, expected) in [("loop", "loop"), ("nostart", "`start` is missing"), ("bad", "line 2")] {
        let reply = it.get(&format!("/api/{path}.chain")).await;
        assert_eq!(reply.status, 500, "{path}");
        let exception = reply.json()["exception"].as_str().unwrap().to_owned();
        assert!(exception.starts_with("[CHAIN YML EXECUTION ERROR]\n\n\n"), "{exception}");
        assert!(exception.contains(expected) || expected == "line 2", "{exception}");
    }
    assert_eq!(it.get("/health").await.json()["faults"].as_array().map(Vec::len), Some(3));
}

const EACH: &str =
    "start: id_0\nblocks:\n  id_0:\n    forEach: users\n    index: user\n    zenFile: each.zen\n";
const NAME: &str = "Given I have a 'string' named 'name' in 'user'\nThen print the 'name'\n";

#[tokio::test]
async fn a_loop_gives_back_the_form_of_its_collection() {
    let it = serve("", &[("each.yml", EACH), ("each.zen", NAME)]).await;
    let list = r#"{"data":{"users":[{"name":"Ada"},{"name":"Ugo"}]}}"#;
    assert_eq!(
        it.post("/api/each.chain", list).await.json(),
        json!({"users": [{"name": "Ada"}, {"name": "Ugo"}]})
    );
    let named = r#"{"data":{"users":{"a":{"name":"Ada"},"u":{"name":"Ugo"}}}}"#;
    let expected = json!({"users": {"a": {"name": "Ada"}, "u": {"name": "Ugo"}}});
    assert_eq!(it.post("/api/each.chain", named).await.json(), expected);
}

#[tokio::test]
async fn a_loop_takes_the_member_of_the_items_name_when_the_output_has_one() {
    let text = "Given I have a 'string' named 'user'\nThen print the 'user'\n";
    let it = serve("", &[("each.yml", EACH), ("each.zen", text)]).await;
    assert_eq!(
        it.post("/api/each.chain", r#"{"data":{"users":["a","b"]}}"#).await.json(),
        json!({"users": ["a", "b"]})
    );
}

#[tokio::test]
async fn a_loop_over_nothing_is_a_failure_that_says_so() {
    let it = serve("", &[("each.yml", EACH), ("each.zen", NAME)]).await;
    for (data, expected) in [("{}", "no \"users\""), (r#"{"users":"x"}"#, "neither an array nor an object")] {
        let reply = it.post("/api/each.chain", &format!("{{\"data\":{data}}}")).await;
        assert_eq!(reply.status, 500, "{data}");
        let exception = reply.json()["exception"].as_str().unwrap().to_owned();
        assert!(exception.starts_with("[CHAIN EXECUTION ERROR FOR CONTRACT id_0]\n\n\n"), "{exception}");
        assert!(exception.contains(expected), "{exception}");
    }
    assert_eq!(it.post("/api/each.chain", r#"{"data":{"users":[]}}"#).await.json(), json!({"users": []}));
}

#[tokio::test]
async fn a_loop_beyond_its_limit_is_refused_before_it_begins() {
    let it = serve("", &[("each.yml", EACH), ("each.zen", NAME)]).await;
    let users = vec![json!({"name": "x"}); swarm_node::oracle::chain::RUNS_MAX + 1];
    let reply = it.post("/api/each.chain", &json!({"data": {"users": users}}).to_string()).await;
    assert!(reply.status == 500 && reply.text.contains("1000 contracts at most"), "{}", reply.text);
}

#[tokio::test]
async fn debug_shows_what_each_block_had_and_never_a_key() {
    let debug = format!("mode: debug\n{LETTER}");
    let it = serve(
        "",
        &[
            ("letter.yml", &debug),
            ("greet.zen", GREET),
            ("close.zen", CLOSE),
            ("close.keys", r#"{"ending":"canary","spare":"canary"}"#),
        ],
    )
    .await;
    let close = CLOSE.replace("Then print data", "Then print the 'name'");
    std::fs::write(it.contracts().join("close.zen"), &close).unwrap();
    let it = super::up(it.folder, "").await;
    let reply = it.post("/api/letter.chain", r#"{"data":{"name":"Ada"}}"#).await;
    let context = &reply.json()["context"];
    assert_eq!(context["debugEnabled"], json!(true));
    assert_eq!(context["greet"]["data"], json!({"name": "Ada"}));
    assert_eq!(context["greet"]["output"], json!({"greeting": "dear", "name": "Ada"}));
    assert_eq!(context["close"]["keys"], json!(["ending", "spare"]));
    assert!(!reply.text.contains("canary"), "{}", reply.text);
}

#[tokio::test]
async fn blocks_hold_contracts_in_their_text_and_lie_in_folders() {
    let chain = "start: a\nblocks:\n  a:\n    zenContent: |\n      Given nothing\n      When I write string 'x' in 'y'\n      \
        Then print the 'y'\n    next: b\n  b:\n    zenFile: sub/b.zen\n";
    let it = serve(
        "",
        &[("sub/x.yml", chain), ("sub/b.zen", "Given I have a 'string' named 'y'\nThen print the 'y'\n")],
    )
    .await;
    assert_eq!(it.get("/api/sub/x.chain").await.json(), json!({"y": "x"}));
}

async fn steps(text: &str, more: &[(&str, &str)]) -> super::Served {
    let files: Vec<(&str, &str)> = [("x.chain.yaml", text)].into_iter().chain(more.iter().copied()).collect();
    serve("convention = \"both\"", &files).await
}

const TWO: &str = "steps:\n  - id: Print hello world\n    zencode: |\n      Given nothing\n      Then print the string 'Hello, world!'\n  \
    - id: Print goodbye world\n    zencode: |\n      Given I have a 'string array' named 'output'\n      Then print the 'output'\n      \
    Then print the string 'Goodbye, world!'\n    dataFromStep: Print hello world\n";

#[tokio::test]
async fn a_step_takes_the_output_of_the_step_that_it_names() {
    let it = steps(TWO, &[]).await;
    let expected = json!({"output": ["Hello,_world!", "Goodbye,_world!"]});
    for path in ["/x", "/api/x.chain"] {
        let reply = it.get(path).await;
        assert_eq!((reply.status, reply.json()), (200, expected.clone()), "{path}: {}", reply.text);
    }
}

#[tokio::test]
async fn the_first_step_gets_the_callers_data_and_the_chains_keys() {
    let chain = "steps:\n  - id: hello\n    zencode: |\n      Given I have a 'string' named 'hello_from_keys'\n      \
        Given I have a 'string' named 'hello_from_data'\n      Then print the data\n";
    let it = steps(chain, &[("x.keys.json", r#"{"hello_from_keys":"bonjour"}"#)]).await;
    let reply = it.post("/x", r#"{"hello_from_data":"Buen"}"#).await;
    assert_eq!(
        reply.json(),
        json!({"hello_from_data": "Buen", "hello_from_keys": "bonjour"}),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn output_does_not_flow_to_a_step_that_does_not_name_it() {
    let chain = "steps:\n  - id: a\n    zencode: |\n      Given nothing\n      Then print the string 'x'\n  - id: b\n    \
        zencode: |\n      Given nothing\n      Then print the string 'y'\n";
    assert_eq!(steps(chain, &[]).await.get("/x").await.json(), json!({"output": ["y"]}));
}

#[tokio::test]
async fn keys_come_from_a_step_and_from_a_file() {
    let chain = "steps:\n  - id: make\n    zencode: |\n      Given nothing\n      When I write string 'k' in 'key'\n      Then print the 'key'\n  \
        - id: use\n    zencodeFromFile: use.slang\n    dataFromFile: use.data.json\n    keysFromStep: make\n";
    let text = "Given I have a 'string' named 'key'\nGiven I have a 'string' named 'x'\nThen print data\n";
    let it = steps(chain, &[("use.slang", text), ("use.data.json", r#"{"x":"y"}"#)]).await;
    assert_eq!(it.get("/x").await.json(), json!({"key": "k", "x": "y"}));
}

#[tokio::test]
async fn a_step_whose_precondition_is_not_met_is_left_out() {
    let chain = "steps:\n  - id: always\n    zencode: |\n      Given nothing\n      Then print the string 'always'\n  \
        - id: sometimes\n    precondition:\n      zencode: |\n        Given I have a 'string array' named 'output'\n        \
        Given I have a 'string' named 'wanted'\n        When I verify 'wanted' is found in 'output'\n        Then print data\n      \
        dataFromStep: always\n      keysFromFile: wanted.json\n    zencode: |\n      Given nothing\n      Then print the string 'sometimes'\n";
    let said = async |wanted: &str| {
        let it = steps(chain, &[("wanted.json", wanted)]).await;
        it.get("/x").await.json()["output"][0].clone()
    };
    assert_eq!(said(r#"{"wanted":"always"}"#).await, json!("sometimes"));
    assert_eq!(said(r#"{"wanted":"never"}"#).await, json!("always"));
}

#[tokio::test]
async fn a_chain_of_which_nothing_ran_gives_nothing() {
    let chain = "steps:\n  - id: a\n    precondition: { zencode: \"Given I have a 'string' named 'none'\" }\n    zencode: Given nothing\n";
    assert_eq!(steps(chain, &[]).await.post("/x", r#"{"mine":"1"}"#).await.json(), json!({}));
}

#[tokio::test]
async fn a_transform_changes_what_a_step_gets() {
    let chain = "steps:\n  - id: a\n    dataTransform:\n      zencode: |\n        Given I have a 'string' named 'old'\n        \
        When I rename 'old' to 'new'\n        Then print the 'new'\n    zencode: |\n      Given I have a 'string' named 'new'\n      \
        Then print the 'new'\n";
    assert_eq!(steps(chain, &[]).await.post("/x", r#"{"old":"1"}"#).await.json(), json!({"new": "1"}));
}

const RESCUED: &str = "steps:\n  - id: fails\n    zencode: |\n      Given I have a 'string' named 'absent'\n      Then print data\n    \
    onError:\n      fail: FAIL\n      zencode: |\n        Given I have a 'string' named 'slangroomChainError'\n        \
    Then print the 'slangroomChainError'\n  - id: after\n    zencode: |\n      Given nothing\n      Then print the string 'after'\n";

#[tokio::test]
async fn an_error_is_answered_by_its_contract_and_ends_the_chain() {
    let it = steps(&RESCUED.replace("FAIL", "false"), &[]).await;
    let reply = it.get("/x").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.json()["slangroomChainError"].as_str().unwrap().contains("absent"), "{}", reply.text);
}

#[tokio::test]
async fn an_error_that_is_to_fail_fails_with_the_name_of_its_step() {
    let it = steps(&RESCUED.replace("FAIL", "true"), &[]).await;
    let reply = it.get("/x").await;
    assert_eq!(reply.status, 500);
    assert!(reply.text.starts_with("fails failed with error: "), "{}", reply.text);
}

#[tokio::test]
async fn a_hook_that_fails_fails_the_chain() {
    let chain = "steps:\n  - id: a\n    onBefore: { zencode: \"Given I have a 'string' named 'none'\" }\n    zencode: Given nothing\n";
    assert_eq!(steps(chain, &[]).await.get("/x").await.status, 500);
}

#[tokio::test]
async fn the_time_of_a_chain_is_that_of_all_its_steps() {
    let service = axum::Router::new().fallback(std::future::pending::<String>);
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let service = swarm_node::server::Socket::bind(listen).await.unwrap().serve(service);
    let ask = "Given I have a endpoint named 'url'\nGiven I connect to 'url' and save the output into 'x'\n\
        Given I have a 'string dictionary' named 'x'\nThen print data\n";
    let chain = "start: a\nblocks:\n  a:\n    zenFile: a.zen\n    next: b\n  b:\n    zenFile: a.zen\n";
    let settings = "run_timeout = \"200ms\"\negress_allow = [\"127.0.0.1/32\"]";
    let it = serve(settings, &[("x.yml", chain), ("a.zen", ask)]).await;
    let data = json!({"data": {"url": format!("http://{}/", service.local_addr())}});
    let reply = it.post("/api/x.chain", &data.to_string()).await;
    assert_eq!(reply.status, 500);
    assert!(
        reply.json()["exception"].as_str().unwrap().starts_with("[UNEXPECTED EXCEPTION FOR CONTRACT a]"),
        "{}",
        reply.text
    );
}
