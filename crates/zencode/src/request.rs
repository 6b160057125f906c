//! What only a host can do: the one door between a contract and the world.
//!
//! A contract describes a request, the host performs it and hands the answer back. All values are
//! JSON texts, so that nothing of the contract's memory leaves the crate. Each connector has a variant
//! and a file of its own.

mod files;
mod git;
mod http;
mod influx;
mod redis;
mod sql;

pub use files::{FilesRequest, Missing, Names};
pub use git::{GitCommit, GitRequest};
pub use http::{HttpAnswer, HttpCalls, HttpMethod, HttpRequest, Pace};
pub use influx::{InfluxAction, InfluxRequest};
pub use redis::{RedisCommand, RedisRequest};
pub use sql::{SqlAction, SqlParameters, SqlRequest, SqlValue};

/// Something that the host is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// The present time, in milliseconds since 1970.
    Time,
    /// The HTTP request that the contract is answering.
    Caller,
    /// Requests to web services.
    Http(HttpCalls),
    /// Something below the host's files folder.
    Files(FilesRequest),
    /// Lines for a file below the host's log folder.
    Log {
        /// Path below the log folder.
        path: String,
        /// The lines, as the contract gave them: the host sees to it that each stays one line.
        lines: Vec<String>,
    },
    /// The document of a decentralised identifier.
    Did {
        /// The identifier.
        did: String,
        /// Address of the service that resolves it; absent: the host's own.
        resolver: Option<String>,
    },
    /// A Redis server.
    Redis(RedisRequest),
    /// A database that speaks SQL.
    Sql(SqlRequest),
    /// A git repository below the host's files folder.
    Git(GitRequest),
    /// An InfluxDB server.
    Influx(InfluxRequest),
}

impl Request {
    /// Whether it changes something outside: a file, a log, a store, a ledger.
    ///
    /// A request to a web service counts as reading, whatever its verb: what it changes is the service's.
    pub fn writes(&self) -> bool {
        match self {
            Self::Time | Self::Caller | Self::Http(_) | Self::Did { .. } => false,
            Self::Files(request) => request.writes(),
            Self::Log { .. } => true,
            Self::Redis(request) => request.command.writes(),
            Self::Sql(request) => request.action.writes(),
            Self::Git(request) => request.writes(),
            Self::Influx(request) => request.action.writes(),
        }
    }

    /// What it is about, for a log: no query, no path, no user and no password of an address.
    pub fn target(&self) -> String {
        match self {
            Self::Time => "time".to_owned(),
            Self::Caller => "caller".to_owned(),
            Self::Http(calls) => calls.target(),
            Self::Files(request) => request.target(),
            Self::Log { path, .. } => format!("log {path}"),
            Self::Did { did, .. } => format!("did {}", did.split('?').next().unwrap_or_default()),
            Self::Redis(request) => origin(&request.url),
            Self::Sql(request) => request.target(),
            Self::Git(request) => request.target(),
            Self::Influx(request) => origin(&request.url),
        }
    }
}

/// What the host found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Milliseconds since 1970.
    Time(i64),
    /// The replies of web services, one for each call, in the order of the calls.
    Http(Vec<HttpAnswer>),
    /// JSON text: what every other request is answered with. `null` is nothing.
    Json(String),
    /// The host would not or could not do it; the reason ends the run.
    Refused(String),
}

/// The origin of an address, or how long it is when it has none.
fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return format!("{} octets", url.len());
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_no_secret_of_the_address() {
        for url in ["https://user:secret@host:8443/secret?secret#secret", "https://host:8443?secret@x"] {
            assert_eq!(origin(url), "https://host:8443");
        }
        assert_eq!(origin("secret"), "6 octets");
    }
}
