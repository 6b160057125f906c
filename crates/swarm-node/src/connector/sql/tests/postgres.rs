//! PostgreSQL.

use std::time::{Duration, Instant};

use test_servers::{Program, shared, word};

use super::*;
use crate::connector::trial::{OCTETS_MAX, dialer, impatient};

async fn run(url: &str, action: SqlAction) -> Result<String, Fault> {
    ask(loopback(), None, url, action).await
}

async fn rows(url: &str, statement: &str) -> String {
    run(url, execute(statement)).await.unwrap()
}

async fn refused(url: &str, action: SqlAction) -> String {
    run(url, action).await.unwrap_err().to_string()
}

#[tokio::test]
async fn rows_are_objects() {
    let Some(url) = shared(Program::Postgres) else { return };
    let statement = "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t(number, letter)";
    assert_eq!(rows(&url, statement).await, r#"[{"number":1,"letter":"a"},{"number":2,"letter":null}]"#);
}

/// Expected: what the peers give, read in node-postgres' default type parsers and JSON's rules for them;
/// `bytea` alone differs on purpose.
#[tokio::test]
async fn each_type_has_its_json() {
    let Some(url) = shared(Program::Postgres) else { return };
    for (value, expected) in [
        ("true", "true"),
        ("1::int2", "1"),
        ("'-2147483648'::int4", "-2147483648"),
        ("9007199254740993::int8", r#""9007199254740993""#),
        ("0.1::float4", "0.1"),
        ("1e300::float8", "1e+300"),
        ("'NaN'::float8", r#""NaN""#),
        ("1234567890.5000::numeric", r#""1234567890.5000""#),
        ("-0.00001234::numeric", r#""-0.00001234""#),
        ("1e20::numeric", r#""100000000000000000000""#),
        ("'è'::text", r#""è""#),
        ("'ab'::char(3)", r#""ab ""#),
        (r"'\x00ff'::bytea", r#""AP8=""#),
        ("NULL::int4", "null"),
        (r#"'{"b":1,"a":[true]}'::json"#, r#"{"b":1,"a":[true]}"#),
        (r#"'{"a": null}'::jsonb"#, r#"{"a":null}"#),
        ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", r#""a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11""#),
        ("'2024-02-29'::date", r#""2024-02-29""#),
        ("'23:59:59.25'::time", r#""23:59:59.25""#),
        ("'2024-02-29 12:34:56.789123+02'::timestamptz", r#""2024-02-29T10:34:56.789Z""#),
        ("'1969-12-31 23:59:59'::timestamp", r#""1969-12-31T23:59:59.000Z""#),
        ("ARRAY[1, NULL, 3]", "[1,null,3]"),
        ("ARRAY['a', 'b']", r#"["a","b"]"#),
    ] {
        assert_eq!(
            rows(&url, &format!("SELECT {value} AS v")).await,
            format!(r#"[{{"v":{expected}}}]"#),
            "{value}"
        );
    }
}

#[tokio::test]
async fn a_type_that_is_not_known_is_refused_by_its_column() {
    let Some(url) = shared(Program::Postgres) else { return };
    let error = refused(&url, execute("SELECT '10.0.0.1'::inet AS address")).await;
    assert_eq!(
        error,
        "the column \"address\" cannot be read: its type inet is not known here; add ::text to it"
    );
}

#[tokio::test]
async fn parameters_take_the_types_of_their_places() {
    let Some(url) = shared(Program::Postgres) else { return };
    let parameters = positional(&[
        SqlValue::Number("7".to_owned()),
        text("a ? b"),
        SqlValue::Null,
        SqlValue::Boolean(true),
        SqlValue::Number("1.50".to_owned()),
    ]);
    let action =
        with("SELECT ?::int4 AS a, ?::text AS b, ?::int4 AS c, ?::bool AS d, ?::numeric AS e", parameters);
    assert_eq!(run(&url, action).await.unwrap(), r#"[{"a":7,"b":"a ? b","c":null,"d":true,"e":"1.50"}]"#);
}

#[tokio::test]
async fn parameters_have_names_too() {
    let Some(url) = shared(Program::Postgres) else { return };
    let named =
        SqlParameters::Named(vec![("name".to_owned(), text("Ugo")), ("other".to_owned(), SqlValue::Null)]);
    let action = with("SELECT :name::text AS a, upper(:name) AS b", named);
    assert_eq!(run(&url, action).await.unwrap(), r#"[{"a":"Ugo","b":"UGO"}]"#);
}

#[tokio::test]
async fn a_parameter_stays_data() {
    let Some(url) = shared(Program::Postgres) else { return };
    let table = word();
    rows(&url, &format!("CREATE TABLE {table} (name text)")).await;
    let attack = format!("x'); DROP TABLE {table}; --");
    let action = with(&format!("INSERT INTO {table} VALUES (?)"), positional(&[text(&attack)]));
    assert_eq!(run(&url, action).await.unwrap(), "[]");
    let expected = serde_json::json!([{ "name": attack }]).to_string();
    assert_eq!(rows(&url, &format!("SELECT name FROM {table}")).await, expected);
}

#[tokio::test]
async fn a_wrong_number_of_parameters_is_refused() {
    let Some(url) = shared(Program::Postgres) else { return };
    let error = refused(&url, with("SELECT $1::text", positional(&[]))).await;
    assert_eq!(error, "the statement has 1 placeholders, and 0 parameters are given");
}

#[tokio::test]
async fn two_statements_at_once_are_refused() {
    let Some(url) = shared(Program::Postgres) else { return };
    let error = refused(&url, execute("SELECT 1; SELECT 2")).await;
    assert!(error.contains("multiple commands"), "{error}");
}

#[tokio::test]
async fn a_statement_that_fails_changes_nothing() {
    let Some(url) = shared(Program::Postgres) else { return };
    let table = word();
    rows(&url, &format!("CREATE TABLE {table} (n int4)")).await;
    let error = refused(
        &url,
        execute(&format!("INSERT INTO {table} SELECT 1 / (2 - n) FROM generate_series(1, 3) n")),
    )
    .await;
    assert!(error.contains("division by zero (22012)"), "{error}");
    assert_eq!(rows(&url, &format!("SELECT n FROM {table}")).await, "[]");
}

#[tokio::test]
async fn a_slow_statement_is_cut_here_and_on_the_server() {
    let Some(url) = shared(Program::Postgres) else { return };
    let mark = word();
    let slow = format!("SELECT pg_sleep(600), '{mark}'");
    let since = Instant::now();
    let error = ask(impatient(), None, &url, execute(&slow)).await.unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
    assert!(since.elapsed() < Duration::from_secs(60));
    let running = format!(
        "SELECT count(*)::int4 AS n FROM pg_stat_activity \
         WHERE state = 'active' AND query LIKE '%{mark}%' AND pid <> pg_backend_pid()"
    );
    assert_eq!(rows(&url, &running).await, r#"[{"n":0}]"#);
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let Some(url) = shared(Program::Postgres) else { return };
    let (_, host) = url.rsplit_once('@').unwrap();
    let error = refused(&format!("postgres://oracle:wrongsecret@{host}"), execute("SELECT 1")).await;
    assert!(error.contains("refused the user or the password"), "{error}");
    assert!(!error.contains("wrongsecret"), "{error}");
}

#[tokio::test]
async fn more_rows_than_the_limit_are_refused() {
    let Some(url) = shared(Program::Postgres) else { return };
    let error = refused(&url, execute("SELECT generate_series(1, 1000000)")).await;
    assert_eq!(error, "the statement gives more than 10000 rows; add a LIMIT to it");
}

#[tokio::test]
async fn a_value_larger_than_an_answer_is_not_read() {
    let Some(url) = shared(Program::Postgres) else { return };
    for octets in [OCTETS_MAX + 10, 100 * OCTETS_MAX] {
        let error = refused(&url, execute(&format!("SELECT repeat('x', {octets}) AS v"))).await;
        assert!(error.contains("gave more than 100000 octets"), "{error}");
    }
}

#[tokio::test]
async fn a_session_keeps_nothing_of_the_statement_before() {
    let Some(url) = shared(Program::Postgres) else { return };
    let sql = Sql::new(loopback(), None);
    let ask = async |statement: &str| {
        sql.answer(SqlRequest { url: url.clone(), action: execute(statement) }, &Scope::default())
            .await
            .unwrap()
    };
    let first = ask("SELECT pg_backend_pid() AS pid").await;
    ask("SET application_name = 'left behind'").await;
    ask("CREATE TEMPORARY TABLE left_behind (n int4)").await;
    assert_eq!(ask("SHOW application_name").await, r#"[{"application_name":"zenswarm"}]"#);
    assert_eq!(ask("SELECT to_regclass('left_behind')::text AS t").await, r#"[{"t":null}]"#);
    assert_eq!(ask("SELECT pg_backend_pid() AS pid").await, first, "the connection is the same");
}

#[tokio::test]
async fn a_record_is_saved_and_read() {
    let Some(url) = shared(Program::Postgres) else { return };
    let table = format!("{}\"; x", word());
    let save = SqlAction::Save { table: table.clone(), record: r#"{"a":"'"}"#.to_owned() };
    assert_eq!(run(&url, save).await.unwrap(), "null");
    let read = |id: &str| SqlAction::ReadRecord { table: table.clone(), id: id.to_owned() };
    assert_eq!(run(&url, read("1")).await.unwrap(), r#"{"a":"'"}"#);
    assert!(refused(&url, read("2")).await.contains("has no record with the id \"2\""));
    // The peers write these columns, and want them written.
    let columns = format!("SELECT count(*)::int4 AS n FROM {} WHERE \"createdAt\" <= now()", quoted(&table));
    assert_eq!(rows(&url, &columns).await, r#"[{"n":1}]"#);
}

#[tokio::test]
async fn loopback_is_refused_unless_it_is_allowed() {
    let Some(url) = shared(Program::Postgres) else { return };
    let strict = dialer(&[], Duration::from_secs(5));
    let error = ask(strict, None, &url, execute("SELECT 1")).await.unwrap_err();
    assert!(matches!(error, Fault::Forbidden { .. }), "{error}");
}

#[tokio::test]
async fn encryption_that_the_server_does_not_offer_is_an_error() {
    let Some(url) = shared(Program::Postgres) else { return };
    let error = refused(&format!("{url}?sslmode=verify-full"), execute("SELECT 1")).await;
    assert!(error.contains("does not support TLS"), "{error}");
    let error = refused(&format!("{url}?sslmode=prefer"), execute("SELECT 1")).await;
    assert_eq!(error, "\"prefer\" is no sslmode here; expected disable or verify-full");
}

#[tokio::test]
async fn a_server_that_dies_during_a_statement_is_an_error_at_once() {
    if shared(Program::Postgres).is_none() {
        return;
    }
    let mut server = test_servers::Postgres::start().unwrap();
    let sql = Sql::new(loopback(), None);
    let request = |statement: &str| SqlRequest { url: server.url(), action: execute(statement) };
    let (first, slow) = (request("SELECT 1"), request("SELECT pg_sleep(600)"));
    sql.answer(first.clone(), &Scope::default()).await.unwrap();
    let scope = Scope::default();
    let (answer, ()) = tokio::join!(sql.answer(slow, &scope), async { server.kill() });
    let error = answer.unwrap_err();
    assert!(matches!(error, Fault::Broken { .. }), "{error}");
    let error = sql.answer(first, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, Fault::Unreachable { .. }), "{error}");
}
