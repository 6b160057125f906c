//! What an oracle says about itself to those who ask `get-identity`.

use serde_json::{Map, Value, json};
use url::Url;

use super::Shared;

/// Version of this object's form, as a string, after upstream's 1 to 3.
const VERSION: &str = "4";

/// The identity object: upstream's members, and the DID. The list of APIs is that of the moment; `tracker` is the
/// controller of the swarm that the oracle has joined, with a slash at its end.
///
/// # Source
/// `zenswarm` identity, version 3 (README of April 2023): numbers are strings, `ip` may be a name.
pub(super) fn identity(oracle: &Shared) -> Value {
    let (keys, contracts, endpoint) = (&oracle.keys, oracle.contracts(), &oracle.endpoint);
    let swarm = oracle.config.swarm.as_ref();
    let host = endpoint.host_str().unwrap_or_default();
    let port = endpoint.port_or_known_default().unwrap_or_default().to_string();
    let apis: Vec<Value> =
        contracts.listed().map(|entry| Value::from(format!("/api/{}", entry.name))).collect();
    let mut identity = Map::new();
    let mut put = |name: &str, value: Value| identity.insert(name.to_owned(), value);
    put("API", Value::from(apis));
    put("baseUrl", json!(format!("{}://{host}", endpoint.scheme())));
    put("did", json!(keys.did()));
    put("ip", json!(host));
    put(if endpoint.scheme() == "https" { "port_https" } else { "port_http" }, json!(port));
    put("uid", json!(format!("{host}:{port}")));
    put("version", json!(VERSION));
    put("type", json!("zenswarm"));
    for (name, key) in keys.public() {
        put(name, json!(key));
    }
    if let Some(member) = oracle.member() {
        put("tracker", json!(tracker(&member.tracker)));
    }
    for (name, text) in [("operator", swarm.map(|it| &it.operator)), ("region", swarm.map(|it| &it.region))] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            put(name, json!(text));
        }
    }
    Value::Object(identity)
}

/// An address that paths are appended to.
fn tracker(controller: &Url) -> String {
    format!("{}/", controller.as_str().trim_end_matches('/'))
}
