//! `zenswarm controller`.

use clap::Subcommand;

/// A controller's life.
#[derive(Debug, Subcommand)]
pub(crate) enum Controller {}
