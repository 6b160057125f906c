//! `zenswarm did`.

use clap::{Args, Subcommand};

/// Work with DIDs.
#[derive(Debug, Subcommand)]
pub(crate) enum Did {
    /// Ask a controller for the document of a DID.
    Resolve(Resolve),
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
