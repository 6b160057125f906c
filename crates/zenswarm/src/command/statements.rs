//! `zenswarm statements`.

use crate::args::statements::Statements;
use crate::report::{Console, Exit, Failure};

pub(crate) fn run(_arguments: Statements, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal("this verb is not built in yet"))
}
