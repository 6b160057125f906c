//! `zenswarm zencode`: contracts from the command line, in this program's own words.

mod check;
mod excerpt;
mod fmt;
mod run;
mod source;

use crate::args::zencode::Zencode;
use crate::report::{Console, Exit, Failure};

pub(crate) fn run(arguments: Zencode, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        Zencode::Run(it) => run::run(&it, console),
        Zencode::Check(it) => check::run(&it, console),
        Zencode::Fmt(it) => fmt::run(&it, console),
    }
}
