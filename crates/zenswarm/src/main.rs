//! The `zenswarm` command: parses the line, runs one verb, reports.

mod args;
mod command;
mod report;

use std::ffi::OsString;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse_from(verb_of_name(std::env::args_os().collect()));
    let console = report::Console::new(arguments.format());
    match command::run(arguments, &console) {
        Ok(exit) => exit.into(),
        Err(failure) => console.fail(&failure).into(),
    }
}

/// A link named like one of the reference programs runs the verb of that name, so that scripts which
/// call those programs run unchanged.
fn verb_of_name(mut line: Vec<OsString>) -> Vec<OsString> {
    let name =
        line.first().and_then(|name| std::path::Path::new(name).file_name()?.to_str().map(str::to_owned));
    if let Some(verb @ ("zenroom" | "zencode-exec")) = name.as_deref() {
        line.insert(1, verb.into());
    }
    line
}
