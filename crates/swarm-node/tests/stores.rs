//! Contracts that read and write real stores, from their text to their output.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use swarm_node::config::{ConnectorConfig, EgressConfig};
use swarm_node::connector::egress::Policy;
use swarm_node::connector::{Connector as _, Scope, World, Writes, now_ms};
use test_servers::{Program, shared, word};
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

/// The connectors of an oracle that may reach loopback and use a folder.
fn world(files: Option<&Path>) -> World {
    World::new(&ConnectorConfig {
        files: files.map(Path::to_owned),
        logs: None,
        did_resolver: None,
        universal_resolver: None,
        egress: EgressConfig {
            policy: Policy::new(vec!["127.0.0.1".parse().unwrap()]),
            timeout: Duration::from_secs(30),
            reply_octets_max: 100_000,
        },
    })
}

/// What a contract prints, or why it does not.
async fn run_with(
    world: &World,
    scope: &Scope,
    text: &str,
    data: &Value,
    keys: &Value,
) -> Result<Value, String> {
    let contract = Contract::compile(text, Library::Connectors, &Limits::default()).unwrap();
    let (data, keys) = (data.to_string(), keys.to_string());
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: now_ms(), limits: Limits::default() };
    let mut run = contract.start(Inputs { extra: "", data: &data, keys: &keys }, settings).unwrap();
    loop {
        match run.step().map_err(|failure| failure.diagnostic.to_string())? {
            Step::Done(output) => return Ok(serde_json::from_str(&output.json).unwrap()),
            Step::Ask(request) => run.answer(world.answer(request, scope).await),
        }
    }
}

async fn run(world: &World, text: &str, data: Value, keys: Value) -> Result<Value, String> {
    run_with(world, &Scope::default(), text, &data, &keys).await
}

#[tokio::test]
async fn a_contract_of_restroom_counts_in_redis_and_stores_its_output() {
    let Some(url) = shared(Program::Redis) else { return };
    let (world, key) = (world(None), word());
    let contract = "Rule caller restroom-mw\n\
        Given I have a valid redis connection on 'cache'\n\
        Given I read into 'visits' and increment the key named by 'counter'\n\
        Given I have a 'number' named 'visits'\n\
        Given I have a 'string' named 'place'\n\
        Then print the 'visits'\n\
        Then I write all data into redis under the key named by 'place'\n";
    let data = json!({ "counter": format!("{key}:visits"), "place": format!("{key}:last") });
    let keys = json!({ "cache": url });
    assert_eq!(run(&world, contract, data.clone(), keys.clone()).await.unwrap(), json!({ "visits": 0 }));
    assert_eq!(run(&world, contract, data.clone(), keys.clone()).await.unwrap(), json!({ "visits": 1 }));
    let read = "Given I have a redis connection on 'cache'\n\
        Given I read from redis the data under the keys containing 'part' and save the output into 'all'\n\
        Given I have a 'string array' named 'all'\n\
        Then print the 'all'\n";
    let found = run(&world, read, json!({ "part": format!("{key}:last") }), keys).await.unwrap();
    assert_eq!(found, json!({ "all": [{ "visits": 1 }] }));
}

#[tokio::test]
async fn a_contract_of_slangroom_writes_reads_and_deletes_in_redis() {
    let Some(url) = shared(Program::Redis) else { return };
    let world = world(None);
    let contract = "Rule unknown ignore\n\
        Given I connect to 'cache' and send key 'place' and send object 'report' and write object into key in redis\n\
        Given I connect to 'cache' and send key 'place' and read key from redis and output into 'found'\n\
        Prepare 'removed': connect to 'cache' and delete key from redis with key 'place'\n\
        Given I have a 'string dictionary' named 'found'\n\
        Given I have a 'number' named 'removed'\n\
        Then print the 'found'\n\
        Then print the 'removed'\n";
    let data = json!({ "cache": url, "place": word(), "report": { "sky": "clear" } });
    let printed = run(&world, contract, data, json!({})).await.unwrap();
    assert_eq!(printed, json!({ "found": { "sky": "clear" }, "removed": 1 }));
}

const TOWNS: &str = "Given I execute the SQL statement named 'make' on the database named 'archive' and save the result into 'made'\n\
    Given I execute the SQL statement named 'add' pass the parameters named 'town' on the database named 'archive' and save the result into 'added'\n\
    Given I execute the SQL statement named 'ask' pass the parameters named 'wanted' on the database named 'archive' and save the result into 'rows'\n\
    Given I have a 'string array' named 'rows'\n\
    Then print the 'rows'\n";

async fn towns(world: &World, archive: &str) -> Value {
    let table = word();
    let data = json!({
        "make": format!("CREATE TABLE {table} (name TEXT, height INTEGER)"),
        "add": format!("INSERT INTO {table} VALUES (?, ?)"),
        "ask": format!("SELECT name FROM {table} WHERE height < :height"),
        "town": ["Ivrea'); --", 253],
        "wanted": { "height": 500 },
    });
    run(world, TOWNS, data, json!({ "archive": archive })).await.unwrap()
}

#[tokio::test]
async fn a_contract_asks_both_kinds_of_databases_alike() {
    let Some(url) = shared(Program::Postgres) else { return };
    let folder = tempfile::tempdir().unwrap();
    let world = world(Some(folder.path()));
    let expected = json!({ "rows": [{ "name": "Ivrea'); --" }] });
    assert_eq!(towns(&world, &url).await, expected);
    assert_eq!(towns(&world, "sqlite://towns.db").await, expected);
}

#[tokio::test]
async fn a_contract_saves_its_output_and_reads_it_back() {
    let Some(url) = shared(Program::Postgres) else { return };
    let world = world(None);
    let save = "Given I have a database uri named 'archive'\n\
        Given I have a database table named 'shelf'\n\
        Given I have a 'string' named 'title'\n\
        Then print the 'title'\n\
        Then I save the output into the database 'archive' into the table 'shelf'\n\
        Then I save the 'title' into the database 'archive' into the table 'shelf'\n";
    let read = "Given I have a database uri named 'archive'\n\
        Given I have a database table named 'shelf'\n\
        Given I read the record '2' of the table 'shelf' of the database 'archive' and save the result into 'book'\n\
        Given I have a 'string dictionary' named 'book'\n\
        Then print the 'book'\n";
    let (data, keys) = (json!({ "shelf": word(), "title": "Lessico" }), json!({ "archive": url }));
    assert_eq!(run(&world, save, data.clone(), keys.clone()).await.unwrap(), json!({ "title": "Lessico" }));
    let data = json!({ "shelf": data["shelf"] });
    assert_eq!(run(&world, read, data, keys).await.unwrap(), json!({ "book": { "title": "Lessico" } }));
}

#[tokio::test]
async fn a_contract_clones_a_repository_and_commits_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    std::fs::create_dir(&source).unwrap();
    for arguments in [
        ["init", "--quiet", "."].as_slice(),
        &["-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "first"],
    ] {
        let git = std::process::Command::new("git").args(arguments).current_dir(&source).status().unwrap();
        assert!(git.success());
    }
    let contract = "Given I connect to 'origin' and send path 'folder' and clone repository\n\
        Given I send content 'text' and send path 'file' and store in file\n\
        Given I open 'folder' and verify git repository\n\
        Given I open 'folder' and send commit 'change' and create new git commit and output into 'hash'\n\
        Given I have a 'hex' named 'hash'\n\
        Then print the 'hash'\n";
    let data = json!({
        "origin": "file://source", "folder": "copy", "file": "copy/note.txt", "text": "spring",
        "change": { "message": "m", "author": "Ada", "email": "ada@example.org", "files": ["note.txt"] },
    });
    let printed = run(&world(Some(folder.path())), contract, data, json!({})).await.unwrap();
    let head = std::process::Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(folder.path().join("copy"))
        .output()
        .unwrap();
    assert_eq!(printed["hash"].as_str().unwrap(), String::from_utf8(head.stdout).unwrap().trim());
}

#[tokio::test]
async fn a_store_that_is_not_there_ends_the_run_with_what_to_do() {
    let contract = "Given I have a redis connection on 'redis://127.0.0.1:1'\n\
        Given I read from redis the data under the key 'a' and save the output into 'b'\n\
        Then print the string 'done'\n";
    let error = run(&world(None), contract, json!({}), json!({})).await.unwrap_err();
    assert!(error.contains("Redis at 127.0.0.1:1 cannot be reached"), "{error}");
    assert!(error.contains("is it running"), "{error}");
}

#[tokio::test]
async fn a_contract_that_comes_with_a_query_changes_no_store() {
    let scope = Scope { writes: Writes::Refused, ..Scope::default() };
    let contract = "Given I have a redis connection on 'redis://127.0.0.1:1'\n\
        Given I read from redis the data under the key 'a' and save the output into 'b'\n\
        Then print the string 'done'\n";
    let error = run_with(&world(None), &scope, contract, &json!({}), &json!({})).await.unwrap_err();
    assert!(error.contains("may write nothing"), "{error}");
}

#[tokio::test]
async fn an_input_does_not_lead_a_written_address_elsewhere() {
    let contract = "Given I have a redis connection on 'redis://127.0.0.1:1'\n\
        Given I read from redis the data under the key 'a' and save the output into 'b'\n\
        Then print the string 'done'\n";
    let data = json!({ "redis://127.0.0.1:1": "redis://elsewhere.invalid" });
    let error = run(&world(None), contract, data, json!({})).await.unwrap_err();
    assert!(error.contains("127.0.0.1:1"), "{error}");
}
