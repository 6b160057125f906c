//! Connections to what contracts ask for, other than web pages: the name is resolved once, the egress policy
//! sees every address, and the connection goes to one of those addresses.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

use super::Scope;
use super::fault::{Fault, Target};
use super::http::Names;
use super::metered::{Allowance, Metered};
use crate::client;
use crate::config::EgressConfig;

/// Makes connections that the egress policy allows.
#[derive(Debug)]
pub(crate) struct Dialer {
    egress: EgressConfig,
    names: Names,
}

/// A connection whose octets are counted, and where it goes.
pub(crate) struct Connected {
    pub(crate) stream: Metered<TcpStream>,
    pub(crate) allowance: Allowance,
    pub(crate) peer: IpAddr,
}

impl Dialer {
    pub(crate) fn new(egress: EgressConfig, names: Names) -> Self {
        Self { egress, names }
    }

    /// Time for one request.
    pub(crate) fn timeout(&self) -> Duration {
        self.egress.timeout
    }

    /// Octets of one answer.
    pub(crate) fn octets_max(&self) -> usize {
        self.egress.reply_octets_max
    }

    /// Ends what takes longer than one request may.
    pub(crate) async fn within<T>(
        &self,
        what: impl std::fmt::Display,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let limit = self.egress.timeout;
        let ended = tokio::time::timeout(limit, work).await;
        ended.unwrap_or_else(|_| Err(Fault::Timeout { what: what.to_string(), limit }))
    }

    /// A connection whose octets are counted.
    pub(crate) async fn connect(&self, target: &Target, scope: &Scope) -> Result<Connected, Fault> {
        let addresses = self.addresses(target, scope).await?;
        let stream = TcpStream::connect(addresses.as_slice())
            .await
            .map_err(|error| Fault::Unreachable { target: target.clone(), reason: reason(&error) })?;
        // Latency matters more than a packet; without it the connection works as well.
        stream.set_nodelay(true).ok();
        let peer = stream.peer_addr().map(|address| address.ip());
        let peer =
            peer.map_err(|error| Fault::Unreachable { target: target.clone(), reason: reason(&error) })?;
        let (stream, allowance) = Metered::new(stream);
        Ok(Connected { stream, allowance, peer })
    }

    /// An HTTP client that connects to the addresses of this URL, all of which the policy allows.
    pub(crate) async fn client(
        &self,
        target: &Target,
        url: &Url,
        scope: &Scope,
    ) -> Result<reqwest::Client, Fault> {
        let addresses = self.addresses(target, scope).await?;
        let tls = client::Tls::for_url(url);
        if tls == client::Tls::System {
            prepare_tls(target).await?;
        }
        let builder = client::builder(tls).resolve_to_addrs(&target.host, &addresses);
        builder.build().map_err(|error| Fault::Unreachable { target: target.clone(), reason: reason(&error) })
    }

    /// The addresses of a host, when the policy allows all of them.
    async fn addresses(&self, target: &Target, scope: &Scope) -> Result<Vec<SocketAddr>, Fault> {
        let bare = target.host.trim_start_matches('[').trim_end_matches(']');
        let mut addresses = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, target.port)],
            Err(_) => self.names.look_up(&target.host, target.port).await,
        };
        addresses.sort_unstable();
        addresses.dedup();
        if addresses.is_empty() {
            return Err(Fault::Unknown(target.clone()));
        }
        for address in &addresses {
            self.judge(target, address.ip(), scope)?;
        }
        Ok(addresses)
    }

    /// Whether a contract may reach an address; also before a connection is used that another one has made.
    pub(crate) fn judge(&self, target: &Target, address: IpAddr, scope: &Scope) -> Result<(), Fault> {
        let policy = &self.egress.policy;
        policy
            .decide_with(&scope.egress, &target.host, address, target.port)
            .map_err(|refusal| Fault::Forbidden { target: target.clone(), refusal })
    }
}

/// TLS over a connection; the certificate has to be that of the host.
pub(crate) async fn secure(
    target: &Target,
    stream: Metered<TcpStream>,
) -> Result<TlsStream<Metered<TcpStream>>, Fault> {
    let (connector, name) = tls(target).await?;
    let secured = connector.connect(name, stream).await;
    secured.map_err(|error| Fault::Unreachable { target: target.clone(), reason: reason(&error) })
}

/// What TLS to this host needs.
pub(crate) async fn tls(target: &Target) -> Result<(TlsConnector, ServerName<'static>), Fault> {
    let config = prepare_tls(target).await?;
    let name = ServerName::try_from(target.host.clone())
        .map_err(|_| Fault::input(format!("{:?} is no name that a certificate can have", target.host)))?;
    Ok((TlsConnector::from(config), name))
}

/// Reads the certificates of the system, the first time.
async fn prepare_tls(target: &Target) -> Result<Arc<rustls::ClientConfig>, Fault> {
    let config = tokio::task::spawn_blocking(client::tls_config).await.ok().flatten();
    config.ok_or_else(|| Fault::Unreachable {
        target: target.clone(),
        reason: "the system's certificates cannot be read".to_owned(),
    })
}

/// The innermost cause of a failed connection; outer ones repeat the address.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

impl Names {
    /// The addresses of a name; none when there is no such name.
    async fn look_up(&self, host: &str, port: u16) -> Vec<SocketAddr> {
        match self {
            Self::System => {
                tokio::net::lookup_host((host, port)).await.map(Iterator::collect).unwrap_or_default()
            }
            #[cfg(test)]
            Self::Turns(_) => Vec::new(),
            #[cfg(test)]
            Self::Table(table) => {
                let addresses = table.get(host).into_iter().flatten();
                addresses.map(|address| SocketAddr::new(*address, port)).collect()
            }
        }
    }
}
