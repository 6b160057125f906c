//! Against a real PostgreSQL server, and SQLite as it is built in.

mod postgres;
mod sqlite;

use std::path::Path;
use std::sync::Arc;

use zencode::{SqlParameters, SqlValue};

use super::*;
use crate::connector::trial::loopback;

/// A statement without parameters.
fn execute(statement: &str) -> SqlAction {
    with(statement, SqlParameters::Positional(Vec::new()))
}

fn with(statement: &str, parameters: SqlParameters) -> SqlAction {
    SqlAction::Execute { statement: statement.to_owned(), parameters }
}

fn positional(values: &[SqlValue]) -> SqlParameters {
    SqlParameters::Positional(values.to_vec())
}

fn text(text: &str) -> SqlValue {
    SqlValue::Text(text.to_owned())
}

async fn ask(
    dialer: Arc<Dialer>,
    files: Option<&Path>,
    url: &str,
    action: SqlAction,
) -> Result<String, Fault> {
    let sql = Sql::new(dialer, files.map(Path::to_owned));
    sql.answer(SqlRequest { url: url.to_owned(), action }, &Scope::default()).await
}

#[tokio::test]
async fn other_databases_are_named_as_not_supported() {
    for scheme in ["mysql", "mariadb", "mssql"] {
        let url = format!("{scheme}://root:secret@127.0.0.1/test");
        let error = ask(loopback(), None, &url, execute("SELECT 1")).await.unwrap_err().to_string();
        assert_eq!(error, format!("{scheme} databases are not supported; expected postgres:// or sqlite://"));
    }
}

#[tokio::test]
async fn what_is_no_address_is_refused_without_being_quoted() {
    for url in ["", "secret", "secret://x", "postgres:secret", "postgres://"] {
        let error = ask(loopback(), None, url, execute("SELECT 1")).await.unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_statement_that_is_too_long_is_not_sent() {
    let statement = "x".repeat(STATEMENT_OCTETS_MAX + 1);
    let error = ask(loopback(), None, "postgres://u@127.0.0.1:1/", execute(&statement)).await.unwrap_err();
    assert!(error.to_string().contains("an SQL statement of 65537 octets is too large"), "{error}");
}
