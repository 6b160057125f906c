//! `zenswarm verify`.

use std::path::PathBuf;

use clap::Args;

/// A certificate, and what the reader trusts.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The certificate.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Fingerprint of the swarm that you trust, as `controller init` printed it.
    #[arg(long, value_name = "FINGERPRINT", env = "ZENSWARM_SWARM", conflicts_with = "genesis")]
    pub(crate) swarm: Option<String>,
    /// File of the genesis record that you trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) genesis: Option<PathBuf>,
}
