//! What a contract prints, as far as its text tells.
//!
//! An object keeps its type from where it is made until something changes it. Types are followed for inputs and for what a
//! statement makes under the name of a type (`create the ecdh signature`); a name that any other statement touches
//! is printed as anything. Inside a branch nothing is certain to be printed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zencode::{Contract, Form, Phase, Shape, Use};

use super::connector::name;
use super::schema;

/// The schema of the answer.
pub(crate) fn answer(contract: &Contract) -> Value {
    let mut known = Known::of(contract);
    let mut printed = Printed::default();
    for line in contract.uses() {
        match line.phase {
            Phase::When | Phase::Foreach => known.work(&line),
            Phase::If => printed.is_branching = true,
            Phase::Then => printed.print(&line, &known),
            Phase::Given => {}
        }
    }
    printed.schema()
}

/// Objects whose type is known.
struct Known {
    types: BTreeMap<String, Value>,
    encoding: &'static str,
}

impl Known {
    fn of(contract: &Contract) -> Self {
        let encoding = contract.output_encoding();
        let mut known = Self { types: BTreeMap::new(), encoding };
        for input in contract.inputs() {
            let Some(name) = input.name.as_deref().and_then(|path| path.rsplit('.').next()) else { continue };
            // A value of an encoding may have come as a table, and an empty table is printed as an array.
            let schema = match (input.schema.and_then(Form::of), input.shape) {
                (Some(form), Shape::Element) => schema::of_form(form, encoding),
                (_, Shape::Array | Shape::Dictionary) => json!({ "type": ["object", "array"] }),
                (None, Shape::Element) => continue,
            };
            known.types.insert(name.to_owned(), schema);
        }
        known
    }

    fn work(&mut self, line: &Use) {
        let names = quoted(&line.source);
        let sentence = line.sentence.as_str();
        if let Some(made) = sentence.strip_prefix("create ") {
            self.create(made);
        } else if sentence == "rename '' to ''" {
            if let [from, to] = names.as_slice()
                && let Some(schema) = self.types.remove(from)
            {
                self.types.insert(to.clone(), schema);
            }
        } else if !sentence.starts_with("verify") {
            for name in names {
                self.types.remove(&name);
            }
        }
    }

    /// A statement may make an object under the name of its type.
    fn create(&mut self, sentence: &str) {
        let words: Vec<&str> = sentence.split_whitespace().take_while(|word| *word != "''").collect();
        let longest_first = (1..=words.len()).rev().map(|count| words[..count].join("_"));
        for name in longest_first {
            if let Some(form) = Form::of(&name) {
                self.types.insert(name, schema::of_form(form, self.encoding));
                return;
            }
        }
    }
}

#[derive(Default)]
struct Printed {
    members: Map<String, Value>,
    is_branching: bool,
    is_open: bool,
}

impl Printed {
    fn print(&mut self, line: &Use, known: &Known) {
        let names = quoted(&line.source);
        match (line.sentence.as_str(), names.as_slice()) {
            ("print string ''", _) => {
                let texts = json!({ "type": "array", "items": { "type": "string" } });
                self.members.insert("output".to_owned(), texts);
            }
            ("print ''", [name]) => {
                let schema = known.types.get(name).cloned().unwrap_or_else(|| json!({}));
                self.members.insert(name.clone(), schema);
            }
            ("print '' as ''", [name, _]) => {
                self.members.insert(name.clone(), json!({}));
            }
            ("nothing", _) => {}
            _ => self.is_open = true,
        }
    }

    fn schema(self) -> Value {
        let certain = !self.is_branching && !self.is_open && !self.members.is_empty();
        // A contract that prints nothing prints an empty array.
        let kind = if certain { json!("object") } else { json!(["object", "array"]) };
        let mut schema = json!({ "type": kind });
        if certain {
            schema["required"] = self.members.keys().map(|name| json!(name)).collect();
        }
        if !self.members.is_empty() {
            schema["properties"] = Value::Object(self.members);
        }
        schema
    }
}

fn quoted(source: &str) -> Vec<String> {
    source.split('\'').skip(1).step_by(2).map(name).collect()
}
