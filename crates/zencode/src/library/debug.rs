//! Debug: looking at a run from inside.

use std::collections::BTreeMap;

use zencode_macros::{given, then, when};

use crate::codec::Mask;
use crate::error::Error;
use crate::export::Printed;
use crate::given::{Declaration, Given, Show};
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::Value;

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
        let text = |text: &str| Printed::Text(text.as_bytes().to_vec());
        let mut all = BTreeMap::new();
        for (name, object) in &self.objects {
            let codec = &object.codec;
            let mut fields = BTreeMap::from([
                ("name".to_owned(), text(&codec.name)),
                ("zentype".to_owned(), text(codec.shape.letter())),
            ]);
            // A table of schema objects is noted without an encoding.
            let of_schemas = codec.schema.is_some() && codec.shape != crate::codec::Shape::Element;
            if !of_schemas {
                fields.insert("encoding".to_owned(), text(&codec.encoding));
            }
            if let Some(schema) = codec.schema {
                fields.insert("schema".to_owned(), text(schema.name));
            }
            if let Some(mask) = &codec.mask {
                fields.insert("mask".to_owned(), shown_mask(mask));
            }
            if let Some(root) = &codec.root {
                fields.insert("root".to_owned(), text(root));
            }
            if let Some(kind) = codec.read_as {
                fields.insert("bintype".to_owned(), text(kind));
            }
            if codec.written {
                fields.insert("luatype".to_owned(), text("string"));
            }
            all.insert(name.clone(), Printed::Dictionary(fields));
        }
        Printed::Dictionary(all)
    }

    /// [`Machine::codecs`] as text, for the log.
    pub(crate) fn codec_text(&self) -> String {
        self.write_printed(&self.codecs()).unwrap_or_default()
    }

    /// Names, kinds and lengths of everything in memory.
    ///
    /// Values are added for an author who asks with a debugging statement; a failure, which travels
    /// further, goes without them. A keyring never shows its keys.
    pub(crate) fn heap_shape(&self, values: Values) -> String {
        let mut objects = String::new();
        for (name, object) in &self.objects {
            let values = if name == "keyring" { Values::Hidden } else { values };
            shape(&mut objects, name, &object.value, 2, values);
        }
        let names =
            |names: Vec<&String>| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        format!(
            "{{\n    a_CODEC_ack = {{ {} }},\n    b_GIVEN_in = {{ {} }},\n    c_WHEN_ack = {{\n{objects}    }},\n    \
             d_THEN_out = {{ {} }}\n}}",
            names(self.objects.keys().collect()),
            names(self.inputs.keys().collect()),
            names(self.output.keys().collect()),
        )
    }
}

fn shown_mask(mask: &Mask) -> Printed {
    match mask {
        Mask::Leaf(encoding) => Printed::Text(encoding.as_bytes().to_vec()),
        Mask::Inner(inner) => {
            Printed::Dictionary(inner.iter().map(|(name, mask)| (name.clone(), shown_mask(mask))).collect())
        }
    }
}

/// Whether a picture of memory shows values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    Shown,
    Hidden,
}

fn shape(out: &mut String, name: &str, value: &Value, depth: usize, values: Values) {
    const DEPTH_MAX: usize = 8;
    const OCTETS_SHOWN_MAX: usize = 256;
    let indent = "    ".repeat(depth);
    let line = match value {
        Value::Table(_) if depth > DEPTH_MAX => format!("{indent}{name} = {{...}},\n"),
        Value::Table(table) => {
            let mut inner = format!("{indent}{name} = {{\n");
            for (key, member) in table.entries() {
                shape(&mut inner, &key.to_string(), member, depth + 1, values);
            }
            inner.push_str(&format!("{indent}}},\n"));
            inner
        }
        other => {
            let kind = other.kind().trim_start_matches("zenroom.");
            let octets = other.octets().unwrap_or_default();
            let shown = match values {
                Values::Shown => &octets[..octets.len().min(OCTETS_SHOWN_MAX)],
                Values::Hidden => &[],
            };
            let hex = zencode_crypto::encoding::hex::encode(shown);
            format!(
                "{indent}{name} = {kind}[{}]{}{hex},\n",
                octets.len(),
                if hex.is_empty() { "" } else { " " }
            )
        }
    };
    out.push_str(&line);
}
