//! `cargo xtask check`: what can be judged without running the program. It writes nothing but build products.

use anyhow::{Result, bail};
use clap::Args;

use crate::{arrows, generate, licences, process, tidy};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only these steps.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STEP")]
    pub(crate) only: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Step {
    Fmt,
    Tidy,
    Arrows,
    Licences,
    Clippy,
    Docs,
    Generated,
}

/// Fails with everything that is wrong, one fault per line.
type Judge = fn() -> Result<()>;

/// Cheap steps first, so that a slip is seen before the compiler is started.
const STEPS: &[(Step, &str, Judge)] = &[
    (Step::Fmt, "format", fmt),
    (Step::Tidy, "tidy", tidy::check),
    (Step::Arrows, "dependency arrows", arrows::check),
    (Step::Licences, "licences", licences::check),
    (Step::Clippy, "clippy", clippy),
    (Step::Docs, "docs", docs),
    (Step::Generated, "generated files", generate::compare),
];

/// Runs every step, also after one has failed, and names those that did.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut failed = Vec::new();
    for (step, name, check) in STEPS {
        if !arguments.only.is_empty() && !arguments.only.contains(step) {
            continue;
        }
        match check() {
            Ok(()) => println!("ok    {name}"),
            Err(error) => {
                println!("FAIL  {name}\n{error:#}\n");
                failed.push(*name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("check failed: {}", failed.join(", "));
    }
    Ok(())
}

fn fmt() -> Result<()> {
    process::run(&mut process::cargo(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    process::run(&mut process::cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

fn docs() -> Result<()> {
    let mut rustdoc = process::cargo([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
        "--quiet",
    ]);
    process::run(rustdoc.env("RUSTDOCFLAGS", "-D warnings"))
}
