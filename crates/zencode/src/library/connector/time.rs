//! Connector: the time of the host's clock.

use zencode_macros::{ask, order};

use super::quoted;
use crate::error::Error;
use crate::known::Known;
use crate::order::Ordered;
use crate::question::{Question, Target, Want, unfit};
use crate::request::{Answer, Request};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[FETCH_LOCAL_TIMESTAMP, FETCH_TIME];

/// Asks the host for the present time, and keeps it as an input: milliseconds since 1970, as a text.
///
/// # Example
/// ```zencode
/// Given I fetch the local timestamp and store it into 'now'
/// Given I have a 'string' named 'now'
/// Then print the 'now'
/// ```
/// ```json answer
/// "1714550400000"
/// ```
#[ask(before, "fetch local timestamp and store it into ''")]
fn fetch_local_timestamp(_known: &Known, target: &str) -> Result<Question, Error> {
    let want = Want::Ask(Request::Time, milliseconds);
    Ok(Question::new(want, Target::Member(target.to_owned())))
}

/// Asks the host for the present time, as a text of digits: milliseconds or whole seconds since 1970.
///
/// # Example
/// ```zencode
/// Given I fetch the local timestamp in milliseconds and output into 'moment'
/// Given I have a 'string' named 'moment'
/// Then print the 'moment'
/// ```
/// ```json answer
/// "1714550400999"
/// ```
#[order("fetch the local timestamp in milliseconds", "fetch the local timestamp in seconds")]
fn fetch_time(order: &Ordered<'_>) -> Result<Want, Error> {
    let in_seconds = order.phrase().ends_with(" seconds");
    Ok(Want::Ask(Request::Time, if in_seconds { seconds } else { milliseconds }))
}

fn milliseconds(answer: Answer) -> Result<String, Error> {
    match answer {
        Answer::Time(ms) => Ok(quoted(&ms.to_string())),
        other => Err(unfit(other)),
    }
}

fn seconds(answer: Answer) -> Result<String, Error> {
    match answer {
        Answer::Time(ms) => Ok(quoted(&ms.div_euclid(1000).to_string())),
        other => Err(unfit(other)),
    }
}
