//! `zenswarm completions`.

use clap::Args;
use clap_complete::Shell;

/// The shell to write for.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Name of the shell.
    pub(crate) shell: Shell,
}
