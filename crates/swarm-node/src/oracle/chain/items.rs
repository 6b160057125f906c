//! What a loop of a chain goes through, and what it collects.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::members::{Members, raw};

/// The items of a collection.
pub(super) enum Items {
    Array(Vec<Box<RawValue>>),
    Object(Vec<(String, Box<RawValue>)>),
}

impl Items {
    pub(super) fn parse(json: &str) -> Option<Self> {
        match json.trim_start().as_bytes().first()? {
            b'[' => serde_json::from_str(json).ok().map(Self::Array),
            b'{' => {
                let members = Members::parse(json).ok()?;
                Some(Self::Object(
                    members.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                ))
            }
            _ => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Array(items) => items.len(),
            Self::Object(items) => items.len(),
        }
    }

    pub(super) fn values(&self) -> Vec<Box<RawValue>> {
        match self {
            Self::Array(items) => items.clone(),
            Self::Object(items) => items.iter().map(|(_, value)| value.clone()).collect(),
        }
    }

    /// The same collection with other values.
    pub(super) fn with(self, values: Vec<Box<RawValue>>) -> Box<RawValue> {
        match self {
            Self::Array(_) => raw(&values),
            Self::Object(items) => {
                let mut members = Members::default();
                for ((name, _), value) in items.iter().zip(values) {
                    members.set(name, value);
                }
                raw(&members)
            }
        }
    }
}

/// What one turn of a loop adds: the member of the item's name when there is something in it, else all.
pub(super) fn result(index: &str, output: &str) -> Box<RawValue> {
    let member = Members::parse(output).ok().and_then(|members| members.get(index).map(RawValue::to_owned));
    let is_something = |value: &RawValue| !matches!(value.get(), "null" | "false" | "0" | "\"\"");
    match member.filter(|value| is_something(value)) {
        Some(value) => value,
        None => RawValue::from_string(output.to_owned()).unwrap_or_else(|_| raw(&Value::Null)),
    }
}
