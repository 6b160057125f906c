//! Executions per second of the language on one core, measured by `conformance/examples/vm_speed.rs`.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::report::{Goal, Row};
use crate::process;

#[derive(Debug, Deserialize)]
struct Speed {
    vm: Vec<Contract>,
}

#[derive(Debug, Deserialize)]
struct Contract {
    contract: String,
    ours_per_second: f64,
    reference_per_second: f64,
}

/// How many times the reference's speed each contract should reach.
const GOALS: &[(&str, f64)] = &[("ping", 1000.0), (TWENTY, 400.0), ("sign eddsa", 400.0)];
/// The contract of twenty statements without cryptography, whose time itself has a goal.
const TWENTY: &str = "20 statements";
/// Microseconds that it may take.
const TWENTY_US: f64 = 30.0;

/// Measures ping and signatures on both sides.
pub(crate) fn measure(parts: &Path) -> Result<Vec<Row>> {
    let mut speed = process::cargo([
        "run",
        "--release",
        "--quiet",
        "--locked",
        "--package",
        "conformance",
        "--example",
        "vm_speed",
        "--",
        "--parts",
    ]);
    let text = process::output(speed.arg(parts)).context("the language could not be measured")?;
    let speed: Speed = serde_json::from_str(&text).context("vm_speed printed what is not understood")?;
    let time = speed.vm.iter().find(|measured| measured.contract == TWENTY).map(time);
    Ok(speed.vm.into_iter().map(row).chain(time).collect())
}

/// What one execution takes.
fn time(measured: &Contract) -> Row {
    Row {
        what: format!("language, {}, one execution", measured.contract),
        unit: "µs",
        ours: 1e6 / measured.ours_per_second,
        reference: None,
        goal: Some(Goal::AtMost(TWENTY_US)),
    }
}

fn row(measured: Contract) -> Row {
    let goal = GOALS
        .iter()
        .find(|(contract, _)| *contract == measured.contract)
        .map(|(_, ratio)| Goal::Ratio(*ratio));
    Row {
        what: format!("language, {}", measured.contract),
        unit: "executions/s",
        ours: measured.ours_per_second,
        reference: Some(measured.reference_per_second),
        goal,
    }
}
