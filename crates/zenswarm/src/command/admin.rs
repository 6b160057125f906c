//! `zenswarm admin`.

use crate::args::admin::Admin;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Admin, _console: &Console) -> Result<Exit, Failure> {
    match arguments {}
}
