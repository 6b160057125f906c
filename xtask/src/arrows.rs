//! The dependency arrows: which crate may use which, and what a pure crate never links.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Metadata;

/// Each crate of the workspace with the crates of the workspace that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("zencode-macros", &[]),
    ("zencode-crypto", &[]),
    ("zencode", &["zencode-crypto", "zencode-macros"]),
    ("swarm-protocol", &["zencode-crypto"]),
    ("swarm-node", &["swarm-protocol", "zencode", "zencode-crypto"]),
    ("zenswarm", &["swarm-node", "swarm-protocol", "zencode", "zencode-crypto"]),
    ("conformance", &["zencode"]),
    ("test-servers", &[]),
    ("xtask", &["zencode", "swarm-node", "test-servers"]),
];

/// Crates that get time and randomness as parameters and touch nothing of the machine.
pub(crate) const PURE: &[&str] = &["zencode-crypto", "zencode", "swarm-protocol"];

/// What brings a runtime, a socket or a store: never linked below a pure crate.
const IMPURE: &[&str] =
    &["async-std", "axum", "hyper", "mio", "redb", "reqwest", "rustls", "smol", "socket2", "tokio"];

/// What brings entropy: never named by a pure crate. The curve crates link it whatever their features,
/// so that it is not called is for clippy's banned methods to say. `rand_core` is not among them: since 0.10 it holds
/// the traits alone, through which a crate is handed the run's generator.
const ENTROPY: &[&str] = &["getrandom", "rand"];

/// Compares the workspace with the rules above.
pub(crate) fn check() -> Result<()> {
    let metadata = Metadata::read()?;
    let members = metadata.members();
    let mut faults = Vec::new();
    for (name, package) in &members {
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| from == name) else {
            faults.push(format!(
                "{name}: a new crate needs its arrows in xtask/src/arrows.rs and in ARCHITECTURE.md"
            ));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind.is_none()) {
            let target = dependency.name.as_str();
            if members.contains_key(target) && !allowed.contains(&target) {
                faults.push(format!("{name} uses {target}: that arrow does not exist, see ARCHITECTURE.md"));
            }
            if PURE.contains(name) && ENTROPY.contains(&target) {
                faults.push(format!(
                    "{name} uses {target}: a pure crate gets its random octets as a parameter"
                ));
            }
        }
    }
    for name in PURE.iter().filter(|name| members.contains_key(**name)) {
        for found in linked(name)?.iter().filter(|found| IMPURE.contains(&found.as_str())) {
            faults.push(format!(
                "{name} links {found}: a pure crate does no input or output \
                 (cargo tree -p {name} -e normal -i {found})"
            ));
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// The names of everything that a crate links by itself, outside tests.
fn linked(package: &str) -> Result<BTreeSet<String>> {
    let mut tree = process::cargo([
        "tree",
        "--edges=normal,no-proc-macro",
        "--prefix=none",
        "--locked",
        "--package",
        package,
    ]);
    let text = process::output(&mut tree).with_context(|| format!("what {package} links"))?;
    Ok(text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}
