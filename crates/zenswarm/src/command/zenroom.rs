//! `zenswarm zenroom` and `zenswarm zencode-exec`: both print like the reference programs, and so
//! take no console.

use crate::args::zenroom::{ZencodeExec, Zenroom};
use crate::report::{Exit, Failure};

pub(crate) fn run(_arguments: Zenroom) -> Result<Exit, Failure> {
    Err(Failure::internal("this verb is not built in yet"))
}

pub(crate) fn exec(_arguments: ZencodeExec) -> Result<Exit, Failure> {
    Err(Failure::internal("this verb is not built in yet"))
}
