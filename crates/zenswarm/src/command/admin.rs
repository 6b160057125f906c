//! `zenswarm admin`.

use crate::args::admin::Admin;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Admin, _console: &Console) -> Result<Exit, Failure> {
    Err(Failure::internal(format!("this verb is not built in yet: {arguments:?}")))
}
