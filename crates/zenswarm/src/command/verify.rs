//! `zenswarm verify`.

use crate::args::verify::Verify;
use crate::report::{Console, Exit, Failure};

pub(crate) fn run(arguments: Verify, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
