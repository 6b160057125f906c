//! Time: seconds since 1970, and their forms as text and table.

use num_bigint::BigInt;
use zencode_macros::when;

use crate::arithmetic::time_of_number;
use crate::calendar::{Date, FIELDS};
use crate::codec::Traits;
use crate::comparison::time_of;
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::import::{plain, time};
use crate::json::Json;
use crate::machine::Machine;
use crate::schema::{Reading, Schema};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    CREATE_TIMESTAMP,
    CREATE_INTEGER_CAST,
    CREATE_TIMESTAMP_OF_DATE_TABLE,
    CREATE_DATE_TABLE,
    CREATE_UTC_TIMESTAMP_OF_NOW,
    CREATE_UTC_TIMESTAMP,
    CREATE_ZULU_TIMESTAMP_OF_NOW,
    CREATE_ZULU_TIMESTAMP,
    CREATE_TIMESTAMP_OF_UTC,
    CREATE_TIMESTAMP_OF_ZULU,
];

pub(super) const SCHEMAS: &[Schema] =
    &[Schema { name: "date_table", import, export: Some(export), complex: true, open: false }];

/// Whether daylight saving is on: kept and printed, never looked at.
const DAYLIGHT: &str = "isdst";

/// Reads a date: absent fields are zero. A text has no fields at all, as in the reference engine.
fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let none = std::collections::BTreeMap::new();
    let members = match json {
        Json::Object(members) => members,
        Json::Array(_) | Json::Text(_) => &none,
        _ => return Err(Error::input("a date table is a dictionary of numbers")),
    };
    let mut table = Table::default();
    for name in FIELDS {
        let time = match members.get(name) {
            None | Some(Json::Null | Json::Boolean(false)) => 0,
            Some(Json::Number(number)) => time_of_number(*number)?,
            Some(Json::Text(text)) => {
                time(text).ok_or_else(|| Error::input(format!("Could not read unix timestamp {text}")))?
            }
            Some(_) => return Err(Error::input(format!("{name} is no number"))),
        };
        table.set(name, Value::Time(time));
    }
    let daylight = match members.get(DAYLIGHT) {
        None | Some(Json::Null) => Value::Boolean(false),
        Some(json) => plain(json)?,
    };
    table.set(DAYLIGHT, daylight);
    Ok(Value::Table(table))
}

fn export(value: &Value) -> Result<Printed, Error> {
    fields(value).map(|table| Printed::raw(&table))
}

/// The fields of a date table, or of the date that a time falls on.
fn fields(value: &Value) -> Result<Value, Error> {
    let table = match value {
        Value::Time(time) => {
            let mut table = Date::of(*time).table();
            table.set(DAYLIGHT, Value::Boolean(false));
            return Ok(Value::Table(table));
        }
        Value::Table(table) => table,
        Value::Boolean(_) => return Err(Error::failed("a date table is a dictionary of numbers")),
        _ => return Ok(Value::Table(Table::default())),
    };
    let mut exported = Table::default();
    for (name, field) in FIELDS.into_iter().filter_map(|name| table.member(name).map(|value| (name, value))) {
        if matches!(field, Value::Time(_) | Value::Float(_)) {
            exported.set(name, field.clone());
        }
    }
    if let Some(daylight) = table.member(DAYLIGHT) {
        exported.set(DAYLIGHT, daylight.clone());
    }
    Ok(Value::Table(exported))
}

/// A date with every field; what is no number is zero.
fn completed(date: &Value) -> Value {
    let member = |name: &str| date.table().and_then(|table| table.member(name)).cloned();
    let mut table = Table::default();
    for name in FIELDS {
        table.set(name, member(name).unwrap_or(Value::Time(0)));
    }
    table.set(DAYLIGHT, member(DAYLIGHT).unwrap_or(Value::Boolean(false)));
    Value::Table(table)
}

fn now(machine: &Machine) -> i64 {
    machine.now_ms.div_euclid(1000)
}

fn create_time(machine: &mut Machine, time: i64) -> Result<(), Error> {
    machine.create("timestamp", Value::Time(time), Traits::element_encoded("time"))
}

/// Makes `timestamp`: the present time in seconds since 1970, as the host tells it.
///
/// # Example
/// ```zencode
/// Given I have a 'time' named 'deadline'
/// When I create the timestamp
/// If I verify number 'timestamp' is more than 'deadline'
/// Then print the string 'too late'
/// EndIf
/// ```
/// ```json data
/// { "deadline": 1600000000 }
/// ```
#[when("create timestamp")]
fn create_timestamp(machine: &mut Machine) -> Result<(), Error> {
    let seconds = now(machine);
    create_time(machine, seconds)
}

/// Makes an integer of a time, in seconds since 1970, or of the 4 or 8 octets that times are kept in.
///
/// # Example
/// ```zencode
/// Given I have a 'time' named 'opening'
/// When I create the integer 'seconds' cast of timestamp 'opening'
/// Then print the 'seconds'
/// ```
/// ```json data
/// { "opening": 1714550400 }
/// ```
#[when("create integer '' cast of timestamp ''")]
fn create_integer_cast(machine: &mut Machine, target: &str, source: &str) -> Result<(), Error> {
    machine.empty(target)?;
    let time = time_of(machine.value(source)?)?;
    machine.create(target, Value::Integer(BigInt::from(time)), Traits::element_encoded("integer"))
}

/// Makes `timestamp`: the seconds from 1970 to a date table, in UTC.
///
/// What the table leaves out is zero. A year before 1970 is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'date table' named 'landing'
/// When I create the timestamp of date table 'landing'
/// Then print the 'timestamp'
/// ```
/// ```json data
/// { "landing": { "year": 2024, "month": 2, "day": 29, "hour": 12 } }
/// ```
#[when("create timestamp of date table ''")]
fn create_timestamp_of_date_table(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    let date_table = object.codec.schema.is_some_and(|schema| schema.name == "date_table");
    ensure(date_table && object.codec.encoding == "complex", || {
        format!("Invalid date table encoding: {}", object.codec.encoding)
    })?;
    let field = |name: &str| match object.value.table().and_then(|table| table.member(name)) {
        Some(Value::Time(time)) => Ok(*time),
        _ => Err(Error::failed(format!("the date has no {name}"))),
    };
    let year = field("year")?;
    ensure(year >= 1970, || format!("Date table {name} can not be converted to timestamp, {year} < 1970"))?;
    let date = Date {
        year,
        month: field("month")?,
        day: field("day")?,
        hour: field("hour")?,
        minute: field("min")?,
        second: field("sec")?,
    };
    let seconds = date.seconds();
    let seconds = seconds.ok_or_else(|| Error::failed(format!("{name} is no date from 1970 on")))?;
    create_time(machine, seconds)
}

/// Makes `date_table`: year, month, day, hour, minute and second of a time, in UTC.
///
/// # Example
/// ```zencode
/// Given I have a 'time' named 'sunrise'
/// When I create the date table of timestamp 'sunrise'
/// Then print the 'date table'
/// ```
/// ```json data
/// { "sunrise": 1718940600 }
/// ```
#[when("create date table of timestamp ''")]
fn create_date_table(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    ensure(object.codec.encoding == "time", || format!("Invalid time encoding: {}", object.codec.encoding))?;
    let table = completed(&fields(&object.value)?);
    let schema = machine.schema("date_table");
    machine.create("date_table", table, Traits { schema, ..Traits::element_encoded("complex") })
}

/// The time of an object that was made as one.
fn time_of_object(machine: &Machine, name: &str) -> Result<i64, Error> {
    let object = machine.have(name)?;
    match &object.value {
        Value::Time(time) if object.codec.encoding == "time" => Ok(*time),
        _ => Err(Error::refused(format!("Invalid time encoding: {}", object.codec.encoding))),
    }
}

fn create_text(machine: &mut Machine, target: &str, time: i64) -> Result<(), Error> {
    machine.create(target, Value::text(&Date::of(time).text()), Traits::element_encoded("string"))
}

/// Makes `UTC_timestamp`: the present time as a text such as `2024-02-29T12:00:00Z`.
///
/// The example prints the century: the rest changes with every second.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the UTC timestamp of now
/// When I split the leftmost '2' bytes of 'UTC timestamp'
/// Then print the 'leftmost' as 'string'
/// ```
#[when("create utc timestamp of now")]
fn create_utc_timestamp_of_now(machine: &mut Machine) -> Result<(), Error> {
    let seconds = now(machine);
    create_text(machine, "UTC_timestamp", seconds)
}

/// Makes `UTC_timestamp`: a time as a text such as `2024-02-29T12:00:00Z`.
///
/// # Example
/// ```zencode
/// Given I have a 'time' named 'signed at'
/// When I create the UTC timestamp of 'signed at'
/// Then print the 'UTC timestamp'
/// ```
/// ```json data
/// { "signed_at": 1709208000 }
/// ```
#[when("create utc timestamp of ''")]
fn create_utc_timestamp(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let seconds = time_of_object(machine, name)?;
    create_text(machine, "UTC_timestamp", seconds)
}

/// Makes `ZULU_timestamp`: the present time as a text such as `2024-02-29T12:00:00Z`.
///
/// The example prints how long the text is: the rest changes with every second.
///
/// # Example
/// ```zencode
/// Given nothing
/// When I create the ZULU timestamp of now
/// When I create the size of 'ZULU timestamp'
/// Then print the 'size'
/// ```
#[when("create zulu timestamp of now")]
fn create_zulu_timestamp_of_now(machine: &mut Machine) -> Result<(), Error> {
    let seconds = now(machine);
    create_text(machine, "ZULU_timestamp", seconds)
}

/// Makes `ZULU_timestamp`: a time as a text such as `2024-02-29T12:00:00Z`.
///
/// # Example
/// ```zencode
/// Given I have a 'date table' named 'start'
/// When I create the timestamp of date table 'start'
/// When I create the ZULU timestamp of 'timestamp'
/// Then print the 'ZULU timestamp'
/// ```
/// ```json data
/// { "start": { "year": 2026, "month": 5, "day": 1, "hour": 9, "min": 30 } }
/// ```
#[when("create zulu timestamp of ''")]
fn create_zulu_timestamp(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let seconds = time_of_object(machine, name)?;
    create_text(machine, "ZULU_timestamp", seconds)
}

fn read_text(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.have(name)?;
    let encoding = object.codec.encoding.as_ref();
    if encoding != "string" {
        return Err(Error::failed(format!("Invalid UTC timestamp encoding: {encoding}")));
    }
    let Value::Octet(octets) = &object.value else {
        return Err(Error::failed(format!("Invalid ZULU timestamp: {}", object.value.kind())));
    };
    let text = String::from_utf8_lossy(octets);
    let seconds = Date::parse(&text).and_then(|date| date.seconds());
    let seconds = seconds.ok_or_else(|| Error::failed(format!("Invalid ZULU timestamp: {text}")))?;
    create_time(machine, seconds)
}

/// Makes `timestamp`: the seconds from 1970 to a text such as `2024-02-29T12:00:00Z`.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'published'
/// When I create the timestamp of UTC timestamp 'published'
/// Then print the 'timestamp'
/// ```
/// ```json data
/// { "published": "2012-07-06T08:15:30Z" }
/// ```
#[when("create timestamp of utc timestamp ''")]
fn create_timestamp_of_utc(machine: &mut Machine, name: &str) -> Result<(), Error> {
    read_text(machine, name)
}

/// Makes `timestamp`: the seconds from 1970 to a text such as `2024-02-29T12:00:00Z`.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'first'
/// Given I have a 'string' named 'second'
/// When I create the timestamp of ZULU timestamp 'first'
/// When I rename 'timestamp' to 'before'
/// When I create the timestamp of ZULU timestamp 'second'
/// When I create the result of 'timestamp' - 'before'
/// Then print the 'result'
/// ```
/// ```json data
/// { "first": "2024-02-28T12:00:00Z", "second": "2024-03-01T12:00:00Z" }
/// ```
#[when("create timestamp of zulu timestamp ''")]
fn create_timestamp_of_zulu(machine: &mut Machine, name: &str) -> Result<(), Error> {
    read_text(machine, name)
}
