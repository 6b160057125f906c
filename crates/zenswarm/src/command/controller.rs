//! `zenswarm controller`.

use crate::args::controller::Controller;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Controller, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
