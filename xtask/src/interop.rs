//! What contracts sign, write and read, before independent implementations: JSON Web Signatures and Tokens, Ethereum,
//! Bitcoin, and proofs of documents. The facts are in `conformance/interop`, the libraries are among the parts.

use std::process::Command;

use anyhow::{Context, Result};

use crate::binary::{self, Profile, Scratch};
use crate::{parts, process, workspace};

/// Runs every fact; each prints a line.
pub(crate) fn test() -> Result<()> {
    let zenswarm = binary::build(Profile::Dev)?;
    let parts = parts::install()?;
    let scratch = Scratch::new("interop")?;
    let facts = workspace::root().join("conformance/interop/main.mjs");
    process::run(Command::new("node").arg(facts).arg(zenswarm).arg(parts).arg(scratch.path("")))
        .context("another implementation does not agree")
}
