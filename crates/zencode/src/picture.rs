//! A picture of memory, for an author who debugs: names, kinds and lengths, and values where asked for.
//!
//! It has the layout of the reference engine's. Unlike there, a picture that a failure carries shows no
//! values, since a failure travels further than its author; and no picture shows a keyring's keys.
//!
//! # Source
//! Zenroom `inspect.lua`, `zencode_debug.lua`.

use zencode_crypto::encoding::hex;

use crate::declared::Declared;
use crate::export::Printed;
use crate::json::Json;
use crate::machine::Machine;
use crate::value::{Table, Value};

/// Whether a picture of memory shows values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    Shown,
    Hidden,
}

/// Octets of one value and of a whole picture that are shown at most.
const VALUE_OCTETS_MAX: usize = 256;
const PICTURE_OCTETS_MAX: usize = 256 * 1024;

/// The one name whose members are secret.
const KEYRING: &str = "keyring";

/// Something to draw.
enum Node {
    Leaf(String),
    Array(Vec<Self>),
    Dictionary(Vec<(String, Self)>),
}

impl Machine {
    /// Everything in memory.
    pub(crate) fn heap_shape(&self, values: Values) -> String {
        let codecs = self.declared().into_iter();
        let codecs = codecs.map(|(name, declared)| (name, of_codec(&declared))).collect();
        let inputs = members(&self.inputs, values, |json, values| of_json(json, values));
        let objects = self.objects.iter();
        let objects =
            objects.map(|(name, object)| (name.clone(), of_value(&object.value, within(name, values))));
        let output = match self.output_items.as_slice() {
            [] => members(&self.output, values, of_printed),
            items => Node::Array(items.iter().map(|item| of_printed(item, values)).collect()),
        };
        let whole = Node::Dictionary(vec![
            ("a_CODEC_ack".to_owned(), Node::Dictionary(codecs)),
            ("b_GIVEN_in".to_owned(), inputs),
            ("c_WHEN_ack".to_owned(), Node::Dictionary(objects.collect())),
            ("d_THEN_out".to_owned(), output),
        ]);
        let mut out = String::new();
        draw(&mut out, &whole, 0);
        out
    }
}

/// What is shown below a name.
fn within(name: &str, values: Values) -> Values {
    if name == KEYRING { Values::Hidden } else { values }
}

fn members<T>(
    members: &std::collections::BTreeMap<String, T>,
    values: Values,
    node: fn(&T, Values) -> Node,
) -> Node {
    Node::Dictionary(
        members.iter().map(|(name, item)| (name.clone(), node(item, within(name, values)))).collect(),
    )
}

fn of_codec(declared: &Declared) -> Node {
    of_printed(&declared.printed(), Values::Shown)
}

fn of_json(json: &Json, values: Values) -> Node {
    let leaf =
        |kind: &str, text: String| Node::Leaf(if values == Values::Shown { text } else { kind.to_owned() });
    match json {
        Json::Null => leaf("nil", "nil".to_owned()),
        Json::Boolean(truth) => leaf("boolean", truth.to_string()),
        Json::Number(number) => leaf("number", number.text()),
        Json::Integer(integer) => leaf("number", integer.to_string()),
        Json::Text(text) => quoted(text.as_bytes(), values),
        Json::Array(items) => Node::Array(items.iter().map(|item| of_json(item, values)).collect()),
        Json::Object(found) => members(found, values, of_json),
    }
}

fn of_printed(printed: &Printed, values: Values) -> Node {
    let leaf =
        |kind: &str, text: String| Node::Leaf(if values == Values::Shown { text } else { kind.to_owned() });
    match printed {
        Printed::Text(text) => quoted(text, values),
        Printed::Number(number) => leaf("number", number.text()),
        Printed::Boolean(truth) => leaf("boolean", truth.to_string()),
        Printed::Raw(value) => of_value(value, values),
        Printed::Array(items) => Node::Array(items.iter().map(|item| of_printed(item, values)).collect()),
        Printed::Dictionary(found) => members(found, values, of_printed),
    }
}

fn quoted(text: &[u8], values: Values) -> Node {
    Node::Leaf(match values {
        Values::Shown => format!("{:?}", String::from_utf8_lossy(cut(text))),
        Values::Hidden => format!("string[{}]", text.len()),
    })
}

fn of_value(value: &Value, values: Values) -> Node {
    let text = match value {
        Value::Table(Table::Array(items)) => {
            return Node::Array(items.iter().map(|item| of_value(item, values)).collect());
        }
        Value::Table(Table::Dictionary(found)) => return members(found, values, of_value),
        Value::Octet(octets) => labelled("octet", octets.len(), values, || octets_shown(octets)),
        Value::Integer(integer) => {
            // Below eight octets an integer is easier to read in decimal.
            const DECIMAL_OCTETS_MAX: usize = 7;
            let octets = value.octets().unwrap_or_default();
            match octets.len() {
                0..=DECIMAL_OCTETS_MAX => labelled("dec", octets.len(), values, || integer.to_string()),
                length => labelled("big", length, values, || hex::encode(cut(&octets))),
            }
        }
        Value::Point(point) => {
            let octets = point.octets();
            labelled(kind(value), octets.len(), values, || hex::encode(cut(&octets)))
        }
        Value::Boolean(truth) if values == Values::Shown => truth.to_string(),
        Value::Float(_) | Value::Time(_) if values == Values::Shown => {
            let text = value.octets().unwrap_or_default();
            format!("{} {}", kind(value), String::from_utf8_lossy(&text))
        }
        Value::Boolean(_) | Value::Float(_) | Value::Time(_) => kind(value).to_owned(),
    };
    Node::Leaf(text)
}

fn kind(value: &Value) -> &'static str {
    value.kind().trim_start_matches("zenroom.")
}

fn labelled(kind: &str, length: usize, values: Values, shown: impl FnOnce() -> String) -> String {
    match values {
        Values::Shown => format!("{kind}[{length}] {}", shown()),
        Values::Hidden => format!("{kind}[{length}]"),
    }
}

/// Octets as the reference engine shows them: lengths of keys in hexadecimal, short texts as texts.
fn octets_shown(octets: &[u8]) -> String {
    const TEXT_OCTETS_MAX: usize = 30;
    if octets.is_empty() {
        return "(null)".to_owned();
    }
    if octets.iter().all(|octet| *octet == 0) {
        return "(all zero)".to_owned();
    }
    match std::str::from_utf8(octets) {
        Ok(text) if octets.len() <= TEXT_OCTETS_MAX && octets.len() != 16 => text.escape_debug().to_string(),
        _ => hex::encode(cut(octets)),
    }
}

fn cut(octets: &[u8]) -> &[u8] {
    octets.get(..VALUE_OCTETS_MAX).unwrap_or(octets)
}

fn draw(out: &mut String, node: &Node, level: usize) {
    if out.len() > PICTURE_OCTETS_MAX {
        out.push_str("...");
        return;
    }
    match node {
        Node::Leaf(text) => out.push_str(text),
        Node::Array(items) if items.is_empty() => out.push_str("{}"),
        Node::Dictionary(members) if members.is_empty() => out.push_str("{}"),
        Node::Array(items) => {
            out.push_str(&format!("[{}] {{", items.len()));
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { " " } else { ", " });
                draw(out, item, level + 1);
                if out.len() > PICTURE_OCTETS_MAX {
                    break;
                }
            }
            out.push_str(" }");
        }
        Node::Dictionary(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "\n" } else { ",\n" });
                out.push_str(&indent(level + 1));
                out.push_str(&key(name));
                out.push_str(" = ");
                draw(out, member, level + 1);
                if out.len() > PICTURE_OCTETS_MAX {
                    break;
                }
            }
            out.push('\n');
            out.push_str(&indent(level));
            out.push('}');
        }
    }
}

fn indent(level: usize) -> String {
    "    ".repeat(level)
}

/// A name as it is, or in brackets where it is no word.
fn key(name: &str) -> String {
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if word { name.to_owned() } else { format!("[{name:?}]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(node: &Node) -> String {
        let mut out = String::new();
        draw(&mut out, node, 0);
        out
    }

    fn leaf(text: &str) -> Node {
        Node::Leaf(text.to_owned())
    }

    #[test]
    fn a_dictionary_in_an_array_is_indented_twice() {
        let inner = Node::Dictionary(vec![("z".to_owned(), leaf("1"))]);
        let whole = Node::Dictionary(vec![("q".to_owned(), Node::Array(vec![leaf("2"), inner]))]);
        assert_eq!(drawn(&whole), "{\n    q = [2] { 2, {\n            z = 1\n        } }\n}");
    }

    #[test]
    fn a_picture_ends_at_its_limit() {
        let items = (0..PICTURE_OCTETS_MAX).map(|_| leaf("0123456789")).collect();
        assert!(drawn(&Node::Array(items)).len() < 2 * PICTURE_OCTETS_MAX);
    }

    #[test]
    fn a_hidden_value_shows_its_length_alone() {
        assert!(
            matches!(of_value(&Value::Octet(b"secret".to_vec()), Values::Hidden), Node::Leaf(text) if text == "octet[6]")
        );
    }

    #[test]
    fn a_name_with_a_blank_is_quoted() {
        assert_eq!(key("a b"), "[\"a b\"]");
    }
}
