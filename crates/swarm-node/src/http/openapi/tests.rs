use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower_service::Service as _;
use zencode::{Contract, LIBRARY, Library, Limits, Statement};
use zeroize::Zeroizing;

use super::field::Fields;
use super::route::{Envelope, Route};
use crate::config::Layer;
use crate::oracle::Oracle;
use crate::oracle::contracts::Contracts;

const KEYRING: &str = "{\"keyring\":{\"ecdh\":\"canary\"}}";

fn load(files: &[(&str, &str)]) -> Contracts {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Contracts::load(Some(folder.path()), &Zeroizing::new(KEYRING.to_owned())).unwrap()
}

fn shipped() -> Contracts {
    Contracts::load(None, &Zeroizing::new(KEYRING.to_owned())).unwrap()
}

/// The schema of the data of the contract `x`.
fn data(files: &[(&str, &str)]) -> Value {
    Route::of(load(files).public("x").unwrap(), Envelope::Data).data
}

fn answer(text: &str) -> Value {
    let route = Route::of(load(&[("x.zen", text)]).public("x").unwrap(), Envelope::Data);
    route.answer.body.unwrap().1
}

fn described(contracts: &Contracts) -> Value {
    super::describe_contracts(contracts, &Layer::default().resolve().unwrap())
}

#[test]
fn what_the_given_phase_declares_is_the_request() {
    let text = "Given I have a 'string' named 'city'\nGiven I have a 'hex array' named 'codes'\n\
                Given I have a 'number' in 'place'\nGiven I have a 'base58' in path 'a.b'\nThen print data\n";
    let schema = data(&[("x.zen", text)]);
    assert_eq!(schema["required"], json!(["city", "codes", "place", "a"]));
    assert_eq!(schema["properties"]["city"], json!({ "type": "string" }));
    assert_eq!(schema["properties"]["codes"]["type"], json!("array"));
    assert_eq!(schema["properties"]["place"]["required"], json!(["number"]));
    assert_eq!(schema["properties"]["a"]["properties"]["b"]["description"], json!("octets in base58"));
}

#[test]
fn a_text_without_an_encoding_has_that_of_the_rule() {
    let text = "Rule input encoding hex\nGiven I have a 'ecdh public key'\nThen print data\n";
    let schema = data(&[("x.zen", text)]);
    assert_eq!(schema["properties"]["ecdh_public_key"]["description"], json!("octets in hexadecimal"));
}

#[test]
fn a_path_is_cut_at_the_separator_of_the_rule() {
    let text = "Rule path separator /\nGiven I have a 'string' in path 'a/b.c'\nThen print data\n";
    let schema = data(&[("x.zen", text)]);
    assert_eq!(schema["properties"]["a"]["properties"]["b.c"], json!({ "type": "string" }));
}

#[test]
fn octets_are_printed_in_the_encoding_of_the_rule() {
    let text =
        "Rule output encoding hex\nGiven I have a 'ecdh public key'\nThen print the 'ecdh public key'\n";
    assert_eq!(answer(text)["properties"]["ecdh_public_key"]["description"], json!("octets in hexadecimal"));
}

#[test]
fn what_keys_and_the_oracle_bring_is_not_asked_for() {
    let text = "Scenario 'ecdh': x\nGiven I have a 'keyring'\nGiven I have a 'string' named 'token'\n\
                Given I have a 'string dictionary' named 'identity'\nGiven I have a 'string' named 'own'\nThen print data\n";
    let schema = data(&[
        ("x.zen", text),
        ("x.keys.json", "{\"token\":\"canary\"}"),
        ("x.metadata.json", "{\"keyring\":true,\"inputs\":[\"identity\"]}"),
    ]);
    assert_eq!(schema["required"], json!(["own"]));
    assert!(!schema.to_string().contains("canary"));
}

#[test]
fn what_a_connector_brings_is_not_asked_for_and_what_it_sends_is() {
    let text = "Given I have a endpoint named 'url'\n\
                Given I connect to 'url' and pass it the content of 'post' and save the output into 'reply'\n\
                Given I have a 'string dictionary' named 'reply'\nThen print data\n";
    let schema = data(&[("x.zen", text)]);
    assert_eq!(schema["required"], json!(["url", "post"]));
    assert_eq!(schema["properties"]["url"]["format"], json!("uri"));
    assert!(schema["properties"]["reply"].is_null());
}

#[test]
fn what_a_file_may_bring_is_not_required() {
    let text = "Given I read the content of 'office.json'\nGiven I have a 'string' named 'street'\nThen print data\n";
    let schema = data(&[("x.zen", text)]);
    assert!(schema["required"].is_null() && !schema["properties"]["street"].is_null(), "{schema}");
}

#[test]
fn an_alias_serves_as_well_as_the_name() {
    let schema = data(&[
        ("x.zen", "Given I have a 'string' named 'name'\nThen print data\n"),
        ("x.metadata.json", "{\"aliases\":{\"nome\":\"name\"}}"),
    ]);
    let fits = |value: Value| jsonschema::validator_for(&schema).unwrap().is_valid(&value);
    assert!(fits(json!({ "name": "a" })) && fits(json!({ "nome": "a" })));
    assert!(!fits(json!({})) && !fits(json!({ "nome": 1 })));
}

#[test]
fn a_contract_of_nothing_takes_nothing() {
    let schema = data(&[("x.zen", "Given nothing\nThen print the string 'x'\n")]);
    let fits = |value: Value| jsonschema::validator_for(&schema).unwrap().is_valid(&value);
    assert!(fits(json!({})) && !fits(json!({ "a": 1 })));
}

#[test]
fn what_is_printed_for_certain_is_required_in_the_answer() {
    let schema =
        answer("Given I have a 'string' named 'a'\nThen print the 'a'\nThen print the string 'done'\n");
    assert_eq!(schema["required"], json!(["a", "output"]));
    assert_eq!(schema["properties"]["output"], json!({ "type": "array", "items": { "type": "string" } }));
}

#[test]
fn what_is_printed_in_a_branch_is_not_required_in_the_answer() {
    let text = "Given I have a 'string' named 'a'\nIf I verify 'a' is found\nThen print the 'a'\nEndIf\n";
    assert!(answer(text)["required"].is_null());
}

#[test]
fn a_type_follows_its_object_until_a_statement_changes_it() {
    let signed = "Scenario 'eddsa': x\nGiven I have a 'keyring'\nGiven I have a 'string' named 'a'\n\
                  When I create the eddsa signature of 'a'\nWhen I rename 'eddsa signature' to 'mine'\nThen print the 'mine'\n";
    assert_eq!(answer(signed)["properties"]["mine"]["description"], json!("octets in base58"));
    let changed = "Given I have a 'eddsa signature'\nWhen I append the string 'x' to 'eddsa signature'\n\
                   Then print the 'eddsa signature'\n";
    assert_eq!(answer(changed)["properties"]["eddsa_signature"], json!({}));
}

#[test]
fn a_contract_that_does_not_compile_is_listed_with_its_fault() {
    let contracts = load(&[("x.zen", "Given nothing\nWhen I fly to the 'moon'\n")]);
    let document = described(&contracts);
    let said = document["paths"]["/api/x"]["post"]["description"].as_str().unwrap();
    assert!(said.contains("line 2"), "{said}");
}

#[test]
fn a_private_contract_is_not_in_the_document() {
    let contracts = load(&[("x.zen", "Given nothing\n"), ("x.metadata.json", "{\"private\":true}")]);
    assert!(described(&contracts)["paths"]["/api/x"].is_null());
}

#[test]
fn no_operation_has_the_name_of_another() {
    let contracts = load(&[
        ("a.b.zen", "Given nothing\n"),
        ("a-b.zen", "Given nothing\n"),
        ("apis.zen", "Given nothing\n"),
    ]);
    let document = described(&contracts);
    let items = document["paths"].as_object().unwrap().values().filter_map(Value::as_object);
    let operations: Vec<&Value> =
        items.flat_map(serde_json::Map::values).filter(|it| it["operationId"].is_string()).collect();
    let names: BTreeSet<&str> = operations.iter().filter_map(|it| it["operationId"].as_str()).collect();
    assert_eq!(names.len(), operations.len());
    assert!(names.len() > 6 + 8);
}

#[test]
fn the_example_of_every_contract_inside_the_binary_fits_its_schema() {
    let mut examples = 0;
    for entry in shipped().all_public() {
        let route = Route::of(entry, Envelope::Data);
        let Some(example) = &route.example else { continue };
        let schema = &route.data;
        if let Err(error) = jsonschema::validate(schema, example) {
            panic!("{}: {error}: {schema}", route.name);
        }
        examples += 1;
    }
    assert!(examples > 10, "{examples}");
}

#[test]
fn the_example_of_every_statement_fits_the_schema_of_its_contract() {
    let statements = LIBRARY.iter().flat_map(|scenario| scenario.statements);
    let tried: Vec<Result<(), String>> = statements.filter_map(tried).collect();
    let unfit: Vec<&String> = tried.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(unfit.is_empty(), "{unfit:#?}");
    assert!(tried.len() > 200, "{}", tried.len());
}

/// Holds the example of a statement against the schema; none when it sends nothing.
fn tried(statement: &Statement) -> Option<Result<(), String>> {
    let members: BTreeMap<String, Value> = serde_json::from_str(&statement.example("json data")?).unwrap();
    // The language reads a blank in a name as an underscore.
    let data =
        Value::Object(members.into_iter().map(|(name, value)| (name.replace(' ', "_"), value)).collect());
    let text = statement.example("zencode")?;
    let contract = Contract::compile(&text, Library::Connectors, &Limits::default()).unwrap();
    let keys: BTreeMap<String, Value> = statement
        .example("json keys")
        .map_or_else(BTreeMap::new, |keys| serde_json::from_str(&keys).unwrap());
    let schema = Fields::of(&contract, &keys.into_keys().collect(), &BTreeMap::new()).schema();
    let fits = jsonschema::validate(&schema, &data);
    Some(fits.map_err(|error| format!("{}: {error} at {}\n{text}", statement.name, error.instance_path())))
}

/// The paths of the real router, as it prints them.
fn paths(router: &axum::Router) -> BTreeSet<String> {
    let printed = format!("{router:?}");
    let (routes, _) = printed.split_once("fallback_router").unwrap();
    let quoted = routes.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    quoted.map(|path| path.replace("{*", "{")).collect()
}

#[tokio::test]
async fn every_route_of_the_oracle_is_in_the_document_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let layer = Layer { state: Some(folder.path().into()), ..Layer::default() };
    let oracle = Oracle::serve(layer.resolve().unwrap()).await.unwrap();
    let router = crate::http::oracle::routes(oracle.shared().clone());
    let document = described(&shipped());
    let documented = document["paths"].as_object().unwrap();
    let named: BTreeSet<String> =
        documented.keys().filter(|path| !path.starts_with("/api/")).cloned().collect();
    let mut routed = paths(&router);
    assert!(routed.remove("/api/{name}"), "{routed:?}");
    assert_eq!(named, routed);
    for path in routed {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let is_documented = documented[&path].get(method.as_str().to_lowercase()).is_some();
            let request = Request::builder().method(&method).uri(path.replace(['{', '}'], "x"));
            let response = router.clone().call(request.body(Body::empty()).unwrap()).await.unwrap();
            let is_routed = response.status() != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(is_documented, is_routed, "{method} {path}");
        }
    }
}

const CHAIN: &str =
    "start: first\nblocks:\n  first:\n    zenFile: a.zen\n    next: last\n  last:\n    zenFile: b.zen\n";

#[test]
fn a_chain_takes_what_its_first_step_takes_and_gives_what_its_last_gives() {
    let contracts = load(&[
        ("c.yml", CHAIN),
        ("a.zen", "Given I have a 'string' named 'one'\nThen print the 'one'\n"),
        ("b.zen", "Given I have a 'string' named 'one'\nThen print the string 'done'\n"),
    ]);
    let document = described(&contracts);
    let post = &document["paths"]["/api/c.chain"]["post"];
    let body = &post["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["properties"]["data"]["required"], json!(["one"]));
    assert_eq!(
        post["responses"]["200"]["content"]["application/json"]["schema"]["required"],
        json!(["output"])
    );
    assert!(document["paths"]["/api/a"].is_null(), "a step has no address of its own");
}

#[test]
fn in_ncrs_convention_the_body_is_the_data_and_a_failure_is_text() {
    let contracts = load(&[
        ("x.zen", "Given I have a 'string' named 'a'\nThen print the 'a'\n"),
        ("x.data.json", "{\"a\":\"b\"}"),
    ]);
    let config = Layer::from_toml("[oracle]\nconvention = \"both\"\nbase_path = \"/oracle\"\n", "test");
    let document = super::describe_contracts(&contracts, &config.unwrap().resolve().unwrap());
    assert_eq!(document["servers"], json!([{ "url": "/oracle" }]));
    let operation = &document["paths"]["/x"];
    let media = &operation["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(media["schema"]["required"], json!(["a"]));
    assert_eq!(media["examples"]["example"]["value"], json!({ "a": "b" }));
    assert_eq!(operation["get"]["parameters"][0]["name"], json!("a"));
    assert!(operation["post"]["responses"]["500"]["content"]["text/plain"].is_object());
    assert!(document["paths"]["/api/x"]["post"].is_object());
}

#[test]
fn metadata_say_verbs_types_statuses_and_examples() {
    let metadata = json!({
        "disable_get": true, "content_type": "application/x-www-form-urlencoded", "success_code": 201,
        "success_content_type": "text/html", "success_description": "a page", "error_code": 418,
        "error_description": "a pot", "tags": ["tea"], "examples": { "one": { "value": { "a": "b" } } },
    });
    let contracts = load(&[
        ("x.zen", "Given I have a 'string' named 'a'\nThen print the 'a'\n"),
        ("x.metadata.json", &metadata.to_string()),
    ]);
    let document = described(&contracts);
    let item = &document["paths"]["/api/x"];
    assert!(item["get"].is_null());
    let post = &item["post"];
    let media = &post["requestBody"]["content"]["application/x-www-form-urlencoded"];
    assert_eq!(media["examples"]["one"]["value"], json!({ "data": { "a": "b" } }));
    assert_eq!(post["tags"], json!(["tea"]));
    assert_eq!(post["responses"]["201"]["description"], json!("a page"));
    assert!(post["responses"]["201"]["content"]["text/html"].is_object());
    assert_eq!(post["responses"]["418"]["description"], json!("a pot"));
    assert!(post["responses"]["415"].is_object() && post["responses"]["200"].is_null());
}

#[test]
fn a_schema_file_is_the_request() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string", "maxLength": 3 } } });
    let files = [
        ("x.zen", "Given I have a 'string' named 'a'\nThen print the 'a'\n"),
        ("x.schema.json", &schema.to_string()),
    ];
    assert_eq!(data(&files)["properties"], schema["properties"]);
}

#[test]
fn what_is_closed_or_hidden_is_not_in_the_document() {
    let contracts = load(&[
        ("granted.zen", "Given nothing\nThen print the string 'x'\n"),
        ("granted.metadata.json", "{\"keyring\":true}"),
        ("unlisted.zen", "Given nothing\nThen print the string 'x'\n"),
        ("unlisted.metadata.json", "{\"hide_from_openapi\":true}"),
    ]);
    let document = described(&contracts);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| !path.starts_with("/api/")), "{:?}", paths.keys());
}

#[test]
fn what_needs_a_credential_says_so() {
    let contracts = load(&[
        ("x.zen", "Given nothing\nThen print the string 'x'\n"),
        ("x.metadata.json", "{\"keyring\":true,\"auth\":\"api_key\"}"),
        ("y.zen", "Given nothing\nThen print the string 'y'\n"),
    ]);
    let document = described(&contracts);
    let post = |path: &str| document["paths"][path]["post"].clone();
    assert_eq!(post("/api/x")["security"], json!([{ "ApiKey": [] }, { "ApiKeyHeader": [] }]));
    assert!(post("/api/x")["responses"]["403"].is_object() && post("/api/x")["responses"]["401"].is_object());
    assert!(post("/api/y")["security"].is_null() && post("/api/y")["responses"]["403"].is_null());
}
