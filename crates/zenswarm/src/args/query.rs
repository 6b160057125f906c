//! `zenswarm query`.

use clap::Args;

/// One query.
#[derive(Debug, Args)]
pub(crate) struct Query {}
