//! Databases that contracts ask: PostgreSQL over the network, SQLite in the files folder.
//!
//! Each request is one statement in a transaction of its own; parameters are bound, never written into the
//! statement. Rows are an array of objects; a statement without rows gives an empty one.

mod placeholder;
mod postgres;
mod postgres_type;
mod sqlite;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};
use zencode::{SqlAction, SqlRequest};

use super::Scope;
use super::dial::Dialer;
use super::fault::Fault;

/// Rows of one answer.
const ROWS_MAX: usize = 10_000;
/// Octets of a statement.
const STATEMENT_OCTETS_MAX: usize = 64 * 1024;
/// Octets of a table's name: PostgreSQL cuts what is longer.
const TABLE_OCTETS_MAX: usize = 63;
/// Integers beyond it are texts, for JSON's readers round them.
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Performs requests to databases.
#[derive(Debug)]
pub(crate) struct Sql {
    dialer: Arc<Dialer>,
    postgres: postgres::Postgres,
    files: Option<PathBuf>,
}

impl Sql {
    pub(crate) fn new(dialer: Arc<Dialer>, files: Option<PathBuf>) -> Self {
        Self { postgres: postgres::Postgres::new(dialer.clone()), dialer, files }
    }

    /// Performs one request; the answer is a JSON text.
    pub(crate) async fn answer(&self, request: SqlRequest, scope: &Scope) -> Result<String, Fault> {
        check(&request.action, self.dialer.octets_max())?;
        let scheme = request.url.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match scheme.as_str() {
            "postgres" | "postgresql" => self.postgres.answer(request, scope).await,
            "sqlite" => {
                let folder = self.files.clone();
                self.dialer.within("SQLite", sqlite::answer(&self.dialer, folder, request)).await
            }
            "mysql" | "mariadb" | "mssql" | "oracle" | "snowflake" | "redshift" | "db2" => Err(Fault::Input(
                format!("{scheme} databases are not supported; expected postgres:// or sqlite://"),
            )),
            _ => Err(Fault::input(format!(
                "{} octets of text are not the address of a database; \
                 write it like postgres://user:PASSWORD@host:5432/name or sqlite://file.db",
                request.url.len()
            ))),
        }
    }
}

fn check(action: &SqlAction, octets_max: usize) -> Result<(), Fault> {
    let (text, limit, what) = match action {
        SqlAction::Execute { statement, .. } => (statement, STATEMENT_OCTETS_MAX, "an SQL statement"),
        SqlAction::ReadRecord { id, .. } => (id, STATEMENT_OCTETS_MAX, "the id of a record"),
        SqlAction::Save { record, .. } => (record, octets_max, "a record"),
    };
    if text.len() > limit {
        return Err(Fault::Input(format!(
            "{what} of {} octets is too large here; expected at most {limit}",
            text.len()
        )));
    }
    if let SqlAction::ReadRecord { table, .. } | SqlAction::Save { table, .. } = action
        && (table.is_empty() || table.len() > TABLE_OCTETS_MAX || table.contains('\0'))
    {
        return Err(Fault::input(format!(
            "a table's name has 1 to {TABLE_OCTETS_MAX} octets and no NUL; found {} octets",
            table.len()
        )));
    }
    Ok(())
}

/// A name as SQL writes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Rows, while they are gathered.
#[derive(Debug, Default)]
struct Rows(Vec<Value>);

impl Rows {
    /// Adds a row; of two columns with one name the last counts.
    fn push(&mut self, row: Map<String, Value>) -> Result<(), Fault> {
        if self.0.len() == ROWS_MAX {
            return Err(too_many());
        }
        self.0.push(Value::Object(row));
        Ok(())
    }

    fn json(self, what: impl std::fmt::Display, limit: usize) -> Result<String, Fault> {
        let json = Value::Array(self.0).to_string();
        if json.len() > limit {
            return Err(Fault::Oversized { what: what.to_string(), limit });
        }
        Ok(json)
    }
}

fn too_many() -> Fault {
    Fault::input(format!("the statement gives more than {ROWS_MAX} rows; add a LIMIT to it"))
}

/// The JSON in the column `result` of the row that was found.
fn record(found: Option<Option<String>>, id: &str, table: &str) -> Result<String, Fault> {
    let text = found
        .ok_or_else(|| Fault::input(format!("the table {table:?} has no record with the id {id:?}")))?
        .unwrap_or_else(|| "{}".to_owned());
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Fault::input(format!("the record {id:?} of {table:?} is not JSON: {error}"))),
    }
}

/// A floating-point number; JSON has no words for those that are none.
fn float(number: f64) -> Value {
    serde_json::Number::from_f64(number).map_or_else(|| Value::String(number.to_string()), Value::Number)
}

/// A whole number, as a text where JSON's readers would round it.
fn integer(number: i64) -> Value {
    if number.unsigned_abs() > INTEGER_MAX { Value::String(number.to_string()) } else { Value::from(number) }
}
