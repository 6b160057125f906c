//! `zenswarm controller`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

/// A controller's life.
#[derive(Debug, Subcommand)]
pub(crate) enum Controller {
    /// Make the issuer's key and the signed genesis record, once; prints the swarm's fingerprint.
    Init(Init),
    /// Serve the registry and relay queries.
    Serve(Serve),
    /// Show the genesis record and the fingerprint of a controller made before.
    Show(Show),
}

/// What the genesis record is to say.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The admin's public key, aPK, in base58, as `zenswarm admin keygen` printed it.
    #[arg(long, value_name = "KEY")]
    pub(crate) admin_key: String,
    /// A name for people; machines go by the fingerprint.
    #[arg(long, value_name = "NAME", default_value = "zenswarm")]
    pub(crate) name: String,
    /// Let oracles enrol without a ticket; they get no committee seat until an admin admits them.
    #[arg(long)]
    pub(crate) permissionless: bool,
    /// Say in the genesis record that this is a test: only then may oracles misbehave on purpose.
    #[arg(long)]
    pub(crate) test: bool,
    /// Folder for the issuer's key, the genesis record and the database; made with mode 0700.
    #[arg(long, value_name = "DIR", env = "ZENSWARM_CONTROLLER_STATE")]
    pub(crate) state: PathBuf,
}

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Folder that `init` made.
    #[arg(long, value_name = "DIR", env = "ZENSWARM_CONTROLLER_STATE")]
    pub(crate) state: PathBuf,
    /// Address and port to listen on; port 0 takes a free one, which is printed.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7000")]
    pub(crate) listen: SocketAddr,
    /// Folder of contracts that queries may name; without one, the contracts inside the binary.
    #[arg(long, value_name = "DIR")]
    pub(crate) contracts: Option<PathBuf>,
    /// PEM file of the TLS certificate and those that signed it; without one, plain HTTP.
    #[arg(long, value_name = "FILE", env = "ZENSWARM_CONTROLLER_TLS_CERTIFICATE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// PEM file of the certificate's private key.
    #[arg(long, value_name = "FILE", env = "ZENSWARM_CONTROLLER_TLS_KEY", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// Which controller.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Folder that `init` made.
    #[arg(long, value_name = "DIR", env = "ZENSWARM_CONTROLLER_STATE")]
    pub(crate) state: PathBuf,
}
