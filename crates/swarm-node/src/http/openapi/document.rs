//! The document: the contracts' operations beside the node's own.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::route::{Envelope, Outcome, Route};
use crate::oracle::contracts::{Auth, BodyType};

/// The node's own operations and what all operations share, written by hand.
const NODE: &str = include_str!("node.json");

/// The whole document, of an oracle that is at the address `server`.
pub(crate) fn document(routes: &[Route], server: &str) -> Value {
    let mut document: Value = serde_json::from_str(NODE).expect("a test reads the file");
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["servers"] = json!([{ "url": server }]);
    let mut paths = Map::new();
    for route in routes {
        // Contracts and chains share the addresses of ncr; a contract comes first.
        paths.entry(&route.path).or_insert_with(|| item(route));
    }
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
            "chain" => "contracts one after the other".to_owned(),
            name => format!("contracts of {name}"),
        };
        json!({ "name": name, "description": description })
    });
    let node = node.as_array().cloned().unwrap_or_default();
    named.chain(node).collect()
}

fn item(route: &Route) -> Value {
    let mut item = Map::new();
    if route.takes_get {
        item.insert("get".to_owned(), operation(route, Verb::Get));
    }
    if route.takes_post {
        item.insert("post".to_owned(), operation(route, Verb::Post));
    }
    Value::Object(item)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
}

fn operation(route: &Route, verb: Verb) -> Value {
    let mut operation = json!({
        "operationId": name(route, verb),
        "summary": route.summary,
        "description": description(route),
        "tags": route.tags,
        "responses": responses(route),
    });
    match (verb, route.envelope) {
        (Verb::Get, Envelope::Data) => operation["parameters"] = json!([parameter(route)]),
        (Verb::Get, Envelope::Bare) => operation["parameters"] = parameters(route),
        (Verb::Post, _) => operation["requestBody"] = body(route),
    }
    if let Some(auth) = route.auth {
        operation["security"] = security(auth);
    }
    operation
}

/// The credentials that are accepted, one of them.
fn security(auth: Auth) -> Value {
    let api_key = [json!({ "ApiKey": [] }), json!({ "ApiKeyHeader": [] })];
    let signed = [json!({ "SignedRequest": [] })];
    match auth {
        Auth::ApiKey => json!(api_key),
        Auth::Did => json!(signed),
        Auth::Any | Auth::None => api_key.into_iter().chain(signed).collect(),
    }
}

/// A name that no other operation has: those of the node hold no dot in front of the contract's name.
fn name(route: &Route, verb: Verb) -> String {
    let verb = if verb == Verb::Get { "get" } else { "post" };
    let form = match route.envelope {
        Envelope::Data => "api",
        Envelope::Bare => "bare",
    };
    format!("{verb}.{form}.{}", route.name.replace('/', "~"))
}

fn description(route: &Route) -> String {
    match &route.fault {
        Some(fault) => format!("This contract does not compile, every call fails: {fault}"),
        None => route.description.clone(),
    }
}

/// The data as JSON in the query.
fn parameter(route: &Route) -> Value {
    json!({
        "name": "data",
        "in": "query",
        "required": route.fields.is_required(),
        "description": "the data of the contract, as JSON",
        "content": { BodyType::Json.name(): media(route, route.data.clone(), |data| data) },
    })
}

/// Each member of the data that is not inside another, as a text in the query.
fn parameters(route: &Route) -> Value {
    let fields = route.fields.named.iter().filter(|field| field.path.len() == 1);
    let parameters = fields.map(|field| {
        json!({
            "name": field.path[0],
            "in": "query",
            "required": field.is_required && field.aliases.is_empty(),
            "description": field.kind,
            "schema": { "type": "string" },
        })
    });
    parameters.collect()
}

/// The data in the body.
fn body(route: &Route) -> Value {
    let media = match route.envelope {
        Envelope::Bare => media(route, route.data.clone(), |data| data),
        Envelope::Data => {
            let mut schema = json!({ "type": "object", "properties": { "data": route.data } });
            if route.fields.is_required() {
                schema["required"] = json!(["data"]);
            }
            media(route, schema, |data| json!({ "data": data }))
        }
    };
    json!({ "required": route.fields.is_required(), "content": { route.body.name(): media } })
}

/// A schema with the examples, each as `wrapped` makes it of data.
fn media(route: &Route, schema: Value, wrapped: impl Fn(Value) -> Value) -> Value {
    let mut examples = Map::new();
    if let Some(example) = &route.example {
        examples.insert("example".to_owned(), json!({ "value": wrapped(example.clone()) }));
    }
    for (name, example) in &route.examples {
        let mut example = example.clone();
        match example.get_mut("value") {
            Some(value) => *value = wrapped(value.take()),
            None => example = json!({ "value": wrapped(example) }),
        }
        examples.insert(name.clone(), example);
    }
    let mut media = json!({ "schema": schema });
    if !examples.is_empty() {
        media["examples"] = Value::Object(examples);
    }
    media
}

fn responses(route: &Route) -> Value {
    let problem = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    let mut responses = Map::new();
    let mut add = |status: StatusCode, response: Value| {
        // Two reasons for one status: the later one is what the contract says of itself.
        responses.insert(status.as_str().to_owned(), response);
    };
    add(StatusCode::BAD_REQUEST, problem("MalformedRequest"));
    // A credential that does not hold is refused where none is needed, too.
    add(StatusCode::UNAUTHORIZED, problem("Unauthorized"));
    if route.is_guarded || route.auth.is_some() {
        add(StatusCode::FORBIDDEN, problem("Forbidden"));
    }
    add(StatusCode::NOT_FOUND, problem("NotFound"));
    add(StatusCode::METHOD_NOT_ALLOWED, problem("MethodNotAllowed"));
    add(StatusCode::REQUEST_TIMEOUT, problem("BodyTooSlow"));
    add(StatusCode::PAYLOAD_TOO_LARGE, problem("BodyTooLarge"));
    if route.is_strict {
        add(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem("UnsupportedMediaType"));
    }
    add(StatusCode::UNPROCESSABLE_ENTITY, unfit(route));
    add(StatusCode::TOO_MANY_REQUESTS, problem("TooManyRequests"));
    add(StatusCode::SERVICE_UNAVAILABLE, problem("Busy"));
    add(route.failure.status, response(&route.failure));
    add(route.answer.status, response(&route.answer));
    responses.sort_keys();
    Value::Object(responses)
}

/// In ncr's form, data that do not fit the contract are told as its other failures are.
fn unfit(route: &Route) -> Value {
    let mut unfit = json!({
        "description": "the data do not have the form that is asked for",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    if route.envelope == Envelope::Bare
        && let Some((media_type, schema)) = &route.failure.body
    {
        unfit["content"][media_type] = json!({ "schema": schema });
    }
    unfit
}

fn response(outcome: &Outcome) -> Value {
    let mut response = json!({ "description": outcome.description });
    if let Some((media_type, schema)) = &outcome.body {
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        response["content"] = json!({ media_type: { "schema": schema } });
    }
    response
}
