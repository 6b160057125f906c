//! One file per verb; this one hands the parsed line to it.

mod admin;
mod completions;
mod controller;
mod demo;
mod did;
mod oracle;
mod ps;
mod query;
mod statements;
mod swarm;
mod verify;
mod zencode;
mod zenroom;

use std::future::Future;

use crate::args::{Arguments, Command};
use crate::report::{Console, Exit, Failure};

/// Runs the verb.
///
/// # Errors
/// Whatever the verb could not do.
pub(crate) fn run(arguments: Arguments, console: &Console) -> Result<Exit, Failure> {
    start_log(&arguments.log)?;
    match arguments.command {
        Command::Demo(it) => serve(demo::run(it, console)),
        Command::Oracle(it) => serve(oracle::run(*it, console)),
        Command::Controller(it) => serve(controller::run(it, console)),
        Command::Admin(it) => ask(admin::run(it, console)),
        Command::Query(it) => ask(query::run(it, console)),
        Command::Verify(it) => verify::run(it, console),
        Command::Did(it) => ask(did::run(it, console)),
        Command::Ps(it) => ask(ps::run(it, console)),
        Command::Zencode(it) => zencode::run(it, console),
        Command::Zenroom(it) => zenroom::run(it),
        Command::ZencodeExec(it) => zenroom::exec(it),
        Command::Statements(it) => statements::run(it, console),
        Command::Completions(it) => completions::run(it),
    }
}

/// Logs go to standard error, so that standard output holds results alone.
fn start_log(filter: &str) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::builder().parse(filter).map_err(|error| {
        Failure::new(Exit::Usage, error.to_string()).at("--log").hint("use error, warn, info, debug or trace")
    })?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}

/// Runs a verb that serves others: one worker per core.
fn serve(verb: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?
        .block_on(verb)
}

/// Runs a verb that asks others: one thread is enough, and starts faster.
fn ask(verb: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?
        .block_on(verb)
}
