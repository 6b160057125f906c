//! `zenswarm demo`.

use crate::args::demo::Demo;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(_arguments: Demo, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal("this verb is not built in yet"))
}
