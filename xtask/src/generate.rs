//! Generated files: committed, marked, and compared. Fix the declaration, never the output.

use anyhow::{Context, Result};
use clap::Args;

use crate::{parts, process};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file is not what would be written.
    #[arg(long)]
    check: bool,
    /// Only the manual in `docs/reference` and the table in `docs/conformance.md`; needs no Node.js.
    #[arg(long)]
    docs: bool,
}

/// Writes or compares every generated file.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match (arguments.check, arguments.docs) {
        (true, true) => compare_documents(),
        (false, true) => conformance("--write-documents"),
        (true, false) => compare(),
        (false, false) => {
            parts::install()?;
            conformance("--record")?;
            conformance("--write-documents")
        }
    }
}

/// Compares every generated file with what would be written: first what needs no Node.js.
pub(crate) fn compare() -> Result<()> {
    compare_documents()?;
    parts::install()?;
    conformance("--check-recordings").context("recordings are stale; hint: run `cargo xtask generate`")
}

/// The manual and the table of conformance, which are made from the statement table and the recordings.
fn compare_documents() -> Result<()> {
    conformance("--check-documents")
        .context("the generated documents are stale; hint: run `cargo xtask generate --docs`")
}

/// The generators live beside the cases: they know the language and the recordings.
fn conformance(flag: &str) -> Result<()> {
    process::run(&mut process::cargo(["run", "--quiet", "--locked", "--package", "conformance", "--", flag]))
}
