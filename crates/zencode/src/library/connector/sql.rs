//! Connector: databases that speak SQL, in the sentences of restroom-mw and of slangroom.
//!
//! Rows are an array of dictionaries; a statement without rows gives an empty one.

use serde_json::value::RawValue;
use zencode_macros::{ask, given, order};

use crate::error::Error;
use crate::given::Given;
use crate::known::{Known, compact};
use crate::order::Ordered;
use crate::question::{Question, Target, Want};
use crate::request::{Request, SqlAction, SqlParameters, SqlRequest, SqlValue};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[
    HAVE_DATABASE,
    HAVE_TABLE,
    EXECUTE_STATEMENT,
    EXECUTE_WITH_PARAMETERS,
    READ_RECORD,
    SAVE_OUTPUT,
    SAVE_VALUE,
    EXECUTE_SQL,
    EXECUTE_PARAMETRIZED,
    READ_RECORD_OF_TABLE,
    SAVE_VARIABLE,
];

/// Requires the address of a database to be among the inputs, under the name given.
///
/// It is of the form `postgres://user:password@host:port/name`, or `sqlite://path` for a file below the host's files
/// folder. It is no object afterwards: only requests take it.
///
/// # Example
/// ```zencode
/// Given I have a database uri named 'archive'
/// Given I execute the SQL statement named 'question' on the database named 'archive' and save the result into 'rows'
/// Given I have a 'string array' named 'rows'
/// Then print the 'rows'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "question": "SELECT name FROM towns" }
/// ```
/// ```json answer
/// [ { "name": "Ivrea" } ]
/// ```
#[given("database uri named ''")]
fn have_database(given: &mut Given, name: &str) -> Result<(), Error> {
    given.require_text(name);
    Ok(())
}

/// Requires the name of a database's table to be among the inputs, under the name given.
///
/// # Example
/// ```zencode
/// Given I have a database uri named 'archive'
/// Given I have a database table named 'shelf'
/// Given I read the record '7' of the table 'shelf' of the database 'archive' and save the result into 'book'
/// Given I have a 'string dictionary' named 'book'
/// Then print the 'book'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "shelf": "books" }
/// ```
/// ```json answer
/// { "title": "Il nome della rosa" }
/// ```
#[given("database table named ''")]
fn have_table(given: &mut Given, name: &str) -> Result<(), Error> {
    given.require_text(name);
    Ok(())
}

/// Asks the host to execute an SQL statement in a transaction of its own, and keeps its rows as an input.
///
/// Statement and address are inputs. Whole numbers of 64 bits and `numeric` are texts, octets are texts in base64,
/// times are texts in UTC.
///
/// # Example
/// ```zencode
/// Given I execute the SQL statement named 'question' on the database named 'archive' and save the result into 'towns'
/// Given I have a 'string array' named 'towns'
/// When I create the size of 'towns'
/// Then print the 'size'
/// ```
/// ```json data
/// { "archive": "postgres://reader:secret@db.example/archive", "question": "SELECT name FROM towns LIMIT 2" }
/// ```
/// ```json answer
/// [ { "name": "Aosta" }, { "name": "Ivrea" } ]
/// ```
#[ask(before, writes, "execute sql statement named '' on database named '' and save result into ''")]
fn execute_statement(
    known: &Known,
    statement: &str,
    database: &str,
    target: &str,
) -> Result<Question, Error> {
    let parameters = SqlParameters::Positional(Vec::new());
    let action = SqlAction::Execute { statement: known.text(statement)?, parameters };
    Ok(Question::json(request(known.text(database)?, action), Target::Member(target.to_owned())))
}

/// Asks the host to execute an SQL statement with parameters, and keeps its rows as an input.
///
/// The parameters are an array, for `?` in order, or a dictionary, for `:name`. They are bound: whatever they hold
/// stays data.
///
/// # Example
/// ```zencode
/// Given I execute the SQL statement named 'question' pass the parameters named 'wanted' on the database named 'archive' and save the result into 'towns'
/// Given I have a 'string array' named 'towns'
/// Then print the 'towns'
/// ```
/// ```json data
/// {
///   "archive": "postgres://reader:secret@db.example/archive",
///   "question": "SELECT name FROM towns WHERE river = :river",
///   "wanted": { "river": "Dora Baltea" }
/// }
/// ```
/// ```json answer
/// [ { "name": "Aosta" }, { "name": "Ivrea" } ]
/// ```
#[ask(
    before,
    writes,
    "execute sql statement named '' pass parameters named '' on database named '' and save result into ''"
)]
fn execute_with_parameters(
    known: &Known,
    statement: &str,
    parameters: &str,
    database: &str,
    target: &str,
) -> Result<Question, Error> {
    let parameters = bound(known.value(parameters)?, parameters)?;
    let action = SqlAction::Execute { statement: known.text(statement)?, parameters };
    Ok(Question::json(request(known.text(database)?, action), Target::Member(target.to_owned())))
}

/// Asks the host for the JSON in the column `result` of a table, and keeps it as an input.
///
/// The row is the one whose column `id` is what stands in quotes; table and database are inputs. One that does not
/// exist ends the run.
///
/// # Example
/// ```zencode
/// Given I have a database uri named 'archive'
/// Given I have a database table named 'shelf'
/// Given I read the record '12' of the table 'shelf' of the database 'archive' and save the result into 'book'
/// Given I have a 'string' in path 'book.title'
/// Then print the 'title'
/// ```
/// ```json data
/// { "archive": "postgres://reader:secret@db.example/archive", "shelf": "books" }
/// ```
/// ```json answer
/// { "title": "Le città invisibili" }
/// ```
#[ask(before, "read record '' of table '' of database '' and save result into ''")]
fn read_record(
    known: &Known,
    id: &str,
    table: &str,
    database: &str,
    target: &str,
) -> Result<Question, Error> {
    let action = SqlAction::ReadRecord { table: known.text(table)?, id: id.to_owned() };
    Ok(Question::json(request(known.text(database)?, action), Target::Member(target.to_owned())))
}

/// Asks the host to add the whole output to a table, as JSON in its column `result`, after the contract has run.
///
/// The table is made when it does not exist, with the columns `id`, `result`, `createdAt` and `updatedAt`.
///
/// # Example
/// ```zencode
/// Given I have a database uri named 'archive'
/// Given I have a database table named 'shelf'
/// Given I have a 'string' named 'title'
/// Then print the 'title'
/// Then I save the output into the database 'archive' into the table 'shelf'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "shelf": "books", "title": "Il barone rampante" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "save output into database '' into table ''")]
fn save_output(known: &Known, database: &str, table: &str) -> Result<Question, Error> {
    let action = SqlAction::Save { table: known.text(table)?, record: known.output_json() };
    Ok(Question::json(request(known.text(database)?, action), Target::Nothing))
}

/// Asks the host to add one object to a table, after the contract has run.
///
/// The column `result` has it as JSON, in a dictionary under its name.
///
/// # Example
/// ```zencode
/// Given I have a database uri named 'archive'
/// Given I have a database table named 'shelf'
/// Given I have a 'string dictionary' named 'book'
/// Then print the 'book'
/// Then I save the 'book' into the database 'archive' into the table 'shelf'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "shelf": "books", "book": { "title": "Lessico famigliare" } }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "save '' into database '' into table ''")]
fn save_value(known: &Known, object: &str, database: &str, table: &str) -> Result<Question, Error> {
    let action = SqlAction::Save { table: known.text(table)?, record: member(object, &known.json(object)?) };
    Ok(Question::json(request(known.text(database)?, action), Target::Nothing))
}

/// Asks the host to execute an SQL statement in a transaction of its own; gives its rows.
///
/// # Example
/// ```zencode
/// Given I connect to 'archive' and send statement 'question' and execute sql statement and output into 'towns'
/// Given I have a 'string array' named 'towns'
/// Then print the 'towns'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "question": "SELECT name FROM towns ORDER BY name LIMIT 1" }
/// ```
/// ```json answer
/// [ { "name": "Aosta" } ]
/// ```
#[order(connect, writes, send(statement), "execute sql statement")]
fn execute_sql(order: &Ordered<'_>) -> Result<Want, Error> {
    let parameters = SqlParameters::Positional(Vec::new());
    ordered(order, SqlAction::Execute { statement: order.text("statement")?, parameters })
}

/// Asks the host to execute an SQL statement with parameters; gives its rows.
///
/// The parameters are an array, for `?` in order, or a dictionary, for `:name`.
///
/// # Example
/// ```zencode
/// Given I connect to 'archive' and send statement 'question' and send parameters 'wanted' and execute parametrized sql statement and output into 'towns'
/// Given I have a 'string array' named 'towns'
/// Then print the 'towns'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "question": "SELECT name FROM towns WHERE height > ?", "wanted": [500] }
/// ```
/// ```json answer
/// [ { "name": "Aosta" } ]
/// ```
#[order(connect, writes, send(statement, parameters), "execute parametrized sql statement")]
fn execute_parametrized(order: &Ordered<'_>) -> Result<Want, Error> {
    let name = order.source("parameters").unwrap_or_default();
    let parameters = bound(order.known.value(name)?, name)?;
    ordered(order, SqlAction::Execute { statement: order.text("statement")?, parameters })
}

/// Asks the host for the JSON in the column `result` of the row whose column `id` is the record.
///
/// # Example
/// ```zencode
/// Given I connect to 'archive' and send record 'number' and send table 'shelf' and read the record of the table and output into 'book'
/// Given I have a 'string dictionary' named 'book'
/// Then print the 'book'
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "number": "3", "shelf": "books" }
/// ```
/// ```json answer
/// { "title": "La luna e i falò" }
/// ```
#[order(connect, send(record, table), "read the record of the table")]
fn read_record_of_table(order: &Ordered<'_>) -> Result<Want, Error> {
    let id = order.json("record")?;
    let id = serde_json::from_str::<String>(&id).unwrap_or(id);
    ordered(order, SqlAction::ReadRecord { table: order.text("table")?, id })
}

/// Asks the host to add an object to a table, as JSON with a name in the column `result`.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'book'
/// Then print the 'book'
/// Then I connect to 'archive' and send variable 'book' and send name 'label' and send table 'shelf' and save the variable in the database table
/// ```
/// ```json data
/// { "archive": "sqlite://archive.db", "book": { "title": "Se una notte" }, "label": "novel", "shelf": "books" }
/// ```
/// ```json answer
/// null
/// ```
#[order(connect, writes, send(variable, name, table), "save the variable in the database table")]
fn save_variable(order: &Ordered<'_>) -> Result<Want, Error> {
    let record = member(&order.text("name")?, &order.json("variable")?);
    ordered(order, SqlAction::Save { table: order.text("table")?, record })
}

fn request(url: String, action: SqlAction) -> Request {
    Request::Sql(SqlRequest { url, action })
}

fn ordered(order: &Ordered<'_>, action: SqlAction) -> Result<Want, Error> {
    Ok(Want::json(request(order.address()?, action)))
}

/// An object with one member.
fn member(name: &str, json: &str) -> String {
    format!("{{{}:{json}}}", super::quoted(name))
}

/// Parameters of one statement, at most: what every database takes.
const PARAMETERS_MAX: usize = 999;

fn bound(json: &RawValue, name: &str) -> Result<SqlParameters, Error> {
    let parameters = if let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(json.get()) {
        SqlParameters::Positional(values.into_iter().map(value).collect())
    } else if let Ok(members) =
        serde_json::from_str::<std::collections::BTreeMap<String, &RawValue>>(json.get())
    {
        SqlParameters::Named(members.into_iter().map(|(name, it)| (name, value(it))).collect())
    } else {
        return Err(Error::input(format!("'{name}' is neither an array nor a dictionary of parameters")));
    };
    let count = match &parameters {
        SqlParameters::Positional(values) => values.len(),
        SqlParameters::Named(pairs) => pairs.len(),
    };
    if count > PARAMETERS_MAX {
        return Err(Error::Limit(format!(
            "{count} parameters of a statement, at most {PARAMETERS_MAX} are taken"
        )));
    }
    Ok(parameters)
}

fn value(json: &RawValue) -> SqlValue {
    match json.get() {
        "null" => SqlValue::Null,
        "true" => SqlValue::Boolean(true),
        "false" => SqlValue::Boolean(false),
        text if text.starts_with('"') => {
            SqlValue::Text(serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()))
        }
        structure if structure.starts_with(['[', '{']) => SqlValue::Text(compact(structure)),
        number => SqlValue::Number(number.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<SqlParameters, Error> {
        bound(serde_json::from_str(json).unwrap(), "p")
    }

    #[test]
    fn parameters_keep_their_types_and_digits() {
        let expected = vec![
            SqlValue::Null,
            SqlValue::Boolean(true),
            SqlValue::Number("1.50".to_owned()),
            SqlValue::Text("a\"b".to_owned()),
            SqlValue::Text("{\"a\":[1]}".to_owned()),
        ];
        let read = read("[null, true, 1.50, \"a\\\"b\", { \"a\": [ 1 ] }]").unwrap();
        assert_eq!(read, SqlParameters::Positional(expected));
    }

    #[test]
    fn a_dictionary_names_its_parameters() {
        let expected = vec![("a".to_owned(), SqlValue::Number("1".to_owned()))];
        assert_eq!(read("{\"a\": 1}").unwrap(), SqlParameters::Named(expected));
    }

    #[test]
    fn what_is_no_list_of_parameters_is_refused() {
        assert!(read("\"a\"").is_err());
        assert!(read(&format!("[{}1]", "1,".repeat(PARAMETERS_MAX))).is_err());
    }
}
