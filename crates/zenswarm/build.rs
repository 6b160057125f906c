//! How the program is linked.

use std::env::var;
use std::path::PathBuf;
use std::{fs, io};

/// What an oracle executes to start and to answer: patterns of names, made by `cargo xtask link-order`. A function that
/// is not there any more does no harm.
const FIRST: &str = "first.txt";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={FIRST}");
    let is = |name, value| var(name).as_deref() == Ok(value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return Ok(());
    }
    // A list of 80,000 addresses, read at every start and kept in memory, becomes a bitmap of a ninetieth of its size.
    // The C library understands it since 2.36, which Debian has since version 12.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    if is("PROFILE", "release") {
        let script = PathBuf::from(var("OUT_DIR").map_err(io::Error::other)?).join("first.ld");
        fs::write(&script, side_by_side(&fs::read_to_string(FIRST)?))?;
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
    Ok(())
}

/// The linker's script that puts these functions side by side. What the compiler takes for unlikely stands in sections of
/// its own.
fn side_by_side(functions: &str) -> String {
    let lines = functions.lines().map(|it| format!("    *(.text.{it} .text.unlikely.{it})\n"));
    format!("SECTIONS {{\n  .text.first : {{\n{}  }}\n}} INSERT BEFORE .text;\n", lines.collect::<String>())
}
