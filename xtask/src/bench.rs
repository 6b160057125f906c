//! `cargo xtask bench`: this implementation beside the reference, in one run. It prints and asserts nothing.

mod oracle;
mod peers;
mod report;
pub(crate) mod runtimes;
mod swarm;
mod vm;
mod wrk;

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::binary::{self, Profile};
use crate::parts;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Only these parts.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Executions per second of the interpreter.
    Language,
    /// Keys, signatures and proofs, each step by itself.
    Schemes,
    /// The algorithms beside the fastest crates that have them; built and measured only where it is asked for.
    Peers,
    /// One oracle over loopback.
    Oracle,
    /// One oracle beside restroom-mw and beside the bare reference engine, on the same contracts.
    Runtimes,
    /// Queries to seven oracles.
    Swarm,
}

impl Arguments {
    fn includes(&self, part: Part) -> bool {
        // The other crates are C that takes minutes to build.
        if self.only.is_empty() { part != Part::Peers } else { self.only.contains(&part) }
    }
}

/// Measures everything and prints one table. What was measured before a part failed is printed too.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let parts = parts::install()?;
    let mut rows = Vec::new();
    let measured = measure(arguments, &parts, &mut rows);
    println!("{}", if arguments.json { report::json(&rows) } else { report::table(&rows) });
    measured
}

fn measure(arguments: &Arguments, parts: &Path, rows: &mut Vec<report::Row>) -> Result<()> {
    if arguments.includes(Part::Language) {
        rows.extend(vm::measure(parts)?);
    }
    if arguments.includes(Part::Schemes) {
        rows.extend(vm::measure_schemes(parts)?);
    }
    if arguments.includes(Part::Peers) {
        rows.extend(peers::measure()?);
    }
    if arguments.includes(Part::Oracle) {
        rows.extend(oracle::measure(&binary::build(Profile::Dist)?, parts)?);
    }
    if arguments.includes(Part::Runtimes) {
        rows.extend(runtimes::measure(&binary::build(Profile::Dist)?, parts)?);
    }
    if arguments.includes(Part::Swarm) {
        rows.extend(swarm::measure(&binary::build(Profile::Dist)?)?);
    }
    Ok(())
}
