//! Web services that contracts ask: one request, followed through at most a few redirects on the
//! same host, within a time and a size.
//!
//! A name is resolved here, once, and the connection goes to the addresses that the egress policy
//! saw. Clients are kept per name and set of addresses, so that connections can be used again.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response, StatusCode};
use url::{Host, Url};
use zencode::{Answer, HttpAnswer, HttpMethod, HttpRequest};

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

/// Who says what a name stands for.
#[derive(Debug)]
pub(crate) enum Names {
    /// The system.
    System,
    /// A table, for tests.
    #[cfg(test)]
    Table(BTreeMap<String, Vec<IpAddr>>),
}

/// Performs HTTP requests of contracts.
#[derive(Debug)]
pub(crate) struct Http {
    egress: EgressConfig,
    names: Names,
    clients: Mutex<BTreeMap<Destination, Pinned>>,
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

impl Http {
    pub(crate) fn new(egress: EgressConfig, names: Names) -> Self {
        Self { egress, names, clients: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) async fn answer(&self, request: HttpRequest) -> Answer {
        let exchange = tokio::time::timeout(self.egress.timeout, self.exchange(request));
        match exchange.await.unwrap_or(Err(Fault::Unreachable("ETIMEDOUT"))) {
            Ok(answer) => Answer::Http(answer),
            Err(Fault::Unreachable(code)) => Answer::Http(HttpAnswer::Unreachable { code: code.to_owned() }),
            Err(Fault::Refused(reason)) => Answer::Refused(reason),
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, Fault> {
        let mut url = parse(&request.url)?;
        let mut method = match request.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
        };
        let mut body = request.body;
        for _ in 0..=REDIRECTS_MAX {
            let response = self.send(&url, &method, body.clone()).await?;
            let Some(next) = redirect(&url, &response)? else { return self.read(response).await };
            // All but 307 and 308 turn into a question, as browsers and upstream do.
            if !matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                method = Method::GET;
                body = None;
            }
            url = next;
        }
        Err(Fault::Unreachable("ERR_FR_TOO_MANY_REDIRECTS"))
    }

    async fn send(&self, url: &Url, method: &Method, body: Option<String>) -> Result<Response, Fault> {
        let client = self.client(url).await?;
        let mut request = client
            .request(method.clone(), url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json, text/plain, */*"));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        request.send().await.map_err(|error| Fault::Unreachable(code(&error)))
    }

    async fn read(&self, mut response: Response) -> Result<HttpAnswer, Fault> {
        let status = response.status().as_u16();
        let mut octets = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Fault::Unreachable(code(&error)))? {
            if octets.len() + chunk.len() > self.egress.reply_octets_max {
                return Err(Fault::Unreachable("ERR_BAD_RESPONSE"));
            }
            octets.extend_from_slice(&chunk);
        }
        Ok(HttpAnswer::Response { status, body: String::from_utf8_lossy(&octets).into_owned() })
    }

    /// A client pinned to the addresses of this URL, all of which the policy allows.
    async fn client(&self, url: &Url) -> Result<Client, Fault> {
        let port = url.port_or_known_default().ok_or_else(|| no_web_address(url.as_str()))?;
        let host = url.host_str().ok_or_else(|| no_web_address(url.as_str()))?.to_owned();
        let destination = (Tls::for_url(url), host, port);
        if let Some(client) = self.fresh(&destination) {
            return Ok(client);
        }
        let (_, host, _) = &destination;
        let addresses = self.resolve(url, host, port).await?;
        for address in &addresses {
            self.egress
                .policy
                .decide(host, address.ip(), port)
                .map_err(|refusal| Fault::Refused(format!("the egress policy forbids {host}: {refusal}")))?;
        }
        if destination.0 == Tls::System {
            // Reads the certificates of the system, the first time.
            tokio::task::spawn_blocking(client::prepare)
                .await
                .map_err(|_| Fault::Refused("the system's certificates cannot be read".to_owned()))?;
        }
        self.pin(destination, addresses)
    }

    fn fresh(&self, destination: &Destination) -> Option<Client> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let pinned = clients.get(destination)?;
        (pinned.resolved.elapsed() < NAME_TTL).then(|| pinned.client.clone())
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
            Names::Table(table) => Ok(table
                .get(host)
                .into_iter()
                .flatten()
                .map(|address| SocketAddr::new(*address, port))
                .collect()),
        }
    }

    fn pin(&self, destination: Destination, addresses: Vec<SocketAddr>) -> Result<Client, Fault> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.get(&destination).filter(|it| it.addresses == addresses);
        let client = match known {
            Some(pinned) => pinned.client.clone(),
            None => client::builder(destination.0)
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
        }
        source = cause.source();
    }
    // What is left broke off half-way, or is no HTTP or TLS that can be trusted.
    if error.is_connect() { "EPROTO" } else { "ECONNRESET" }
}
