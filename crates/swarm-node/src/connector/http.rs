//! Web services that contracts ask: one request, followed through at most a few redirects on the
//! same host, within a time and a size.
//!
//! Several calls are made at the same time, each within the time and the size of one.
//!
//! A name is resolved here, once, and the connection goes to the addresses that the egress policy
//! saw. Clients are kept per name and set of addresses, so that connections can be used again.

mod headers;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Method, Response, StatusCode};
use url::{Host, Url};
use zencode::{Answer, HttpAnswer, HttpCalls, HttpMethod, HttpRequest, Pace};

use super::Scope;
use crate::client::{self, Tls};
use crate::config::EgressConfig;

/// Redirects followed.
const REDIRECTS_MAX: usize = 3;
/// Clients kept.
const CLIENTS_MAX: usize = 64;
/// Time for which a resolved name is not asked again.
const NAME_TTL: Duration = Duration::from_secs(30);
/// Octets of an address.
const URL_OCTETS_MAX: usize = 8 * 1024;

/// Calls that one request makes at once.
const CALLS_AT_ONCE: usize = 32;
/// Octets of all replies to one request.
const REPLIES_OCTETS_MAX: usize = 16 * 1024 * 1024;

/// Who says what a name stands for.
#[derive(Debug)]
pub(crate) enum Names {
    /// The system.
    System,
    /// A table, for tests.
    #[cfg(test)]
    Table(BTreeMap<String, Vec<IpAddr>>),
    /// Another answer each time, for tests.
    #[cfg(test)]
    Turns(Mutex<BTreeMap<String, Vec<Vec<IpAddr>>>>),
}

/// Performs HTTP requests of contracts.
#[derive(Debug)]
pub(crate) struct Http {
    egress: EgressConfig,
    names: Names,
    clients: Mutex<BTreeMap<Destination, Pinned>>,
    /// Authorities instead of the system's, for tests.
    #[cfg(test)]
    trusted: Option<Vec<reqwest::Certificate>>,
}

type Destination = (Tls, String, u16);

/// A client that can connect to these addresses and to no others.
#[derive(Debug, Clone)]
struct Pinned {
    addresses: Vec<SocketAddr>,
    client: Client,
    resolved: Instant,
}

/// Why there is no response.
enum Fault {
    /// The policy forbids it; the run ends.
    Refused(String),
    /// Nothing came back; the contract goes on with a code.
    Unreachable(&'static str),
}

/// The code of an answer that did not come in time.
const TIMEOUT: Fault = Fault::Unreachable("ETIMEDOUT");

impl Http {
    pub(crate) fn new(egress: EgressConfig, names: Names) -> Self {
        Self {
            egress,
            names,
            clients: Mutex::new(BTreeMap::new()),
            #[cfg(test)]
            trusted: None,
        }
    }

    /// Trusts these authorities alone.
    #[cfg(test)]
    pub(crate) fn trusting(self, authorities: Vec<reqwest::Certificate>) -> Self {
        Self { trusted: Some(authorities), ..self }
    }

    /// Forgets every name, as time does.
    #[cfg(test)]
    pub(crate) fn forget(&self) {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn builder(&self, tls: Tls) -> reqwest::ClientBuilder {
        #[cfg(test)]
        if let Some(trusted) = &self.trusted {
            return client::builder(Tls::Off).tls_certs_only(trusted.clone());
        }
        client::builder(tls)
    }

    /// Makes all calls, a few dozen at once or one after the other; their answers come in their order.
    pub(crate) async fn answer(&self, calls: HttpCalls, scope: &Scope) -> Answer {
        let budget = AtomicUsize::new(REPLIES_OCTETS_MAX);
        let at_once = if calls.pace == Pace::InTurn { 1 } else { CALLS_AT_ONCE };
        let calls = calls.calls.into_iter().map(|call| self.call(call, scope, &budget));
        let answers: Result<Vec<_>, String> = stream::iter(calls).buffered(at_once).try_collect().await;
        answers.map_or_else(Answer::Refused, Answer::Http)
    }

    async fn call(
        &self,
        request: HttpRequest,
        scope: &Scope,
        budget: &AtomicUsize,
    ) -> Result<HttpAnswer, String> {
        let exchange = async {
            let response = self.exchange(request, scope).await?;
            let status = response.status().as_u16();
            let octets = self.read(response, self.egress.reply_octets_max, budget).await?;
            Ok(HttpAnswer::Response { status, body: String::from_utf8_lossy(&octets).into_owned() })
        };
        match tokio::time::timeout(self.egress.timeout, exchange).await.unwrap_or(Err(TIMEOUT)) {
            Ok(answer) => Ok(answer),
            Err(Fault::Unreachable(code)) => Ok(HttpAnswer::Unreachable { code: code.to_owned() }),
            Err(Fault::Refused(reason)) => Err(reason),
        }
    }

    /// The octets at an address, for what is no reply to a contract.
    pub(crate) async fn download(&self, url: &str, most: usize, scope: &Scope) -> Result<Vec<u8>, String> {
        let request =
            HttpRequest { method: HttpMethod::Get, url: url.to_owned(), headers: Vec::new(), body: None };
        let budget = AtomicUsize::new(most);
        let exchange = async {
            let response = self.exchange(request, scope).await?;
            match response.status() {
                status if status.is_success() => self.read(response, most, &budget).await,
                status => Err(Fault::Refused(format!("the web service answered {}", status.as_u16()))),
            }
        };
        match tokio::time::timeout(self.egress.timeout, exchange).await.unwrap_or(Err(TIMEOUT)) {
            Ok(octets) => Ok(octets),
            Err(Fault::Unreachable(code)) => Err(code.to_owned()),
            Err(Fault::Refused(reason)) => Err(reason),
        }
    }

    async fn exchange(&self, request: HttpRequest, scope: &Scope) -> Result<Response, Fault> {
        let mut url = parse(&request.url)?;
        let mut headers = headers::of(&request).map_err(Fault::Refused)?;
        let mut method = method(request.method);
        let mut body = request.body;
        for _ in 0..=REDIRECTS_MAX {
            let client = self.client(&url, scope).await?;
            let mut sent = client.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = &body {
                sent = sent.body(body.clone());
            }
            let response = sent.send().await.map_err(|error| Fault::Unreachable(code(&error)))?;
            let Some(next) = redirect(&url, &response)? else { return Ok(response) };
            // All but 307 and 308 turn into a question, as browsers and upstream do.
            if !matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                method = Method::GET;
                body = None;
                headers.remove(CONTENT_TYPE);
            }
            url = next;
        }
        Err(Fault::Unreachable("ERR_FR_TOO_MANY_REDIRECTS"))
    }

    /// Reads a body within its own size and within what is left for all.
    async fn read(
        &self,
        mut response: Response,
        most: usize,
        budget: &AtomicUsize,
    ) -> Result<Vec<u8>, Fault> {
        let mut octets = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Fault::Unreachable(code(&error)))? {
            let left = budget.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(chunk.len()));
            if left.is_err() || octets.len() + chunk.len() > most {
                return Err(Fault::Unreachable("ERR_BAD_RESPONSE"));
            }
            octets.extend_from_slice(&chunk);
        }
        Ok(octets)
    }

    /// A client pinned to the addresses of this URL, all of which the policy allows.
    async fn client(&self, url: &Url, scope: &Scope) -> Result<Client, Fault> {
        let port = url.port_or_known_default().ok_or_else(|| no_web_address(url.as_str()))?;
        let host = url.host_str().ok_or_else(|| no_web_address(url.as_str()))?.to_owned();
        let destination = (Tls::for_url(url), host, port);
        let known = self.fresh(&destination);
        let addresses = match &known {
            Some(pinned) => pinned.addresses.clone(),
            None => self.resolve(url, &destination.1, port).await?,
        };
        // Also of addresses that are known: another contract may be allowed less.
        for address in &addresses {
            let allowed = self.egress.policy.decide_with(&scope.egress, &destination.1, address.ip(), port);
            allowed.map_err(|refusal| {
                Fault::Refused(format!("the egress policy forbids {}: {refusal}", destination.1))
            })?;
        }
        if let Some(pinned) = known {
            return Ok(pinned.client);
        }
        if destination.0 == Tls::System {
            // Reads the certificates of the system, the first time.
            tokio::task::spawn_blocking(client::prepare)
                .await
                .map_err(|_| Fault::Refused("the system's certificates cannot be read".to_owned()))?;
        }
        self.pin(destination, addresses)
    }

    fn fresh(&self, destination: &Destination) -> Option<Pinned> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let pinned = clients.get(destination)?;
        (pinned.resolved.elapsed() < NAME_TTL).then(|| pinned.clone())
    }

    async fn resolve(&self, url: &Url, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        let mut addresses: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(address)) => vec![(IpAddr::V4(address), port).into()],
            Some(Host::Ipv6(address)) => vec![(IpAddr::V6(address), port).into()],
            _ => self.look_up(host, port).await?,
        };
        addresses.sort_unstable();
        addresses.dedup();
        if addresses.is_empty() { Err(Fault::Unreachable("ENOTFOUND")) } else { Ok(addresses) }
    }

    async fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        match &self.names {
            Names::System => tokio::net::lookup_host((host, port))
                .await
                .map(Iterator::collect)
                .map_err(|_| Fault::Unreachable("ENOTFOUND")),
            #[cfg(test)]
            Names::Table(table) => {
                let addresses = table.get(host).into_iter().flatten();
                Ok(addresses.map(|address| SocketAddr::new(*address, port)).collect())
            }
            #[cfg(test)]
            Names::Turns(turns) => {
                let mut turns = turns.lock().expect("no test panics while it asks");
                let addresses = turns.get_mut(host).map(|turns| turns.remove(0)).unwrap_or_default();
                Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
            }
        }
    }

    fn pin(&self, destination: Destination, addresses: Vec<SocketAddr>) -> Result<Client, Fault> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.get(&destination).filter(|it| it.addresses == addresses);
        let client = match known {
            Some(pinned) => pinned.client.clone(),
            None => self
                .builder(destination.0)
                .resolve_to_addrs(&destination.1, &addresses)
                .build()
                .map_err(|error| Fault::Refused(format!("no connection can be made: {error}")))?,
        };
        if clients.len() >= CLIENTS_MAX && !clients.contains_key(&destination) {
            let oldest = clients.iter().min_by_key(|(_, it)| it.resolved).map(|(key, _)| key.clone());
            oldest.and_then(|key| clients.remove(&key));
        }
        clients.insert(destination, Pinned { addresses, client: client.clone(), resolved: Instant::now() });
        Ok(client)
    }
}

fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
    }
}

fn parse(text: &str) -> Result<Url, Fault> {
    if text.len() > URL_OCTETS_MAX {
        return Err(Fault::Refused(format!("the address is longer than {URL_OCTETS_MAX} octets")));
    }
    // Parsing writes 0177.1, 0x7f000001 and 2130706433 as the 127.0.0.1 that they are.
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(no_web_address(text)),
    }
}

fn no_web_address(text: &str) -> Fault {
    // Not quoted: an address may come from the keys, a token inside.
    Fault::Refused(format!("{} octets of text are not the address of a web service", text.len()))
}

/// Where a response sends its reader: on the same host only, and never from HTTPS to HTTP.
fn redirect(url: &Url, response: &Response) -> Result<Option<Url>, Fault> {
    let refused = Fault::Unreachable("ERR_FR_REDIRECTION_FAILURE");
    let location = match response.headers().get(LOCATION) {
        Some(location) if response.status().is_redirection() => location,
        _ => return Ok(None),
    };
    let next = location.to_str().ok().and_then(|text| url.join(text).ok());
    match next {
        Some(next)
            if next.host() == url.host()
                && matches!(
                    (url.scheme(), next.scheme()),
                    ("http", "http" | "https") | ("https", "https")
                ) =>
        {
            Ok(Some(next))
        }
        _ => Err(refused),
    }
}

/// The code that contracts know a failure by.
///
/// # Source
/// The codes of Node.js' `http`, which upstream's contracts compare with.
fn code(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        return "ETIMEDOUT";
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::ConnectionRefused => return "ECONNREFUSED",
                std::io::ErrorKind::ConnectionReset => return "ECONNRESET",
                std::io::ErrorKind::HostUnreachable => return "EHOSTUNREACH",
                std::io::ErrorKind::NetworkUnreachable => return "ENETUNREACH",
                std::io::ErrorKind::TimedOut => return "ETIMEDOUT",
                _ => {}
            }
            if let Some(code) = io.get_ref().and_then(|inner| certificate(inner.downcast_ref()?)) {
                return code;
            }
        }
        source = cause.source();
    }
    // What is left broke off half-way, or is no HTTP or TLS that can be trusted.
    if error.is_connect() { "EPROTO" } else { "ECONNRESET" }
}

/// The code of a certificate that is not trusted.
///
/// # Source
/// The codes of Node.js' `tls`.
fn certificate(error: &rustls::Error) -> Option<&'static str> {
    use rustls::CertificateError;
    let rustls::Error::InvalidCertificate(reason) = error else { return None };
    Some(match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "CERT_HAS_EXPIRED",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "CERT_NOT_YET_VALID",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "ERR_TLS_CERT_ALTNAME_INVALID"
        }
        CertificateError::Revoked => "CERT_REVOKED",
        _ => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    })
}
