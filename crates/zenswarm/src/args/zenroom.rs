//! `zenswarm zenroom` and `zenswarm zencode-exec`.

use clap::Args;

/// The reference interpreter's flags.
#[derive(Debug, Args)]
pub(crate) struct Zenroom {}

/// The reference executor reads everything from standard input.
#[derive(Debug, Args)]
pub(crate) struct ZencodeExec {}
