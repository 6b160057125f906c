//! JSON Schemas of the language's types.
//!
//! They say what to send, not everything that is taken: the language also reads a number where a text is declared,
//! and a table where a single value is.

use serde_json::{Map, Value, json};
use zencode::{Form, Input, Shape};

/// How a person enters a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// A line of text.
    Text,
    /// A number, or a text of digits.
    Number,
    /// Yes or no.
    Truth,
    /// JSON.
    Json,
}

/// The schema of a declared input; `encoding` is what its texts are in when nothing says so.
pub(crate) fn of_input(input: &Input, encoding: &str) -> Value {
    let leaf = match (input.schema.and_then(Form::of), input.encoding) {
        (Some(form), _) => of_form(form, encoding),
        (None, Some(name)) => of_encoding(name),
        // A table whose type is only known when it is there.
        (None, None) => json!({}),
    };
    match input.shape {
        Shape::Element => leaf,
        Shape::Array => json!({ "type": "array", "items": inside(input, leaf) }),
        Shape::Dictionary => json!({ "type": "object", "additionalProperties": inside(input, leaf) }),
    }
}

/// Values inside a table: those of an encoding may be tables again.
fn inside(input: &Input, leaf: Value) -> Value {
    match (input.schema, input.encoding) {
        (Some(_), _) => leaf,
        (None, None | Some("string")) => json!({}),
        (None, Some(_)) => json!({ "anyOf": [leaf, { "type": ["array", "object"] }] }),
    }
}

/// The schema of a named type.
pub(crate) fn of_form(form: Form, encoding: &str) -> Value {
    match form {
        Form::Octets => of_encoding(encoding),
        Form::Text(encoding) => of_encoding(encoding),
        Form::Decimal => json!({
            "type": ["string", "number"], "pattern": "^[0-9.]+$", "description": "a number in decimal",
        }),
        Form::Record(members) => {
            let properties: Map<String, Value> =
                members.iter().map(|(name, form)| ((*name).to_owned(), of_form(*form, encoding))).collect();
            let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
            json!({ "type": "object", "properties": properties, "required": required })
        }
        Form::List(form) => json!({ "type": "array", "items": of_form(*form, encoding) }),
        Form::Dictionary => json!({ "type": "object" }),
        Form::Any => json!({}),
    }
}

/// The schema of a text in an encoding, or of what stands for a number or a truth value.
fn of_encoding(name: &str) -> Value {
    let text = |pattern: &str, description: &str| json!({ "type": "string", "pattern": pattern, "description": description });
    match name {
        "string" => json!({ "type": "string" }),
        "base64" => text("^[A-Za-z0-9+/]*={0,2}$", "octets in base64"),
        "url64" => text("^[A-Za-z0-9_-]*={0,2}$", "octets in base64url"),
        "base58" => text("^[1-9A-HJ-NP-Za-km-z]*$", "octets in base58"),
        "hex" => text("^(0x)?([0-9A-Fa-f]{2})*$", "octets in hexadecimal"),
        "binary" => text("^[01]*$", "octets as digits 0 and 1"),
        "mnemonic" => json!({ "type": "string", "description": "octets as words (BIP-39)" }),
        "base32" => text("^[A-Z2-7]*=*$", "octets in base32"),
        "base32crockford" => json!({ "type": "string", "description": "octets in Crockford's base32" }),
        "base32crockford_cs" => {
            json!({ "type": "string", "description": "octets in Crockford's base32, with a check symbol" })
        }
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "integer" => text("^-?[0-9]+$", "a whole number of any size, in decimal"),
        "float" => {
            json!({ "type": ["number", "string"], "pattern": "^-?[0-9.eE+-]*$", "description": "a number" })
        }
        "time" => json!({
            "type": ["integer", "string"], "pattern": "^-?[0-9]+$", "description": "seconds since 1970",
        }),
        "boolean" => json!({ "type": "boolean" }),
        _ => json!({}),
    }
}

/// How a value of a schema is entered.
pub(crate) fn control(schema: &Value) -> Control {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match kinds.as_slice() {
        ["string"] => Control::Text,
        ["boolean"] => Control::Truth,
        kinds if kinds.iter().any(|kind| matches!(*kind, "number" | "integer")) => Control::Number,
        _ => Control::Json,
    }
}
