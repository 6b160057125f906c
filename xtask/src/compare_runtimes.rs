//! `cargo xtask compare-runtimes`: folders written for other runtimes, served by this oracle, and answered as there.
//!
//! A folder in restroom-mw's conventions is served by npm's restroom-mw and by this oracle, and every request of a list
//! goes to both; what differs must have a declared reason. A folder in ncr's conventions is served by this oracle
//! alone, since ncr is in no registry: what it answers is written down in the list. Folders and lists are in
//! `xtask/runtimes`.

mod allowance;
mod content;
mod expected;
mod list;
mod ncr;
mod report;
mod restroom;
mod side;

use anyhow::{Result, bail};
use clap::Args;

use self::report::Report;
use crate::binary::{self, Profile};
use crate::parts;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only these conventions.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "CONVENTION")]
    only: Vec<Convention>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Convention {
    /// Both answer, the answers are compared.
    Restroom,
    /// This oracle answers as it is written down.
    Ncr,
}

/// Asks, prints a table, and fails when a difference has no reason.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let zenswarm = binary::build(Profile::Dev)?;
    let includes = |convention| arguments.only.is_empty() || arguments.only.contains(&convention);
    let mut unexplained = 0;
    if includes(Convention::Restroom) {
        unexplained += print(&restroom::compare(&zenswarm, &parts::install_runtimes()?)?);
    }
    if includes(Convention::Ncr) {
        unexplained += print(&ncr::compare(&zenswarm)?);
    }
    if unexplained > 0 {
        bail!("{unexplained} answers differ without a reason");
    }
    Ok(())
}

/// The suite of `cargo xtask test`.
pub(crate) fn test() -> Result<()> {
    run(&Arguments { only: Vec::new() })
}

/// Prints a report and returns how many of its answers differ without a reason.
fn print(report: &Report) -> usize {
    println!("{report}");
    report.unexplained()
}
