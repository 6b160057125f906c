//! `zenswarm query`.

use crate::args::query::Query;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(_arguments: Query, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal("this verb is not built in yet"))
}
