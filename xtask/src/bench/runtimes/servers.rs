//! The servers under measurement: this oracle, restroom-mw, and the reference engine behind plain HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::folder;
use crate::binary::{Scratch, command};
use crate::http::Connection;
use crate::process;
use crate::running::Running;
use crate::workspace;

/// A kind of server.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Oracle,
    Restroom,
    Bare,
}

impl Kind {
    /// All of them; this implementation is the first.
    pub(super) const ALL: [Self; 3] = [Self::Oracle, Self::Restroom, Self::Bare];

    /// How a row calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Oracle => "zenswarm",
            Self::Restroom => "restroom-mw",
            Self::Bare => "bare zenroom",
        }
    }
}

/// What is needed to start them.
#[derive(Debug)]
pub(super) struct Servers<'a> {
    scratch: &'a Scratch,
    zenswarm: &'a Path,
    runtimes: PathBuf,
    bare: String,
}

impl<'a> Servers<'a> {
    /// Writes the folders that they serve.
    pub(super) fn prepare(
        scratch: &'a Scratch,
        zenswarm: &'a Path,
        parts: &Path,
        runtimes: &Path,
    ) -> Result<Self> {
        let source = |path: &str| workspace::root().join(path);
        let keyring =
            process::output(Command::new("node").arg(source("xtask/runtimes/keyring.mjs")).arg(runtimes))
                .context("the reference engine made no keyring")?;
        folder::write(&scratch.path("contracts"), ".keys", &keyring)?;
        folder::write(&scratch.path("bare"), ".keys.json", &keyring)?;
        std::os::unix::fs::symlink(parts.join("node_modules"), scratch.path("bare/node_modules"))?;
        let bare = fs::read_to_string(source("conformance/reference/server.mjs")).context("server.mjs")?;
        Ok(Self { scratch, zenswarm, runtimes: runtimes.to_owned(), bare })
    }

    /// Starts one, which has said where it listens.
    pub(super) fn start(&self, kind: Kind) -> Result<Running> {
        let contracts = self.scratch.path("contracts");
        match kind {
            Kind::Oracle => self.oracle("contracts"),
            Kind::Restroom => Running::start(
                Command::new("node")
                    .arg(workspace::root().join("xtask/runtimes/restroom.mjs"))
                    .args([&self.runtimes, &contracts])
                    .current_dir(self.scratch.path(""))
                    .stderr(Stdio::null()),
            ),
            Kind::Bare => Running::start(
                Command::new("node")
                    .args(["--input-type=module", "--eval", &self.bare, "--"])
                    .arg(self.scratch.path("bare")),
            ),
        }
    }

    /// Writes a folder of so many contracts; returns the last one's name.
    pub(super) fn write_many(&self, count: usize) -> Result<String> {
        folder::write_many(&self.scratch.path("many"), count)
    }

    /// Starts this oracle on that folder.
    pub(super) fn start_many(&self) -> Result<Running> {
        self.oracle("many")
    }

    fn oracle(&self, contracts: &str) -> Result<Running> {
        let arguments =
            ["oracle", "serve", "--state", "state", "--listen", "127.0.0.1:0", "--contracts", contracts];
        Running::start(&mut command(self.zenswarm, &arguments, self.scratch))
    }
}

/// Asks for a ping, which must succeed.
pub(super) fn expect_ping(server: &Running) -> Result<()> {
    expect_success(server, "/api/zenswarm-oracle-ping", r#"{"data":{}}"#)
}

/// Posts to a contract, which must succeed.
pub(crate) fn expect_success(server: &Running, path: &str, body: &str) -> Result<()> {
    let answer = Connection::open(&server.address)?.post(path, body)?;
    if answer.status != 200 {
        bail!("{path} at {} answered {}: {}", server.address, answer.status, answer.body);
    }
    Ok(())
}
