//! Servers under measurement and comparison: started on free ports, found by the address they print, ended by their id.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// A process that listens on a loopback port.
#[derive(Debug)]
pub(crate) struct Running {
    process: Child,
    /// Its address, such as `127.0.0.1:40001`.
    pub(crate) address: String,
}

impl Running {
    /// Starts a server and waits for the line in which it prints where it listens.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let text = process::text(command);
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{text}`"))?;
        let stdout = process.stdout.take().context("the server has no standard output")?;
        // Made before the address is known, so that a server that says nothing is ended too.
        let mut running = Self { process, address: String::new() };
        running.address =
            listening_address(stdout).with_context(|| format!("`{text}` did not say where it listens"))?;
        Ok(running)
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(mut self) -> Result<()> {
        process::run(Command::new("kill").arg(self.process.id().to_string()))?;
        self.process.wait().map(drop).context("cannot wait for the server's end")
    }

    /// Resident memory, in octets.
    pub(crate) fn resident_octets(&self) -> Result<f64> {
        self.octets("VmRSS:")
    }

    /// The most resident memory that it ever had, in octets.
    pub(crate) fn peak_octets(&self) -> Result<f64> {
        self.octets("VmHWM:")
    }

    /// Time of all cores that it has used, its own and the kernel's for it.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        /// `_SC_CLK_TCK`, which Linux shows to programs as 100 on every machine.
        const TICKS_PER_SECOND: f64 = 100.0;
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = fs::read_to_string(&path).with_context(|| path.clone())?;
        // The name in parentheses may hold anything; the state behind it is field 3, the times are fields 14 and 15.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
        let times: Vec<f64> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        let [user, system] = times[..] else { bail!("{path} holds no times") };
        Ok((user + system) / TICKS_PER_SECOND)
    }

    fn octets(&self, name: &str) -> Result<f64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(&path).with_context(|| path.clone())?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let line = line.with_context(|| format!("{path} has no {name}"))?;
        let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().context("memory in /proc")?;
        Ok(kibibytes * 1024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}

/// Reads lines until one holds a loopback address, and goes on reading so that the server never blocks on its output.
fn listening_address(stdout: ChildStdout) -> Result<String> {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            bail!("it ended");
        }
        if let Some(address) = loopback_address(&line) {
            std::thread::spawn(move || {
                let mut rest = Vec::new();
                reader.read_to_end(&mut rest).ok();
            });
            return Ok(address);
        }
    }
}

fn loopback_address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!port.is_empty()).then(|| format!("127.0.0.1:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_a_sentence() {
        assert_eq!(loopback_address("serving at http://127.0.0.1:4000/ now"), Some("127.0.0.1:4000".into()));
    }

    #[test]
    fn a_line_without_a_port_is_passed_over() {
        assert_eq!(loopback_address("listening on 127.0.0.1:"), None);
    }
}
