//! `zenswarm ps`.

use clap::Args;

/// The list of oracles.
#[derive(Debug, Args)]
pub(crate) struct Ps {}
