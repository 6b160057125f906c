//! `zenswarm ps`.

use clap::Args;

/// Which swarm, and which of its oracles.
#[derive(Debug, Args)]
pub(crate) struct Ps {
    /// Address of the controller.
    #[arg(long, value_name = "URL", env = "ZENSWARM_CONTROLLER", default_value = "http://127.0.0.1:7000")]
    pub(crate) controller: String,
    /// Only oracles in this state: quarantined, active, suspect, suspended, expired or deactivated.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
}
