//! An oracle as machines see it: TLS, callers, limits, health, metrics.

mod auth;
mod cors;
mod health;
mod http2;
mod limits;
mod metrics;
mod open_metrics;
mod stop;
mod tls;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;
use swarm_node::server::{Server, Socket};
use tempfile::TempDir;

use crate::start;

/// Computes until it is given up: a million statements.
const SLOW: &str = "\
Given I have a 'number array' named 'numbers'
When I create the 'number array' named 'sums'
Foreach 'a' in 'numbers'
Foreach 'b' in 'numbers'
When I create the result of 'a' + 'b'
When I remove the 'result'
EndForeach
EndForeach
Then print the string 'done'
";

/// Answers at once.
const FAST: &str = "Given nothing\nThen print the string 'fast'\n";

/// Waits for a web service at the address in DATA.
const WAITS: &str = "\
Given I have a endpoint named 'endpoint'
Given I connect to 'endpoint' and save the output into 'output'
Given I have a 'string dictionary' named 'output'
Then print the 'output'
";

/// A folder of files below `contracts`, and an oracle that serves them.
async fn serve(settings: &str, files: &[(&str, &str)]) -> (TempDir, Oracle) {
    let folder = folder(files);
    let oracle = start(&folder.path().join("state"), layer(settings, &folder)).await;
    (folder, oracle)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("contracts");
    std::fs::create_dir(&below).unwrap();
    for (name, text) in files {
        std::fs::write(below.join(name), text).unwrap();
    }
    folder
}

fn layer(settings: &str, folder: &TempDir) -> Layer {
    let contracts: PathBuf = folder.path().join("contracts");
    let layer = Layer::from_toml(&format!("[oracle]\n{settings}\n"), "test").unwrap();
    Layer { contracts: Some(contracts), ..layer }
}

/// A web service that never answers.
async fn silent() -> Server {
    let router = axum::Router::new().fallback(std::future::pending::<String>);
    Socket::bind("127.0.0.1:0".parse().unwrap()).await.unwrap().serve(router)
}

/// A body that makes [`SLOW`] slow.
fn numbers() -> String {
    json!({ "data": { "numbers": (0..900).collect::<Vec<u32>>() } }).to_string()
}

/// A body that sends [`WAITS`] to a service.
fn asks(service: &Server) -> String {
    json!({ "data": { "endpoint": format!("http://{}/", service.local_addr()) } }).to_string()
}

/// Repeats a question until it is answered.
async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.unwrap_or_else(|_| panic!("{what}: in vain"))
}
