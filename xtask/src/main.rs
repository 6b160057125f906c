//! Project automation: `cargo xtask check` is what a change must pass, `cargo xtask test` is all of it.
//!
//! Exit code 0: everything asked for passed. 1: something did not, or a part that is needed is missing;
//! the last lines say what and what to do. Nothing is skipped silently.

mod api;
mod arrows;
mod bench;
mod binary;
mod browser;
mod check;
mod compare_runtimes;
mod debian;
mod demo;
mod fuzz;
mod generate;
mod http;
mod interop;
mod licences;
mod link_order;
mod parts;
mod process;
mod running;
mod servers;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Project automation.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Everything that can be judged without running the program: format, lints, docs, licences, arrows, tidiness, generated files.
    Check(check::Arguments),
    /// Installs what the tests need, then runs `check` and every test.
    Test(test::Arguments),
    /// Measures this implementation beside the reference, in one run, and prints a table.
    Bench(bench::Arguments),
    /// Serves folders of other runtimes beside npm's restroom-mw, and compares every answer.
    CompareRuntimes(compare_runtimes::Arguments),
    /// Composes contracts, runs them here and on the reference engine, and saves what differs without a reason.
    FuzzDifferential(fuzz::Arguments),
    /// Writes the generated files again, or compares them.
    Generate(generate::Arguments),
    /// Watches what is shipped, and writes which of its functions the linker puts side by side; needs Debian's `valgrind`.
    LinkOrder(link_order::Arguments),
    /// Installs the parts that tests need into `target/parts`; a second run is instant.
    Parts,
    /// Starts the servers that tests need, runs a command that finds them in its environment, and ends them:
    /// `cargo xtask servers -- cargo test -p swarm-node`.
    Servers(servers::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().verb {
        Verb::Check(arguments) => check::run(&arguments),
        Verb::Test(arguments) => test::run(&arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
        Verb::CompareRuntimes(arguments) => compare_runtimes::run(&arguments),
        Verb::FuzzDifferential(arguments) => fuzz::run(&arguments),
        Verb::Generate(arguments) => generate::run(&arguments),
        Verb::Servers(arguments) => servers::run(&arguments),
        Verb::LinkOrder(arguments) => link_order::run(&arguments),
        Verb::Parts => parts::install().map(|folder| println!("{}", folder.display())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
