//! Debian's packages that the tests need, installed where that can be done without asking anybody.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use test_servers::Program;

use crate::process;

/// Where Debian's package puts the browser.
pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";

/// Something that tests need and no registry of npm or PyPI has.
#[derive(Debug)]
pub(crate) struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

/// The servers that contracts talk to.
pub(crate) const SERVERS: &[Need] = &[
    Need { what: "Redis", packages: &["redis-server"], is_there: || Program::Redis.folder().is_ok() },
    Need { what: "PostgreSQL", packages: &["postgresql"], is_there: || Program::Postgres.folder().is_ok() },
];

/// What judges the API and opens the pages.
pub(crate) const JUDGES: &[Need] = &[
    Need {
        what: "Chromium",
        packages: &["chromium", "fonts-dejavu-core"],
        is_there: || Path::new(CHROMIUM).exists(),
    },
    Need {
        what: "Python's venv",
        packages: &["python3-venv"],
        is_there: || process::exists(Command::new("python3").args(["-c", "import venv, ensurepip"])),
    },
];

/// Installs what is missing.
///
/// # Errors
/// When it cannot be, with the command that a person types.
pub(crate) fn install(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let names = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    let hint = format!("install by hand: `apt-get install --no-install-recommends {}`", packages.join(" "));
    let explained =
        || format!("the tests need {names}, and Debian's packages could not be installed; hint: {hint}");
    // A list of packages that is old names files that are gone.
    apt_get(&["update", "-q"], &[])
        .and_then(|()| apt_get(&["install", "-q", "-y", "--no-install-recommends"], &packages))
        .with_context(explained)?;
    match missing.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!("{} is not found, although its package is installed; hint: {hint}", need.what),
        None => Ok(()),
    }
}

fn apt_get(arguments: &[&str], packages: &[&str]) -> Result<()> {
    let is_root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = if is_root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--non-interactive", "apt-get"]);
        sudo
    };
    process::run(command.args(arguments).args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}
