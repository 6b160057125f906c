//! The load generator: wrk, a Debian package.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::binary::Scratch;
use crate::process;

/// How a server is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) path: &'a str,
    /// JSON, posted.
    pub(crate) body: &'a str,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
}

/// How it answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Requests per second that a server answers, as wrk counts them.
///
/// One thread, 16 connections, 5 seconds. Every answer must be a success.
pub(crate) fn requests_per_second(scratch: &Scratch, address: &str, path: &str, body: &str) -> Result<f64> {
    let load = Load { path, body, connections: 16, time: Duration::from_secs(5) };
    Ok(drive(scratch, address, load)?.per_second)
}

/// Asks a server on one thread; every answer must be a success.
pub(crate) fn drive(scratch: &Scratch, address: &str, load: Load<'_>) -> Result<Pace> {
    if !process::exists(Command::new("which").arg("wrk")) {
        bail!("the load generator `wrk` is missing; hint: on Debian `apt-get install wrk`");
    }
    let Load { path, body, connections, time } = load;
    let script = scratch.path("post.lua");
    fs::write(
        &script,
        format!(
            "wrk.method = 'POST'\nwrk.body = [==[{body}]==]\nwrk.headers['Content-Type'] = 'application/json'\n"
        ),
    )?;
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "--latency", "--timeout", "20s", "-s"])
        .arg(&script)
        .arg(format!("-c{connections}"))
        .arg(format!("-d{}s", time.as_secs()))
        .arg(format!("http://{address}{path}"));
    let report = process::output(&mut wrk)?;
    for trouble in ["Non-2xx", "Socket errors"] {
        if let Some(line) = report.lines().find(|line| line.contains(trouble)) {
            bail!("{path} at {address}: {}", line.trim());
        }
    }
    pace(&report).with_context(|| format!("wrk printed what is not understood:\n{report}"))
}

fn pace(report: &str) -> Option<Pace> {
    let value = |start: &str| report.lines().find_map(|line| line.trim().strip_prefix(start)).map(str::trim);
    Some(Pace {
        per_second: value("Requests/sec:")?.parse().ok()?,
        p50_ms: milliseconds(value("50%")?)?,
        p99_ms: milliseconds(value("99%")?)?,
    })
}

/// `12.34ms`, `980.00us`, `1.20s` or `1.00m`.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 1e-3), ("ms", 1.0), ("s", 1e3), ("m", 6e4)];
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_report_are_read() {
        let report = "  Latency Distribution\n     50%  215.00us\n     75%    1.00ms\n     99%    1.66s \n\
                      Requests/sec:  57.80\nTransfer/sec: 1KB\n";
        assert_eq!(pace(report), Some(Pace { per_second: 57.8, p50_ms: 0.215, p99_ms: 1660.0 }));
    }

    #[test]
    fn a_report_without_figures_is_not_understood() {
        assert_eq!(pace("Requests/sec:  57.80\n"), None);
    }
}
