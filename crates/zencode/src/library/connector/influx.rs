//! Connector: InfluxDB servers, in the sentences of restroom-mw, and one of our own that writes.

use serde::Deserialize;
use zencode_macros::ask;

use crate::error::Error;
use crate::known::Known;
use crate::question::{Question, Target, Want};
use crate::request::{InfluxAction, InfluxRequest, Request};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] =
    &[CONNECT_INFLUX, EXECUTE_FLUX, EXECUTE_FLUX_ARRAY, WRITE_LINES];

/// What holds the connection between the lines.
const CONNECTION: &str = "influxdb connection";

/// Names the InfluxDB server of the lines that follow, by an input: a dictionary with `url`, `token` and `org`.
///
/// The token is best kept in the keys.
///
/// # Example
/// ```zencode
/// Given I connect to influxdb with the connection object named 'meters'
/// Given I execute the flux query named 'today' and save the output into 'readings'
/// Given I have a 'string array' named 'readings'
/// Then print the 'readings'
/// ```
/// ```json data
/// {
///   "meters": { "url": "https://meters.example:8086", "token": "secret", "org": "river" },
///   "today": "from(bucket: \"levels\") |> range(start: -1d) |> last()"
/// }
/// ```
/// ```json answer
/// [ { "result": "_result", "table": 0, "_value": 2.5 } ]
/// ```
#[ask(before, "connect to influxdb with connection object named ''")]
fn connect_influx(known: &Known, connection: &str) -> Result<Question, Error> {
    Ok(Question::new(Want::have(known.json(connection)?), Target::Held(CONNECTION)))
}

/// Asks the host to execute a query in Flux, and keeps its rows as an array of dictionaries.
///
/// A row has the columns of its table. Numbers beyond 2^53 are texts, and so are times.
///
/// # Example
/// ```zencode
/// Given I connect to influxdb with the connection object named 'meters'
/// Given I execute the flux query named 'yesterday' and save the output into 'readings'
/// Given I have a 'string array' named 'readings'
/// When I create the size of 'readings'
/// Then print the 'size'
/// ```
/// ```json data
/// {
///   "meters": { "url": "https://meters.example:8086", "token": "secret", "org": "river" },
///   "yesterday": "from(bucket: \"levels\") |> range(start: -2d, stop: -1d)"
/// }
/// ```
/// ```json answer
/// [ { "result": "_result", "table": 0, "_value": 2.25 } ]
/// ```
#[ask(before, "execute flux query named '' and save output into ''")]
fn execute_flux(known: &Known, query: &str, target: &str) -> Result<Question, Error> {
    flux(known, vec![known.text(query)?], target)
}

/// Asks the host to execute several queries in Flux, and keeps the rows of all as one array.
///
/// # Example
/// ```zencode
/// Given I connect to influxdb with the connection object named 'meters'
/// Given I execute the array of flux queries named 'both' and save the output into 'readings'
/// Given I have a 'string array' named 'readings'
/// Then print the 'readings'
/// ```
/// ```json data
/// {
///   "meters": { "url": "https://meters.example:8086", "token": "secret", "org": "river" },
///   "both": ["from(bucket: \"north\") |> range(start: -1h)", "from(bucket: \"south\") |> range(start: -1h)"]
/// }
/// ```
/// ```json answer
/// [ { "result": "_result", "table": 0, "_value": 1.5 }, { "result": "_result", "table": 0, "_value": 3.5 } ]
/// ```
#[ask(before, "execute array of flux queries named '' and save output into ''")]
fn execute_flux_array(known: &Known, queries: &str, target: &str) -> Result<Question, Error> {
    flux(known, known.texts(queries)?, target)
}

/// Asks the host to write lines in InfluxDB's line protocol into a bucket, after the contract has run.
///
/// The lines, a text or an array of texts, are a member of the output or an input; times are in nanoseconds. The
/// bucket is what stands in quotes, or the input of that name.
///
/// # Example
/// ```zencode
/// Given I connect to influxdb with the connection object named 'meters'
/// Given I have a 'string' named 'level'
/// Then print the 'level'
/// Then I write the lines 'level' into the bucket 'levels' of influxdb
/// ```
/// ```json data
/// {
///   "meters": { "url": "https://meters.example:8086", "token": "secret", "org": "river" },
///   "level": "level,place=ivrea metres=2.5 1767225600000000000"
/// }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "write lines '' into bucket '' of influxdb")]
fn write_lines(known: &Known, lines: &str, bucket: &str) -> Result<Question, Error> {
    let action =
        InfluxAction::Write { bucket: known.text_or_literal(bucket)?, lines: known.texts(lines)?.join("\n") };
    Ok(Question::json(request(known, action)?, Target::Nothing))
}

fn flux(known: &Known, queries: Vec<String>, target: &str) -> Result<Question, Error> {
    let request = request(known, InfluxAction::Query(queries))?;
    Ok(Question::json(request, Target::Member(target.to_owned())))
}

/// A connection as contracts write it.
#[derive(Deserialize)]
struct Written {
    url: String,
    token: String,
    #[serde(default)]
    org: String,
}

fn request(known: &Known, action: InfluxAction) -> Result<Request, Error> {
    let json = known.held(CONNECTION).ok_or_else(|| {
        Error::input(
            "no InfluxDB server is named: a line before it says `Given I connect to influxdb with the \
             connection object named ''`",
        )
    })?;
    // What is wrong is not quoted: a token may be inside.
    let written = serde_json::from_str::<Written>(json);
    let Written { url, token, org } = written.map_err(|_| {
        Error::input("the connection of InfluxDB is a dictionary of texts: url, token and org")
    })?;
    Ok(Request::Influx(InfluxRequest { url, token, organisation: org, action }))
}
