//! DATA inside JSON: the member `data` of a body, or the parameter `data` of an address.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::body;
use crate::http::error::Problem;

/// The body's form; the text of `data` goes to the contract as it came.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// DATA of a body.
pub(super) fn posted(octets: &[u8]) -> Result<String, Problem> {
    if octets.iter().all(u8::is_ascii_whitespace) {
        return Ok(String::new());
    }
    let how = |problem: Problem| problem.hint("send {\"data\": {…}} as JSON");
    // Serde would read an array as the members in their order.
    if octets.trim_ascii_start().first() == Some(&b'[') {
        return Err(how(Problem::malformed("the body is an array")));
    }
    let envelope: Envelope<'_> = body::parse(octets).map_err(how)?;
    data(envelope.data.map_or("", RawValue::get))
}

/// DATA of an address.
pub(super) fn asked(query: &str) -> Result<String, Problem> {
    let parameter = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "data");
    let Some((_, json)) = parameter else { return Ok(String::new()) };
    serde_json::from_str::<&RawValue>(&json)
        .map_err(|error| Problem::malformed(format!("the parameter data is not JSON: {error}")))
        .map_err(|problem| problem.hint("send ?data= and a JSON object, percent-encoded"))
        .and_then(|raw| data(raw.get()))
}

/// Only objects are data; an empty one is none.
pub(crate) fn data(json: &str) -> Result<String, Problem> {
    let json = json.trim();
    match json.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(members) if members.trim().is_empty() => Ok(String::new()),
        Some(_) => Ok(json.to_owned()),
        None if json.is_empty() || json == "null" => Ok(String::new()),
        None => Err(Problem::malformed("data is no JSON object").hint("send {\"data\": {…}}")),
    }
}
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn status(result: Result<String, Problem>) -> Result<String, u16> {
        result.map_err(|problem| problem.status)
    }

    #[test]
    fn the_data_of_a_post_goes_on_as_it_came() {
        let body = b"{\"keys\":{\"a\":1},\"data\": {\"n\": 1.0e400, \"s\":\"\\u00e9\"} ,\"more\":2}";
        assert_eq!(status(posted(body)), Ok("{\"n\": 1.0e400, \"s\":\"\\u00e9\"}".into()));
    }

    #[test]
    fn no_data_and_empty_data_are_the_same() {
        for body in
            ["", " \n", "{}", "{\"data\":{}}", "{\"data\":{ \n }}", "{\"data\":null}", "{\"keys\":{}}"]
        {
            assert_eq!(status(posted(body.as_bytes())), Ok(String::new()), "{body}");
        }
        for query in ["", "data=%7B%7D", "other=1", "data=null"] {
            assert_eq!(status(asked(query)), Ok(String::new()), "{query}");
        }
    }

    #[test]
    fn the_data_of_a_get_is_json_in_the_address() {
        assert_eq!(status(asked("x=1&data=%7B%22a%22%3A%22b+c%22%7D")), Ok("{\"a\":\"b c\"}".into()));
    }

    #[test]
    fn what_is_no_json_object_is_malformed() {
        for body in
            ["{", "[]", "1", "\"x\"", "{\"data\":1}", "{\"data\":[]}", "{\"data\":\"x\"}", "{\"data\":{}}}"]
        {
            assert_eq!(status(posted(body.as_bytes())), Err(400), "{body}");
        }
        for query in ["data=%7B", "data=1", "data=x", "data="] {
            assert_eq!(status(asked(query)), Err(400), "{query}");
        }
    }

    #[test]
    fn data_given_twice_is_malformed() {
        assert_eq!(status(posted(b"{\"data\":{\"a\":1},\"data\":{\"b\":2}}")), Err(400));
    }

    #[test]
    fn nesting_without_end_is_malformed() {
        let body = format!("{{\"data\":{}", "{\"a\":".repeat(200_000));
        assert_eq!(status(posted(body.as_bytes())), Err(400));
    }

    proptest! {
        #[test]
        fn no_octets_break_the_readers(octets in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
            drop(posted(&octets));
            drop(posted(format!("{{\"data\":{text}}}").as_bytes()));
            drop(asked(&text));
            drop(asked(&format!("data={text}")));
        }
    }
}
