//! `cargo xtask bench`: this implementation beside the reference, in one run. It prints and asserts nothing.

mod report;
mod vm;

use anyhow::Result;
use clap::Args;

use crate::parts;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Measures everything and prints one table.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let parts = parts::install()?;
    let rows = vm::measure(&parts)?;
    println!("{}", if arguments.json { report::json(&rows) } else { report::table(&rows) });
    Ok(())
}
