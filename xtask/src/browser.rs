//! The pages in a real browser: Chromium, driven by playwright, judged by axe.

use std::process::Command;

use anyhow::{Context, Result};

use crate::binary::{self, Profile, Scratch, command};
use crate::debian::CHROMIUM;
use crate::running::Running;
use crate::{parts, process, workspace};

/// Opens the explorer as a person would; screenshots go to `target/screenshots`.
pub(crate) fn test() -> Result<()> {
    let zenswarm = binary::build(Profile::Dev)?;
    let parts = parts::install()?;
    let scratch = Scratch::new("browser")?;
    let serve = ["oracle", "serve", "--state", "state", "--listen", "127.0.0.1:0"];
    let oracle = Running::start(&mut command(&zenswarm, &serve, &scratch))?;
    let screenshots = workspace::root().join("target/screenshots");
    std::fs::create_dir_all(&screenshots)?;
    let facts = workspace::root().join("xtask/browser/explorer.mjs");
    let mut node = Command::new("node");
    node.arg(facts).arg(&oracle.address).arg(parts).arg(CHROMIUM).arg(screenshots);
    process::run(&mut node).context("the explorer does not hold in a browser")
}
