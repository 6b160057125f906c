//! `zenswarm did`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::duration;

/// Work with DIDs.
#[derive(Debug, Subcommand)]
pub(crate) enum Did {
    /// Ask a controller for the document of a DID.
    Resolve(Resolve),
    /// Make a key to sign requests with, and show its DID.
    Keygen(Keygen),
    /// Sign a request to an oracle's contract; prints the header to send along.
    SignRequest(SignRequest),
}

/// Which DID, and whom to ask.
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// The DID, for instance did:dyne:zenswarm:….
    #[arg(value_name = "DID")]
    pub(crate) did: String,
    /// Address of the controller.
    #[arg(long, value_name = "URL", env = "ZENSWARM_CONTROLLER", default_value = "http://127.0.0.1:7000")]
    pub(crate) controller: String,
}

/// Where the key goes.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// File for the secret key; an existing one is not overwritten.
    #[arg(long, value_name = "FILE", default_value = "did.key")]
    pub(crate) out: PathBuf,
}

/// What is asked, of whom, by whom.
#[derive(Debug, Args)]
pub(crate) struct SignRequest {
    /// File of the caller's secret key, made by `zenswarm did keygen`.
    #[arg(long, value_name = "FILE", default_value = "did.key")]
    pub(crate) key: PathBuf,
    /// DID of the oracle that is asked: `audience` in its WWW-Authenticate, `did` in its /health.
    #[arg(long, value_name = "DID")]
    pub(crate) oracle: String,
    /// The oracle's swarm: `swarm` in its WWW-Authenticate; without one, an oracle in no swarm.
    #[arg(long, value_name = "ID")]
    pub(crate) swarm: Option<String>,
    /// The verb; without one, POST when there is a body and GET otherwise.
    #[arg(long, value_name = "VERB")]
    pub(crate) method: Option<String>,
    /// File that holds the body exactly as it will be sent; - is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
    /// How long the signature holds, at most five minutes.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::parse)]
    pub(crate) expires: std::time::Duration,
    /// The address exactly as it will be asked, query included; of it, path and query are signed.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
}
