//! `zenswarm controller`.

use crate::args::controller::Controller;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Controller, _console: &Console) -> Result<Exit, Failure> {
    match arguments {}
}
