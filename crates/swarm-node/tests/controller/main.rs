//! A controller as others see it: a real server in this process, a real client, and members that keep the
//! protocol's rules or break them on purpose.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod enrolment;
mod identifiers;
mod killed;
mod log;
mod malformed;
mod member;
mod oracles;
mod queries;
mod registry;
mod swarm;
mod writer;

use serde_json::Value;
use swarm_node::client::{self, Tls};

/// Status, media type and body of a reply; a body that is not JSON is a string.
#[derive(Debug)]
struct Reply {
    status: u16,
    media_type: String,
    body: Value,
    text: String,
}

impl Reply {
    /// The kind of a problem, without its prefix.
    fn kind(&self) -> &str {
        assert_eq!(self.media_type, "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status, "{self:?}");
        self.body["type"].as_str().unwrap().strip_prefix("urn:zenswarm:problem:").unwrap()
    }

    /// Status and kind of a refusal, which must say what to do.
    fn refusal(&self) -> (u16, &str) {
        assert!(self.body["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{self:?}");
        (self.status, self.kind())
    }
}

async fn request(request: reqwest::RequestBuilder) -> Reply {
    try_request(request).await.unwrap()
}

/// A reply that came whole; `None` when the connection broke.
async fn try_request(request: reqwest::RequestBuilder) -> Option<Reply> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let text = response.text().await.ok()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text.clone()));
    Some(Reply { status, media_type, body, text })
}

async fn try_post(url: &str, body: impl Into<reqwest::Body>) -> Option<Reply> {
    try_request(client::new(Tls::Off).unwrap().post(url).body(body)).await
}

async fn get(url: &str) -> Reply {
    request(client::new(Tls::Off).unwrap().get(url)).await
}

async fn post(url: &str, body: impl Into<reqwest::Body>) -> Reply {
    request(client::new(Tls::Off).unwrap().post(url).body(body)).await
}
