//! Which functions of the program stand side by side in memory.
//!
//! Some four of thirty megabytes of code are all that an oracle needs to start and to answer. The kernel maps code by 64
//! kilobytes, and where the rest lies between, most of the thirty are mapped. So the program is watched while it starts
//! and answers, and the linker puts what was executed first.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::bench::runtimes::folder::body;
use crate::bench::runtimes::servers::expect_success;
use crate::binary::{self, Profile, Scratch, command};
use crate::running::Running;
use crate::{process, workspace};

/// The list, which `crates/zenswarm/build.rs` makes a linker's script of.
const LIST: &str = "crates/zenswarm/first.txt";
/// What is asked of the program while it is watched.
const CONTRACTS: &[&str] =
    &["ping", "get-timestamp", "sign-ecdsa", "sign-eddsa", "sign-schnorr", "sign-dilithium"];
/// How often: from the second time on, keys are kept.
const ROUNDS: usize = 3;

/// What is watched.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A program that was built with `--profile dist` before; without one it is built.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Builds what is shipped, watches it and writes the list.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !process::exists(Command::new("which").arg("valgrind")) {
        bail!("`valgrind` is missing; hint: on Debian `apt-get install valgrind`");
    }
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => binary::build(Profile::Dist)?,
    };
    let scratch = Scratch::new("link-order")?;
    let seen = watched(&program, &scratch)?;
    let functions = functions(&seen);
    if functions.is_empty() {
        bail!("no function was seen in {}", program.display());
    }
    let lines: String = functions.iter().flat_map(|function| [function, "\n"]).collect();
    fs::write(workspace::root().join(LIST), lines)?;
    println!("{LIST}: {} functions", functions.len());
    Ok(())
}

/// What callgrind wrote of an oracle that started and answered.
fn watched(program: &Path, scratch: &Scratch) -> Result<String> {
    let contracts = workspace::root().join("contracts");
    let contracts = contracts.to_str().context("the path of the contracts is no text")?;
    let out = scratch.path("callgrind.out");
    let mut valgrind = command(Path::new("valgrind"), &["--tool=callgrind", "--demangle=no"], scratch);
    valgrind.arg(format!("--callgrind-out-file={}", out.display())).arg(program);
    valgrind.args([
        "oracle",
        "serve",
        "--state",
        "state",
        "--listen",
        "127.0.0.1:0",
        "--contracts",
        contracts,
    ]);
    let oracle = Running::start(&mut valgrind)?;
    for _ in 0..ROUNDS {
        for contract in CONTRACTS {
            let name = format!("zenswarm-oracle-{contract}");
            expect_success(&oracle, &format!("/api/{name}"), &body(&name)?)?;
        }
    }
    oracle.end()?;
    fs::read_to_string(&out).with_context(|| format!("callgrind left no {}", out.display()))
}

/// The functions that were executed, as patterns of their names: the digests of crates and instances are left open, for
/// every compiler makes them anew.
fn functions(callgrind: &str) -> BTreeSet<String> {
    let named = callgrind.lines().filter(|line| line.starts_with("fn=") || line.starts_with("cfn="));
    let names = named.filter_map(|line| line.split_once(") ").map(|(_, name)| name));
    names.filter_map(|name| legacy(name).or_else(|| v0(name))).collect()
}

/// `_ZN4core3fmt5write17h0123456789abcdefE`.
fn legacy(name: &str) -> Option<String> {
    let end = name.rfind("17h").filter(|_| name.starts_with("_ZN"))?;
    Some(format!("{}17h*", &name[..end]))
}

/// `_RNvNtCs6d7GoaNTBIz_4core3fmt5write`, as the standard library has it.
///
/// # Source
/// RFC 2603, "Symbol name mangling v0": disambiguators of crates.
fn v0(name: &str) -> Option<String> {
    let mut rest = name.strip_prefix("_R").and_then(|rest| rest.split(['.', '\'']).next())?;
    let mut pattern = "_R".to_owned();
    while let Some((before, after)) = rest.split_once("Cs") {
        let digest = after.find(|letter: char| !letter.is_ascii_alphanumeric());
        let Some(end) = digest.filter(|end| after[*end..].starts_with('_')) else {
            pattern.push_str(before);
            pattern.push_str("Cs");
            rest = after;
            continue;
        };
        pattern.push_str(before);
        pattern.push_str("Cs*");
        rest = &after[end..];
    }
    Some(pattern + rest + "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_named_once_and_without_its_digest() {
        let callgrind = "fn=(1) _ZN4core3fmt5write17h0123456789abcdefE\n+3 1 1\ncfn=(2) \
                         _ZN4core3fmt5write17hfedcba9876543210E'2\nfn=(1)\nfn=(3) malloc\n";
        let functions = functions(callgrind);
        assert_eq!(functions.iter().collect::<Vec<_>>(), ["_ZN4core3fmt5write17h*"]);
    }

    #[test]
    fn the_digests_of_crates_are_left_open() {
        let of = |name| v0(name).unwrap_or_default();
        assert_eq!(of("_RNvNtCsgEmfK2I1SDS_4core3fmt5write"), "_RNvNtCs*_4core3fmt5write*");
        assert_eq!(of("_RNvXCsa1_3stdCsb2_4core.7992"), "_RNvXCs*_3stdCs*_4core*");
        assert_eq!(of("_RNvCs-_3std"), "_RNvCs-_3std*");
        assert_eq!(v0("malloc"), None);
    }
}
