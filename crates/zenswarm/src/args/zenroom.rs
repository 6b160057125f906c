//! `zenswarm zenroom` and `zenswarm zencode-exec`.

use std::ffi::OsString;

use clap::Args;

/// The reference interpreter's flags: `-z -c CONF -a DATA -k KEYS -x EXTRA SCRIPT`.
///
/// They are read as that program reads them, so that its users' scripts run unchanged; `-h` lists them.
#[derive(Debug, Args)]
#[command(disable_help_flag = true, disable_version_flag = true)]
pub(crate) struct Zenroom {
    /// Flags and the script's file; without a file the script is read from standard input.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    pub(crate) arguments: Vec<OsString>,
}

/// Reads six lines from standard input: the configuration, then script, keys, data, extra and context
/// in base64.
#[derive(Debug, Args)]
pub(crate) struct ZencodeExec {
    /// Say what this is.
    #[arg(short = 'v')]
    pub(crate) about: bool,
}
