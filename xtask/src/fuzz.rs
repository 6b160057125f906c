//! `cargo xtask fuzz-differential`: composed contracts through this implementation and the reference engine.

use anyhow::Result;
use clap::Args;

use crate::{parts, process};

/// Cases of the suite in `cargo xtask test`: the same on every machine, a minute on two cores.
const SUITE_CASES: &str = "1200";
/// Ceiling of that suite.
const SUITE_SECONDS: &str = "120";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How long.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    minutes: u64,
    /// What contracts are composed of; another number makes other contracts.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Only statements that need no scenario.
    #[arg(long)]
    core: bool,
}

/// Runs for so many minutes, and fails when a difference has no reason.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    parts::install()?;
    let (minutes, seed) = (arguments.minutes.to_string(), arguments.seed.to_string());
    let core: &[&str] = if arguments.core { &["--core"] } else { &[] };
    fuzz(&[&["--minutes", &minutes, "--seed", &seed], core].concat())
}

/// The bounded run that is part of every test.
pub(crate) fn test() -> Result<()> {
    fuzz(&["--core", "--cases", SUITE_CASES, "--seconds", SUITE_SECONDS])
}

fn fuzz(arguments: &[&str]) -> Result<()> {
    let command = ["run", "--quiet", "--locked", "--package", "conformance", "--", "fuzz"];
    process::run(&mut process::cargo(command.iter().chain(arguments)))
}
