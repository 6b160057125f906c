//! Requests to web services.

use super::origin;

/// Calls of web services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCalls {
    /// The calls. Their answers come in the same order.
    pub calls: Vec<HttpRequest>,
    /// Whether one waits for the one before it.
    pub pace: Pace,
}

/// Whether calls wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// They are made at the same time.
    Together,
    /// Each is made when the one before it is answered.
    InTurn,
}

impl HttpCalls {
    /// Calls of one request, at most.
    pub const CALLS_MAX: usize = 4096;

    pub(super) fn target(&self) -> String {
        match self.calls.as_slice() {
            [] => "http".to_owned(),
            [call] => format!("{} {}", call.method.name(), origin(&call.url)),
            [call, more @ ..] => {
                format!("{} {} and {} more", call.method.name(), origin(&call.url), more.len())
            }
        }
    }
}

/// One request to a web service.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The verb.
    pub method: HttpMethod,
    /// The address, as the contract gave it: the host decides whether it may be reached.
    pub url: String,
    /// Names and values of headers, in the order of the contract's input; they win over the host's own.
    pub headers: Vec<(String, String)>,
    /// JSON text to send as the body, or the text itself where a header says that it is no JSON.
    pub body: Option<String>,
}

impl std::fmt::Debug for HttpRequest {
    /// Headers, body and most of the address may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.name(), origin(&self.url))
    }
}

/// The verb of a request to a web service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// Read.
    Get,
    /// Submit a body.
    Post,
    /// Put a body in a place.
    Put,
    /// Change a part.
    Patch,
    /// Remove.
    Delete,
}

impl HttpMethod {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The verb as it is sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The reply of a web service: a failure to reach it is a reply too, as contracts expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpAnswer {
    /// A response arrived.
    Response {
        /// HTTP status code.
        status: u16,
        /// The body: JSON when it parses as JSON, otherwise taken as text.
        body: String,
    },
    /// No response: a short code such as `ECONNREFUSED` or `ETIMEDOUT`.
    Unreachable {
        /// The code.
        code: String,
    },
}
