//! Pack: MessagePack with the extensions of the reference engine.

use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::message_pack::{decode, encode};
use crate::statement::Statement;
use crate::value::Value;

pub(super) const STATEMENTS: &[Statement] = &[CREATE_MPACK, CREATE_DECODED_FROM_MPACK];

/// Makes `mpack`: an object of any kind, packed into octets as MessagePack.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'parcel'
/// When I create the mpack of 'parcel'
/// Then print the 'mpack' as 'hex'
/// ```
/// ```json data
/// { "parcel": { "to": "Ivrea", "from": "Torino" } }
/// ```
#[when("create mpack of ''")]
fn create_mpack(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("mpack")?;
    let packed = encode(machine.value(name)?)?;
    machine.create("mpack", Value::Octet(packed), Traits::element())
}

/// Makes an object of the name given: what the octets of a MessagePack hold.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// When I create the mpack of 'stops'
/// When I create the 'string array' decoded from mpack 'mpack'
/// Then print the 'string array' as 'string'
/// ```
/// ```json data
/// { "stops": ["Torino", "Chivasso", "Ivrea"] }
/// ```
#[when("create '' decoded from mpack ''")]
fn create_decoded_from_mpack(machine: &mut Machine, target: &str, name: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let object = machine.have(name)?;
    ensure(object.codec.shape == Shape::Element, || format!("Invalid mpack, not an element: {name}"))?;
    let Value::Octet(packed) = &object.value else {
        return Err(Error::refused(format!("Invalid mpack, not an octet: {name}")));
    };
    let value = decode(packed, machine.limits.nesting_max)?;
    machine.create(target, value, Traits::default())
}
