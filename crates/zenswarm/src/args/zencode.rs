//! `zenswarm zencode`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Work on contracts: run one, check many, write them alike.
#[derive(Debug, Subcommand)]
pub(crate) enum Zencode {
    /// Run a contract and print its output.
    #[command(after_help = RUN_EXIT_CODES)]
    Run(Run),
    /// Find every fault of contracts without running them.
    #[command(after_help = CHECK_EXIT_CODES)]
    Check(Check),
    /// Write contracts in their normal form; what they mean never changes.
    #[command(after_help = FMT_EXIT_CODES)]
    Fmt(Fmt),
}

/// A contract and its inputs.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The contract; - is standard input.
    #[arg(value_name = "SCRIPT")]
    pub(crate) script: PathBuf,
    /// DATA, a JSON file: what a caller sends.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// KEYS, a JSON file: what the host grants.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// EXTRA, a JSON file: yields to the other two.
    #[arg(long, value_name = "FILE")]
    pub(crate) extra: Option<PathBuf>,
    /// Where random octets come from, 64 octets in hexadecimal: the same seed gives the same output.
    #[arg(long, value_name = "HEX")]
    pub(crate) seed: Option<String>,
}

/// Contracts to check.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The contracts; - is standard input.
    #[arg(value_name = "FILES", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Refuse sentences that only an oracle can perform.
    #[arg(long)]
    pub(crate) without_connectors: bool,
    /// Take warnings for findings too.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Contracts to write in their normal form.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// The contracts, which are changed in place; - reads standard input and writes standard output.
    #[arg(value_name = "FILES", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; say which files are not in their normal form.
    #[arg(long)]
    pub(crate) check: bool,
}

const RUN_EXIT_CODES: &str = "\
Exit codes:
   0  done
   1  the contract is at fault, or refused its input
   2  the command line or a file is wrong";

const CHECK_EXIT_CODES: &str = "\
Exit codes:
   0  no findings
   1  a contract is at fault (with --strict: or has a warning)
   2  a file cannot be read";

const FMT_EXIT_CODES: &str = "\
Exit codes:
   0  done; with --check: every file is in its normal form
   1  a contract is at fault; with --check: or not in its normal form
   2  a file cannot be read or written";
