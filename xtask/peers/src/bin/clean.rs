//! Operations of PQClean that cannot be linked into the program that measures ours: reads how often one is to be done,
//! a line at a time, and answers with the microseconds of each.

#[path = "../rounds.rs"]
mod rounds;

use std::io::stdin;

use anyhow::{Context, Result};
use pqcrypto_ntruprime::sntrup761::{decapsulate, encapsulate, keypair};

use rounds::here;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).context("the name of an operation")?;
    let (public, secret) = keypair();
    let (_, ciphertext) = encapsulate(&public);
    let mut side = match name.as_str() {
        "sntrup761 encapsulate" => here(move || encapsulate(&public)),
        _ => here(move || decapsulate(&ciphertext, &secret)),
    };
    for count in stdin().lines() {
        println!("{}", side(count?.trim().parse()?)?);
    }
    Ok(())
}
