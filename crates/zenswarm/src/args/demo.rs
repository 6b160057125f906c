//! `zenswarm demo`.

use clap::Args;

/// The demonstration.
#[derive(Debug, Args)]
pub(crate) struct Demo {}
