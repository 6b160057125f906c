//! Headers that contracts send.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use zencode::HttpRequest;

/// Headers of one request, at most.
const HEADERS_MAX: usize = 64;
/// Octets of all names and values of one request, at most.
const HEADERS_OCTETS_MAX: usize = 16 * 1024;

/// What the connection itself says: a contract that says it could smuggle a request into it, or reach another host
/// than the one that the policy saw.
const RESERVED: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The headers of a request: the contract's win over ours.
///
/// # Errors
/// The reason, without the value: it may be secret.
pub(super) fn of(request: &HttpRequest) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/plain, */*"));
    if request.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let octets: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if request.headers.len() > HEADERS_MAX || octets > HEADERS_OCTETS_MAX {
        return Err(format!(
            "{} headers of {octets} octets are too many: at most {HEADERS_MAX} of {HEADERS_OCTETS_MAX} octets are sent",
            request.headers.len()
        ));
    }
    for (name, value) in &request.headers {
        let shown: String = name.chars().take(64).collect();
        let name =
            name.trim().parse::<HeaderName>().map_err(|_| format!("{shown:?} is no name of a header"))?;
        if RESERVED.contains(&name.as_str()) {
            return Err(format!("the header {shown:?} is the connection's own: leave it out"));
        }
        let value =
            HeaderValue::from_str(value).map_err(|_| format!("the value of the header {shown:?} is none"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use zencode::HttpMethod;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Result<HeaderMap, String> {
        let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of(&HttpRequest { method: HttpMethod::Post, url: String::new(), headers, body: Some(String::new()) })
    }

    #[test]
    fn what_the_contract_says_wins() {
        let sent = headers(&[("Content-Type", "text/plain"), ("x-a", "1")]).unwrap();
        assert_eq!(sent["content-type"], "text/plain");
        assert_eq!(sent["x-a"], "1");
    }

    #[test]
    fn what_could_smuggle_a_request_is_refused() {
        for (name, value) in [
            ("Host", "metadata"),
            ("content-length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("x-a", "1\r\nx-b: 2"),
            ("x-a\r\nx-b", "1"),
            ("", "1"),
        ] {
            assert!(headers(&[(name, value)]).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_refusal_does_not_tell_the_value() {
        assert!(!headers(&[("authorization", "secret\n")]).unwrap_err().contains("secret"));
    }

    #[test]
    fn too_many_headers_are_refused() {
        assert!(headers(&[("x-a", "1"); 65]).is_err());
        assert!(headers(&[("x-a", &"a".repeat(20_000))]).is_err());
    }
}
