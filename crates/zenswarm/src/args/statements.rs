//! `zenswarm statements`.

use clap::Args;

/// The list of statements.
#[derive(Debug, Args)]
pub(crate) struct Statements {}
