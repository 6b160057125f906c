//! Tidiness as code: the rules of CONTRIBUTING.md that a program can judge, each with a message that says what to do.

mod links;
mod locks;
mod manifests;
mod rust_files;
mod texts;

use anyhow::{Result, bail};

use crate::workspace;

/// Checks every tracked file.
pub(crate) fn check() -> Result<()> {
    let files = workspace::text_files()?;
    let mut faults = rust_files::check(&files, RATCHET);
    faults.extend(manifests::check(&files));
    faults.extend(locks::check(&files));
    faults.extend(texts::check(&files));
    faults.extend(links::check(&files));
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// Files that are longer than they should be, with the length they may not exceed.
const RATCHET: &str = include_str!("../ratchet.txt");
