//! Refusals as the callers of `/v1/…` see them: RFC 9457 problem details.

mod oracle;
mod refusal;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One refusal: what kind, what was found, what to do.
///
/// # Source
/// RFC 9457, section 3; `hint` is an extension member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable name of the kind, such as `urn:zenswarm:problem:stale-message`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// HTTP status code.
    pub status: u16,
    /// What was found in this request.
    pub detail: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Headers of the answer, besides its type.
    #[serde(skip)]
    headers: Option<Box<HeaderMap>>,
}

/// What the name of every kind begins with.
const KIND: &str = "urn:zenswarm:problem:";

impl Problem {
    /// A problem of a kind (words with hyphens), with what was found.
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{KIND}{kind}"),
            title: kind.replace('-', " "),
            status: status.as_u16(),
            detail: detail.into(),
            hint: None,
            headers: None,
        }
    }

    /// The kind without what every kind begins with.
    pub(crate) fn word(&self) -> &str {
        self.kind.strip_prefix(KIND).unwrap_or(&self.kind)
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.get_or_insert_default().insert(name, value);
        self
    }

    /// Says after how many seconds the client may come back.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        let hint = match seconds {
            0 | 1 => "try again in a second".to_owned(),
            _ => format!("try again in {seconds} seconds"),
        };
        self.header(header::RETRY_AFTER, seconds.max(1).into()).hint(hint)
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// 400: the request cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed-request", detail)
    }

    /// 404: no such resource.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// 413: the body exceeds `octets_max`.
    pub fn too_large(octets_max: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!("the body exceeds {octets_max} octets"),
        )
        .hint("send less, or raise the limit in the configuration")
    }

    /// 408: the body did not come in its time.
    pub fn too_slow(seconds: u64) -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            format!("the body did not come within {seconds} seconds"),
        )
        .hint("send it at once, or less of it")
        .header(header::CONNECTION, HeaderValue::from_static("close"))
    }

    /// 429: too much of one kind, or by one caller, at once; the client may come back after a second.
    pub fn crowded(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-runs", detail).retry_after(1)
    }

    /// 503: too much at once; the client may come back after a second.
    pub fn busy(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).retry_after(1)
    }

    /// 500: a fault of this program; the cause goes to the log, never to the caller.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-fault", "the node could not do its work")
            .hint("the node's log says why")
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        headers.extend(self.headers.map(|it| *it).unwrap_or_default());
        response
    }
}

/// The answer to a path that no route has; give it to `Router::fallback`.
pub async fn unknown_path(uri: axum::http::Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", uri.path()))
}

/// The answer to a verb that the path does not take; give it to
/// `Router::method_not_allowed_fallback`.
pub async fn wrong_method(method: axum::http::Method) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!("this address does not take {method}"),
    )
}
