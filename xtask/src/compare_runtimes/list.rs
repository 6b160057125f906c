//! The lists of requests, and how one is sent.
//!
//! In a request `{service}` stands for the address of a web service that answers, `{closed}` for one where nobody
//! listens.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::{Answer, Connection, Request};
use crate::workspace;

/// One request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) method: String,
    /// Sent as it is written.
    pub(super) path: String,
    /// A body that is text or padding is JSON unless a header says otherwise.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The body, when it is JSON.
    #[serde(default)]
    json: Option<Value>,
    /// The body, when it need not be JSON.
    #[serde(default)]
    text: Option<String>,
    /// DATA with a `name` of so many octets.
    #[serde(default)]
    padding_octets: Option<usize>,
}

/// What the words in braces stand for.
#[derive(Debug)]
pub(super) struct Addresses {
    pub(super) service: String,
    pub(super) closed: String,
}

impl Ask {
    /// Sends it on a connection of its own: some servers close theirs after a failure.
    pub(super) fn send(&self, host: &str, addresses: &Addresses) -> Result<Answer> {
        let body = self.body()?.map(|body| addresses.put_into(&body));
        let path = addresses.put_into(&self.path);
        let mut headers: Vec<(&str, &str)> = vec![("connection", "close")];
        headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if body.is_some() && !self.headers.contains_key("content-type") {
            headers.push(("content-type", "application/json"));
        }
        let request = Request { method: &self.method, path: &path, headers: &headers, body: body.as_deref() };
        Connection::open(host)?.send(request)
    }

    fn body(&self) -> Result<Option<String>> {
        match (&self.json, &self.text, self.padding_octets) {
            (None, None, None) => Ok(None),
            (Some(json), None, None) => Ok(Some(json.to_string())),
            (None, Some(text), None) => Ok(Some(text.clone())),
            (None, None, Some(octets)) => {
                Ok(Some(json!({ "data": { "name": "x".repeat(octets) } }).to_string()))
            }
            _ => {
                bail!("{} {}: `json`, `text` and `padding_octets` exclude each other", self.method, self.path)
            }
        }
    }
}

impl Addresses {
    fn put_into(&self, text: &str) -> String {
        text.replace("{service}", &self.service).replace("{closed}", &self.closed)
    }

    /// Takes them out again, so that two sides with a service each can be compared.
    pub(super) fn take_out_of(&self, text: &str) -> String {
        text.replace(&self.service, "{service}").replace(&self.closed, "{closed}")
    }
}

/// Reads `xtask/runtimes/CONVENTION/requests.json`.
pub(super) fn read<T: DeserializeOwned>(convention: &str) -> Result<Vec<T>> {
    let path = workspace::root().join("xtask/runtimes").join(convention).join("requests.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}", path.display()))
}
