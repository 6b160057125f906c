//! What it may cost to compare a value with a schema, judged before it is done.
//!
//! A schema that refers to its own parts can say in a line what takes longer than the world lasts: `allOf` of twice
//! the same reference, sixty levels deep. So the visits that one place of the value can get are counted first.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Error;

/// Visits of all places of a value, at most.
const VISITS_MAX: u64 = 1_000_000;
/// References that lead to each other without going deeper into the value, at most.
const CHAIN_MAX: usize = 500;
/// Parts of a schema, at most.
const PARTS_MAX: usize = 5000;

/// Whether the comparison can be afforded.
///
/// # Errors
/// When it cannot, or when the schema refers to something else than its own parts.
pub(super) fn affordable(schema: &Value, data: &Value) -> Result<(), Error> {
    let parts = count(schema);
    if parts > PARTS_MAX {
        return Err(Error::Limit(format!(
            "the JSON Schema has {parts} parts, at most {PARTS_MAX} are taken"
        )));
    }
    let mut counter = Counter { root: schema, known: BTreeMap::new(), chain: 0 };
    let visits = counter.visits(schema, depth(data))?.saturating_mul(count(data) as u64);
    if visits > VISITS_MAX {
        let message = "the JSON Schema repeats itself too often: comparing this value takes more than";
        return Err(Error::Limit(format!("{message} {VISITS_MAX} steps")));
    }
    Ok(())
}

struct Counter<'a> {
    root: &'a Value,
    /// By the place of the part in memory and the depth of the value; none while it is being counted.
    known: BTreeMap<(usize, usize), Option<u64>>,
    chain: usize,
}

impl<'a> Counter<'a> {
    /// How often the places on one way into a value are visited, at most.
    fn visits(&mut self, part: &'a Value, depth: usize) -> Result<u64, Error> {
        let Value::Object(members) = part else { return Ok(1) };
        let key = (std::ptr::from_ref(part).addr(), depth);
        match self.known.get(&key) {
            Some(Some(visits)) => return Ok(*visits),
            Some(None) => return Err(Error::input("the JSON Schema refers to itself without an end")),
            None => {}
        }
        self.chain += 1;
        if self.chain > CHAIN_MAX {
            return Err(Error::Limit(format!("the JSON Schema is nested more than {CHAIN_MAX} times")));
        }
        self.known.insert(key, None);
        let mut visits = own(members);
        for (keyword, value) in members {
            visits = visits.saturating_add(self.keyword(keyword, value, depth)?);
        }
        self.chain -= 1;
        self.known.insert(key, Some(visits));
        Ok(visits)
    }

    fn keyword(&mut self, keyword: &str, value: &'a Value, depth: usize) -> Result<u64, Error> {
        let deeper = depth.checked_sub(1);
        match (keyword, value) {
            ("$ref", Value::String(reference)) => {
                let part = self.part(reference)?;
                self.visits(part, depth)
            }
            ("$dynamicRef" | "$recursiveRef", _) => {
                Err(Error::input(format!("a JSON Schema with {keyword} is not taken here: use $ref")))
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => self.sum(parts, depth),
            ("dependentSchemas" | "dependencies", Value::Object(parts)) => self.sum(parts.values(), depth),
            ("not" | "if" | "then" | "else", part) => self.visits(part, depth),
            (_, _) if deeper.is_none() => Ok(0),
            // One of these is for a place.
            ("properties", Value::Object(parts)) => self.most(parts.values(), depth - 1),
            ("items" | "prefixItems", Value::Array(parts)) => self.most(parts, depth - 1),
            // Each of these may be.
            ("patternProperties", Value::Object(parts)) => self.sum(parts.values(), depth - 1),
            (
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "contains"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                part,
            ) => self.visits(part, depth - 1),
            _ => Ok(0),
        }
    }

    fn sum(&mut self, parts: impl IntoIterator<Item = &'a Value>, depth: usize) -> Result<u64, Error> {
        let mut sum = 0_u64;
        for part in parts {
            sum = sum.saturating_add(self.visits(part, depth)?);
        }
        Ok(sum)
    }

    fn most(&mut self, parts: impl IntoIterator<Item = &'a Value>, depth: usize) -> Result<u64, Error> {
        let mut most = 0;
        for part in parts {
            most = self.visits(part, depth)?.max(most);
        }
        Ok(most)
    }

    fn part(&self, reference: &str) -> Result<&'a Value, Error> {
        let unfit =
            || Error::input(format!("the JSON Schema refers to {reference:?}, which is no part of it"));
        let pointer = reference.strip_prefix('#').ok_or_else(unfit)?;
        let part = self.root.pointer(&pointer.replace("%25", "%")).ok_or_else(unfit)?;
        // Inside such a part the same reference means another place.
        let moved = |part: &Value| part.get("$id").is_some() && !std::ptr::eq(part, self.root);
        if moved(part) { Err(unfit()) } else { Ok(part) }
    }
}

/// What a part takes by itself.
fn own(members: &Map<String, Value>) -> u64 {
    let length = |keyword: &str| match members.get(keyword) {
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(members)) => members.len(),
        _ => 0,
    };
    1 + (length("enum") + length("required") + length("properties")) as u64
}

/// Values in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_that_doubles_at_each_level_is_refused() {
        let mut definitions = Map::new();
        for level in 0..60 {
            let next = format!("#/definitions/{}", level + 1);
            definitions.insert(level.to_string(), json!({ "allOf": [{ "$ref": next }, { "$ref": next }] }));
        }
        definitions.insert("60".to_owned(), json!({ "type": "string" }));
        let schema = json!({ "$ref": "#/definitions/0", "definitions": definitions });
        assert!(matches!(affordable(&schema, &json!("x")), Err(Error::Limit(_))));
    }

    #[test]
    fn a_schema_that_doubles_with_the_depth_of_the_value_is_refused() {
        let schema = json!({ "items": { "allOf": [{ "$ref": "#" }, { "$ref": "#" }] } });
        let deep = (0..60).fold(json!([]), |inner, _| json!([inner]));
        assert!(matches!(affordable(&schema, &deep), Err(Error::Limit(_))));
        affordable(&schema, &json!([[[]]])).unwrap();
    }

    #[test]
    fn a_tree_is_affordable_however_deep() {
        let schema = json!({ "properties": { "left": { "$ref": "#" }, "right": { "$ref": "#" } } });
        let deep = (0..60).fold(json!({}), |inner, _| json!({ "left": inner, "right": {} }));
        affordable(&schema, &deep).unwrap();
    }

    #[test]
    fn a_schema_that_only_refers_to_itself_is_refused() {
        assert!(affordable(&json!({ "$ref": "#" }), &json!(1)).is_err());
        assert!(affordable(&json!({ "anyOf": [{ "$ref": "#/anyOf/0" }] }), &json!(1)).is_err());
    }

    #[test]
    fn what_is_outside_is_not_referred_to() {
        for reference in ["https://example.org/s", "other.json", "#name", "#/none"] {
            assert!(affordable(&json!({ "$ref": reference }), &json!(1)).is_err(), "{reference}");
        }
    }
}
