//! The log of requests: who asked for what, with which outcome; and the id by which a request is found again.
//!
//! Addresses lose their query, which may hold a contract's data; bodies and credentials are never logged. An id that a
//! client or proxy sent in `x-request-id` is kept when it is short and plain, and goes back in the answer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Body as _;
use tracing::Instrument as _;

use crate::http::auth::Caller;
use crate::metrics::{Answered, Metrics};

/// The header of a request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Octets of an id that is kept.
const ID_OCTETS_MAX: usize = 64;
/// The status in the log when the caller went away before the answer.
const GONE: u16 = 499;

/// What a route says about a request, in the extensions of its answer.
#[derive(Debug, Clone)]
pub(crate) struct Called {
    /// The contract.
    pub(crate) contract: String,
    /// Who called.
    pub(crate) caller: &'static str,
}

impl Called {
    /// A call of a contract.
    pub(crate) fn new(contract: &str, caller: &Caller) -> Self {
        Self { contract: contract.to_owned(), caller: caller.kind() }
    }
}

/// What is counted besides; controllers count nothing.
pub(crate) type Counting = Option<Arc<Metrics>>;

/// Gives a request its id, and logs and counts it when it is answered or given up.
pub(crate) async fn log(State(metrics): State<Counting>, mut request: Request, next: Next) -> Response {
    let id = id(request.headers());
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let mut entry = Entry::new(&request, metrics);
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default(), route = entry.route());
    let mut response = async {
        let response = next.run(request).await;
        entry.answered(&response);
        drop(entry);
        response
    }
    .instrument(span)
    .await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// One line of the log; written when it is dropped.
struct Entry {
    begun: Instant,
    peer: Option<SocketAddr>,
    method: Method,
    route: Option<MatchedPath>,
    octets_in: u64,
    octets_out: u64,
    status: u16,
    called: Option<Called>,
    metrics: Counting,
}

impl Entry {
    fn new(request: &Request, metrics: Counting) -> Self {
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
        Self {
            begun: Instant::now(),
            peer: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0),
            method: request.method().clone(),
            route: request.extensions().get::<MatchedPath>().cloned(),
            octets_in: length.unwrap_or(0),
            octets_out: 0,
            status: GONE,
            called: None,
            metrics,
        }
    }

    fn answered(&mut self, response: &Response) {
        self.status = response.status().as_u16();
        self.octets_out = response.body().size_hint().lower();
        self.called = response.extensions().get::<Called>().cloned();
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or("none", MatchedPath::as_str)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(metrics) = &self.metrics {
            let method = verb(&self.method);
            metrics.answered(&Answered { route: self.route().to_owned(), method, status: self.status });
        }
        let called = self.called.as_ref();
        tracing::info!(
            peer = self.peer.map(tracing::field::display),
            method = %self.method,
            route = self.route(),
            status = self.status,
            us = self.begun.elapsed().as_micros(),
            octets_in = self.octets_in,
            octets_out = self.octets_out,
            contract = called.map(|it| &*it.contract),
            caller = called.map(|it| it.caller),
            "answered"
        );
    }
}

/// Verbs are whatever clients write; labels are not.
fn verb(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

fn id(headers: &HeaderMap) -> HeaderValue {
    let is_plain = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    let given = headers
        .get(REQUEST_ID)
        .filter(|value| (1..=ID_OCTETS_MAX).contains(&value.len()) && value.as_bytes().iter().all(is_plain));
    given.cloned().unwrap_or_else(fresh)
}

/// A name for this process, and a number: unlike all others, and no secret.
fn fresh() -> HeaderValue {
    static PROCESS: OnceLock<u32> = OnceLock::new();
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let process = PROCESS.get_or_init(|| getrandom::u32().unwrap_or_else(|_| std::process::id()));
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    HeaderValue::from_str(&format!("{process:08x}-{number:x}"))
        .expect("hexadecimal digits are a header's value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_str(text).unwrap());
        id(&headers).to_str().unwrap().to_owned()
    }

    #[test]
    fn a_plain_id_is_kept() {
        assert_eq!(given("4bf92f3577b34da6.a3ce-929d_0e"), "4bf92f3577b34da6.a3ce-929d_0e");
    }

    #[test]
    fn an_id_that_could_say_more_is_replaced() {
        for text in ["", " ", "a b", "a\"b", "level=error", &"a".repeat(65)] {
            assert_ne!(given(text), text.trim());
        }
    }

    #[test]
    fn no_two_fresh_ids_are_equal() {
        assert_ne!(fresh(), fresh());
    }
}
