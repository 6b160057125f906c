//! `zenswarm oracle`.

use crate::args::oracle::Oracle;
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Oracle, console: &Console) -> Result<Exit, Failure> {
    let asked = format!("{arguments:?}");
    console
        .print(&asked, &serde_json::json!({ "asked": asked, "format": format!("{:?}", console.format()) }));
    Err(Failure::internal("this verb is not built in yet"))
}
