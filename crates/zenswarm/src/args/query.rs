//! `zenswarm query`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::duration;

/// A query to a swarm.
#[derive(Debug, Args)]
pub(crate) struct Query {
    /// Name of a contract that the swarm serves, for instance zenswarm-oracle-ping.
    #[arg(value_name = "CONTRACT", required_unless_present = "file", conflicts_with = "file")]
    pub(crate) contract: Option<String>,
    /// A contract of your own, sent along with the query.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The data: JSON, or @FILE to read it from a file, or @- for standard input.
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    pub(crate) data: String,
    /// When the answer counts: full (all agree), bft (two thirds and one), majority, or K/N such as 4/7.
    /// `full of N`, `bft F` and `majority of N` ask that many oracles instead of all.
    #[arg(long, value_name = "POLICY", default_value = "bft")]
    pub(crate) policy: String,
    /// How long the oracles may take: 500ms, 5s, 1m.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    pub(crate) deadline: Duration,
    /// Address of the controller.
    #[arg(long, value_name = "URL", env = "ZENSWARM_CONTROLLER", default_value = "http://127.0.0.1:7000")]
    pub(crate) controller: String,
    /// Fingerprint of the swarm, to be sure that the answer comes from the right one.
    #[arg(long, value_name = "FINGERPRINT", env = "ZENSWARM_SWARM")]
    pub(crate) swarm: Option<String>,
    /// File for the certificate; without it, a new file `certificate-….json` in the working folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
