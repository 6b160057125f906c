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
#[given("trace", "backtrace")]
fn given_trace(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Trace)
}

/// Logs the shape of memory and the lines executed so far.
#[given("debug")]
fn given_debug(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::HeapAndTrace)
}

/// Logs the shape of memory.
#[given("schema")]
fn given_schema(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Heap)
}

/// Logs how each object came in.
#[given("codec")]
fn given_codec(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Codec)
}

/// Logs the settings of the contract.
#[given("config")]
fn given_config(given: &mut Given) -> Result<(), Error> {
    declare(given, Show::Config)
}

/// Ends the run as failed.
#[given("break")]
fn given_break(given: &mut Given) -> Result<(), Error> {
    given.declare(Declaration::Break);
    Ok(())
}

/// Logs the lines executed so far.
#[when("trace", "backtrace")]
fn when_trace(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Trace)
}

/// Logs the shape of memory and the lines executed so far.
#[when("debug")]
fn when_debug(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::HeapAndTrace)
}

/// Logs the shape of memory.
#[when("schema")]
fn when_schema(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Heap)
}

/// Logs how each object came in.
#[when("codec")]
fn when_codec(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Codec)
}

/// Logs the settings of the contract.
#[when("config")]
fn when_config(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Config)
}

/// Ends the run as failed.
#[when("break")]
fn when_break(_machine: &mut Machine) -> Result<(), Error> {
    stop()
}

/// Logs the lines executed so far.
#[then("trace", "backtrace")]
fn then_trace(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Trace)
}

/// Logs the shape of memory and the lines executed so far.
#[then("debug")]
fn then_debug(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::HeapAndTrace)
}

/// Logs the shape of memory.
#[then("schema")]
fn then_schema(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Heap)
}

/// Logs how each object came in.
#[then("codec")]
fn then_codec(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Codec)
}

/// Logs the settings of the contract.
#[then("config")]
fn then_config(machine: &mut Machine) -> Result<(), Error> {
    show(machine, Show::Config)
}

/// Ends the run as failed.
#[then("break")]
fn then_break(_machine: &mut Machine) -> Result<(), Error> {
    stop()
}

/// Prints how each object came in.
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
