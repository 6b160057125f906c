//! `zenswarm did`.

use clap::Subcommand;

/// Questions about a DID.
#[derive(Debug, Subcommand)]
pub(crate) enum Did {}
