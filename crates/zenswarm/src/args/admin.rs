//! `zenswarm admin`.

use clap::Subcommand;

/// The operator's work.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {}
