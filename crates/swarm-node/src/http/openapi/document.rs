//! The document: the contracts' operations beside the node's own.

use serde_json::{Map, Value, json};
use url::Url;

use super::route::{Envelope, Route};

/// The node's own operations and what all operations share, written by hand.
const NODE: &str = include_str!("node.json");
/// What `servers` says when the oracle knows no address of its own: wherever the document was read.
const HERE: &str = "/";

/// The whole document.
pub(crate) fn document(routes: &[Route], server: Option<&Url>) -> Value {
    let mut document: Value = serde_json::from_str(NODE).expect("a test reads the file");
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    let server = server.map_or(HERE, |url| url.as_str().trim_end_matches('/'));
    document["servers"] = json!([{ "url": server }]);
    let mut paths: Map<String, Value> =
        routes.iter().map(|route| (route.path.clone(), item(route))).collect();
    if let Value::Object(node) = document["paths"].take() {
        paths.extend(node);
    }
    document["paths"] = Value::Object(paths);
    document["tags"] = tags(routes, document["tags"].take());
    document
}

/// Each tag once, the contracts' first.
fn tags(routes: &[Route], node: Value) -> Value {
    let mut names: Vec<&str> = routes.iter().flat_map(|route| &route.tags).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let named = names.iter().map(|name| {
        let description = match *name {
            "connector" => "contracts that ask a web service, a file or the clock".to_owned(),
            "core" => "contracts that need no scenario".to_owned(),
            name => format!("contracts that load the scenario {name}"),
        };
        json!({ "name": name, "description": description })
    });
    let node = node.as_array().cloned().unwrap_or_default();
    named.chain(node).collect()
}

fn item(route: &Route) -> Value {
    json!({ "get": operation(route, Verb::Get), "post": operation(route, Verb::Post) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
}

fn operation(route: &Route, verb: Verb) -> Value {
    let word = if verb == Verb::Get { "get" } else { "post" };
    let mut operation = json!({
        "operationId": format!("{word}-{}", route.name.replace('/', "~")),
        "summary": route.summary,
        "description": description(route),
        "tags": route.tags,
        "responses": responses(route),
    });
    match (verb, route.envelope) {
        (Verb::Get, Envelope::Data) => operation["parameters"] = json!([parameter(route)]),
        (Verb::Post, Envelope::Data) => operation["requestBody"] = body(route),
    }
    operation
}

fn description(route: &Route) -> String {
    match &route.fault {
        Some(fault) => format!("This contract does not compile, every call fails: {fault}"),
        None => route.description.clone(),
    }
}

/// DATA as JSON in the query.
fn parameter(route: &Route) -> Value {
    json!({
        "name": "data",
        "in": "query",
        "required": route.fields.is_required(),
        "description": "the data of the contract, as JSON",
        "content": { "application/json": media(route.fields.schema(), route.example.clone()) },
    })
}

/// DATA in the member `data`.
fn body(route: &Route) -> Value {
    let mut schema = json!({ "type": "object", "properties": { "data": route.fields.schema() } });
    if route.fields.is_required() {
        schema["required"] = json!(["data"]);
    }
    let example = route.example.as_ref().map(|example| json!({ "data": example }));
    json!({
        "required": route.fields.is_required(),
        "content": { "application/json": media(schema, example) },
    })
}

fn media(schema: Value, example: Option<Value>) -> Value {
    let mut media = json!({ "schema": schema });
    if let Some(example) = example {
        media["example"] = example;
    }
    media
}

fn responses(route: &Route) -> Value {
    let problem = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    json!({
        "200": {
            "description": "what the contract printed",
            "content": { "application/json": { "schema": route.answer } },
        },
        "400": problem("MalformedRequest"),
        "404": problem("NotFound"),
        "405": problem("MethodNotAllowed"),
        "413": problem("BodyTooLarge"),
        "422": problem("UnfitData"),
        "429": problem("TooManyRequests"),
        "500": problem("ContractFailed"),
        "503": problem("Busy"),
    })
}
