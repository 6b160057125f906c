//! The HTTP client of the swarm's own traffic: oracle to controller, controller to oracle, command
//! to both. What contracts ask for goes through [`crate::connector`] and its egress policy instead.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls_platform_verifier::ConfigVerifierExt as _;
use url::Url;

/// Time for a connection to be made.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for a whole exchange, unless the request says otherwise.
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(30);

/// Whether the client can speak HTTPS. Reading the system's certificates costs milliseconds and
/// megabytes, which a swarm on one machine need not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tls {
    /// No certificate is trusted: only `http://` works.
    Off,
    /// The system's certificates are trusted.
    System,
}

impl Tls {
    /// What this address needs.
    pub fn for_url(url: &Url) -> Self {
        if url.scheme() == "https" { Self::System } else { Self::Off }
    }
}

/// A client that follows no redirect and uses no proxy.
///
/// # Errors
/// When the system's certificates cannot be read.
pub fn new(tls: Tls) -> reqwest::Result<reqwest::Client> {
    builder(tls).timeout(EXCHANGE_TIMEOUT).build()
}

/// The same, to be refined.
pub fn builder(tls: Tls) -> reqwest::ClientBuilder {
    install_provider();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("zenswarm/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_TIMEOUT);
    match tls {
        Tls::Off => builder.tls_certs_only([]),
        Tls::System => match system() {
            Some(config) => builder.tls_backend_preconfigured(config.clone()),
            // Reads the certificates again, and so reports why it cannot.
            None => builder,
        },
    }
}

/// Reads the system's certificates, unless that was done; it takes milliseconds of a thread.
pub(crate) fn prepare() {
    install_provider();
    system();
}

/// The settings of TLS for connections that are no HTTP; reads the system's certificates, unless that was done.
pub(crate) fn tls_config() -> Option<Arc<rustls::ClientConfig>> {
    install_provider();
    system().map(|config| Arc::new(config.clone()))
}

fn install_provider() {
    // Fails when a provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// The system's certificates, read once: every client shares them and the sessions they resume.
fn system() -> Option<&'static rustls::ClientConfig> {
    static SYSTEM: OnceLock<Option<rustls::ClientConfig>> = OnceLock::new();
    SYSTEM.get_or_init(|| rustls::ClientConfig::with_platform_verifier().ok()).as_ref()
}
