//! Another process of the swarm, seen over HTTP: one request, one answer of bounded size.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::{self, Tls};
use crate::http::error::Problem;

/// Why an exchange gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The text is no address of an HTTP server.
    #[error("{text:?} is not the address of a server: {cause}")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        cause: String,
    },
    /// No answer came.
    #[error("no answer from {url}: {cause}")]
    Unreachable {
        /// Whom was asked.
        url: Box<Url>,
        /// The innermost cause.
        cause: String,
    },
    /// The answer did not come in time.
    #[error("no answer from {url} in time")]
    Timeout {
        /// Whom was asked.
        url: Box<Url>,
    },
    /// The other side refused.
    #[error("{problem}")]
    Refused {
        /// Who was asked.
        url: Box<Url>,
        /// Why it refused.
        problem: Box<Problem>,
    },
    /// The answer cannot be read.
    #[error("the answer of {url} cannot be read: {cause}")]
    Unreadable {
        /// Who was asked.
        url: Box<Url>,
        /// What was found.
        cause: String,
    },
}

impl RemoteError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Address { .. } => "write it as http://HOST:PORT or https://HOST".into(),
            Self::Unreachable { .. } => "check that the controller runs and that the address is right".into(),
            Self::Timeout { .. } => "try again, or give it more time".into(),
            Self::Refused { problem, .. } => problem.hint.clone().unwrap_or_else(|| "see the message".into()),
            Self::Unreadable { .. } => "check that the address is that of a zenswarm controller".into(),
        }
    }
}

/// An answer: its status and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// Media type, without parameters; empty when none was given.
    pub media_type: String,
    /// The body.
    pub octets: Vec<u8>,
}

/// One other process, with connections kept open between exchanges.
#[derive(Debug, Clone)]
pub struct Remote {
    base: Url,
    client: reqwest::Client,
}

impl Remote {
    /// The process at an address such as `http://127.0.0.1:7000`.
    ///
    /// # Errors
    /// `Address`.
    pub fn new(address: &str) -> Result<Self, RemoteError> {
        let base = base_url(address)?;
        let fault =
            |error: reqwest::Error| RemoteError::Address { text: address.into(), cause: error.to_string() };
        Ok(Self { client: client::new(Tls::for_url(&base)).map_err(fault)?, base })
    }

    /// The same over connections that others use too.
    pub fn over(client: reqwest::Client, base: Url) -> Self {
        Self { base, client }
    }

    /// Its address.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The address of a path, `/v1/…`, below the base.
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// `Unreachable`, `Refused` or `Unreadable`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, octets_max: usize) -> Result<T, RemoteError> {
        let url = self.url(path);
        let reply = self.reply(self.client.get(url.clone()), &url, octets_max).await?;
        parse(&url, &accepted(&url, reply)?)
    }

    /// Sends JSON, and reads JSON.
    ///
    /// # Errors
    /// `Unreachable`, `Refused` or `Unreadable`.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        json: Vec<u8>,
        octets_max: usize,
        time: Duration,
    ) -> Result<T, RemoteError> {
        let url = self.url(path);
        let reply = self.post_raw(path, json, octets_max, time).await?;
        parse(&url, &accepted(&url, reply)?)
    }

    /// Sends JSON, and reads the answer as it comes.
    ///
    /// # Errors
    /// `Unreachable` or `Unreadable`.
    pub async fn post_raw(
        &self,
        path: &str,
        json: impl Into<reqwest::Body>,
        octets_max: usize,
        time: Duration,
    ) -> Result<Reply, RemoteError> {
        let url = self.url(path);
        let request = self
            .client
            .post(url.clone())
            .timeout(time)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(json);
        self.reply(request, &url, octets_max).await
    }

    /// Reads with an `Accept` header, and hands the answer over as it comes.
    ///
    /// # Errors
    /// `Unreachable` or `Unreadable`.
    pub async fn get_raw(&self, path: &str, accept: &str, octets_max: usize) -> Result<Reply, RemoteError> {
        let url = self.url(path);
        self.reply(self.client.get(url.clone()).header(ACCEPT, accept), &url, octets_max).await
    }

    async fn reply(
        &self,
        request: reqwest::RequestBuilder,
        url: &Url,
        octets_max: usize,
    ) -> Result<Reply, RemoteError> {
        let mut response = request.send().await.map_err(|error| unreachable(url, &error))?;
        let status = response.status().as_u16();
        let media_type = media_type(response.headers().get(CONTENT_TYPE));
        let mut octets = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(url, &error))? {
            if octets.len() + chunk.len() > octets_max {
                return Err(unreadable(url, &format!("it is larger than {octets_max} octets")));
            }
            octets.extend_from_slice(&chunk);
        }
        Ok(Reply { status, media_type, octets })
    }
}

/// Checks an address and drops what is not part of a base: query and fragment.
fn base_url(text: &str) -> Result<Url, RemoteError> {
    let fault = |cause: &str| RemoteError::Address { text: text.into(), cause: cause.into() };
    let mut url = Url::parse(text).map_err(|error| fault(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(fault("it starts neither with http:// nor with https://"));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn media_type(value: Option<&HeaderValue>) -> String {
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The body of a good answer; the refusal otherwise.
fn accepted(url: &Url, reply: Reply) -> Result<Vec<u8>, RemoteError> {
    if (200..300).contains(&reply.status) {
        return Ok(reply.octets);
    }
    match serde_json::from_slice::<Problem>(&reply.octets) {
        Ok(problem) => Err(RemoteError::Refused { url: Box::new(url.clone()), problem: Box::new(problem) }),
        Err(_) => Err(unreadable(url, &format!("status {} without an explanation", reply.status))),
    }
}

fn parse<T: DeserializeOwned>(url: &Url, octets: &[u8]) -> Result<T, RemoteError> {
    serde_json::from_slice(octets).map_err(|error| unreadable(url, &error.to_string()))
}

fn unreadable(url: &Url, cause: &str) -> RemoteError {
    RemoteError::Unreadable { url: Box::new(url.clone()), cause: cause.into() }
}

/// Says what the system said: the outer errors only repeat the address.
fn unreachable(url: &Url, error: &reqwest::Error) -> RemoteError {
    if error.is_timeout() {
        return RemoteError::Timeout { url: Box::new(url.clone()) };
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    RemoteError::Unreachable { url: Box::new(url.clone()), cause: inner.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_put_below_the_base() {
        let remote = Remote::new("http://127.0.0.1:7000/swarm/?x=1").unwrap();
        assert_eq!(
            remote.url("/v1/oracles?state=active").as_str(),
            "http://127.0.0.1:7000/swarm/v1/oracles?state=active"
        );
    }

    #[test]
    fn an_address_that_is_not_http_is_refused() {
        for text in ["", "127.0.0.1:7000", "ftp://host", "http://"] {
            assert!(matches!(Remote::new(text), Err(RemoteError::Address { .. })), "{text}");
        }
    }

    #[tokio::test]
    async fn a_closed_port_is_unreachable() {
        // Bound and closed again: nobody listens there.
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let remote = Remote::new(&format!("http://{address}")).unwrap();
        let error = remote.get::<serde_json::Value>("/v1/genesis", 1000).await.unwrap_err();
        assert!(matches!(error, RemoteError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("refused"), "{error}");
    }
}
