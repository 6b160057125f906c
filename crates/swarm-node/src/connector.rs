//! What contracts may ask of the world, behind one trait: the time, web services, files.
//!
//! A contract describes a request ([`zencode::Request`]); a [`Connector`] performs it, or refuses.
//! Whether a web service may be reached is decided in [`egress`], which does no I/O.

pub mod egress;
mod files;
mod http;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{SystemTime, UNIX_EPOCH};

use zencode::{Answer, Request};

use crate::config::EgressConfig;

/// An answer that is under way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// Performs requests of contracts.
pub trait Connector: Send + Sync + std::fmt::Debug {
    /// Performs a request that takes no waiting; none when this one does.
    fn answer_now(&self, request: &Request) -> Option<Answer>;

    /// Performs one request. What cannot be done is an [`Answer::Refused`].
    fn answer(&self, request: Request) -> Answering<'_>;
}

/// What a request is for, in a word that metrics and logs use.
pub(crate) fn kind(request: &Request) -> &'static str {
    match request {
        Request::Time => "time",
        Request::Http(_) => "http",
        Request::File { .. } => "file",
    }
}

/// The connectors of a real oracle.
#[derive(Debug)]
pub struct World {
    http: http::Http,
    files: Option<PathBuf>,
}

impl World {
    /// Connectors within limits. No client is made and no certificate is read before a contract
    /// asks for a web service.
    pub fn new(egress: EgressConfig, files: Option<PathBuf>) -> Self {
        Self { http: http::Http::new(egress, http::Names::System), files }
    }
}

impl Connector for World {
    fn answer_now(&self, request: &Request) -> Option<Answer> {
        match request {
            Request::Time => Some(Answer::Time(now_ms())),
            Request::Http(_) | Request::File { .. } => None,
        }
    }

    fn answer(&self, request: Request) -> Answering<'_> {
        match request {
            Request::Time => Box::pin(std::future::ready(Answer::Time(now_ms()))),
            Request::Http(request) => Box::pin(self.http.answer(request)),
            Request::File { path } => Box::pin(files::answer(self.files.clone(), path)),
        }
    }
}

/// The present time, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
