//! One side of a comparison: a server with its own copy of the folders and its own web service.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::content::Content;
use super::list::{Addresses, Ask};
use crate::binary::{Scratch, command};
use crate::http::{Answer, Connection, Request};
use crate::running::Running;
use crate::workspace;

/// A server that is asked.
#[derive(Debug)]
pub(super) struct Side {
    server: Running,
    service: Running,
    addresses: Addresses,
    files: PathBuf,
}

/// What a request led to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) content: Content,
    /// What the web service was sent meanwhile.
    pub(super) sent: Value,
}

impl Side {
    /// This oracle, with these lines of configuration besides folders and address.
    pub(super) fn oracle(zenswarm: &Path, scratch: &Scratch, convention: &str, lines: &str) -> Result<Self> {
        let folder = Folder::new(scratch, "here", convention)?;
        let configuration = format!(
            "[oracle]\nstate = {:?}\ncontracts = {:?}\nfiles = {:?}\nlisten = \"127.0.0.1:0\"\n\
             egress_allow = [\"127.0.0.1/32\"]\n{lines}",
            folder.below("state"),
            folder.below("contracts"),
            folder.below("files"),
        );
        let file = folder.below("oracle.toml");
        fs::write(&file, configuration)?;
        let file = file.display().to_string();
        // Its log is no part of an answer.
        let mut serve = command(zenswarm, &["--log", "error", "oracle", "serve", "--config", &file], scratch);
        Self::start(&mut serve, folder)
    }

    /// npm's restroom-mw, which stores files below its working folder.
    pub(super) fn restroom(runtimes: &Path, scratch: &Scratch) -> Result<Self> {
        let folder = Folder::new(scratch, "there", "restroom")?;
        let mut node = Command::new("node");
        node.arg(workspace::root().join("xtask/runtimes/restroom.mjs"))
            .args([runtimes, &folder.below("contracts")])
            .current_dir(folder.below("files"))
            .stderr(Stdio::null());
        Self::start(&mut node, folder)
    }

    fn start(server: &mut Command, folder: Folder) -> Result<Self> {
        let service = workspace::root().join("xtask/runtimes/service.mjs");
        let service = Running::start(Command::new("node").arg(service))?;
        let server = Running::start(server)?;
        // Bound and closed again after everything else has its port.
        let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let addresses =
            Addresses { service: format!("http://{}", service.address), closed: format!("http://{closed}") };
        Ok(Self { server, service, addresses, files: folder.below("files") })
    }

    /// Sends one request.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Outcome> {
        let answer = ask.send(&self.server.address, &self.addresses)?;
        let answer = Answer { body: self.addresses.take_out_of(&answer.body), ..answer };
        let record = Request { method: "GET", path: "/record", headers: &[], body: None };
        let record = Connection::open(&self.service.address)?.send(record)?;
        let sent = serde_json::from_str(&record.body).context("the web service's record")?;
        Ok(Outcome { content: Content::of(&answer), sent })
    }

    /// The files that contracts stored, by their path below the folder.
    pub(super) fn stored(&self) -> Result<BTreeMap<String, String>> {
        let mut found = BTreeMap::new();
        gather(&self.files, "", &mut found)?;
        Ok(found)
    }
}

/// The folders of one side.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new(scratch: &Scratch, side: &str, convention: &str) -> Result<Self> {
        let folder = Self(scratch.path(side));
        fs::create_dir_all(folder.below("files"))?;
        let source = workspace::root().join("xtask/runtimes").join(convention);
        copy(&source.join("contracts"), &folder.below("contracts"))?;
        // A contract beside the folder, which nobody may reach.
        fs::write(folder.below("outside.zen"), "Given nothing\nThen print string 'outside'\n")?;
        Ok(folder)
    }

    fn below(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn gather(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
