//! What contracts may ask of the world, behind one trait: the time, web services, files, logs, identifiers, and
//! stores (Redis, SQL, git, InfluxDB).
//!
//! A contract describes a request ([`zencode::Request`]); a [`Connector`] performs it, or refuses. Each kind has
//! a file of its own. Whether a web service may be reached is decided in [`egress`], which does no I/O; what
//! is below a folder is reached through that folder's handle, so that no link and no `..` leads out of it.
//!
//! A request that is dropped is given up: nothing of it goes on but the write that is under way.

mod address;
mod caller;
mod confined;
mod dial;
mod did;
pub mod egress;
mod fault;
mod files;
mod git;
mod http;
mod influx;
mod log;
mod metered;
mod pool;
mod postgres_tls;
mod redis;
mod sql;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trial;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use zencode::{Answer, Request};

pub use caller::Caller;

use crate::config::ConnectorConfig;
use egress::Rule;

/// An answer that is under way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// On whose behalf a request is performed.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Destinations that this contract may reach beside those of the oracle.
    pub egress: Vec<Rule>,
    /// Whether it may change anything here.
    pub writes: Writes,
    /// The HTTP request that the contract answers.
    pub caller: Option<Caller>,
}

/// Whether a contract may change files and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Writes {
    /// It may.
    #[default]
    Allowed,
    /// It may not: it came as text, from whoever asked.
    Refused,
}

/// Performs requests of contracts.
pub trait Connector: Send + Sync + std::fmt::Debug {
    /// Performs a request that takes no waiting; none when this one does.
    fn answer_now(&self, request: &Request, scope: &Scope) -> Option<Answer>;

    /// Performs one request. What cannot be done is an [`Answer::Refused`].
    fn answer<'a>(&'a self, request: Request, scope: &'a Scope) -> Answering<'a>;
}

/// What a request is for, in a word that metrics and logs use.
pub(crate) fn kind(request: &Request) -> &'static str {
    match request {
        Request::Time => "time",
        Request::Caller => "caller",
        Request::Http(_) => "http",
        Request::Files(_) => "file",
        Request::Log { .. } => "log",
        Request::Did { .. } => "did",
        Request::Redis(_) => "redis",
        Request::Sql(_) => "sql",
        Request::Git(_) => "git",
        Request::Influx(_) => "influx",
    }
}

/// The connectors of a real oracle.
#[derive(Debug)]
pub struct World {
    http: http::Http,
    files: files::Files,
    log: log::Log,
    resolvers: did::Resolvers,
    redis: redis::Redis,
    sql: sql::Sql,
    git: git::Git,
    influx: influx::Influx,
}

impl World {
    /// Connectors within limits. No client is made, no folder opened and no certificate read before a contract
    /// asks for it.
    pub fn new(config: &ConnectorConfig) -> Self {
        let dialer = Arc::new(dial::Dialer::new(config.egress.clone(), http::Names::System));
        Self {
            redis: redis::Redis::new(dialer.clone()),
            sql: sql::Sql::new(dialer.clone(), config.files.clone()),
            git: git::Git::new(dialer.clone(), config.files.clone()),
            influx: influx::Influx::new(dialer),
            http: http::Http::new(config.egress.clone(), http::Names::System),
            files: files::Files::new(config.files.clone()),
            log: log::Log::new(config.logs.clone()),
            resolvers: did::Resolvers::new(config),
        }
    }

    async fn perform(&self, request: Request, scope: &Scope) -> Answer {
        if scope.writes == Writes::Refused && request.writes() {
            return Answer::Refused("a contract that comes with the query may write nothing".into());
        }
        match request {
            Request::Time | Request::Caller => now(&request, scope),
            Request::Http(calls) => self.http.answer(calls, scope).await,
            Request::Files(request) => self.files.answer(request, &self.http, scope).await,
            Request::Log { path, lines } => self.log.answer(path, lines).await,
            Request::Did { did, resolver } => self.resolvers.answer(did, resolver, &self.http, scope).await,
            Request::Redis(request) => answer(self.redis.answer(request, scope).await),
            Request::Sql(request) => answer(self.sql.answer(request, scope).await),
            Request::Git(request) => answer(self.git.answer(request, now_ms() / 1000, scope).await),
            Request::Influx(request) => answer(self.influx.answer(request, scope).await),
        }
    }
}

impl Connector for World {
    fn answer_now(&self, request: &Request, scope: &Scope) -> Option<Answer> {
        matches!(request, Request::Time | Request::Caller).then(|| now(request, scope))
    }

    fn answer<'a>(&'a self, request: Request, scope: &'a Scope) -> Answering<'a> {
        Box::pin(async move {
            let (target, started) = (request.target(), Instant::now());
            let answer = self.perform(request, scope).await;
            let elapsed_ms = started.elapsed().as_millis();
            match &answer {
                Answer::Refused(reason) => tracing::info!(target, elapsed_ms, reason, "request refused"),
                _ => tracing::debug!(target, elapsed_ms, "request answered"),
            }
            answer
        })
    }
}

fn now(request: &Request, scope: &Scope) -> Answer {
    match (request, &scope.caller) {
        (Request::Time, _) => Answer::Time(now_ms()),
        (_, Some(caller)) => Answer::Json(caller.json()),
        (_, None) => Answer::Json("{}".to_owned()),
    }
}

/// What a store gave, or the reason why it gave nothing.
fn answer(json: Result<String, fault::Fault>) -> Answer {
    json.map_or_else(|fault| Answer::Refused(fault.to_string()), Answer::Json)
}

/// The present time, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
