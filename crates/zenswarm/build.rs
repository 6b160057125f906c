//! How the program is linked.

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let (os, abi) = (var("CARGO_CFG_TARGET_OS"), var("CARGO_CFG_TARGET_ENV"));
    if os.as_deref() == Ok("linux") && abi.as_deref() == Ok("gnu") {
        // A list of 80,000 addresses, read at every start and kept in memory, becomes a bitmap of a thirtieth of its
        // size. The C library understands it since 2.36, which Debian has since version 12.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
