//! Git's protocol over this process' own HTTP client, which goes to the addresses that the egress policy saw,
//! follows no redirect, and counts octets.

use std::io::{self, BufRead, Cursor, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gix::protocol::transport::client::blocking_io::http::{
    GetResponse, Http, PostBodyDataKind, PostResponse,
};
use reqwest::{Client, RequestBuilder, Response};
use tokio::runtime::Handle;

use super::{Fault, Stop};
use crate::connector::dial::reason;
use crate::connector::fault::Target;

/// Octets that a server may send for one clone.
const OCTETS_MAX: usize = 64 * 1024 * 1024;
/// Octets that are sent to a server in one request.
const SENT_OCTETS_MAX: usize = 4 * 1024 * 1024;

/// Performs the requests of one clone, one after the other.
#[derive(Debug)]
pub(super) struct Smart {
    client: Client,
    target: Target,
    runtime: Handle,
    until: Instant,
    limit: Duration,
    failure: Failure,
    /// Octets that may still arrive.
    left: Arc<Mutex<usize>>,
}

/// Why this side gave up, beside what the library makes of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Failure(Arc<Mutex<Option<Fault>>>);

impl Failure {
    pub(super) fn take(&self) -> Option<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, fault: Fault) -> io::Error {
        let error = io::Error::other(fault.to_string());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        error
    }
}

impl Smart {
    /// Must be made where the runtime is known.
    pub(super) fn new(client: Client, target: Target) -> Self {
        Self {
            client,
            target,
            runtime: Handle::current(),
            until: Instant::now(),
            limit: Duration::ZERO,
            failure: Failure::default(),
            left: Arc::new(Mutex::new(OCTETS_MAX)),
        }
    }

    /// The same, until the time is over.
    pub(super) fn within(mut self, stop: &Stop) -> Self {
        self.until = stop.until;
        self.limit = stop.limit;
        self
    }

    pub(super) fn failure(&self) -> Failure {
        self.failure.clone()
    }

    fn exchange(&self, request: RequestBuilder) -> Arc<Mutex<Exchange>> {
        Arc::new(Mutex::new(Exchange {
            request: Some(request),
            sent: Vec::new(),
            response: None,
            target: self.target.clone(),
            runtime: self.runtime.clone(),
            until: self.until,
            limit: self.limit,
            failure: self.failure.clone(),
            left: self.left.clone(),
        }))
    }
}

impl Http for Smart {
    type Headers = Head;
    type ResponseBody = Body;
    type PostBody = Post;

    fn get(
        &mut self,
        url: &str,
        _base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<GetResponse<Head, Body>> {
        let exchange = self.exchange(with_headers(self.client.get(url), headers));
        Ok(GetResponse { headers: Head::new(&exchange), body: Body::new(exchange) })
    }

    fn post(
        &mut self,
        url: &str,
        _base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _body: PostBodyDataKind,
    ) -> gix::Result<PostResponse<Head, Body, Post>> {
        let exchange = self.exchange(with_headers(self.client.post(url), headers));
        Ok(PostResponse {
            post_body: Post(exchange.clone()),
            headers: Head::new(&exchange),
            body: Body::new(exchange),
        })
    }

    /// Settings of git about HTTP do not count here: the operator's do.
    fn configure(&mut self, _config: &dyn std::any::Any) -> gix::Result {
        Ok(())
    }
}

fn with_headers(
    request: RequestBuilder,
    headers: impl IntoIterator<Item = impl AsRef<str>>,
) -> RequestBuilder {
    headers.into_iter().fold(request, |request, header| match header.as_ref().split_once(':') {
        Some((name, value)) => request.header(name.trim(), value.trim()),
        None => request,
    })
}

/// One request and its response; the request goes out when the response is first asked for.
#[derive(Debug)]
struct Exchange {
    request: Option<RequestBuilder>,
    sent: Vec<u8>,
    response: Option<Response>,
    target: Target,
    runtime: Handle,
    until: Instant,
    limit: Duration,
    failure: Failure,
    left: Arc<Mutex<usize>>,
}

impl Exchange {
    fn begin(&mut self) -> io::Result<()> {
        let Some(request) = self.request.take() else { return Ok(()) };
        let body = std::mem::take(&mut self.sent);
        let request = if body.is_empty() { request } else { request.body(body) };
        let response = self.wait(request.send())?.map_err(|error| {
            let reason = reason(&error);
            self.failure.put(Fault::Unreachable { target: self.target.clone(), reason })
        })?;
        let status = response.status();
        if !status.is_success() {
            let reason = format!("status {status}; is there a repository that everybody may read?");
            return Err(self.failure.put(Fault::refused(&self.target, reason)));
        }
        self.response = Some(response);
        Ok(())
    }

    fn chunk(&mut self) -> io::Result<Vec<u8>> {
        self.begin()?;
        let Some(mut response) = self.response.take() else { return Ok(Vec::new()) };
        let chunk = self.wait(response.chunk())?.map_err(|error| {
            let reason = reason(&error);
            self.failure.put(Fault::Broken { target: self.target.clone(), reason })
        })?;
        let Some(chunk) = chunk else { return Ok(Vec::new()) };
        self.response = Some(response);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.checked_sub(chunk.len()).ok_or_else(|| {
            self.failure.put(Fault::Oversized { what: self.target.to_string(), limit: OCTETS_MAX })
        })?;
        Ok(chunk.to_vec())
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> io::Result<T> {
        let until = self.until.into();
        let done = self.runtime.block_on(async { tokio::time::timeout_at(until, work).await });
        done.map_err(|_| {
            self.failure.put(Fault::Timeout { what: self.target.to_string(), limit: self.limit })
        })
    }

    /// Name and value of every header, one a line.
    fn headers(&mut self) -> io::Result<Vec<u8>> {
        self.begin()?;
        let mut lines = Vec::new();
        for (name, value) in self.response.iter().flat_map(|response| response.headers()) {
            lines.extend_from_slice(name.as_str().as_bytes());
            lines.extend_from_slice(b": ");
            lines.extend_from_slice(value.as_bytes());
            lines.push(b'\n');
        }
        Ok(lines)
    }
}

type Shared = Arc<Mutex<Exchange>>;

fn locked(exchange: &Shared) -> std::sync::MutexGuard<'_, Exchange> {
    exchange.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is sent, until the response is asked for.
#[derive(Debug)]
pub(super) struct Post(Shared);

impl Write for Post {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut exchange = locked(&self.0);
        if exchange.sent.len() + octets.len() > SENT_OCTETS_MAX {
            let what = format!("a request to {}", exchange.target);
            return Err(exchange.failure.put(Fault::Oversized { what, limit: SENT_OCTETS_MAX }));
        }
        exchange.sent.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The headers of a response.
#[derive(Debug)]
pub(super) struct Head {
    exchange: Shared,
    lines: Option<Cursor<Vec<u8>>>,
}

impl Head {
    fn new(exchange: &Shared) -> Self {
        Self { exchange: exchange.clone(), lines: None }
    }

    fn lines(&mut self) -> io::Result<&mut Cursor<Vec<u8>>> {
        if self.lines.is_none() {
            let lines = locked(&self.exchange).headers()?;
            self.lines = Some(Cursor::new(lines));
        }
        self.lines.as_mut().ok_or_else(|| io::Error::other("no headers"))
    }
}

impl Read for Head {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.lines()?.read(buffer)
    }
}

impl BufRead for Head {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.lines()?.fill_buf()
    }

    fn consume(&mut self, octets: usize) {
        if let Some(lines) = &mut self.lines {
            lines.consume(octets);
        }
    }
}

/// The body of a response, as it arrives.
#[derive(Debug)]
pub(super) struct Body {
    exchange: Shared,
    arrived: Cursor<Vec<u8>>,
}

impl Body {
    fn new(exchange: Shared) -> Self {
        Self { exchange, arrived: Cursor::default() }
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut arrived = self.fill_buf()?;
        let count = arrived.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Body {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.arrived.fill_buf()?.is_empty() {
            self.arrived = Cursor::new(locked(&self.exchange).chunk()?);
        }
        self.arrived.fill_buf()
    }

    fn consume(&mut self, octets: usize) {
        self.arrived.consume(octets);
    }
}
