//! The API of a real oracle, judged from outside: the document by the OpenAPI validator, the answers by schemathesis.
//!
//! Schemathesis sends data that fit the document and data that do not, and holds every answer against it: status, type, schema,
//! methods. A status of 500 has to be the contract's own failure. Two oracles are asked: one with the contracts inside
//! the binary, one with contracts that take every type of the language.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::binary::{self, Profile, Scratch, command};
use crate::parts::python;
use crate::running::Running;
use crate::{process, workspace};

/// Requests that schemathesis makes up for each operation and phase, at most.
const EXAMPLES_MAX: &str = "25";
/// Addresses that would send made-up requests to made-up hosts; `crates/swarm-node/tests` has them.
const OUTWARD: &str = "http-post";
/// Fails when the document is not valid.
const VALIDATE: &str = "import json, sys, urllib.request as request
from openapi_spec_validator import validate
validate(json.load(request.urlopen(sys.argv[1], timeout=30)))";

/// Judges both oracles.
pub(crate) fn test() -> Result<()> {
    let zenswarm = binary::build(Profile::Dev)?;
    let python = python::install()?;
    let scratch = Scratch::new("api")?;
    judge(&zenswarm, &python, &scratch, &[])?;
    let contracts = workspace::root().join("conformance/api/contracts");
    let contracts = contracts.to_str().context("the folder of the workspace is not UTF-8")?;
    judge(&zenswarm, &python, &scratch, &["--contracts", contracts])
}

fn judge(zenswarm: &Path, python: &Path, scratch: &Scratch, contracts: &[&str]) -> Result<()> {
    let serve = ["oracle", "serve", "--state", "state", "--listen", "127.0.0.1:0"];
    let arguments: Vec<&str> = serve.iter().chain(contracts).copied().collect();
    let oracle = Running::start(&mut command(zenswarm, &arguments, scratch))?;
    let document = format!("http://{}/openapi.json", oracle.address);
    process::output(Command::new(python).args(["-c", VALIDATE, &document]))
        .context("the OpenAPI document is not valid")?;
    println!("the OpenAPI document is valid");
    schemathesis(python, scratch, &document).context("answers are not what the document says")
}

fn schemathesis(python: &Path, scratch: &Scratch, document: &str) -> Result<()> {
    let mut run = Command::new(python.with_file_name("schemathesis"));
    run.current_dir(scratch.path(""))
        .env("PYTHONPATH", workspace::root().join("conformance/api"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "own_failures")
        // One worker: Python before 3.12 counts the depth of syntax trees wrongly in several threads.
        .args(["run", document, "--no-color", "--generation-deterministic", "--workers=1"])
        .args(["--max-examples", EXAMPLES_MAX, "--phases=examples,coverage,fuzzing", "--request-timeout=30"])
        .args(["--exclude-path-regex", OUTWARD, "--max-failures=20"])
        // What fits a contract is the contract's to judge: it may refuse what the document allows, and take more.
        .args(["--exclude-checks", "not_a_server_error,negative_data_rejection,positive_data_acceptance"]);
    process::run(&mut run)
}
