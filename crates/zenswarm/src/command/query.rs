//! `zenswarm query`.

use crate::args::query::Query;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Query, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
