//! An oracle as others see it: a real server in this process, a real client, and a stand-in for the
//! controller that keeps the protocol's rules and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod contracts;
mod issuer;
mod platform;
mod real;
mod swarm;

use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;

/// An oracle on a free port with a state folder, and whatever else the layer says.
async fn start(state: &Path, layer: Layer) -> Oracle {
    Oracle::start(Layer { state: Some(state.into()), ..layer }.resolve().unwrap()).await.unwrap()
}

/// Status and body of a reply; a body that is not JSON is a string.
type Reply = (u16, Value);

async fn get(address: SocketAddr, path: &str) -> Reply {
    let client = client::new(Tls::Off).unwrap();
    reply(client.get(format!("http://{address}{path}")).send().await.unwrap()).await
}

async fn post(address: SocketAddr, path: &str, body: impl Into<reqwest::Body>) -> Reply {
    let client = client::new(Tls::Off).unwrap();
    reply(client.post(format!("http://{address}{path}")).body(body).send().await.unwrap()).await
}

async fn reply(response: reqwest::Response) -> Reply {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
