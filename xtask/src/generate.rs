//! Generated files: committed, marked, and compared. Fix the declaration, never the output.

use anyhow::{Context, Result};
use clap::Args;

use crate::{parts, process};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file is not what would be written.
    #[arg(long)]
    check: bool,
}

/// Writes or compares every generated file.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    parts::install()?;
    if arguments.check { compare() } else { recordings("--record") }
}

/// Compares every generated file with what would be written. The parts must be installed.
pub(crate) fn compare() -> Result<()> {
    recordings("--check-recordings").context("generated files are stale; hint: run `cargo xtask generate`")
}

/// What the reference engine answers to each case of `conformance/cases`.
fn recordings(flag: &str) -> Result<()> {
    process::run(&mut process::cargo(["run", "--quiet", "--locked", "--package", "conformance", "--", flag]))
}
