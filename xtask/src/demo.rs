//! The main job from outside: `zenswarm demo` runs, its certificate is verified by this implementation, by an
//! independent one and by the reference engine, and with one octet changed it is refused.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::binary::{self, Profile, Scratch, command};
use crate::{parts, process, workspace};

/// What the demo leaves behind.
const CERTIFICATE: &str = "demo-certificate.json";
/// Octets between two that are changed; a prime, so that the changes fall on every kind of place.
const STRIDE: usize = 257;

/// Runs the demo and examines its certificate.
pub(crate) fn test() -> Result<()> {
    let zenswarm = binary::build(Profile::Dev)?;
    let parts = parts::install()?;
    let scratch = Scratch::new("demo")?;
    process::output(&mut command(&zenswarm, &["demo", "--json"], &scratch)).context("the demo failed")?;
    process::output(&mut command(&zenswarm, &["verify", CERTIFICATE], &scratch))
        .context("the certificate does not hold")?;
    let verifier = workspace::root().join("conformance/reference/verify-certificate.mjs");
    let report =
        process::output(Command::new("node").arg(verifier).arg(scratch.path(CERTIFICATE)).arg(parts))
            .context("the independent verifier refuses the certificate")?;
    print!("{report}");
    let refused = refuse_changes(&zenswarm, &scratch)?;
    println!("refused with each of {refused} octets changed");
    Ok(())
}

/// Changes one octet after the other and verifies; returns how many changes were tried.
fn refuse_changes(zenswarm: &Path, scratch: &Scratch) -> Result<usize> {
    const CHANGED: &str = "changed.json";
    let certificate = fs::read(scratch.path(CERTIFICATE))?;
    let last = certificate.len() - 1;
    let places: Vec<usize> = (0..last).step_by(STRIDE).chain([last]).collect();
    for place in &places {
        let mut changed = certificate.clone();
        changed[*place] ^= 1;
        fs::write(scratch.path(CHANGED), changed)?;
        let mut verify = command(zenswarm, &["verify", CHANGED], scratch);
        let status = verify.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() {
            bail!("a certificate with octet {place} changed is accepted");
        }
    }
    Ok(places.len())
}
