//! Settings of an oracle: file, then environment, then flags; then checked, once.
//!
//! Every source fills a [`Layer`], in which everything may be absent. Layers are laid over each
//! other, and [`Layer::resolve`] turns the result into [`OracleConfig`], in which nothing is left to
//! check. Unknown keys are errors: a misspelt limit would otherwise be no limit.

mod file;
mod serving;
mod value;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use swarm_protocol::key::PublicKey;
use url::Url;

use crate::connector::egress::{Policy, Rule};

pub(crate) use file::distance;
pub use serving::{Origins, ServingConfig};
pub use value::{Octets, Rate, Span};

/// Octets of a configuration file, at most.
pub const CONFIG_OCTETS_MAX: usize = 256 * 1024;

/// What is wrong with the settings: message, place, hint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// What was found and what was expected.
    pub message: String,
    /// File and line, variable, or key.
    pub place: String,
    /// What to do.
    pub hint: String,
}

/// Declares the settings once: the struct that every source fills, its keys, and how one layer is
/// laid over another.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ident $type:ty,)+) => {
        /// The settings as one source gives them; what is absent is left to the next source, and in
        /// the end to the default.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Layer {
            $($(#[doc = $doc])+ #[serde(default)] pub $name: Option<$type>,)+
        }

        impl Layer {
            /// Every key with the way its value is written in the environment.
            pub(crate) const KEYS: &[(&str, value::Kind)] =
                &[$((stringify!($name), value::Kind::$kind)),+];

            /// Lays this layer over another: what is present here wins.
            #[must_use]
            pub fn over(self, below: Self) -> Self {
                Self { $($name: self.$name.or(below.$name)),+ }
            }
        }
    };
}

settings! {
    /// Folder of the oracle's keys and receipt. Default: `zenswarm-oracle` in the working folder.
    state: Text PathBuf,
    /// Folder of contracts. Absent: the contracts inside the binary.
    contracts: Text PathBuf,
    /// Folder that contracts may read. Absent: they may read none.
    files: Text PathBuf,
    /// Address and port to listen on; port 0 takes a free one. Default: `127.0.0.1:0`.
    listen: Text SocketAddr,
    /// Address under which others reach this oracle. Absent: `http://` and the listening address.
    endpoint: Text Url,
    /// Address of the controller. Absent: the oracle serves contracts and belongs to no swarm.
    controller: Text Url,
    /// The controller's public key, iPK, in base58. Needed with `controller`.
    issuer_key: Text PublicKey,
    /// File of the admin's ticket. Absent: the oracle asks to be let in without one.
    ticket: Text PathBuf,
    /// Who runs this oracle. Absent: nobody in particular.
    operator: Text String,
    /// Where it runs, in the operator's words. Absent: unsaid.
    region: Text String,
    /// How long the controller believes an announcement without renewal. Default: `30s`.
    lease: Text Span,
    /// Destinations that contracts may reach although they are not public: a host, `host:port`, an
    /// address or a range. Absent: none.
    egress_allow: List Vec<Rule>,
    /// Time for one request of a contract to a web service. Default: `10s`.
    egress_timeout: Text Span,
    /// Octets of one reply from a web service. Default: `1MiB`.
    egress_reply_max: Text Octets,
    /// Octets of the body of a request to a contract. Default: `1MiB`.
    body_max: Text Octets,
    /// Wall time of one run of a contract, its requests included. Default: `30s`.
    run_timeout: Text Span,
    /// Contracts executed at once. Default: the number of cores.
    workers: Number usize,
    /// Runs under way or waiting; beyond it callers are told to come back. Default: 1024.
    runs_max: Number usize,
    /// The same of one contract. Default: three quarters of `runs_max`.
    contract_runs_max: Number usize,
    /// Requests to contracts by one caller: an API key, an allowed DID, or an address. Absent: no limit.
    rate: Text Rate,
    /// Proxies whose `X-Forwarded-For` is believed: addresses or ranges. Absent: none.
    trusted_proxies: List Vec<Rule>,
    /// Origins whose pages may call: `https://example.org`, or `*`. Absent: none.
    cors_origins: List Vec<String>,
    /// PEM file of the TLS certificate and those that signed it. Absent: plain HTTP.
    tls_certificate: Text PathBuf,
    /// PEM file of the certificate's private key. Needed with `tls_certificate`.
    tls_key: Text PathBuf,
    /// Time from being told to stop to taking no more connections, in which `/health/ready` says so. Absent: none.
    drain: Text Span,
    /// Time that requests under way are given after that. Default: `30s`.
    shutdown_grace: Text Span,
}

/// The settings of an oracle, complete and checked.
#[derive(Debug, Clone)]
pub struct OracleConfig {
    /// Folder of the oracle's keys and receipt.
    pub state: PathBuf,
    /// Folder of contracts, or those inside the binary.
    pub contracts: Option<PathBuf>,
    /// Folder that contracts may read.
    pub files: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Address under which others reach this oracle, when it is not the listening one.
    pub endpoint: Option<Url>,
    /// How long an announcement holds without renewal.
    pub lease: Duration,
    /// The swarm to belong to.
    pub swarm: Option<SwarmConfig>,
    /// Which destinations contracts may reach.
    pub egress: EgressConfig,
    /// What one run may take.
    pub runs: RunConfig,
    /// How it serves.
    pub serving: ServingConfig,
    /// Misbehaviour on purpose; only in swarms made for tests.
    pub fault: Option<Fault>,
}

/// The swarm to belong to, and what is said to get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwarmConfig {
    /// Address of the controller.
    pub controller: Url,
    /// The controller's public key.
    pub issuer_key: PublicKey,
    /// File of the admin's ticket.
    pub ticket: Option<PathBuf>,
    /// Who runs this oracle.
    pub operator: String,
    /// Where it runs.
    pub region: String,
}

/// Limits of what contracts ask of web services.
#[derive(Debug, Clone)]
pub struct EgressConfig {
    /// Which destinations may be reached.
    pub policy: Policy,
    /// Time for one request.
    pub timeout: Duration,
    /// Octets of one reply.
    pub reply_octets_max: usize,
}

/// Limits of running contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunConfig {
    /// Octets of the body of a request.
    pub body_octets_max: usize,
    /// Wall time of one run.
    pub timeout: Duration,
    /// Contracts executed at once.
    pub workers: usize,
    /// Runs under way or waiting.
    pub runs_max: usize,
    /// The same of one contract.
    pub contract_runs_max: usize,
}

/// Kinds of misbehaviour, for demonstrations of what the swarm does about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Votes for a result that no contract gave.
    Lie,
    /// Never answers an assignment.
    Silent,
    /// Votes for an error.
    Error,
}

impl Layer {
    /// Reads the `[oracle]` table of a TOML file.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or holds an unknown key or a wrong value.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        file::read(path)
    }

    /// Reads the `[oracle]` table of a TOML text; `name` is its place in errors.
    ///
    /// # Errors
    /// When it is not TOML, or holds an unknown key or a wrong value.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, ConfigError> {
        file::parse(text, name)
    }

    /// Reads `ZENSWARM_<KEY>` for every key; lists are separated by commas.
    ///
    /// # Errors
    /// When a value is wrong; the place is the variable.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        value::from_environment(get)
    }

    /// Checks everything and fills in the defaults.
    ///
    /// # Errors
    /// When settings are missing, contradict each other, or are out of range.
    pub fn resolve(self) -> Result<OracleConfig, ConfigError> {
        let swarm = self.swarm()?;
        let serving = self.serving()?;
        let runs_max = at_least_one("runs_max", self.runs_max, 1024)?;
        let state = self.state.unwrap_or_else(|| PathBuf::from("zenswarm-oracle"));
        keep_apart(&state, self.contracts.as_deref(), "contracts")?;
        keep_apart(&state, self.files.as_deref(), "files")?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(OracleConfig {
            state,
            contracts: self.contracts,
            files: self.files,
            listen: self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            endpoint: self.endpoint.map(|url| web_address(url, "endpoint")).transpose()?,
            lease: within("lease", self.lease, 30)?,
            swarm,
            egress: EgressConfig {
                policy: Policy::new(self.egress_allow.unwrap_or_default()),
                timeout: within("egress_timeout", self.egress_timeout, 10)?,
                reply_octets_max: self.egress_reply_max.map_or(1 << 20, Octets::get),
            },
            runs: RunConfig {
                body_octets_max: self.body_max.map_or(1 << 20, Octets::get),
                timeout: within("run_timeout", self.run_timeout, 30)?,
                workers: at_least_one("workers", self.workers, cores)?,
                runs_max,
                contract_runs_max: at_least_one(
                    "contract_runs_max",
                    self.contract_runs_max,
                    runs_max - runs_max / 4,
                )?,
            },
            serving,
            fault: None,
        })
    }

    fn swarm(&self) -> Result<Option<SwarmConfig>, ConfigError> {
        let Some(controller) = self.controller.clone() else { return Ok(None) };
        let issuer_key = self.issuer_key.ok_or_else(|| {
            fault("the controller's key is not given", "issuer_key")
                .hint("learn iPK from the operator, not from the controller, and pass it as --issuer-key")
        })?;
        Ok(Some(SwarmConfig {
            controller: web_address(controller, "controller")?,
            issuer_key,
            ticket: self.ticket.clone(),
            operator: self.operator.clone().unwrap_or_default(),
            region: self.region.clone().unwrap_or_default(),
        }))
    }
}

impl ConfigError {
    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

fn fault(message: impl Into<String>, place: impl Into<String>) -> ConfigError {
    ConfigError {
        message: message.into(),
        place: place.into(),
        hint: "see crates/swarm-node/config.prod.toml".into(),
    }
}

/// A release or a contract must never reach the keys.
fn keep_apart(state: &Path, folder: Option<&Path>, key: &str) -> Result<(), ConfigError> {
    let Some(folder) = folder else { return Ok(()) };
    let real = |path: &Path| {
        std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.into())
    };
    if real(state).starts_with(real(folder)) {
        return Err(fault(
            format!("the state folder {} lies inside the {key} folder {}", state.display(), folder.display()),
            "state",
        )
        .hint("choose a state folder that contracts and releases cannot reach"));
    }
    Ok(())
}

fn web_address(url: Url, key: &str) -> Result<Url, ConfigError> {
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain {
        return Err(fault(format!("{url} is not the address of a web service"), key)
            .hint("write it like https://oracle.example.org:8443"));
    }
    Ok(url)
}

/// The longest time that may be configured.
const SPAN_MAX: Duration = Duration::from_secs(3600);

fn within(key: &str, span: Option<Span>, default_seconds: u64) -> Result<Duration, ConfigError> {
    let duration = span.map_or(Duration::from_secs(default_seconds), Span::get);
    if duration.is_zero() || duration > SPAN_MAX {
        return Err(fault(format!("{duration:?} is out of range"), key).hint("use a time from 1ms to 1h"));
    }
    Ok(duration)
}

fn at_least_one(key: &str, number: Option<usize>, default: usize) -> Result<usize, ConfigError> {
    match number.unwrap_or(default) {
        0 => Err(fault("0 would let nothing run", key).hint("use a number from 1")),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests;
