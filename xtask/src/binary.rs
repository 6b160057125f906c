//! The command under test: built here, run in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

/// How the command is built.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    /// As it is shipped.
    Dist,
}

/// Builds `zenswarm` and returns its path.
pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut build = process::cargo(["build", "--quiet", "--locked", "--package", "zenswarm"]);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Dist => {
            build.args(["--profile", "dist"]);
            "dist"
        }
    };
    process::run(&mut build)?;
    let target = std::env::var_os("CARGO_TARGET_DIR");
    Ok(target.map_or_else(|| workspace::root().join("target"), PathBuf::from).join(folder).join("zenswarm"))
}

/// The command with its arguments, to run in the scratch folder.
pub(crate) fn command(program: &Path, arguments: &[&str], scratch: &Scratch) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&scratch.0);
    command
}

/// A folder for one test or measurement, removed at its end.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder below `target`.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let folder = workspace::root().join("target").join(format!("scratch-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// A path inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left is below `target` and named after this process; nobody reads it.
        fs::remove_dir_all(&self.0).ok();
    }
}
