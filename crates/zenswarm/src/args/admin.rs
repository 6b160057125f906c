//! `zenswarm admin`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::duration;

/// The operator's work, done with the admin's key.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make the admin's key pair: aSK into a file of mode 0600, aPK on standard output.
    Keygen(Keygen),
    /// Sign an invitation for oracles of one host or network.
    Ticket(Ticket),
    /// Give a quarantined or suspended oracle its committee seat.
    Admit(Order),
    /// Take an oracle's committee seat away until it is admitted again.
    Suspend(Order),
    /// Remove an oracle for good: its DID is deactivated.
    Evict(Order),
}

/// Where the key goes.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// File to make; an existing one is left alone.
    #[arg(long, value_name = "FILE", default_value = "admin.key")]
    pub(crate) out: PathBuf,
}

/// What the ticket allows.
#[derive(Debug, Args)]
pub(crate) struct Ticket {
    /// Host name, address, or range such as 10.0.0.0/8, that the oracles' endpoints must have.
    #[arg(long, value_name = "HOST")]
    pub(crate) host: String,
    /// How many oracles may enrol with it.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(crate) uses: u32,
    /// How long it is valid: 30m, 12h, 7d.
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = duration::parse)]
    pub(crate) expires: Duration,
    /// File for the ticket and its secret; hand it to the oracle's operator and to nobody else.
    #[arg(long, value_name = "FILE", default_value = "ticket.json")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) signer: Signer,
}

/// An order about one oracle.
#[derive(Debug, Args)]
pub(crate) struct Order {
    /// The oracle.
    #[arg(value_name = "DID")]
    pub(crate) did: String,
    /// Why, for the log.
    #[arg(long, value_name = "TEXT", default_value = "no reason given")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) signer: Signer,
}

/// Who signs, and for which swarm.
#[derive(Debug, Args)]
pub(crate) struct Signer {
    /// File of the admin's secret key, as `keygen` made it.
    #[arg(long, value_name = "FILE", env = "ZENSWARM_ADMIN_KEY", default_value = "admin.key")]
    pub(crate) key: PathBuf,
    /// Address of the controller.
    #[arg(long, value_name = "URL", env = "ZENSWARM_CONTROLLER", default_value = "http://127.0.0.1:7000")]
    pub(crate) controller: String,
    /// Fingerprint of the swarm, to be sure that the controller is the right one.
    #[arg(long, value_name = "FINGERPRINT", env = "ZENSWARM_SWARM")]
    pub(crate) swarm: Option<String>,
}
