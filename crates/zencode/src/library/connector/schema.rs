//! JSON Schema: computed here, no host is asked.

use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::{Value, json};
use zencode_macros::order;

use crate::error::Error;
use crate::order::Ordered;
use crate::question::Want;
use crate::statement::Statement;

mod cost;

pub(in crate::library) const STATEMENTS: &[Statement] = &[VALIDATE_JSON];

/// Errors that are told, at most.
const ERRORS_MAX: usize = 1000;
/// Octets that a compiled pattern takes, at most.
const PATTERN_OCTETS_MAX: usize = 1024 * 1024;

/// Compares a value with a JSON Schema, and gives the `errors`: an array that is empty when it fits.
///
/// An error has `instancePath` and `schemaPath` (JSON pointers), `keyword` and `message`. The draft is the one that
/// `$schema` names, or else draft 7. A schema refers to nothing outside itself.
///
/// # Example
/// ```zencode
/// Given I send json_data 'person' and send json_schema 'form' and validate json and output into 'outcome'
/// Given I have a 'string dictionary' named 'outcome'
/// Then print the 'outcome'
/// ```
/// ```json data
/// {
///   "person": { "name": "Ada" },
///   "form": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }
/// }
/// ```
/// ```json answer
/// { "errors": [] }
/// ```
///
/// # Source
/// JSON Schema, draft 7 and the later ones.
#[order(send(json_data, json_schema), "validate json")]
fn validate_json(order: &Ordered<'_>) -> Result<Want, Error> {
    let (data, schema) = (order.value("json_data")?, order.value("json_schema")?);
    cost::affordable(&schema, &data)?;
    let validator = compile(&schema)?;
    let errors: Vec<Value> =
        validator.iter_errors(&data).take(ERRORS_MAX).map(|error| record(&error)).collect();
    Ok(Want::have(json!({ "errors": errors })))
}

fn compile(schema: &Value) -> Result<Validator, Error> {
    // Linear in the text that is matched, whatever the pattern.
    let patterns = PatternOptions::regex().size_limit(PATTERN_OCTETS_MAX).dfa_size_limit(PATTERN_OCTETS_MAX);
    let mut options = jsonschema::options().with_pattern_options(patterns);
    if schema.get("$schema").is_none() {
        options = options.with_draft(Draft::Draft7);
    }
    options.build(schema).map_err(|fault| Error::input(format!("the JSON Schema is not valid: {fault}")))
}

fn record(error: &ValidationError<'_>) -> Value {
    json!({
        "instancePath": error.instance_path().as_str(),
        "schemaPath": format!("#{}", error.schema_path().as_str()),
        "keyword": error.kind().keyword(),
        "message": error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(schema: &Value, data: &Value) -> Vec<Value> {
        cost::affordable(schema, data).unwrap();
        compile(schema).unwrap().iter_errors(data).map(|error| record(&error)).collect()
    }

    #[test]
    fn every_error_has_its_place() {
        let schema = json!({
            "required": ["a"],
            "properties": { "b": { "items": { "type": "integer" } } },
        });
        let found = errors(&schema, &json!({ "b": [1, "x"] }));
        let mut places: Vec<_> =
            found.iter().map(|it| format!("{} {}", it["instancePath"], it["schemaPath"])).collect();
        places.sort();
        assert_eq!(places, ["\"\" \"#/required\"", "\"/b/1\" \"#/properties/b/items/type\""]);
    }

    #[test]
    fn a_draft_that_is_named_is_taken() {
        // `prefixItems` came with 2020-12; draft 7 does not know it.
        let mut schema = json!({ "prefixItems": [{ "type": "string" }] });
        assert!(errors(&schema, &json!([1])).is_empty());
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        assert_eq!(errors(&schema, &json!([1])).len(), 1);
    }

    #[test]
    fn a_schema_that_is_none_is_refused() {
        assert!(compile(&json!({ "type": "text" })).is_err());
        assert!(compile(&json!({ "pattern": "(" })).is_err());
        assert!(compile(&json!({ "$ref": "https://example.org/schema" })).is_err());
    }

    #[test]
    fn a_pattern_of_a_stranger_takes_no_time() {
        let schema = json!({ "pattern": "^(a+)+$" });
        assert_eq!(errors(&schema, &json!("a".repeat(50_000) + "b")).len(), 1);
    }
}
