//! Annotated CSV, in which InfluxDB answers: tables with a line of types, and a line of defaults, before the names.
//!
//! # Source
//! InfluxDB OSS 2, "Annotated CSV"; RFC 4180.

use serde_json::{Map, Value};

/// Rows of one answer.
const ROWS_MAX: usize = 10_000;

/// A table, while it is read. The first column holds the annotations and is no column of the table.
#[derive(Debug, Default)]
struct Table {
    types: Vec<String>,
    defaults: Vec<String>,
    names: Option<Vec<String>>,
}

/// Adds the rows of all tables.
pub(super) fn read(csv: &[u8], rows: &mut Vec<Value>) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(|error| format!("an answer that is not CSV: {error}"))?;
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        match cells.first().map(String::as_str) {
            Some(annotation) if annotation.starts_with('#') => {
                if table.names.is_some() {
                    table = Table::default();
                }
                table.annotate(&cells);
            }
            _ if table.names.is_none() => table.names = Some(cells),
            _ if rows.len() == ROWS_MAX => {
                return Err(format!("more than {ROWS_MAX} rows; add a limit() to the query"));
            }
            _ => rows.push(table.row(&cells)?),
        }
    }
    Ok(())
}

impl Table {
    fn annotate(&mut self, cells: &[String]) {
        match cells[0].as_str() {
            "#datatype" => self.types = cells.to_vec(),
            "#default" => self.defaults = cells.to_vec(),
            // Groups say how the server gathered the rows.
            _ => {}
        }
    }

    fn row(&self, cells: &[String]) -> Result<Value, String> {
        let names = self.names.as_deref().unwrap_or_default();
        // A query that fails half-way tells so in a table of its own.
        if names.get(1).is_some_and(|name| name == "error") {
            return Err(cells.get(1).cloned().unwrap_or_default());
        }
        let mut members = Map::new();
        for (place, name) in names.iter().enumerate().skip(1) {
            let written = cells.get(place).filter(|cell| !cell.is_empty()).or(self.defaults.get(place));
            let kind = self.types.get(place).map_or("string", String::as_str);
            members.insert(name.clone(), value(kind, written.map_or("", String::as_str))?);
        }
        Ok(Value::Object(members))
    }
}

fn value(kind: &str, text: &str) -> Result<Value, String> {
    let wrong = || format!("{text:?}, which is no {kind}");
    Ok(match kind {
        "string" | "tag" => Value::String(text.to_owned()),
        _ if text.is_empty() => Value::Null,
        "boolean" => Value::Bool(text == "true"),
        "long" | "unsignedLong" => {
            let whole = text.parse::<i128>().map_err(|_| wrong())?;
            // A text where JSON's readers would round it.
            match i64::try_from(whole) {
                Ok(number) if number.unsigned_abs() < 1 << 53 => Value::from(number),
                _ => Value::String(text.to_owned()),
            }
        }
        "double" => {
            let number = text.parse::<f64>().map_err(|_| wrong())?;
            serde_json::Number::from_f64(number).map_or_else(|| Value::String(text.to_owned()), Value::Number)
        }
        // Times, durations and base64 stay as they are written.
        _ => Value::String(text.to_owned()),
    })
}
