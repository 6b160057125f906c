//! DATA as the fields of a form.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::envelope;
use crate::http::error::Problem;

/// Fields of one form.
const FIELDS_MAX: usize = 1_000;
/// Brackets of one field's name.
const DEPTH_MAX: usize = 5;

/// The fields of a form or of an address, as strings; the last one of a name counts.
pub(crate) fn fields(octets: &[u8]) -> Result<Map<String, Value>, Problem> {
    let mut fields = Map::new();
    for (count, (name, value)) in url::form_urlencoded::parse(octets).enumerate() {
        if count >= FIELDS_MAX {
            return Err(Problem::malformed(format!("there are more than {FIELDS_MAX} fields")));
        }
        if !name.is_empty() {
            fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }
    Ok(fields)
}

/// DATA of a form in restroom-mw's convention: the field `data` holds JSON, or there are fields `data[…]`.
///
/// # Source
/// The names with brackets are those of npm `qs`, which express reads forms with.
pub(super) fn data(octets: &[u8]) -> Result<String, Problem> {
    let mut data = Map::new();
    for (count, (name, value)) in url::form_urlencoded::parse(octets).enumerate() {
        if count >= FIELDS_MAX {
            return Err(Problem::malformed(format!("there are more than {FIELDS_MAX} fields")));
        }
        if name == "data" {
            return envelope::data(&value)
                .and_then(|json| match serde_json::from_str::<serde::de::IgnoredAny>(&json) {
                    Err(error) if !json.is_empty() => {
                        Err(Problem::malformed(format!("the field data is not JSON: {error}")))
                    }
                    _ => Ok(json),
                })
                .map_err(|problem| problem.hint("send data={…} with a JSON object, percent-encoded"));
        }
        if let Some(path) = path(&name)? {
            put(&mut data, &path, value);
        }
    }
    Ok(if data.is_empty() { String::new() } else { Value::Object(data).to_string() })
}

/// The names in the brackets behind `data`; none for another field.
fn path(name: &str) -> Result<Option<Vec<&str>>, Problem> {
    let Some(inside) = name.strip_prefix("data[").and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(None);
    };
    let path: Vec<&str> = inside.split("][").collect();
    if path.len() > DEPTH_MAX || path[0].is_empty() {
        return Err(Problem::malformed(format!(
            "the name of a field has from 1 to {DEPTH_MAX} names in brackets"
        ))
        .hint("send nested data as JSON"));
    }
    Ok(Some(path))
}

/// Puts a value at its place; empty brackets add to a list.
fn put(members: &mut Map<String, Value>, path: &[&str], value: Cow<'_, str>) {
    let text = || Value::String(value.clone().into_owned());
    match path {
        [name] => {
            members.insert((*name).to_owned(), text());
        }
        [name, ""] => match members.entry(*name).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => items.push(text()),
            other => *other = Value::Array(vec![text()]),
        },
        [name, rest @ ..] => {
            let inner = members.entry(*name).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
        [] => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(form: &str) -> Result<Value, u16> {
        let data = data(form.as_bytes()).map_err(|problem| problem.status)?;
        Ok(if data.is_empty() { Value::Null } else { serde_json::from_str(&data).unwrap() })
    }

    #[test]
    fn the_field_data_holds_json() {
        assert_eq!(read("keys=1&data=%7B%22a%22%3A%22b+c%22%7D"), Ok(json!({"a": "b c"})));
        assert_eq!(read("data=%7B%7D"), Ok(Value::Null));
        assert_eq!(read("data=%7B%22a%22%7D"), Err(400));
        assert_eq!(read("data=5"), Err(400));
    }

    #[test]
    fn brackets_make_members_and_lists() {
        let expected = json!({"a": "1", "b": {"c": "x y", "d": ["1", "2"]}});
        assert_eq!(read("data[a]=1&data%5Bb%5D%5Bc%5D=x+y&data[b][d][]=1&data[b][d][]=2"), Ok(expected));
    }

    #[test]
    fn other_fields_are_ignored() {
        assert_eq!(read("x=1&keys[a]=2"), Ok(Value::Null));
    }

    #[test]
    fn too_many_fields_and_brackets_are_malformed() {
        assert_eq!(read(&"x=1&".repeat(FIELDS_MAX + 1)), Err(400));
        assert_eq!(read(&format!("data{}=1", "[a]".repeat(DEPTH_MAX + 1))), Err(400));
    }

    #[test]
    fn fields_are_decoded_strings() {
        let read = fields(b"&data1=code&data2=https%3A%2F%2Fclient.example.org%2F&data1=last&flag").unwrap();
        assert_eq!(
            Value::Object(read),
            json!({"data1": "last", "data2": "https://client.example.org/", "flag": ""})
        );
    }

    proptest! {
        #[test]
        fn no_form_breaks_the_reader(form in "\\PC{0,80}", names in prop::collection::vec("data(\\[[a-b]{0,2}\\]){0,4}", 0..8)) {
            drop(data(form.as_bytes()));
            drop(data(names.iter().map(|name| format!("{name}=x&")).collect::<String>().as_bytes()));
            drop(fields(form.as_bytes()));
        }
    }
}
