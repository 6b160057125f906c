//! Answers that a client may keep: a tag of the content, and 304 for who has it already.
//!
//! # Source
//! RFC 9110, sections 8.8.3 and 13.1.2.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use swarm_protocol::octets::Digest;

/// Octets of the digest that make a tag.
const TAG_OCTETS: usize = 16;

/// A strong tag of the content, in quotes.
pub(crate) fn tag(content: &[u8]) -> String {
    format!("\"{}\"", HEXLOWER.encode(&Digest::of(content).octets()[..TAG_OCTETS]))
}

/// Whether the client has what the tag names.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|it| it.to_str().ok());
    known
        .flat_map(|it| it.split(','))
        .map(str::trim)
        .any(|it| it == "*" || it.trim_start_matches("W/") == tag)
}

/// 304, with the tag.
pub(crate) fn answer(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[&'static str]) -> bool {
        let headers = values.iter().map(|it| (header::IF_NONE_MATCH, HeaderValue::from_static(it)));
        is_known(&headers.collect(), "\"a\"")
    }

    #[test]
    fn a_tag_is_known_alone_in_a_list_weak_or_as_a_star() {
        for values in [&["\"a\""][..], &["\"b\", \"a\""], &["W/\"a\""], &["*"], &["\"b\"", "\"a\""]] {
            assert!(known(values), "{values:?}");
        }
    }

    #[test]
    fn another_tag_is_not_known() {
        for values in [&[][..], &["\"b\""], &["a"], &[""]] {
            assert!(!known(values), "{values:?}");
        }
    }

    #[test]
    fn equal_content_has_one_tag_and_other_content_another() {
        assert_eq!(tag(b"x"), tag(b"x"));
        assert_ne!(tag(b"x"), tag(b"y"));
    }
}
