//! The `zenswarm` command: parses the line, runs one verb, reports.

mod args;
mod command;
mod report;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse();
    let console = report::Console::new(arguments.format());
    match command::run(arguments, &console) {
        Ok(exit) => exit.into(),
        Err(failure) => console.fail(&failure).into(),
    }
}
