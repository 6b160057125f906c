//! SQLite.

use std::time::Duration;

use super::*;
use crate::connector::trial::{Place, dialer, impatient};

impl Place {
    async fn at(&self, url: &str, action: SqlAction) -> Result<String, Fault> {
        ask(loopback(), Some(&self.files()), url, action).await
    }

    async fn run(&self, action: SqlAction) -> Result<String, Fault> {
        self.at("sqlite://test.db", action).await
    }

    async fn rows(&self, statement: &str) -> String {
        self.run(execute(statement)).await.unwrap()
    }

    async fn refused_statement(&self, statement: &str) -> String {
        self.run(execute(statement)).await.unwrap_err().to_string()
    }
}

#[tokio::test]
async fn rows_are_kept_between_requests() {
    let place = Place::new();
    assert_eq!(place.rows("CREATE TABLE t (n INTEGER, letter TEXT)").await, "[]");
    assert_eq!(place.rows("INSERT INTO t VALUES (1, 'a'), (2, NULL)").await, "[]");
    assert_eq!(
        place.rows("SELECT * FROM t ORDER BY n").await,
        r#"[{"n":1,"letter":"a"},{"n":2,"letter":null}]"#
    );
}

#[tokio::test]
async fn rows_of_an_insert_are_returned_when_it_says_so() {
    let place = Place::new();
    place.rows("CREATE TABLE t (n INTEGER)").await;
    assert_eq!(place.rows("INSERT INTO t VALUES (7) RETURNING n").await, r#"[{"n":7}]"#);
    assert_eq!(place.rows("SELECT n FROM t").await, r#"[{"n":7}]"#);
}

#[tokio::test]
async fn each_type_has_its_json() {
    let place = Place::new();
    for (value, expected) in [
        ("1", "1"),
        ("9007199254740991", "9007199254740991"),
        ("9007199254740992", r#""9007199254740992""#),
        ("-9223372036854775808", r#""-9223372036854775808""#),
        ("0.1", "0.1"),
        ("1e999", r#""inf""#),
        ("'è'", r#""è""#),
        ("x'00ff'", r#""AP8=""#),
        ("NULL", "null"),
    ] {
        assert_eq!(
            place.rows(&format!("SELECT {value} AS v")).await,
            format!(r#"[{{"v":{expected}}}]"#),
            "{value}"
        );
    }
}

#[tokio::test]
async fn parameters_are_bound_with_their_types() {
    let place = Place::new();
    let parameters = positional(&[
        SqlValue::Number("7".to_owned()),
        text("7"),
        SqlValue::Null,
        SqlValue::Boolean(true),
        SqlValue::Number("1.5".to_owned()),
    ]);
    let action = with("SELECT typeof(?) a, typeof(?) b, typeof(?) c, ? d, typeof(?) e", parameters);
    assert_eq!(
        place.run(action).await.unwrap(),
        r#"[{"a":"integer","b":"text","c":"null","d":1,"e":"real"}]"#
    );
}

#[tokio::test]
async fn parameters_have_names_too() {
    let place = Place::new();
    let named = SqlParameters::Named(vec![("name".to_owned(), text("Ugo"))]);
    assert_eq!(place.run(with("SELECT :name AS a", named.clone())).await.unwrap(), r#"[{"a":"Ugo"}]"#);
    let error = place.run(with("SELECT :other", named)).await.unwrap_err().to_string();
    assert_eq!(error, "no parameter is named \"other\", and the statement has the placeholder :other");
}

#[tokio::test]
async fn a_parameter_stays_data() {
    let place = Place::new();
    place.rows("CREATE TABLE t (name TEXT)").await;
    let attack = "x'); DROP TABLE t; --";
    place.run(with("INSERT INTO t VALUES (?)", positional(&[text(attack)]))).await.unwrap();
    assert_eq!(place.rows("SELECT name FROM t").await, serde_json::json!([{ "name": attack }]).to_string());
}

#[tokio::test]
async fn a_statement_that_leaves_the_file_is_refused() {
    let place = Place::new();
    place.rows("CREATE TABLE t (n INTEGER)").await;
    for statement in [
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "PRAGMA journal_mode = OFF",
        "PRAGMA hard_heap_limit = 0",
        "SELECT load_extension('/tmp/x.so')",
        "CREATE VIRTUAL TABLE v USING dbstat",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT s",
    ] {
        let error = place.refused_statement(statement).await;
        assert!(
            error.contains("only statements about the tables of this one file are allowed")
                || error.contains("not authorized to use function: load_extension")
                || error.contains("cannot VACUUM from within a transaction"),
            "{statement}: {error}"
        );
    }
    let names: Vec<_> = std::fs::read_dir(place.files()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["test.db"]);
}

#[tokio::test]
async fn a_file_outside_the_folder_is_refused() {
    let place = Place::new();
    std::fs::write(place.outside().join("secret.db"), "").unwrap();
    std::os::unix::fs::symlink("../secret.db", place.files().join("link.db")).unwrap();
    std::os::unix::fs::symlink("..", place.files().join("folder")).unwrap();
    for path in [
        "../secret.db",
        "/etc/passwd",
        "link.db",
        "folder/secret.db",
        "a/../../secret.db",
        "",
        "file:../secret.db?mode=rw",
        "..%2fsecret.db",
    ] {
        let error = place.at(&format!("sqlite://{path}"), execute("CREATE TABLE t (n)")).await.unwrap_err();
        assert!(matches!(error, Fault::Input(_)), "{path}: {error}");
    }
    assert_eq!(std::fs::read(place.outside().join("secret.db")).unwrap(), b"");
}

#[tokio::test]
async fn the_whole_path_of_a_file_in_the_folder_is_understood() {
    let place = Place::new();
    place.rows("CREATE TABLE t (n INTEGER)").await;
    let url = format!("sqlite://{}/test.db", place.files().display());
    assert_eq!(place.at(&url, execute("SELECT * FROM t")).await.unwrap(), "[]");
    assert_eq!(place.at("sqlite:test.db", execute("SELECT * FROM t")).await.unwrap(), "[]");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let place = Place::new();
    std::fs::write(place.files().join("test.db"), "x".repeat(5000)).unwrap();
    assert!(place.refused_statement("SELECT 1 FROM sqlite_master").await.contains("not a database"));
}

#[tokio::test]
async fn without_a_files_folder_there_is_no_file() {
    let error = ask(loopback(), None, "sqlite://test.db", execute("SELECT 1")).await.unwrap_err().to_string();
    assert!(error.contains("no files folder"), "{error}");
    assert_eq!(
        ask(loopback(), None, "sqlite::memory:", execute("SELECT 1 AS a")).await.unwrap(),
        r#"[{"a":1}]"#
    );
}

const ENDLESS: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";

#[tokio::test]
async fn an_endless_statement_is_cut() {
    let place = Place::new();
    let error =
        ask(impatient(), Some(&place.files()), "sqlite://test.db", execute(ENDLESS)).await.unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn a_statement_waits_for_another_only_for_its_time() {
    let place = Place::new();
    place.rows("CREATE TABLE t (n INTEGER)").await;
    let other = rusqlite::Connection::open(place.files().join("test.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let action = execute("INSERT INTO t VALUES (1)");
    let error = ask(impatient(), Some(&place.files()), "sqlite://test.db", action).await.unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(place.rows("SELECT * FROM t").await, "[]");
}

#[tokio::test]
async fn more_rows_than_the_limit_are_refused() {
    let place = Place::new();
    let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 10001) SELECT 1 FROM c";
    assert_eq!(
        place.refused_statement(many).await,
        "the statement gives more than 10000 rows; add a LIMIT to it"
    );
}

#[tokio::test]
async fn more_octets_than_the_limit_are_refused() {
    let place = Place::new();
    for statement in [
        "SELECT hex(zeroblob(60000)) AS v",
        "SELECT zeroblob(1000000000) AS v",
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 90) \
         SELECT hex(zeroblob(1000)) FROM c",
    ] {
        let error = place.refused_statement(statement).await;
        assert!(error.contains("gave more than 100000 octets"), "{statement}: {error}");
    }
}

#[tokio::test]
async fn two_statements_at_once_are_refused() {
    let place = Place::new();
    assert_eq!(
        place.refused_statement("SELECT 1; SELECT 2").await,
        "SQLite runs one statement at a time here; found more than one"
    );
}

#[tokio::test]
async fn a_record_is_saved_and_read() {
    let place = Place::new();
    let save = SqlAction::Save { table: "a\"b".to_owned(), record: r#"{"a":"'"}"#.to_owned() };
    assert_eq!(place.run(save).await.unwrap(), "null");
    let read = |id: &str| SqlAction::ReadRecord { table: "a\"b".to_owned(), id: id.to_owned() };
    assert_eq!(place.run(read("1")).await.unwrap(), r#"{"a":"'"}"#);
    let error = place.run(read("2")).await.unwrap_err().to_string();
    assert_eq!(error, "the table \"a\\\"b\" has no record with the id \"2\"");
    let times =
        place.rows("SELECT \"createdAt\" LIKE '20__-__-__ __:__:__.___ +00:00' AS ok FROM \"a\"\"b\"").await;
    assert_eq!(times, r#"[{"ok":1}]"#);
}

#[tokio::test]
async fn the_egress_policy_has_no_say_about_files() {
    let place = Place::new();
    let strict = dialer(&[], Duration::from_secs(30));
    assert!(ask(strict, Some(&place.files()), "sqlite://test.db", execute("SELECT 1")).await.is_ok());
}
