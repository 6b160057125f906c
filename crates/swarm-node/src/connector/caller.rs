//! What a contract can know of the HTTP request that it answers.

use std::net::SocketAddr;

use axum::http::{HeaderMap, Method, Uri, Version};
use serde_json::{Map, Value, json};

/// Headers whose values are kept from contracts: they let their bearer in.
const SECRET: &[&str] = &["authorization", "cookie", "proxy-authorization", "x-api-key"];

/// The request that a contract answers.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The verb.
    pub method: Method,
    /// The address that was asked for.
    pub uri: Uri,
    /// The version of HTTP.
    pub version: Version,
    /// The headers.
    pub headers: HeaderMap,
    /// Where the other end is.
    pub remote: Option<SocketAddr>,
}

impl Caller {
    /// The request in the form that contracts of restroom-mw know.
    pub(crate) fn json(&self) -> String {
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            let shown = if SECRET.contains(&name.as_str()) { "" } else { value.to_str().unwrap_or_default() };
            headers.insert(name.as_str().to_owned(), Value::from(shown));
        }
        let family = |address: &SocketAddr| if address.is_ipv4() { "IPv4" } else { "IPv6" };
        json!({
            "base_url": self.uri.path(),
            "http_version": format!("{:?}", self.version).trim_start_matches("HTTP/"),
            "headers": headers,
            "path": "/",
            "method": self.method.as_str(),
            "protocol": self.uri.scheme_str().unwrap_or("http"),
            "socket": {
                "remote_address": self.remote.map(|it| it.ip().to_string()),
                "remote_family": self.remote.as_ref().map(family),
                "remote_port": self.remote.map(|it| it.port()),
            },
        })
        .to_string()
    }
}
