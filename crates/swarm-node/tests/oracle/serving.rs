//! A folder of contracts over HTTP: both conventions, chains, metadata, reload, files beside contracts.

mod access;
mod autorun;
mod chains;
mod files;
mod metadata;
mod ncr;
mod reload;
mod restroom;

use std::path::Path;

use serde_json::Value;
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;

use crate::start;

/// An oracle that serves a folder of its own.
struct Served {
    folder: tempfile::TempDir,
    oracle: Oracle,
}

/// A reply: status, headers, text.
struct Told {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Writes files below a folder.
fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Serves files, with settings in TOML in which `@` is the folder of all.
async fn serve(settings: &str, files: &[(&str, &str)]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("contracts"), files);
    up(folder, settings).await
}

/// Serves `contracts` of a folder that is there.
async fn up(folder: tempfile::TempDir, settings: &str) -> Served {
    let settings = settings.replace('@', folder.path().to_str().unwrap());
    let layer = Layer::from_toml(&format!("[oracle]\n{settings}\n"), "test").unwrap();
    let layer = Layer { contracts: Some(folder.path().join("contracts")), ..layer };
    let oracle = start(&folder.path().join("state"), layer).await;
    Served { folder, oracle }
}

impl Served {
    fn contracts(&self) -> std::path::PathBuf {
        self.folder.path().join("contracts")
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let client = client::new(Tls::Off).unwrap();
        let url = format!("http://{}{path}", self.oracle.local_addr());
        let mut request = client.request(method.parse().unwrap(), url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Told {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Told {
        self.send("GET", path, &[], "").await
    }

    async fn post(&self, path: &str, body: &str) -> Told {
        self.send("POST", path, &[("content-type", "application/json")], body).await
    }

    /// Sends octets as they are, and reads to the end: clients tidy paths up.
    async fn raw(&self, path: &str) -> String {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(self.oracle.local_addr()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).await.unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }
}
