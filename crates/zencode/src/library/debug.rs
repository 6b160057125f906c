//! Debug: looking at a run from inside.

use zencode_macros::{given, then, when};

use crate::error::Error;
use crate::export::Printed;
use crate::given::{Declaration, Given, Show};
use crate::machine::Machine;
use crate::statement::Statement;

pub(super) const STATEMENTS: &[Statement] = &[
    GIVEN_TRACE,
    GIVEN_DEBUG,
    GIVEN_SCHEMA,
    GIVEN_CODEC,
    GIVEN_CONFIG,
    GIVEN_BREAK,
    WHEN_TRACE,
    WHEN_DEBUG,
    WHEN_SCHEMA,
    WHEN_CODEC,
    WHEN_CONFIG,
    WHEN_BREAK,
    THEN_TRACE,
    THEN_DEBUG,
    THEN_SCHEMA,
    THEN_CODEC,
    THEN_CONFIG,
    THEN_BREAK,
    PRINT_CODEC,
];

fn declare(given: &mut Given, show: Show) -> Result<(), Error> {
    given.declare(Declaration::Show(show));
    Ok(())
}

fn show(machine: &mut Machine, show: Show) -> Result<(), Error> {
    machine.show(show);
    Ok(())
}

fn stop() -> Result<(), Error> {
    Err(Error::failed("break"))
}

/// Logs the lines executed so far.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given trace
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[given("trace", "backtrace")]
fn given_trace(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Trace)
}

/// Logs what memory holds, of a keyring only the names, and the lines executed so far.
///
/// # Example
/// ```zencode
/// Given debug
/// Given I have a 'number' named 'year'
/// Then print the 'year'
/// ```
/// ```json data
/// { "year": 1908 }
/// ```
#[given("debug")]
fn given_debug(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::HeapAndTrace)
}

/// Logs what memory holds: names, kinds, lengths and octets, of a keyring only the names.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// Given schema
/// Then print the 'stops'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"] }
/// ```
#[given("schema")]
fn given_schema(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Heap)
}

/// Logs how each object came in: its name, kind and encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'hex' named 'colour'
/// Given codec
/// Then print the 'colour' as 'base64'
/// ```
/// ```json data
/// { "colour": "87ceeb" }
/// ```
#[given("codec")]
fn given_codec(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Codec)
}

/// Logs the settings of the contract.
///
/// # Example
/// ```zencode
/// Given config
/// Given nothing
/// Then print the string 'settings are in the log'
/// ```
#[given("config")]
fn given_config(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Config)
}

/// Ends the run as failed.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'draft'
/// Given break
/// Then print the 'draft'
/// ```
/// ```json data
/// { "draft": "not to be printed yet" }
/// ```
#[given("break")]
fn given_break(given: &mut Given) -> Result<(), Error> {
    given.declare(Declaration::Break);
    Ok(())
}

/// Logs the lines executed so far.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'word'
/// When I create the hash of 'word'
/// When trace
/// Then print the 'hash'
/// ```
/// ```json data
/// { "word": "bridge" }
/// ```
#[when("trace", "backtrace")]
fn when_trace(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Trace)
}

/// Logs what memory holds, of a keyring only the names, and the lines executed so far.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'name'
/// When debug
/// When I append the string ' Rossi' to 'name'
/// Then print the 'name'
/// ```
/// ```json data
/// { "name": "Ada" }
/// ```
#[when("debug")]
fn when_debug(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::HeapAndTrace)
}

/// Logs what memory holds: names, kinds, lengths and octets, of a keyring only the names.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// When I create the copy of 'city' from 'address'
/// When schema
/// Then print the 'copy'
/// ```
/// ```json data
/// { "address": { "city": "Ivrea" } }
/// ```
#[when("schema")]
fn when_schema(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Heap)
}

/// Logs how each object came in or was made: its name, kind and encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'year'
/// When I rename 'year' to 'founded'
/// When codec
/// Then print the 'founded'
/// ```
/// ```json data
/// { "year": 1908 }
/// ```
#[when("codec")]
fn when_codec(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Codec)
}

/// Logs the settings of the contract.
///
/// # Example
/// ```zencode
/// Rule output encoding hex
/// Given nothing
/// When I create the random of '4' bytes
/// When config
/// Then print the 'random'
/// ```
#[when("config")]
fn when_config(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Config)
}

/// Ends the run as failed.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'stock'
/// Given I have a 'number' named 'order'
/// If I verify number 'order' is more than 'stock'
/// When break
/// EndIf
/// Then print the 'order'
/// ```
/// ```json data
/// { "stock": 5, "order": 9 }
/// ```
#[when("break")]
fn when_break(_machine: &mut Machine) -> Result<(), Error> {
    stop()
}

/// Logs the lines executed so far.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Then print the 'city'
/// Then trace
/// ```
/// ```json data
/// { "city": "Torino" }
/// ```
#[then("trace", "backtrace")]
fn then_trace(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Trace)
}

/// Logs what memory holds, of a keyring only the names, and the lines executed so far.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'song'
/// When I create the size of 'song'
/// Then print the 'size'
/// Then debug
/// ```
/// ```json data
/// { "song": "Bella ciao" }
/// ```
#[then("debug")]
fn then_debug(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::HeapAndTrace)
}

/// Logs what memory holds: names, kinds, lengths and octets, of a keyring only the names.
///
/// # Example
/// ```zencode
/// Given I have a 'number array' named 'hours'
/// Then print the 'hours'
/// Then schema
/// ```
/// ```json data
/// { "hours": [8, 7.5] }
/// ```
#[then("schema")]
fn then_schema(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Heap)
}

/// Logs how each object came in or was made: its name, kind and encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'base64' named 'photo'
/// Then codec
/// Then print the 'photo' as 'hex'
/// ```
/// ```json data
/// { "photo": "iVBORw0KGgo=" }
/// ```
#[then("codec")]
fn then_codec(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Codec)
}

/// Logs the settings of the contract.
///
/// # Example
/// ```zencode
/// Rule output encoding base58
/// Given I have a 'hex' named 'ticket'
/// Then print the 'ticket'
/// Then config
/// ```
/// ```json data
/// { "ticket": "c0ffee" }
/// ```
#[then("config")]
fn then_config(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Config)
}

/// Ends the run as failed: what was printed is dropped.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'answer'
/// Then print the 'answer'
/// Then break
/// ```
/// ```json data
/// { "answer": "printed, and yet no output" }
/// ```
#[then("break")]
fn then_break(_machine: &mut Machine) -> Result<(), Error> {
    stop()
}

/// Prints `codec`: how each object came in or was made, by name, kind and encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'hex' named 'colour'
/// Given I have a 'string array' named 'names'
/// Then print codec
/// ```
/// ```json data
/// { "colour": "87ceeb", "names": ["Ada", "Ugo"] }
/// ```
#[then("print codec")]
fn print_codec(machine: &mut Machine) -> Result<(), Error> {
    if machine.output.contains_key("codec") {
        return Err(Error::failed("Cannot overwrite printed output codec"));
    }
    let printed = machine.codecs();
    machine.output.insert("codec".to_owned(), printed);
    Ok(())
}

impl Machine {
    /// How each object came in, as the reference engine lists it.
    pub(crate) fn codecs(&self) -> Printed {
        let declared = self.declared().into_iter();
        Printed::Dictionary(declared.map(|(name, declared)| (name, declared.printed())).collect())
    }

    /// [`Machine::codecs`] as text, for the log.
    pub(crate) fn codec_text(&self) -> String {
        self.write_printed(&self.codecs()).unwrap_or_default()
    }
}
