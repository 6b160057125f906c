//! The parts that come from PyPI, in a virtual environment of their own below `target`.
//!
//! Versions are those of `xtask/parts/requirements.txt`. An environment cannot be moved, so it is made where it stays; the stamp
//! is written last, and an environment without the right stamp is made again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

const HINT: &str = "install Python 3.11 or newer with venv, on Debian `apt-get install python3-venv`";

/// Installs the packages unless they are there already, and returns the environment's Python.
pub(crate) fn install() -> Result<PathBuf> {
    let folder = workspace::root().join("target/python");
    let list = workspace::root().join("xtask/parts/requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let python = folder.join("bin/python");
    if fs::read_to_string(folder.join("stamp")).is_ok_and(|stamp| stamp == wanted) {
        return Ok(python);
    }
    check_python()?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        .with_context(|| format!("no virtual environment could be made; hint: {HINT}"))?;
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    process::run(pip.arg(&list)).context(
        "PyPI packages could not be installed; hint: is the network, or your package index, reachable?",
    )?;
    fs::write(folder.join("stamp"), wanted)?;
    Ok(python)
}

fn check_python() -> Result<()> {
    let mut python = Command::new("python3");
    python.args(["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"]);
    if process::output(&mut python).is_err() {
        bail!("Python is missing, too old, or has no venv; hint: {HINT}");
    }
    Ok(())
}
