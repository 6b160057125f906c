//! Each algorithm beside the fastest well-kept crate that has it, measured by the workspace `xtask/peers`.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::report::{Goal, Row};
use crate::process;
use crate::workspace;

/// How much slower than the other crate each algorithm may be.
const SLOWER_MAX: f64 = 1.3;

#[derive(Debug, Deserialize)]
struct Beside {
    what: String,
    ours_us: f64,
    peer: String,
    peer_us: f64,
}

/// Builds and runs the program that links those crates. It shares the folder of built files, not the workspace.
pub(crate) fn measure() -> Result<Vec<Row>> {
    let manifest = workspace::root().join("xtask/peers/Cargo.toml");
    let target = workspace::root().join("target/peers");
    let options = |verb| [verb, "--release", "--quiet", "--locked", "--manifest-path"];
    let mut build = process::cargo(options("build"));
    process::run(build.arg(&manifest).arg("--target-dir").arg(&target)).context("xtask/peers")?;
    let mut run = process::cargo(options("run"));
    run.arg(&manifest).arg("--target-dir").arg(&target).args(["--bin", "peers"]);
    let text = process::output(&mut run).context("the other crates could not be measured")?;
    let rows: Vec<Beside> = serde_json::from_str(&text).context("peers printed what is not understood")?;
    Ok(rows.into_iter().map(row).collect())
}

fn row(beside: Beside) -> Row {
    Row {
        what: format!("{}, beside {}", beside.what, beside.peer),
        unit: "µs",
        ours: beside.ours_us,
        reference: Some(beside.peer_us),
        goal: Some(Goal::RatioAtMost(SLOWER_MAX)),
    }
}
