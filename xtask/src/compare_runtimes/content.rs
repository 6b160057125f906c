//! What an answer holds, in a form in which two can be compared: JSON as values, anything else as text.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::http::Answer;

/// An answer to compare.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) status: u16,
    /// The media type without its parameters: a charset says nothing about JSON (RFC 8259, section 11).
    pub(super) media: String,
    /// All of them; two servers' headers are not compared.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Body,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Json(Value),
    Text(String),
}

impl Content {
    /// Reads an answer; what says that it is JSON and is not stays text.
    pub(super) fn of(answer: &Answer) -> Self {
        let media = answer.headers.get("content-type").map_or("", String::as_str);
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let json = if media.ends_with("json") { serde_json::from_str(&answer.body).ok() } else { None };
        let body = json.map_or_else(|| Body::Text(answer.body.clone()), Body::Json);
        Self { status: answer.status, media, headers: answer.headers.clone(), body }
    }

    pub(super) fn json(&self) -> Option<&Value> {
        match &self.body {
            Body::Json(json) => Some(json),
            Body::Text(_) => None,
        }
    }

    pub(super) fn json_mut(&mut self) -> Option<&mut Value> {
        match &mut self.body {
            Body::Json(json) => Some(json),
            Body::Text(_) => None,
        }
    }

    /// Says how another answer differs, in one line each.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.status != other.status {
            found.push(format!("status: {} there, {} here", self.status, other.status));
        }
        if self.media != other.media {
            found.push(format!("media type: `{}` there, `{}` here", self.media, other.media));
        }
        match (&self.body, &other.body) {
            (Body::Json(one), Body::Json(another)) => found.extend(difference(one, another, "body")),
            (one, another) if one == another => {}
            (one, another) => found.push(format!("body: {} there, {} here", one.short(), another.short())),
        }
        found
    }
}

impl Body {
    fn short(&self) -> String {
        match self {
            Self::Json(json) => short(&json.to_string()),
            Self::Text(text) => short(&format!("{text:?}")),
        }
    }
}

/// The first place where two values differ. Numbers are equal when they are the same number, however they are written.
pub(super) fn difference(there: &Value, here: &Value, place: &str) -> Option<String> {
    match (there, here) {
        (Value::Object(one), Value::Object(another)) => {
            let absent = |name: &&String| !another.contains_key(*name);
            if let Some(name) = one.keys().find(absent) {
                return Some(format!("{place}.{name}: {} there, absent here", short(&one[name].to_string())));
            }
            another.iter().find_map(|(name, here)| match one.get(name) {
                Some(there) => difference(there, here, &format!("{place}.{name}")),
                None => Some(format!("{place}.{name}: absent there, {} here", short(&here.to_string()))),
            })
        }
        (Value::Array(one), Value::Array(another)) if one.len() == another.len() => {
            let mut pairs = (0..).zip(one.iter().zip(another));
            pairs.find_map(|(index, (there, here))| difference(there, here, &format!("{place}[{index}]")))
        }
        (Value::Number(one), Value::Number(another)) if one.as_f64() == another.as_f64() => None,
        (one, another) if one == another => None,
        (one, another) => {
            Some(format!("{place}: {} there, {} here", short(&one.to_string()), short(&another.to_string())))
        }
    }
}

/// As much of a text as is needed to see what it is.
pub(super) fn short(text: &str) -> String {
    const CHARACTERS_MAX: usize = 160;
    let mut short: String = text.chars().take(CHARACTERS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(content_type: &str, body: &str) -> Content {
        let headers = BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]);
        Content::of(&Answer { status: 200, headers, body: body.to_owned() })
    }

    #[test]
    fn order_of_members_spelling_of_numbers_and_a_charset_are_no_difference() {
        let there = content("application/json; charset=utf-8", r#"{"a":1.0,"b":[true]}"#);
        let here = content("application/json", "{ \"b\": [true], \"a\": 1 }");
        assert_eq!(there.differences(&here), Vec::<String>::new());
    }

    #[test]
    fn a_difference_names_its_place() {
        let (there, here) = (json!({ "a": [{ "b": 1 }] }), json!({ "a": [{ "b": "1" }] }));
        assert_eq!(difference(&there, &here, "body").as_deref(), Some("body.a[0].b: 1 there, \"1\" here"));
    }

    #[test]
    fn a_member_too_much_or_too_little_is_a_difference() {
        assert!(difference(&json!({ "a": 1 }), &json!({}), "body").is_some());
        assert!(difference(&json!({}), &json!({ "a": 1 }), "body").is_some());
    }

    #[test]
    fn status_media_type_and_text_are_compared() {
        let there = content("text/plain", "Hi");
        let here = Content { status: 404, ..content("text/html", "Hi!") };
        assert_eq!(there.differences(&here).len(), 3);
    }
}
