//! The load generator: wrk, a Debian package.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::binary::Scratch;
use crate::process;

/// Requests per second that a server answers, as wrk counts them.
///
/// One thread, 16 connections, 5 seconds. Every answer must be a success.
pub(crate) fn requests_per_second(scratch: &Scratch, address: &str, path: &str, body: &str) -> Result<f64> {
    if !process::exists(Command::new("which").arg("wrk")) {
        bail!("the load generator `wrk` is missing; hint: on Debian `apt-get install wrk`");
    }
    let script = scratch.path("post.lua");
    fs::write(
        &script,
        format!(
            "wrk.method = 'POST'\nwrk.body = [==[{body}]==]\nwrk.headers['Content-Type'] = 'application/json'\n"
        ),
    )?;
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c16", "-d5s", "--timeout", "20s", "-s"])
        .arg(&script)
        .arg(format!("http://{address}{path}"));
    let report = process::output(&mut wrk)?;
    for trouble in ["Non-2xx", "Socket errors"] {
        if let Some(line) = report.lines().find(|line| line.contains(trouble)) {
            bail!("{path} at {address}: {}", line.trim());
        }
    }
    let line = report.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    line.and_then(|number| number.trim().parse().ok())
        .with_context(|| format!("wrk printed what is not understood:\n{report}"))
}
