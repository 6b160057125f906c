//! Microseconds of an operation of PQClean that cannot be linked into the program that measures ours.

#[path = "../subject.rs"]
#[allow(dead_code, reason = "one side alone is measured here")]
mod subject;

use anyhow::{Context, Result};
use pqcrypto_ntruprime::sntrup761::{decapsulate, encapsulate, keypair};

use subject::Subject;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).context("the name of an operation")?;
    let (public, secret) = keypair();
    let (_, ciphertext) = encapsulate(&public);
    let mut subject = match name.as_str() {
        "sntrup761 encapsulate" => Subject::new(&name, move || encapsulate(&public)),
        _ => Subject::new(&name, move || decapsulate(&ciphertext, &secret)),
    };
    println!("{}", subject.microseconds().0);
    Ok(())
}
