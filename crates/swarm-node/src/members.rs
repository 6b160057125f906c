//! The members of a JSON object, in their order, each value as the text that came.
//!
//! Contracts get numbers and escapes as the caller wrote them; a way through parsed values would
//! change some.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Names and the texts of their values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// Reads an object; no text at all is an object without members.
    pub(crate) fn parse(json: &str) -> Result<Self, serde_json::Error> {
        if json.trim().is_empty() { Ok(Self::default()) } else { serde_json::from_str(json) }
    }

    /// The value of a name, the last one when there are several.
    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Sets a value, in the place of the one that was there.
    pub(crate) fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes a member out.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        let index = self.0.iter().rposition(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    /// Keeps the members whose name passes.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    /// Names and values in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), &**value))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object as JSON text; no text when it has no members, which is what contracts take for none.
    pub(crate) fn data(&self) -> String {
        if self.is_empty() { String::new() } else { self.json() }
    }

    /// The object as JSON text.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("names are strings and values are JSON already")
    }
}

/// A value as JSON text.
pub(crate) fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("strings, numbers and maps of them are JSON")
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text_and_their_order() {
        let members = Members::parse("{\"b\": 1.0e400, \"a\" : \"\\u00e9\"}").unwrap();
        assert_eq!(members.json(), "{\"b\":1.0e400,\"a\":\"\\u00e9\"}");
    }

    #[test]
    fn no_text_is_an_object_without_members() {
        assert!(Members::parse(" \n").unwrap().is_empty());
        assert_eq!(Members::parse("{}").unwrap().data(), "");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["[]", "1", "\"x\"", "null", "{", "{}}"] {
            assert!(Members::parse(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_member_is_set_in_its_place_and_taken_out() {
        let mut members = Members::parse("{\"a\":1,\"b\":2}").unwrap();
        members.set("a", raw(&3));
        assert_eq!(members.json(), "{\"a\":3,\"b\":2}");
        assert_eq!(members.remove("a").map(|it| it.get().to_owned()), Some("3".to_owned()));
        assert_eq!(members.json(), "{\"b\":2}");
    }
}
