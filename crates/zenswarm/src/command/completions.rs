//! `zenswarm completions`.

use clap::CommandFactory as _;

use crate::args::Arguments;
use crate::args::completions::Completions;
use crate::report::{Exit, Failure};

pub(crate) fn run(arguments: Completions) -> Result<Exit, Failure> {
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "zenswarm", &mut std::io::stdout());
    Ok(Exit::Done)
}
