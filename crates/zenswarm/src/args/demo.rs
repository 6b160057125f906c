//! `zenswarm demo`.

use std::path::PathBuf;

use clap::Args;

/// The demonstration.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many oracles to start; at least four, so that one may fail.
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = clap::value_parser!(u16).range(4..=31))]
    pub(crate) oracles: u16,
    /// File for the certificate of the first query.
    #[arg(long, value_name = "FILE", default_value = "demo-certificate.json")]
    pub(crate) out: PathBuf,
    /// Leave the swarm running at the end, and say how to use and stop it.
    #[arg(long)]
    pub(crate) keep: bool,
}
