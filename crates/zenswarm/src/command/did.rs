//! `zenswarm did`.

use crate::args::did::Did;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Did, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
