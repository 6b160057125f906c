//! A run of tests beside the servers that they need.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use test_servers::Servers;

use crate::{debian, process};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A command and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Starts the servers, runs a command that finds their addresses in its environment, and ends them.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (program, rest) = arguments.command.split_first().context("no command is given")?;
    beside(Command::new(program).args(rest))
}

/// The same for a command that is made here.
pub(crate) fn beside(command: &mut Command) -> Result<()> {
    debian::install(debian::SERVERS)?;
    let servers = Servers::start()?;
    process::run(command.envs(servers.variables()))
}
