//! SQLite: one file below the files folder, opened for one statement.
//!
//! A statement reaches this file alone: an authorizer refuses ATTACH, PRAGMA, extensions and whatever else leads
//! out of it, and a handler that SQLite calls all the time ends it when its time is over or nobody waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use data_encoding::BASE64;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Statement, ToSql};
use serde_json::{Map, Value};
use zencode::{SqlAction, SqlParameters, SqlRequest, SqlValue};

use super::{Dialer, Fault, Rows, STATEMENT_OCTETS_MAX, float, integer, placeholder, quoted, record};
use crate::connector::confined;

/// Octets of a database.
const DATABASE_OCTETS_MAX: i64 = 256 * 1024 * 1024;
/// Octets that SQLite takes of memory, all statements of the process together.
const MEMORY_OCTETS_MAX: i64 = 128 * 1024 * 1024;
/// Steps of SQLite's machine between two looks at the clock: well below a millisecond.
const STEPS_PER_LOOK: i32 = 1000;
/// What a statement may not do, in the words of its error.
const REFUSED: &str = "only statements about the tables of this one file are allowed: no ATTACH, no PRAGMA, \
     no VACUUM, no transactions of its own, no extensions";

/// What ends a statement.
#[derive(Debug, Clone)]
struct Bounds {
    until: Instant,
    octets_max: usize,
    abandoned: Arc<AtomicBool>,
}

/// Tells the thread when nobody waits any more.
struct Abandon(Arc<AtomicBool>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Performs one request on a thread where waiting holds nobody up.
pub(super) async fn answer(
    dialer: &Dialer,
    files: Option<PathBuf>,
    request: SqlRequest,
) -> Result<String, Fault> {
    let abandon = Abandon(Arc::default());
    let bounds = Bounds {
        until: Instant::now() + dialer.timeout(),
        octets_max: dialer.octets_max(),
        abandoned: abandon.0.clone(),
    };
    let limit = dialer.timeout();
    let work = move || {
        let answer = open(files.as_ref(), &request.url, &bounds)
            .and_then(|mut connection| run(&mut connection, request.action, &bounds));
        answer.map_err(|failure| failure.fault(&bounds, limit))
    };
    let answer = tokio::task::spawn_blocking(work).await;
    drop(abandon);
    answer.unwrap_or_else(|_| Err(Fault::refused("SQLite", "the statement could not be run")))
}

/// Why there are no rows.
enum Failure {
    Sqlite(rusqlite::Error),
    Fault(Fault),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Failure {
    fn fault(self, bounds: &Bounds, limit: std::time::Duration) -> Fault {
        let error = match self {
            Self::Fault(fault) => return fault,
            Self::Sqlite(error) => error,
        };
        let what = || "SQLite".to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted | ErrorCode::DatabaseBusy) => {
                Fault::Timeout { what: what(), limit }
            }
            Some(ErrorCode::AuthorizationForStatementDenied) => Fault::refused("SQLite", REFUSED),
            Some(ErrorCode::TooBig) => Fault::Oversized { what: what(), limit: bounds.octets_max },
            Some(ErrorCode::OutOfMemory) => Fault::refused(
                "SQLite",
                format!("more than {MEMORY_OCTETS_MAX} octets of memory are needed; ask for less"),
            ),
            _ => match error {
                rusqlite::Error::MultipleStatement => {
                    Fault::input("SQLite runs one statement at a time here; found more than one")
                }
                // Its other form quotes the whole statement.
                rusqlite::Error::SqlInputError { msg, .. } => Fault::refused("SQLite", msg),
                other => Fault::refused("SQLite", other),
            },
        }
    }
}

/// The file that an address names, below the files folder.
fn place(folder: &Path, url: &str) -> Result<PathBuf, Fault> {
    let rest = url.split_once(':').map_or("", |(_, rest)| rest);
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.contains(['?', '#', '%']) {
        return Err(Fault::input("the path of an SQLite file has no options and no %-signs here"));
    }
    if Path::new(path).is_absolute() {
        // Somebody may have written the whole path of a file in the folder.
        let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let inside = [root.as_path(), folder].iter().find_map(|it| Path::new(path).strip_prefix(it).ok());
        let inside = inside.and_then(Path::to_str).ok_or_else(|| {
            Fault::input(format!("{path:?} is not below the files folder; write it like sqlite://file.db"))
        })?;
        return confined::below(folder, inside);
    }
    confined::below(folder, path)
}

fn open(files: Option<&PathBuf>, url: &str, bounds: &Bounds) -> Result<Connection, Failure> {
    let connection = if url.trim_start_matches("sqlite:").trim_start_matches('/') == ":memory:" {
        Connection::open_in_memory()
    } else {
        let place = place(confined::folder(files)?, url)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        Connection::open_with_flags(place, flags)
    };
    let connection = connection?;
    harden(&connection, bounds)?;
    Ok(connection)
}

/// Switches off what a contract has no use for.
///
/// # Source
/// SQLite, "Defense Against The Dark Arts".
fn harden(connection: &Connection, bounds: &Bounds) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(
        Limit::SQLITE_LIMIT_SQL_LENGTH,
        i32::try_from(2 * STATEMENT_OCTETS_MAX).unwrap_or(i32::MAX),
    )?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(bounds.octets_max).unwrap_or(i32::MAX))?;
    connection.busy_timeout(bounds.until.saturating_duration_since(Instant::now()))?;
    // One row comes back from each.
    let pragma = |text: &str| connection.query_row(text, [], |row| row.get::<_, i64>(0));
    pragma(&format!("PRAGMA hard_heap_limit = {MEMORY_OCTETS_MAX}"))?;
    let page_octets = pragma("PRAGMA page_size")?.max(512);
    pragma(&format!("PRAGMA max_page_count = {}", DATABASE_OCTETS_MAX / page_octets))?;
    connection.execute_batch("PRAGMA temp_store = MEMORY")?;
    Ok(())
}

fn run(connection: &mut Connection, action: SqlAction, bounds: &Bounds) -> Result<String, Failure> {
    let (until, abandoned) = (bounds.until, bounds.abandoned.clone());
    let over = move || abandoned.load(Ordering::Relaxed) || Instant::now() >= until;
    connection.progress_handler(STEPS_PER_LOOK, Some(over))?;
    connection.execute_batch("BEGIN")?;
    connection.authorizer(Some(|context: AuthContext<'_>| allowed(&context.action)))?;
    let answer = perform(connection, action, bounds)?;
    connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    // What failed before is rolled back when the connection closes.
    connection.execute_batch("COMMIT")?;
    Ok(answer)
}

fn perform(connection: &Connection, action: SqlAction, bounds: &Bounds) -> Result<String, Failure> {
    match action {
        SqlAction::Execute { statement, parameters } => {
            let mut statement = connection.prepare(&statement)?;
            bind(&mut statement, &parameters)?;
            Ok(rows(&mut statement, bounds)?.json("SQLite", bounds.octets_max)?)
        }
        SqlAction::ReadRecord { table, id } => {
            let statement = format!("SELECT \"result\" FROM {} WHERE \"id\" = ?", quoted(&table));
            let found = connection.query_row(&statement, [&id], |row| row.get::<_, Option<String>>(0));
            Ok(record(found.optional()?, &id, &table)?)
        }
        SqlAction::Save { table, record } => {
            save(connection, &quoted(&table), &record)?;
            Ok("null".to_owned())
        }
    }
}

/// The table is the one that restroom-mw and slangroom make.
fn save(connection: &Connection, table: &str, record: &str) -> rusqlite::Result<()> {
    const NOW: &str = "strftime('%Y-%m-%d %H:%M:%f', 'now') || ' +00:00'";
    connection.execute(
        &format!(
            "CREATE TABLE IF NOT EXISTS {table} (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT, \"result\" TEXT, \
             \"createdAt\" DATETIME NOT NULL, \"updatedAt\" DATETIME NOT NULL)"
        ),
        [],
    )?;
    connection.execute(
        &format!("INSERT INTO {table} (\"result\", \"createdAt\", \"updatedAt\") VALUES (?, {NOW}, {NOW})"),
        [record],
    )?;
    Ok(())
}

fn allowed(action: &AuthAction<'_>) -> Authorization {
    match action {
        AuthAction::Select
        | AuthAction::Recursive
        | AuthAction::Read { .. }
        | AuthAction::Insert { .. }
        | AuthAction::Update { .. }
        | AuthAction::Delete { .. }
        | AuthAction::CreateIndex { .. }
        | AuthAction::CreateTable { .. }
        | AuthAction::CreateTrigger { .. }
        | AuthAction::CreateView { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::DropIndex { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::DropTrigger { .. }
        | AuthAction::DropView { .. }
        | AuthAction::DropTempTable { .. }
        | AuthAction::DropTempIndex { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::Reindex { .. }
        | AuthAction::Analyze { .. } => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

fn bind(statement: &mut Statement<'_>, parameters: &SqlParameters) -> Result<(), Failure> {
    let marks = statement.parameter_count();
    match parameters {
        SqlParameters::Positional(values) => {
            if marks != values.len() {
                return Err(placeholder::count(marks, values.len()).into());
            }
            for (place, value) in (1..).zip(values) {
                statement.raw_bind_parameter(place, Bound(value))?;
            }
        }
        SqlParameters::Named(pairs) => {
            for place in 1..=marks {
                let name = statement.parameter_name(place).map(|name| name[1..].to_owned());
                let name = name.unwrap_or_else(|| place.to_string());
                let value = pairs.iter().find(|(it, _)| *it == name).map(|(_, value)| value);
                statement
                    .raw_bind_parameter(place, Bound(value.ok_or_else(|| placeholder::absent(&name))?))?;
            }
        }
    }
    Ok(())
}

/// A parameter, with the type that JSON gave it.
struct Bound<'a>(&'a SqlValue);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            SqlValue::Null => ToSqlOutput::Owned(SqliteValue::Null),
            SqlValue::Boolean(truth) => ToSqlOutput::Owned(SqliteValue::Integer((*truth).into())),
            SqlValue::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            SqlValue::Number(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(number), _) => ToSqlOutput::Owned(SqliteValue::Integer(number)),
                (_, Ok(number)) => ToSqlOutput::Owned(SqliteValue::Real(number)),
                _ => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            },
        })
    }
}

fn rows(statement: &mut Statement<'_>, bounds: &Bounds) -> Result<Rows, Failure> {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.raw_query();
    let mut rows = Rows::default();
    let mut octets = 0;
    while let Some(row) = found.next()? {
        let mut members = Map::new();
        for (place, name) in names.iter().enumerate() {
            let value = row.get_ref(place)?;
            octets += name.len() + size(value);
            if octets > bounds.octets_max {
                return Err(Fault::Oversized { what: "SQLite".to_owned(), limit: bounds.octets_max }.into());
            }
            members.insert(name.clone(), json(name, value)?);
        }
        rows.push(members)?;
    }
    Ok(rows)
}

fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(octets) | ValueRef::Blob(octets) => octets.len(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 8,
    }
}

fn json(name: &str, value: ValueRef<'_>) -> Result<Value, Fault> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => integer(number),
        ValueRef::Real(number) => float(number),
        ValueRef::Blob(octets) => Value::String(BASE64.encode(octets)),
        ValueRef::Text(octets) => match std::str::from_utf8(octets) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => return Err(Fault::input(format!("the text in the column {name:?} is not UTF-8"))),
        },
    })
}
