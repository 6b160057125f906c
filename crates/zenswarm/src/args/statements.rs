//! `zenswarm statements`.

use clap::Args;

/// The list of statements.
#[derive(Debug, Args)]
pub(crate) struct Statements {
    /// Only sentences and documentation that hold these words.
    pub(crate) search: Vec<String>,
}
