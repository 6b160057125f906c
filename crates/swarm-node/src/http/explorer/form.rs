//! The form of a contract: fields shown, and what was entered made DATA again.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::http::openapi::field::Field;
use crate::http::openapi::schema::{Control, control};

/// Letters that fit into one line.
const LINE_LETTERS: usize = 72;
/// Lines of the boxes for long texts and for JSON.
const ROWS_MAX: usize = 16;

/// What a field holds, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) text: String,
    pub(super) fault: Option<String>,
}

/// The name under which the browser sends a field: a JSON pointer into DATA.
///
/// # Source
/// RFC 6901, section 3.
pub(super) fn pointer(field: &Field) -> String {
    field.path.iter().flat_map(|part| ["/".to_owned(), part.replace('~', "~0").replace('/', "~1")]).collect()
}

/// What an example holds for a field.
pub(super) fn example(field: &Field, example: Option<&Value>) -> String {
    let names = field.path.iter().chain(&field.aliases);
    let found = example.and_then(|data| {
        data.pointer(&pointer(field)).or_else(|| names.filter_map(|name| data.get(name)).next())
    });
    match found {
        None => String::new(),
        Some(Value::String(text)) if control(&field.schema) != Control::Json => text.clone(),
        Some(value) => pretty(value),
    }
}

/// Indented JSON.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// DATA of what the fields hold; faults are written beside them.
pub(super) fn data(fields: &[Field], entries: &mut [Entry]) -> Option<String> {
    let mut root = Map::new();
    for (field, entry) in fields.iter().zip(entries.iter_mut()) {
        match value(field, &entry.text) {
            Ok(Some(value)) => put(&mut root, &field.path, value),
            Ok(None) => {}
            Err(fault) => entry.fault = Some(fault),
        }
    }
    let is_sound = entries.iter().all(|entry| entry.fault.is_none());
    is_sound.then(|| if root.is_empty() { String::new() } else { Value::Object(root).to_string() })
}

fn value(field: &Field, text: &str) -> Result<Option<Value>, String> {
    // Browsers send the ends of lines as two characters.
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return if field.is_required { Err("this is needed".to_owned()) } else { Ok(None) };
    }
    Ok(Some(match control(&field.schema) {
        Control::Text => Value::String(text),
        Control::Truth => Value::Bool(text.trim() == "true"),
        // What is no number may still be one to the contract, which says so itself.
        Control::Number => text.trim().parse().map_or(Value::String(text), Value::Number),
        Control::Json => serde_json::from_str(&text).map_err(|error| {
            format!(
                "this is not JSON (line {}, column {}); a text stands in double quotes",
                error.line(),
                error.column()
            )
        })?,
    }))
}

/// Puts a value where a path leads.
pub(super) fn put(node: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => drop(node.insert(last.clone(), value)),
        [first, rest @ ..] => {
            let inner = node.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// One field with its label.
pub(super) fn shown(index: usize, field: &Field, entry: &Entry) -> Markup {
    let id = format!("field-{index}");
    let (help, fault) = (format!("{id}-help"), format!("{id}-fault"));
    let described = if entry.fault.is_some() { format!("{help} {fault}") } else { help.clone() };
    html! {
        div.field {
            label for=(id) {
                (field.path.join(" › "))
                @if !field.is_required { span.muted { " (may be left out)" } }
            }
            p.help #(help) { (field.kind) @if control(&field.schema) == Control::Json { ", as JSON" } }
            (entered(&id, &described, field, entry))
            @if let Some(text) = &entry.fault { p.fault #(fault) { (text) } }
        }
    }
}

fn entered(id: &str, described: &str, field: &Field, entry: &Entry) -> Markup {
    let (name, text) = (pointer(field), entry.text.as_str());
    let invalid = entry.fault.is_some().then_some("true");
    let kind = control(&field.schema);
    html! {
        @if kind == Control::Truth {
            select id=(id) name=(name) aria-describedby=(described) aria-invalid=[invalid] {
                option value="" {}
                @for word in ["true", "false"] { option value=(word) selected[word == text] { (word) } }
            }
        } @else if kind == Control::Json || text.len() > LINE_LETTERS || text.contains('\n') {
            textarea.code id=(id) name=(name) rows=(rows(text)) spellcheck="false" autocapitalize="off"
                aria-describedby=(described) aria-invalid=[invalid] { "\n" (text) }
        } @else {
            input id=(id) type="text" name=(name) value=(text) spellcheck="false" autocomplete="off" autocapitalize="off"
                inputmode=[(kind == Control::Number).then_some("decimal")]
                aria-describedby=(described) aria-invalid=[invalid];
        }
    }
}

/// Lines of a box for a text.
pub(super) fn rows(text: &str) -> usize {
    let lines: usize = text.lines().map(|line| 1 + line.len() / LINE_LETTERS).sum();
    lines.clamp(3, ROWS_MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(path: &[&str], schema: Value, is_required: bool) -> Field {
        Field {
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            kind: String::new(),
            schema,
            aliases: Vec::new(),
            is_required,
            line: 1,
        }
    }

    fn check(fields: &[Field], texts: &[&str], expected: Option<Value>) -> Vec<Entry> {
        let mut entries: Vec<Entry> =
            texts.iter().map(|text| Entry { text: (*text).to_owned(), fault: None }).collect();
        let data = data(fields, &mut entries);
        assert_eq!(data.map(|text| serde_json::from_str(&text).unwrap_or(json!(text))), expected);
        entries
    }

    #[test]
    fn what_is_entered_becomes_data_of_the_declared_types() {
        let fields = [
            field(&["name"], json!({ "type": "string" }), true),
            field(&["size"], json!({ "type": ["number", "string"] }), true),
            field(&["sure"], json!({ "type": "boolean" }), true),
            field(&["asset"], json!({ "type": "object" }), true),
            field(&["inner", "deep"], json!({ "type": "string" }), true),
        ];
        let expected = json!({
            "name": "007", "size": 1.5, "sure": true, "asset": { "a": 1 }, "inner": { "deep": "x\ny" },
        });
        check(&fields, &["007", " 1.5", "true", "{\"a\":1}", "x\r\ny"], Some(expected));
    }

    #[test]
    fn an_empty_field_is_left_out_or_asked_for() {
        let text = json!({ "type": "string" });
        check(&[field(&["a"], text.clone(), false)], &[" "], Some(json!("")));
        let entries = check(&[field(&["a"], text, true)], &[""], None);
        assert_eq!(entries[0].fault.as_deref(), Some("this is needed"));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let entries = check(&[field(&["a"], json!({}), true)], &["{\n x"], None);
        assert!(entries[0].fault.as_deref().unwrap().contains("line 2, column 2"), "{entries:?}");
    }

    #[test]
    fn a_name_with_a_slash_is_one_part_of_the_pointer() {
        assert_eq!(pointer(&field(&["a/b", "c~d"], json!({}), true)), "/a~1b/c~0d");
    }
}
