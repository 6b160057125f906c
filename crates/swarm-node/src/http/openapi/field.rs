//! What a contract takes of its caller: one field for each declared input, without what others bring.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zencode::{Contract, Input, InputPlace};

use super::connector::Asked;
use super::schema;

/// Depth of a path that is described member by member.
const PATH_PARTS_MAX: usize = 8;

/// One value that a caller sends.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The names that lead to it within DATA.
    pub(crate) path: Vec<String>,
    /// Its type in the words of the contract.
    pub(crate) kind: String,
    /// Its schema.
    pub(crate) schema: Value,
    /// Other names for it; only at the root.
    pub(crate) aliases: Vec<String>,
    /// Whether the contract fails without it.
    pub(crate) is_required: bool,
    /// The line that asks for it.
    pub(crate) line: usize,
}

/// Everything that a contract takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    /// What its text names.
    pub(crate) named: Vec<Field>,
    /// Whether it takes more than its text names.
    pub(crate) is_open: bool,
    /// Whether anything sent makes it fail.
    pub(crate) takes_nothing: bool,
}

impl Fields {
    /// Reads a contract. `brought` are the names that KEYS or the oracle bring, `aliases` lead to the names they stand for.
    pub(crate) fn of(
        contract: &Contract,
        brought: &BTreeSet<String>,
        aliases: &BTreeMap<String, String>,
    ) -> Self {
        let uses = contract.uses();
        let takes_nothing =
            uses.iter().any(|line| line.scenario.name == "given" && line.statement.name == "nothing");
        let mut gathered = Gathered { brought: brought.clone(), ..Gathered::default() };
        for line in &uses {
            if let Some(asked) = Asked::of(line) {
                gathered.ask(asked, line.line);
            }
        }
        for input in contract.inputs() {
            gathered.declare(&input, contract);
        }
        let mut named = gathered.finished();
        for field in named.iter_mut().filter(|field| field.path.len() == 1) {
            let others = aliases.iter().filter(|(_, name)| **name == field.path[0]);
            field.aliases = others.map(|(alias, _)| alias.clone()).collect();
        }
        Self { named, is_open: gathered.is_open, takes_nothing }
    }

    /// The schema of DATA.
    pub(crate) fn schema(&self) -> Value {
        if self.takes_nothing {
            return json!({ "type": "object", "maxProperties": 0, "description": "nothing may be sent" });
        }
        let mut root = json!({ "type": "object" });
        for field in &self.named {
            insert(&mut root, field, &field.path);
        }
        let choices: Vec<Value> = self.named.iter().filter_map(either).collect();
        if !choices.is_empty() {
            root["allOf"] = Value::Array(choices);
        }
        root
    }

    /// Whether something has to be sent.
    pub(crate) fn is_required(&self) -> bool {
        self.named.iter().any(|field| field.is_required)
    }
}

/// Puts a field's schema where its path leads.
fn insert(node: &mut Value, field: &Field, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if field.is_required && field.aliases.is_empty() {
        push(node, "required", json!(first));
    }
    for alias in &field.aliases {
        node["properties"][alias] = field.schema.clone();
    }
    if rest.is_empty() {
        node["properties"][first] = field.schema.clone();
        return;
    }
    if node["properties"][first].is_null() {
        node["properties"][first] = json!({ "type": "object" });
    }
    insert(&mut node["properties"][first], field, rest);
}

fn push(node: &mut Value, name: &str, value: Value) {
    match &mut node[name] {
        Value::Array(items) if items.contains(&value) => {}
        Value::Array(items) => items.push(value),
        empty => *empty = Value::Array(vec![value]),
    }
}

/// That a field is there under one of its names.
fn either(field: &Field) -> Option<Value> {
    let names = field.path.iter().chain(&field.aliases);
    let choices: Vec<Value> = names.map(|name| json!({ "required": [name] })).collect();
    (field.is_required && !field.aliases.is_empty()).then(|| json!({ "anyOf": choices }))
}

#[derive(Default)]
struct Gathered {
    fields: Vec<Field>,
    brought: BTreeSet<String>,
    is_open: bool,
}

impl Gathered {
    fn ask(&mut self, asked: Asked, line: usize) {
        for name in &asked.addresses {
            self.add(vec![name.clone()], "address of a service", address(), line);
        }
        for name in &asked.takes {
            self.add(vec![name.clone()], "anything", json!({}), line);
        }
        self.brought.extend(asked.brings);
        self.is_open |= asked.brings_more;
    }

    fn declare(&mut self, input: &Input, contract: &Contract) {
        let Some(path) = path(input, contract.path_separator()) else {
            self.is_open = true;
            return;
        };
        self.add(
            path,
            &input.kind.replace('_', " "),
            schema::of_input(input, contract.input_encoding()),
            input.line,
        );
    }

    /// The first line that asks for a value describes it.
    fn add(&mut self, path: Vec<String>, kind: &str, schema: Value, line: usize) {
        let is_known = self.fields.iter().any(|field| field.path == path);
        if !is_known && path.first().is_some_and(|first| !self.brought.contains(first)) {
            let field =
                Field { path, kind: kind.to_owned(), schema, aliases: Vec::new(), is_required: true, line };
            self.fields.push(field);
        }
    }

    /// The fields in the order of their lines; what lies inside another field is described by that one.
    fn finished(&mut self) -> Vec<Field> {
        let paths: Vec<Vec<String>> = self.fields.iter().map(|field| field.path.clone()).collect();
        let is_inside = |field: &Field| {
            paths.iter().any(|path| path.len() < field.path.len() && field.path.starts_with(path))
        };
        let mut fields: Vec<Field> =
            std::mem::take(&mut self.fields).into_iter().filter(|field| !is_inside(field)).collect();
        for field in &mut fields {
            // Something unnamed may bring it.
            field.is_required &= !self.is_open;
        }
        fields.sort_by_key(|field| field.line);
        fields
    }
}

fn address() -> Value {
    json!({ "type": "string", "format": "uri", "description": "the address of a web service" })
}

/// Where an input stands within DATA; none when only DATA tell.
fn path(input: &Input, separator: char) -> Option<Vec<String>> {
    let name = input.name.clone()?;
    match &input.place {
        InputPlace::Root => Some(vec![name]),
        InputPlace::Section(section) => Some(vec![section.clone(), name]),
        InputPlace::Mine => None,
        InputPlace::Path => {
            let parts: Vec<String> = name.split(separator).map(str::to_owned).collect();
            // A position in an array has no name.
            let is_named = |part: &String| part.parse::<u32>().is_err();
            (parts.len() <= PATH_PARTS_MAX && parts.iter().all(is_named)).then_some(parts)
        }
    }
}
