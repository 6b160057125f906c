//! PostgreSQL, over connections that are used again.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Map;
use tokio::net::TcpStream;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Transaction};
use zencode::{SqlAction, SqlRequest, SqlValue};

use super::placeholder::{self, Numbered};
use super::postgres_type::{Bound, Cell};
use super::{Dialer, Fault, ROWS_MAX, Rows, quoted, record, too_many};
use crate::connector::Scope;
use crate::connector::address::Address;
use crate::connector::dial::{Connected, reason, tls};
use crate::connector::fault::Target;
use crate::connector::metered::{Allowance, Metered};
use crate::connector::pool::{Driver, Pool};
use crate::connector::postgres_tls::Rustls;

/// How an address is written.
const EXAMPLE: &str = "postgres://user:PASSWORD@host:5432/name";
/// What a statement may have left behind in its session, except prepared statements, which this client keeps.
const RESET: &str = "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; \
     SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// Performs requests to PostgreSQL.
#[derive(Debug)]
pub(super) struct Postgres {
    dialer: Arc<Dialer>,
    pool: Pool<Connection>,
}

/// One connection.
struct Connection {
    client: Client,
    allowance: Allowance,
    driver: Driver,
    peer: IpAddr,
}

impl Postgres {
    pub(super) fn new(dialer: Arc<Dialer>) -> Self {
        Self { dialer, pool: Pool::default() }
    }

    pub(super) async fn answer(&self, request: SqlRequest, scope: &Scope) -> Result<String, Fault> {
        let since = Instant::now();
        let address = Address::parse(&request.url, "PostgreSQL", 5432, EXAMPLE)?;
        let mode = encryption(&address)?;
        let target = address.target.clone();
        let greeting = self.connection(&request.url, &address, mode, scope);
        let mut connection = self.dialer.within(&target, greeting).await?;
        connection.allowance.renew(self.dialer.octets_max());
        // The server ends the statement by itself, a moment before nobody waits for it any more.
        let left = self.dialer.timeout().saturating_sub(since.elapsed());
        let work = run(&mut connection.client, request.action, left.as_millis().max(1));
        let answer = match tokio::time::timeout(left + SERVER_FIRST, work).await {
            Ok(Ok(rows)) => rows,
            Ok(Err(error)) => return Err(self.fault(error, target, &connection.allowance)),
            Err(_) => {
                self.cancel(&connection.client, &target, mode, scope).await;
                return Err(Fault::Timeout { what: target.to_string(), limit: self.dialer.timeout() });
            }
        };
        self.pool.give(&request.url, connection);
        answer.json(&target, self.dialer.octets_max())
    }

    async fn connection(
        &self,
        url: &str,
        address: &Address,
        mode: SslMode,
        scope: &Scope,
    ) -> Result<Connection, Fault> {
        while let Some(waiting) = self.pool.take(url) {
            if !waiting.driver.is_finished() && !waiting.client.is_closed() {
                self.dialer.judge(&address.target, waiting.peer, scope)?;
                return Ok(waiting);
            }
        }
        let Connected { stream, allowance, peer } = self.dialer.connect(&address.target, scope).await?;
        let config = config(address, mode)?;
        let connected = if mode == SslMode::Disable {
            config.connect_raw(stream, NoTls).await.map(|(client, driver)| (client, drive(driver)))
        } else {
            let tls = Rustls::new(tls(&address.target).await?);
            config.connect_raw(stream, tls).await.map(|(client, driver)| (client, drive(driver)))
        };
        let (client, driver) =
            connected.map_err(|error| self.fault(error.into(), address.target.clone(), &allowance))?;
        Ok(Connection { client, allowance, driver, peer })
    }

    /// Tells the server that nobody waits for a statement; it would end by itself, only later.
    async fn cancel(&self, client: &Client, target: &Target, mode: SslMode, scope: &Scope) {
        let work = async {
            let stream = self.dialer.connect(target, scope).await?.stream;
            let cancelled = if mode == SslMode::Disable {
                client.cancel_token().cancel_query_raw(stream, NoTls).await
            } else {
                client.cancel_token().cancel_query_raw(stream, Rustls::new(tls(target).await?)).await
            };
            cancelled.map_err(|error| Fault::refused(target, error))
        };
        if !matches!(tokio::time::timeout(SERVER_FIRST, work).await, Ok(Ok(()))) {
            tracing::debug!(%target, "a statement could not be cancelled");
        }
    }

    fn fault(&self, error: Failure, target: Target, allowance: &Allowance) -> Fault {
        let limit = self.dialer.octets_max();
        let error = match error {
            _ if allowance.is_exceeded() => return Fault::Oversized { what: target.to_string(), limit },
            Failure::Fault(fault) => return fault,
            Failure::Postgres(error) => error,
        };
        match error.as_db_error() {
            Some(db) if *db.code() == SqlState::INVALID_PASSWORD => Fault::Denied(target),
            Some(db) if *db.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => Fault::Denied(target),
            Some(db) if *db.code() == SqlState::QUERY_CANCELED => {
                Fault::Timeout { what: target.to_string(), limit: self.dialer.timeout() }
            }
            Some(db) if [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN].contains(db.code()) => {
                Fault::Broken { target, reason: db.message().to_owned() }
            }
            Some(db) => Fault::refused(target, format!("{} ({})", db.message(), db.code().code())),
            None if error.is_closed() => Fault::Broken { target, reason: reason(&error) },
            None if error.source_is_io() => Fault::Broken { target, reason: reason(&error) },
            None => Fault::refused(target, reason(&error)),
        }
    }
}

/// How long this client waits for the server to notice that the time is over.
const SERVER_FIRST: std::time::Duration = std::time::Duration::from_millis(500);

/// Why there are no rows.
enum Failure {
    Postgres(tokio_postgres::Error),
    Fault(Fault),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What tells a connection that broke from an answer that is wrong.
trait SourceIsIo {
    fn source_is_io(&self) -> bool;
}

impl SourceIsIo for tokio_postgres::Error {
    fn source_is_io(&self) -> bool {
        std::error::Error::source(self).is_some_and(|cause| cause.is::<std::io::Error>())
    }
}

fn drive<T>(connection: tokio_postgres::Connection<Metered<TcpStream>, T>) -> Driver
where
    T: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    Driver::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to PostgreSQL ended");
        }
    })
}

/// Whether to encrypt. Certificates are always verified, so there is nothing between no and yes.
fn encryption(address: &Address) -> Result<SslMode, Fault> {
    let mut mode = SslMode::Disable;
    for (name, value) in &address.options {
        mode = match (name.as_str(), value.as_str()) {
            ("sslmode", "disable") => SslMode::Disable,
            ("sslmode", "require" | "verify-ca" | "verify-full") => SslMode::Require,
            ("sslmode", _) => {
                return Err(Fault::input(format!(
                    "{value:?} is no sslmode here; expected disable or verify-full"
                )));
            }
            _ => {
                return Err(Fault::input(format!(
                    "the address of PostgreSQL has no option {name:?} here; expected sslmode or none"
                )));
            }
        };
    }
    Ok(mode)
}

fn config(address: &Address, mode: SslMode) -> Result<Config, Fault> {
    let user = address.user.as_ref().ok_or_else(|| {
        Fault::input(format!("the address of PostgreSQL names no user; write it like {EXAMPLE}"))
    })?;
    let mut config = Config::new();
    config.user(user).ssl_mode(mode).application_name("zenswarm");
    if let Some(password) = &address.password {
        config.password(password);
    }
    if !address.path.is_empty() {
        config.dbname(&address.path);
    }
    Ok(config)
}

async fn run(client: &mut Client, action: SqlAction, left_ms: u128) -> Result<Answer, Failure> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(&format!("SET LOCAL statement_timeout = {left_ms}")).await?;
    let answer = match action {
        SqlAction::Execute { statement, parameters } => {
            let Numbered { statement, values } = placeholder::number(&statement, parameters)?;
            Answer::Rows(rows(&transaction, &statement, &values).await?)
        }
        SqlAction::ReadRecord { table, id } => Answer::Json(read(&transaction, &table, &id).await?),
        SqlAction::Save { table, record } => {
            save(&transaction, &table, record).await?;
            Answer::Json("null".to_owned())
        }
    };
    transaction.commit().await?;
    client.batch_execute(RESET).await?;
    Ok(answer)
}

/// What came of it.
enum Answer {
    Rows(Rows),
    Json(String),
}

impl Answer {
    fn json(self, target: &Target, limit: usize) -> Result<String, Fault> {
        match self {
            Self::Rows(rows) => rows.json(target, limit),
            Self::Json(json) => Ok(json),
        }
    }
}

async fn rows(transaction: &Transaction<'_>, statement: &str, values: &[SqlValue]) -> Result<Rows, Failure> {
    let prepared = transaction.prepare(statement).await?;
    if prepared.params().len() != values.len() {
        return Err(placeholder::count(prepared.params().len(), values.len()).into());
    }
    let bound: Vec<Bound> = values.iter().map(Bound::new).collect();
    let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
    let portal = transaction.bind(&prepared, &bound).await?;
    let limit = i32::try_from(ROWS_MAX + 1).unwrap_or(i32::MAX);
    let found = transaction.query_portal(&portal, limit).await?;
    if found.len() > ROWS_MAX {
        return Err(too_many().into());
    }
    let mut rows = Rows::default();
    for row in found {
        let mut members = Map::new();
        for (place, column) in row.columns().iter().enumerate() {
            let Cell(value) = row.try_get(place).map_err(|error| {
                Fault::input(format!("the column {:?} cannot be read: {}", column.name(), reason(&error)))
            })?;
            members.insert(column.name().to_owned(), value);
        }
        rows.push(members)?;
    }
    Ok(rows)
}

async fn read(transaction: &Transaction<'_>, table: &str, id: &str) -> Result<String, Failure> {
    let statement = format!("SELECT \"result\" FROM {} WHERE \"id\" = $1", quoted(table));
    let value = SqlValue::Text(id.to_owned());
    let found = transaction.query_opt(&statement, &[&Bound::new(&value)]).await?;
    let found = found.map(|row| row.try_get::<_, Option<String>>(0)).transpose()?;
    Ok(record(found, id, table)?)
}

/// The table is the one that restroom-mw and slangroom make.
async fn save(transaction: &Transaction<'_>, table: &str, record: String) -> Result<(), Failure> {
    let table = quoted(table);
    transaction
        .batch_execute(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (\"id\" SERIAL PRIMARY KEY, \"result\" TEXT, \
             \"createdAt\" TIMESTAMP WITH TIME ZONE NOT NULL, \"updatedAt\" TIMESTAMP WITH TIME ZONE NOT NULL)"
        ))
        .await?;
    let insert =
        format!("INSERT INTO {table} (\"result\", \"createdAt\", \"updatedAt\") VALUES ($1, now(), now())");
    transaction.execute(&insert, &[&Bound::new(&SqlValue::Text(record))]).await?;
    Ok(())
}
