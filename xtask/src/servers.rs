//! The servers that tests need: their Debian packages, and a run of tests beside them.

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use test_servers::{Program, SHARED, Servers};

use crate::process;

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
    install()?;
    let servers = Servers::start()?;
    process::run(command.envs(servers.variables()))
}

/// Installs the packages that are missing, where that can be done without asking anybody.
pub(crate) fn install() -> Result<()> {
    let missing: Vec<Program> =
        SHARED.iter().map(|(program, _)| *program).filter(|program| program.folder().is_err()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|program| program.package()).collect();
    let hint = format!("install by hand: `apt-get install --no-install-recommends {}`", packages.join(" "));
    let mut install = Command::new("apt-get");
    install.args(["install", "-q", "-y", "--no-install-recommends"]).args(&packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    process::run(&mut install).with_context(|| {
        format!("the tests need {missing:?}, and Debian's packages could not be installed; hint: {hint}")
    })?;
    match missing.iter().find_map(|program| program.folder().err()) {
        Some(error) => bail!("{error:#}, although its package is installed"),
        None => Ok(()),
    }
}
