//! What a contract's DATA must look like: `NAME.schema.json`, JSON Schema.
//!
//! A schema is compiled once. Nothing that it refers to is fetched.

use std::sync::Arc;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use super::fault::Cause;
use super::keys::{Secret, object};

/// Mismatches that are told at once.
const MISMATCHES_MAX: usize = 10;
/// Characters of one mismatch: it quotes what the caller sent.
const MISMATCH_CHARACTERS_MAX: usize = 300;
/// Steps of one match of a pattern that has to try again.
const BACKTRACK_MAX: usize = 100_000;

/// A compiled schema.
#[derive(Debug, Clone)]
pub struct Schema {
    json: Arc<Value>,
    validator: Arc<Validator>,
}

/// Where DATA are not what the schema says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The place, as a JSON pointer; empty for the whole.
    pub(crate) path: String,
    /// What was found and what was expected.
    pub(crate) cause: String,
}

impl Schema {
    /// Compiles a schema, without the members that the contract has as keys: a caller need not send those.
    pub(super) fn parse(json: &str, keys: &Secret) -> Result<Self, Cause> {
        let mut schema = object(json)?;
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.retain(|name, _| !keys.has(name));
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|name| !name.as_str().is_some_and(|name| keys.has(name)));
        }
        let json = Value::Object(schema);
        let options = jsonschema::options()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_MAX));
        let validator =
            options.build(&json).map_err(|error| Cause::from(format!("it is no JSON Schema: {error}")))?;
        Ok(Self { json: Arc::new(json), validator: Arc::new(validator) })
    }

    /// The schema itself.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Compares DATA with the schema; takes time in proportion to both.
    pub(crate) fn check(&self, data: &Value) -> Result<(), Vec<Mismatch>> {
        let mismatches: Vec<Mismatch> = self
            .validator
            .iter_errors(data)
            .take(MISMATCHES_MAX)
            .map(|error| Mismatch {
                path: error.instance_path().as_str().to_owned(),
                cause: error.to_string().chars().take(MISMATCH_CHARACTERS_MAX).collect(),
            })
            .collect();
        if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    fn schema(json: &Value) -> Schema {
        Schema::parse(&json.to_string(), &Secret::default()).unwrap()
    }

    #[test]
    fn a_mismatch_has_its_place() {
        let schema = schema(&json!({"properties": {"list": {"items": {"type": "number"}}}}));
        let mismatches = schema.check(&json!({"list": [1, "two"]})).unwrap_err();
        assert_eq!(mismatches.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["/list/1"]);
    }

    #[test]
    fn a_missing_member_is_named() {
        let schema = schema(&json!({"type": "object", "required": ["male", "sole"]}));
        assert!(schema.check(&json!({"male": 1})).unwrap_err()[0].cause.contains("sole"));
    }

    #[test]
    fn what_the_contract_has_as_keys_is_not_asked_for() {
        let keys = Secret::new(Some(Zeroizing::new("{\"path\":\"x\"}".to_owned())), None).unwrap();
        let json = json!({"properties": {"path": {"type": "number"}}, "required": ["path", "data"]});
        let schema = Schema::parse(&json.to_string(), &keys).unwrap();
        assert!(schema.check(&json!({"data": 1})).is_ok());
        assert!(schema.check(&json!({})).is_err());
    }

    #[test]
    fn formats_are_checked() {
        let schema = schema(&json!({"properties": {"when": {"format": "date-time"}}}));
        assert!(schema.check(&json!({"when": "1985-04-12T23:20:50.52Z"})).is_ok());
        assert!(schema.check(&json!({"when": "yesterday"})).is_err());
    }

    #[test]
    fn a_mismatch_of_long_data_is_short() {
        let schema = schema(&json!({"properties": {"a": {"type": "number"}}}));
        let mismatches = schema.check(&json!({"a": "x".repeat(100_000)})).unwrap_err();
        assert!(mismatches[0].cause.len() <= MISMATCH_CHARACTERS_MAX);
    }

    #[test]
    fn a_pattern_that_would_never_end_is_no_match() {
        let schema = schema(&json!({"properties": {"a": {"pattern": "^(a+)+(?=b)$"}}}));
        assert!(schema.check(&json!({"a": "a".repeat(200)})).is_err());
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        for json in
            ["{\"type\": 7}", "[]", "{", "{\"properties\": 1}", "{\"$ref\": \"https://example.org/x.json\"}"]
        {
            assert!(Schema::parse(json, &Secret::default()).is_err(), "{json}");
        }
    }
}
