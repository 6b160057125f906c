//! The dial-back: the controller knocks at the endpoint that a newcomer claims.
//!
//! Only addresses that the enrolment admits are dialled, and the one that was checked is the one that is reached:
//! a name server cannot change its mind in between. No redirect is followed, and the answer is small.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use swarm_protocol::enrolment::{DialBackAnswer, DialOrder};
use swarm_protocol::envelope::{EnvelopeError, Signed};
use url::{Host, Url};

use super::remote::{Remote, RemoteError};
use crate::client::{self, Tls};

/// Time for one dial-back.
pub const DIAL_TIMEOUT: Duration = Duration::from_secs(10);
/// Octets of the answer, at most.
const ANSWER_OCTETS_MAX: usize = 16 * 1024;
/// Addresses of one host that are tried.
const ADDRESSES_MAX: usize = 4;

/// Why a dial-back failed.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name has no address.
    #[error("{host} has no address: {cause}")]
    NoAddress {
        /// The host.
        host: String,
        /// What the resolver said.
        cause: String,
    },
    /// None of the addresses may be dialled.
    #[error("{host} has no address that this enrolment may use")]
    NotAdmitted {
        /// The host.
        host: String,
    },
    /// Nobody answered, or something else did.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The endpoint refused.
    #[error("{url} answered with status {status}")]
    Status {
        /// Who was asked.
        url: Url,
        /// HTTP status code.
        status: u16,
    },
    /// The answer is no signed answer to a dial-back.
    #[error("the answer of the endpoint cannot be read: {0}")]
    Answer(#[from] EnvelopeError),
}

/// Dials, and returns the address that was reached and what was said there.
///
/// # Errors
/// [`DialError`]; the enrolment is over then.
pub async fn dial(
    order: &DialOrder,
    proof_from: IpAddr,
) -> Result<(IpAddr, Signed<DialBackAnswer>), DialError> {
    let url = Url::parse(order.endpoint.as_str()).map_err(|error| RemoteError::Address {
        text: order.endpoint.to_string(),
        cause: error.to_string(),
    })?;
    let host = order.endpoint.host();
    let addresses = addresses(&url, &host).await?;
    let admitted = addresses.into_iter().filter(|address| order.admits(address.ip(), proof_from));
    let mut last = DialError::NotAdmitted { host: host.clone() };
    for address in admitted.take(ADDRESSES_MAX) {
        match exchange(order, &url, &host, address).await {
            Ok(answer) => return Ok((address.ip(), answer)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn addresses(url: &Url, host: &str) -> Result<Vec<SocketAddr>, DialError> {
    let port = url.port_or_known_default().unwrap_or(80);
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(vec![SocketAddr::new(address.into(), port)]),
        Some(Host::Ipv6(address)) => Ok(vec![SocketAddr::new(address.into(), port)]),
        _ => {
            let fault = |cause: String| DialError::NoAddress { host: host.to_owned(), cause };
            match tokio::time::timeout(DIAL_TIMEOUT, tokio::net::lookup_host((host, port))).await {
                Ok(Ok(found)) => Ok(found.collect()),
                Ok(Err(error)) => Err(fault(error.to_string())),
                Err(_) => Err(fault("the resolver did not answer".into())),
            }
        }
    }
}

async fn exchange(
    order: &DialOrder,
    url: &Url,
    host: &str,
    address: SocketAddr,
) -> Result<Signed<DialBackAnswer>, DialError> {
    let client = client::builder(Tls::for_url(url))
        .resolve(host, address)
        .pool_max_idle_per_host(0)
        .timeout(DIAL_TIMEOUT)
        .build()
        .map_err(|error| RemoteError::Address { text: url.to_string(), cause: error.to_string() })?;
    let remote = Remote::over(client, url.clone());
    let reply =
        remote.post_raw("/v1/dial-backs", order.message.to_json(), ANSWER_OCTETS_MAX, DIAL_TIMEOUT).await?;
    if reply.status != 200 {
        return Err(DialError::Status { url: url.clone(), status: reply.status });
    }
    Ok(Signed::parse(&reply.octets)?)
}
