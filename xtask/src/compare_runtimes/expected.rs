//! An answer that is written down.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::content::{Body, Content, difference, short};

/// What this oracle answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    status: u16,
    /// Media type without parameters; when absent, the one that the form of the body has.
    #[serde(default)]
    media: Option<String>,
    /// Headers that it has among others.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Form,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// This value.
    Json(Value),
    /// This text.
    Text(String),
    /// A text that holds this one.
    Holds(String),
    /// A problem of RFC 9457 of this kind.
    Problem(String),
    /// A failure as restroom-mw shapes it, of this kind.
    Failure(String),
}

impl Expected {
    /// Says how an answer differs.
    pub(super) fn differences(&self, here: &Content) -> Vec<String> {
        let mut found = Vec::new();
        if here.status != self.status {
            found.push(format!("status: {} expected, {} here", self.status, here.status));
        }
        let media = self.media.as_deref().or(match self.body {
            Form::Json(_) | Form::Failure(_) => Some("application/json"),
            Form::Problem(_) => Some("application/problem+json"),
            Form::Text(_) | Form::Holds(_) => None,
        });
        if let Some(media) = media.filter(|media| *media != here.media) {
            found.push(format!("media type: `{media}` expected, `{}` here", here.media));
        }
        for (name, value) in
            self.headers.iter().filter(|(name, value)| here.headers.get(*name) != Some(*value))
        {
            found.push(format!("header {name}: `{value}` expected, {:?} here", here.headers.get(name)));
        }
        found.extend(self.body.difference(&here.body));
        found
    }
}

impl Form {
    fn difference(&self, here: &Body) -> Option<String> {
        match (self, here) {
            (Self::Json(expected), Body::Json(here)) => difference(expected, here, "body"),
            (Self::Text(expected), Body::Text(here)) if expected == here => None,
            (Self::Holds(part), Body::Text(here)) if here.contains(part.as_str()) => None,
            (Self::Holds(part), Body::Json(here)) if here.to_string().contains(part.as_str()) => None,
            (Self::Problem(kind), Body::Json(here)) => {
                let expected = format!("urn:zenswarm:problem:{kind}");
                (here["type"] != expected)
                    .then(|| format!("type: `{expected}` expected, {} here", here["type"]))
            }
            (Self::Failure(kind), Body::Json(here)) => failure(kind, here),
            (expected, here) => Some(format!(
                "body: {} expected, {} here",
                short(&format!("{expected:?}")),
                short(&format!("{here:?}"))
            )),
        }
    }
}

fn failure(kind: &str, here: &Value) -> Option<String> {
    let start = format!("[{kind}]");
    let exception = here["exception"].as_str().unwrap_or_default();
    let said = here["zenroom_errors"]["logs"].as_str().is_some_and(|logs| !logs.is_empty());
    if exception.starts_with(&start) && said && here["result"].is_string() {
        return None;
    }
    Some(format!("body: a failure `{start}` with a log expected, {} here", short(&here.to_string())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::Answer;

    fn check(expected: Value, status: u16, content_type: &str, body: &str) -> usize {
        let expected: Expected = serde_json::from_value(expected).unwrap();
        let headers = BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]);
        let answer = Answer { status, headers, body: body.to_owned() };
        expected.differences(&Content::of(&answer)).len()
    }

    #[test]
    fn json_is_compared_as_a_value_and_has_its_media_type() {
        let expected = json!({ "status": 200, "body": { "json": { "a": 1 } } });
        assert_eq!(check(expected.clone(), 200, "application/json", "{ \"a\": 1.0 }"), 0);
        assert_eq!(check(expected, 201, "text/plain", "{ \"a\": 1 }"), 3);
    }

    #[test]
    fn a_header_must_have_its_value() {
        let expected = |value: &str| json!({ "status": 200, "headers": { "content-type": value }, "body": { "text": "" } });
        assert_eq!(check(expected("text/plain"), 200, "text/plain", ""), 0);
        assert_eq!(check(expected("text/html"), 200, "text/plain", ""), 1);
    }

    #[test]
    fn a_problem_has_a_kind() {
        let expected = json!({ "status": 405, "body": { "problem": "method-not-allowed" } });
        let body = r#"{"type":"urn:zenswarm:problem:method-not-allowed"}"#;
        assert_eq!(check(expected.clone(), 405, "application/problem+json", body), 0);
        assert_eq!(check(expected, 405, "application/problem+json", "{}"), 1);
    }

    #[test]
    fn a_failure_has_a_kind_and_a_log() {
        let expected = json!({ "status": 500, "body": { "failure": "KIND FOR CONTRACT a" } });
        let body =
            r#"{"zenroom_errors":{"logs":"line 1"},"result":"","exception":"[KIND FOR CONTRACT a]\n"}"#;
        assert_eq!(check(expected.clone(), 500, "application/json", body), 0);
        assert_eq!(check(expected, 500, "application/json", &body.replace("line 1", "")), 1);
    }

    #[test]
    fn a_text_is_compared_whole_or_in_part() {
        assert_eq!(check(json!({ "status": 200, "body": { "text": "Hi" } }), 200, "text/plain", "Hi!"), 1);
        assert_eq!(check(json!({ "status": 200, "body": { "holds": "Hi" } }), 200, "text/plain", "Hi!"), 0);
    }
}
