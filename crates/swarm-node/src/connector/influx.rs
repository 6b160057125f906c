//! InfluxDB servers that contracts query and write to, over HTTP.
//!
//! # Source
//! InfluxDB OSS 2 API: `/api/v2/query` answers with annotated CSV, `/api/v2/write` takes the line protocol.

mod annotated;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use url::Url;
use zencode::{InfluxAction, InfluxRequest};

use super::Scope;
use super::dial::{Dialer, reason};
use super::fault::{Fault, Target};

/// Queries of one request.
const QUERIES_MAX: usize = 32;
/// Octets of one query, and of a token, a bucket or an organisation.
const QUERY_OCTETS_MAX: usize = 64 * 1024;

/// Performs requests to InfluxDB.
#[derive(Debug)]
pub(crate) struct Influx {
    dialer: Arc<Dialer>,
}

/// A server with what lets the contract in.
struct Server {
    client: reqwest::Client,
    base: Url,
    target: Target,
    token: HeaderValue,
    organisation: String,
}

impl Influx {
    pub(crate) fn new(dialer: Arc<Dialer>) -> Self {
        Self { dialer }
    }

    /// Performs one request; the answer is a JSON text.
    pub(crate) async fn answer(&self, request: InfluxRequest, scope: &Scope) -> Result<String, Fault> {
        let (base, target) = parse(&request.url)?;
        check(&request, self.dialer.octets_max())?;
        let work = async {
            let client = self.dialer.client(&target, &base, scope).await?;
            let token = token(&request.token)?;
            let organisation = request.organisation;
            let server = Server { client, base, target: target.clone(), token, organisation };
            match request.action {
                InfluxAction::Query(queries) => self.query(&server, &queries).await,
                InfluxAction::Write { bucket, lines } => self.write(&server, &bucket, lines).await,
            }
        };
        self.dialer.within(&target, work).await
    }

    async fn query(&self, server: &Server, queries: &[String]) -> Result<String, Fault> {
        let mut rows = Vec::new();
        for query in queries {
            let body = json!({
                "query": query,
                "type": "flux",
                "dialect": { "header": true, "delimiter": ",", "annotations": ["datatype", "group", "default"] },
            });
            let request = server
                .post("/api/v2/query", &[])
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .header(ACCEPT, HeaderValue::from_static("application/csv"))
                .body(body.to_string());
            let csv = self.send(server, request).await?;
            annotated::read(&csv, &mut rows).map_err(|why| Fault::refused(&server.target, why))?;
        }
        let json = Value::Array(rows).to_string();
        let limit = self.dialer.octets_max();
        if json.len() > limit {
            return Err(Fault::Oversized { what: server.target.to_string(), limit });
        }
        Ok(json)
    }

    async fn write(&self, server: &Server, bucket: &str, lines: String) -> Result<String, Fault> {
        let request = server
            .post("/api/v2/write", &[("bucket", bucket), ("precision", "ns")])
            .header(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))
            .body(lines);
        self.send(server, request).await?;
        Ok("null".to_owned())
    }

    /// The body of a success.
    async fn send(&self, server: &Server, request: RequestBuilder) -> Result<Vec<u8>, Fault> {
        let request = request.header(AUTHORIZATION, server.token.clone());
        let response = request
            .send()
            .await
            .map_err(|error| Fault::Unreachable { target: server.target.clone(), reason: reason(&error) })?;
        let status = response.status();
        let body = self.read(server, response).await?;
        if status.is_success() {
            return Ok(body);
        }
        if matches!(status.as_u16(), 401 | 403) {
            return Err(Fault::refused(&server.target, "the token, or what it is used for"));
        }
        let words = serde_json::from_slice::<Value>(&body)
            .ok()
            .and_then(|body| body.get("message")?.as_str().map(str::to_owned));
        Err(Fault::refused(&server.target, format!("{status} {}", words.unwrap_or_default())))
    }

    async fn read(&self, server: &Server, mut response: Response) -> Result<Vec<u8>, Fault> {
        let limit = self.dialer.octets_max();
        let mut octets = Vec::new();
        loop {
            let chunk = response
                .chunk()
                .await
                .map_err(|error| Fault::Broken { target: server.target.clone(), reason: reason(&error) })?;
            let Some(chunk) = chunk else { return Ok(octets) };
            if octets.len() + chunk.len() > limit {
                return Err(Fault::Oversized { what: server.target.to_string(), limit });
            }
            octets.extend_from_slice(&chunk);
        }
    }
}

impl Server {
    fn post(&self, path: &str, options: &[(&str, &str)]) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.query_pairs_mut().append_pair("org", &self.organisation).extend_pairs(options);
        self.client.post(url)
    }
}

fn parse(text: &str) -> Result<(Url, Target), Fault> {
    let wrong = || {
        Fault::input(format!(
            "{} octets of text are not the address of InfluxDB; write it like https://host:8086",
            text.len()
        ))
    };
    if text.len() > QUERY_OCTETS_MAX {
        return Err(wrong());
    }
    let url =
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)?;
    let plain = url.query().is_none() && url.username().is_empty() && url.password().is_none();
    let (Some(host), Some(port), true) = (url.host_str(), url.port_or_known_default(), plain) else {
        return Err(wrong());
    };
    let target = Target { kind: "InfluxDB", host: host.to_owned(), port };
    Ok((url, target))
}

fn check(request: &InfluxRequest, octets_max: usize) -> Result<(), Fault> {
    let mut texts = vec![&request.token, &request.organisation];
    match &request.action {
        InfluxAction::Query(queries) if queries.len() > QUERIES_MAX => {
            return Err(Fault::input(format!(
                "{} queries at once are too many for InfluxDB here; expected at most {QUERIES_MAX}",
                queries.len()
            )));
        }
        InfluxAction::Query(queries) => texts.extend(queries),
        InfluxAction::Write { bucket, lines } => {
            if lines.len() > octets_max {
                return Err(Fault::input(format!(
                    "{} octets of lines are too many for InfluxDB here; expected at most {octets_max}",
                    lines.len()
                )));
            }
            texts.push(bucket);
        }
    }
    match texts.iter().find(|text| text.len() > QUERY_OCTETS_MAX) {
        Some(text) => Err(Fault::input(format!(
            "a text of {} octets is too long for InfluxDB here; expected at most {QUERY_OCTETS_MAX}",
            text.len()
        ))),
        None => Ok(()),
    }
}

fn token(token: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::from_str(&format!("Token {token}"))
        .map_err(|_| Fault::input("the token of InfluxDB has letters that no token has"))?;
    value.set_sensitive(true);
    Ok(value)
}
