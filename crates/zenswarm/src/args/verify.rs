//! `zenswarm verify`.

use clap::Args;

/// One verification.
#[derive(Debug, Args)]
pub(crate) struct Verify {}
