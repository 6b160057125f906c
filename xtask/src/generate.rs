//! Generated files: committed, marked, and compared. Fix the declaration, never the output.

use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{parts, process, workspace};

/// The OpenAPI document of the contracts inside the binary.
const OPENAPI: &str = "docs/openapi/contracts.json";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file is not what would be written.
    #[arg(long)]
    check: bool,
    /// Only the manual in `docs/reference`, the table in `docs/conformance.md` and the API description in `docs/openapi`;
    /// needs no Node.js.
    #[arg(long)]
    docs: bool,
}

/// Writes or compares every generated file.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match (arguments.check, arguments.docs) {
        (true, true) => compare_documents(),
        (false, true) => write_documents(),
        (true, false) => compare(),
        (false, false) => {
            parts::install()?;
            conformance("--record")?;
            write_documents()
        }
    }
}

/// Compares every generated file with what would be written: first what needs no Node.js.
pub(crate) fn compare() -> Result<()> {
    compare_documents()?;
    parts::install()?;
    conformance("--check-recordings").context("recordings are stale; hint: run `cargo xtask generate`")
}

/// The manual and the table of conformance, which are made from the statement table and the recordings, and the API
/// description, which is made from the contracts.
fn compare_documents() -> Result<()> {
    const HINT: &str = "hint: run `cargo xtask generate --docs`";
    conformance("--check-documents").with_context(|| format!("the generated documents are stale; {HINT}"))?;
    if fs::read_to_string(workspace::root().join(OPENAPI)).unwrap_or_default() != openapi()? {
        bail!("{OPENAPI} is stale; {HINT}");
    }
    Ok(())
}

fn write_documents() -> Result<()> {
    conformance("--write-documents")?;
    let path = workspace::root().join(OPENAPI);
    fs::write(&path, openapi()?).with_context(|| format!("cannot write {}", path.display()))
}

/// The description as the command prints it, whatever settings the environment has for oracles.
fn openapi() -> Result<String> {
    let mut describe = process::cargo(["run", "--quiet", "--locked", "--package", "zenswarm", "--"]);
    describe.args(["oracle", "describe"]);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ZENSWARM_")) {
        describe.env_remove(name);
    }
    process::output(&mut describe)
}

/// The generators live beside the cases: they know the language and the recordings.
fn conformance(flag: &str) -> Result<()> {
    process::run(&mut process::cargo(["run", "--quiet", "--locked", "--package", "conformance", "--", flag]))
}
