//! The rest of the family's APIs: oracles that announce themselves, ask each other, take keys and updates; with a real
//! controller and real services, and with callers who choose what is not theirs to choose.

mod keys;
mod six;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::{Oracle, api_keys};
use swarm_node::server::{Server, Socket};
use tempfile::TempDir;

use crate::{Reply, get, post, start};

/// What lets contracts reach services of this machine.
fn reaching(layer: Layer) -> Layer {
    Layer { egress_allow: Some(vec!["127.0.0.1/32".parse().unwrap()]), ..layer }
}

/// A service that remembers what it was sent, and answers with its number if answers are to differ.
async fn service(differing: bool) -> (Server, Arc<Mutex<Vec<String>>>) {
    let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = bodies.clone();
    let router = Router::new().fallback(move |body: String| {
        let mut kept = kept.lock().unwrap();
        kept.push(body);
        let number = if differing { kept.len() } else { 0 };
        std::future::ready(axum::Json(json!({ "number": number.to_string() })))
    });
    (serve(router).await, bodies)
}

async fn serve(router: Router) -> Server {
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router)
}

fn url(server: &Server) -> String {
    format!("http://{}/", server.local_addr())
}

/// An oracle that serves a copy of the repository's contracts, some files of it written anew.
async fn edited(files: &[(&str, &str)]) -> (TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let contracts = folder.path().join("contracts");
    std::fs::create_dir_all(folder.path().join("files")).unwrap();
    std::fs::create_dir(&contracts).unwrap();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), contracts.join(file.file_name())).unwrap();
    }
    for (name, text) in files {
        std::fs::write(contracts.join(name), text).unwrap();
    }
    let layer = Layer {
        contracts: Some(contracts),
        files: Some(folder.path().join("files")),
        ..reaching(Layer::default())
    };
    let oracle = start(&folder.path().join("state"), layer.clone()).await;
    oracle.stop().await.unwrap();
    // A key that is made before the oracle starts is known at once.
    let (_, key) = api_keys::create(&folder.path().join("state"), "server", None).unwrap();
    std::fs::write(folder.path().join("key"), key.as_bytes()).unwrap();
    let oracle = start(&folder.path().join("state"), layer).await;
    (folder, oracle)
}

async fn call(oracle: &Oracle, name: &str, data: Value) -> Reply {
    post(oracle.local_addr(), &format!("/api/{name}"), json!({ "data": data }).to_string()).await
}

/// A call by somebody who has the key of [`edited`].
async fn call_as_server(folder: &TempDir, oracle: &Oracle, name: &str, data: Value) -> Reply {
    let key = std::fs::read_to_string(folder.path().join("key")).unwrap();
    let request = client::new(Tls::Off).unwrap().post(format!("http://{}/api/{name}", oracle.local_addr()));
    crate::reply(request.header("x-api-key", key).json(&json!({ "data": data })).send().await.unwrap()).await
}

async fn ask(oracle: &Oracle, name: &str) -> Value {
    let (status, body) = get(oracle.local_addr(), &format!("/api/{name}")).await;
    assert_eq!(status, 200, "{name}: {body}");
    body
}
