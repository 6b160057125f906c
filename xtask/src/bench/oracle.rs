//! One oracle: requests per second over loopback beside the reference engine behind plain HTTP, memory, cold start.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::report::{Goal, Row};
use super::wrk;
use crate::binary::{Scratch, command};
use crate::http::Connection;
use crate::running::Running;
use crate::workspace;

const PING: &str = "/api/zenswarm-oracle-ping";
const SIGN: &str = "/api/zenswarm-oracle-sign-eddsa";
const ASSET: &str =
    r#"{"data":{"asset":{"address":"7 Ridge Road","rooms":"4","owner":"Ada","tags":["stone","garden"]}}}"#;
/// A key for the reference's side; the oracle makes its own.
const KEYRING: &str = r#"{"keyring":{"eddsa":"7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH"}}"#;
/// Cold starts; the median counts.
const STARTS: usize = 5;

/// Measures an oracle that serves the contracts inside the binary.
pub(crate) fn measure(zenswarm: &Path, parts: &Path) -> Result<Vec<Row>> {
    let scratch = Scratch::new("oracle")?;
    let mut rows = vec![cold_start(zenswarm)?];
    let oracle = start(zenswarm, &scratch)?;
    expect_success(&oracle, PING, r#"{"data":{}}"#)?;
    rows.push(Row {
        what: "oracle, memory when idle".into(),
        unit: "MB",
        ours: oracle.resident_octets()? / 1e6,
        reference: None,
        goal: Some(Goal::AtMost(20.0)),
    });
    let reference = reference(parts, &scratch)?;
    for (what, path, body) in [("ping", PING, r#"{"data":{}}"#), ("sign eddsa", SIGN, ASSET)] {
        expect_success(&oracle, path, body)?;
        expect_success(&reference, path, body)?;
        rows.push(Row {
            what: format!("oracle over HTTP, {what}"),
            unit: "requests/s",
            ours: wrk::requests_per_second(&scratch, &oracle.address, path, body)?,
            reference: Some(wrk::requests_per_second(&scratch, &reference.address, path, body)?),
            goal: None,
        });
    }
    Ok(rows)
}

fn start(zenswarm: &Path, scratch: &Scratch) -> Result<Running> {
    Running::start(&mut command(
        zenswarm,
        &["oracle", "serve", "--state", "state", "--listen", "127.0.0.1:0"],
        scratch,
    ))
}

/// From the start of the process, without keys, to the first signed answer.
fn cold_start(zenswarm: &Path) -> Result<Row> {
    let mut times_ms = Vec::new();
    for round in 0..STARTS {
        let scratch = Scratch::new(&format!("start{round}"))?;
        let started = Instant::now();
        let oracle = start(zenswarm, &scratch)?;
        expect_success(&oracle, SIGN, ASSET)?;
        times_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times_ms.sort_by(f64::total_cmp);
    Ok(Row {
        what: "oracle, cold start to first signed answer".into(),
        unit: "ms",
        ours: times_ms[STARTS / 2],
        reference: None,
        goal: Some(Goal::AtMost(100.0)),
    })
}

fn expect_success(server: &Running, path: &str, body: &str) -> Result<()> {
    let answer = Connection::open(&server.address)?.post(path, body)?;
    if answer.status != 200 {
        bail!("{path} at {} answered {}: {}", server.address, answer.status, answer.body);
    }
    Ok(())
}

/// The reference engine on the same two contracts.
fn reference(parts: &Path, scratch: &Scratch) -> Result<Running> {
    let server = fs::read_to_string(workspace::root().join("conformance/reference/server.mjs"))
        .context("server.mjs")?;
    let folder = scratch.path("reference");
    fs::create_dir_all(&folder)?;
    std::os::unix::fs::symlink(parts.join("node_modules"), folder.join("node_modules"))?;
    for path in [PING, SIGN] {
        let name = path.trim_start_matches("/api/");
        let contract = format!("{name}.zen");
        fs::copy(workspace::root().join("contracts").join(&contract), folder.join(&contract))
            .with_context(|| contract.clone())?;
        if path == SIGN {
            fs::write(folder.join(format!("{name}.keys.json")), KEYRING)?;
        }
    }
    Running::start(Command::new("node").args(["--input-type=module", "--eval", &server, "--"]).arg(&folder))
}
