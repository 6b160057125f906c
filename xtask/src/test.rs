//! `cargo xtask test`: everything that can be tested, with everything it needs. A missing part is an error.

use anyhow::{Result, bail};
use clap::Args;

use crate::{api, browser, check, compare_runtimes, debian, demo, fuzz, interop, parts, process, servers};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only these suites.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SUITE")]
    only: Vec<Suite>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Suite {
    /// What `cargo xtask check` does.
    Check,
    /// Unit tests, property tests, and the end-to-end tests of the binary.
    Unit,
    /// The examples in the documentation.
    Doc,
    /// Every case through this implementation and through the reference engine.
    Conformance,
    /// Composed contracts through both, two thousand of them.
    Fuzz,
    /// What contracts sign and read, before independent implementations.
    Interop,
    /// Folders of other runtimes, answered as there.
    Runtimes,
    /// The demo, and its certificate through three verifiers.
    Demo,
    /// The API description and the answers of a real oracle, judged by the OpenAPI validator and schemathesis.
    Api,
    /// The explorer in Chromium.
    Browser,
}

/// Runs a suite with its own output.
type Runner = fn() -> Result<()>;

const SUITES: &[(Suite, &str, Runner)] = &[
    (Suite::Check, "check", run_check),
    (Suite::Unit, "unit and end-to-end tests", unit),
    (Suite::Doc, "documentation examples", doc),
    (Suite::Conformance, "conformance with the reference engine", conformance),
    (Suite::Fuzz, "composed contracts on both engines", fuzz::test),
    (Suite::Interop, "independent implementations", interop::test),
    (Suite::Runtimes, "folders of other runtimes", compare_runtimes::test),
    (Suite::Demo, "the demo and its certificate", demo::test),
    (Suite::Api, "the API and its description", api::test),
    (Suite::Browser, "the explorer in a browser", browser::test),
];

/// Installs the parts, runs every suite, also after one has failed, and closes with one line per suite.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    parts::install()?;
    for needs in [debian::SERVERS, debian::JUDGES] {
        debian::install(needs)?;
    }
    let mut closing = Vec::new();
    for (suite, name, test) in SUITES {
        if !arguments.only.is_empty() && !arguments.only.contains(suite) {
            continue;
        }
        println!("== {name}");
        let result = test();
        if let Err(error) = &result {
            println!("{error:#}");
        }
        closing.push((*name, result.is_ok()));
    }
    println!();
    for (name, passed) in &closing {
        println!("{}  {name}", if *passed { "ok  " } else { "FAIL" });
    }
    let failed = closing.iter().filter(|(_, passed)| !passed).count();
    if failed > 0 {
        bail!("{failed} of {} suites failed", closing.len());
    }
    println!("{} suites passed", closing.len());
    Ok(())
}

fn run_check() -> Result<()> {
    check::run(&check::Arguments { only: Vec::new() })
}

fn unit() -> Result<()> {
    if process::exists(&mut process::cargo(["nextest", "--version"])) {
        return servers::beside(&mut process::cargo([
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--status-level=fail",
            "--no-fail-fast",
        ]));
    }
    servers::beside(&mut process::cargo([
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--examples",
        "--no-fail-fast",
        "--locked",
        "--quiet",
    ]))
}

fn doc() -> Result<()> {
    process::run(&mut process::cargo(["test", "--workspace", "--doc", "--locked", "--quiet"]))
}

fn conformance() -> Result<()> {
    process::run(&mut process::cargo(["run", "--quiet", "--locked", "--package", "conformance"]))
}
