//! Time: seconds since 1970, and their forms as text and table.

use zencode_macros::when;

use crate::codec::Traits;
use crate::error::Error;
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::Value;

pub(super) const STATEMENTS: &[Statement] = &[CREATE_TIMESTAMP];

pub(super) const SCHEMAS: &[crate::schema::Schema] = &[];

/// Makes `timestamp`: the present time in seconds, as the host tells it.
#[when("create timestamp")]
fn create_timestamp(machine: &mut Machine) -> Result<(), Error> {
    let seconds = machine.now_ms.div_euclid(1000);
    machine.create("timestamp", Value::Time(seconds), Traits::element_encoded("time"))
}
