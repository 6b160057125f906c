//! `zenswarm ps`.

use crate::args::ps::Ps;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Ps, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
