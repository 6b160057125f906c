//! The parts that tests and measurements need and Rust does not bring: npm packages, in `target/parts` and
//! `target/runtimes`.
//!
//! Versions are those of `xtask/parts/package-lock.json` and `xtask/runtimes/package-lock.json`. A folder is made
//! beside the old one and renamed when it is complete; a stamp inside says from which lists it was made, so a second
//! run does nothing and a broken run leaves nothing half done.

pub(crate) mod python;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// The lists that decide what is installed.
const LISTS: &[&str] = &["package.json", "package-lock.json"];
/// The oldest Node.js that runs the reference engine and the libraries.
const NODE_MAJOR_MIN: u32 = 20;

/// Installs the parts unless they are there already, and returns their folder.
pub(crate) fn install() -> Result<PathBuf> {
    install_list("parts")
}

/// Installs the servers that this one is compared with, and returns their folder.
pub(crate) fn install_runtimes() -> Result<PathBuf> {
    install_list("runtimes")
}

/// Installs what the lists in `xtask/NAME` say into `target/NAME`.
fn install_list(name: &str) -> Result<PathBuf> {
    let lists = workspace::root().join("xtask").join(name);
    let folder = workspace::root().join("target").join(name);
    let wanted = stamp(&lists)?;
    if fs::read_to_string(folder.join("stamp")).is_ok_and(|stamp| stamp == wanted) {
        return Ok(folder);
    }
    check_node()?;
    let fresh = folder.with_file_name(format!("{name}.{}", std::process::id()));
    fs::create_dir_all(&fresh)?;
    let made = fill(&fresh, &lists, &wanted).and_then(|()| replace(&folder, &fresh));
    // On success there is nothing left to remove.
    fs::remove_dir_all(&fresh).ok();
    made?;
    Ok(folder)
}

fn stamp(lists: &Path) -> Result<String> {
    let text = |list: &&str| {
        let path = lists.join(list);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    LISTS.iter().map(text).collect()
}

fn fill(fresh: &Path, lists: &Path, stamp: &str) -> Result<()> {
    for list in LISTS {
        fs::copy(lists.join(list), fresh.join(list))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(fresh);
    process::run(&mut npm).context(
        "npm packages could not be installed; hint: is the network, or your npm registry, reachable?",
    )?;
    fs::write(fresh.join("stamp"), stamp)?;
    Ok(())
}

fn replace(folder: &Path, fresh: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(fresh, folder).with_context(|| format!("cannot put {} in place", folder.display()))
}

fn check_node() -> Result<()> {
    const HINT: &str = "install Node.js 20.19 or newer with npm, on Debian 13 `apt-get install nodejs npm`";
    let version = process::output(Command::new("node").arg("--version"))
        .with_context(|| format!("the parts need Node.js; hint: {HINT}"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) {
        bail!("found Node.js {}, expected {NODE_MAJOR_MIN} or newer; hint: {HINT}", version.trim());
    }
    if !process::exists(Command::new("npm").arg("--version")) {
        bail!("`npm` is missing; hint: {HINT}");
    }
    Ok(())
}
