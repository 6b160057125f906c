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
/// The same for the steps of schemes that start with these words.
const SCHEME_GOALS: &[(&str, f64)] = &[
    ("eddsa, ", 400.0),
    ("ecdsa, ", 200.0),
    ("schnorr, ", 200.0),
    ("dilithium, sign", 60.0),
    ("mldsa44, sign", 60.0),
    ("reflow, ", 10.0),
    ("credential, ", 10.0),
    ("bbs", 10.0),
];
/// The contract of twenty statements without cryptography, whose time itself has a goal.
const TWENTY: &str = "20 statements";
/// Microseconds that it may take.
const TWENTY_US: f64 = 30.0;

/// Measures ping and signatures on both sides.
pub(crate) fn measure(parts: &Path) -> Result<Vec<Row>> {
    let measured = speeds(parts, &[])?;
    let time = measured.iter().find(|measured| measured.contract == TWENTY).map(time);
    Ok(measured.into_iter().map(|measured| row("language", measured, goal)).chain(time).collect())
}

/// Measures keys, signatures and proofs on both sides, each step of a scheme by itself.
pub(crate) fn measure_schemes(parts: &Path) -> Result<Vec<Row>> {
    let measured = speeds(parts, &["--schemes"])?;
    Ok(measured.into_iter().map(|measured| row("scheme", measured, scheme_goal)).collect())
}

fn speeds(parts: &Path, options: &[&str]) -> Result<Vec<Contract>> {
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
    let text =
        process::output(speed.arg(parts).args(options)).context("the language could not be measured")?;
    let speed: Speed = serde_json::from_str(&text).context("vm_speed printed what is not understood")?;
    Ok(speed.vm)
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

fn row(part: &str, measured: Contract, goal: fn(&str) -> Option<f64>) -> Row {
    Row {
        unit: "executions/s",
        ours: measured.ours_per_second,
        reference: Some(measured.reference_per_second),
        goal: goal(&measured.contract).map(Goal::Ratio),
        what: format!("{part}, {}", measured.contract),
    }
}

fn goal(contract: &str) -> Option<f64> {
    GOALS.iter().find(|(name, _)| *name == contract).map(|(_, ratio)| *ratio)
}

/// The goal of a step, of which the scheme is the first words.
fn scheme_goal(contract: &str) -> Option<f64> {
    SCHEME_GOALS.iter().find(|(start, _)| contract.starts_with(start)).map(|(_, ratio)| *ratio)
}
