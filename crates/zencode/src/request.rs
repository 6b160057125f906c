//! What only a host can do: the one door between a contract and the world.
//!
//! A contract describes a request, the host performs it and hands the answer back. All values are
//! JSON texts, so that nothing of the contract's memory leaves the crate.

mod git;
mod influx;
mod redis;
mod sql;

pub use git::{GitCommit, GitRequest};
pub use influx::{InfluxAction, InfluxRequest};
pub use redis::{RedisCommand, RedisRequest};
pub use sql::{SqlAction, SqlParameters, SqlRequest, SqlValue};

/// Something that the host is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// The present time, in milliseconds since 1970.
    Time,
    /// One request to a web service.
    Http(HttpRequest),
    /// The content of a JSON file in the host's files folder; an absent file reads as `{}`.
    File {
        /// Path below the files folder.
        path: String,
    },
}

/// One request to a web service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The verb.
    pub method: HttpMethod,
    /// The address, as the contract gave it: the host decides whether it may be reached.
    pub url: String,
    /// JSON text to send as the body.
    pub body: Option<String>,
}

/// The verb of a request to a web service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// Read.
    Get,
    /// Submit a body.
    Post,
}

/// What the host found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Milliseconds since 1970.
    Time(i64),
    /// The reply of a web service.
    Http(HttpAnswer),
    /// JSON text.
    File(String),
    /// The host would not or could not do it; the reason ends the run.
    Refused(String),
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
