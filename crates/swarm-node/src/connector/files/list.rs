//! What is in a folder, in the records that contracts of both reference servers know.

use std::time::UNIX_EPOCH;

use cap_std::fs::{Dir, Metadata, MetadataExt as _};
use cap_std::time::SystemTime;
use serde_json::{Value, json};
use zencode::Names;

use super::{Fault, below};

/// Entries of one folder, at most.
const ENTRIES_MAX: usize = 10_000;

/// An array of records, by name. A dot is the folder itself.
pub(super) fn list(folder: &Dir, path: &str, names: Names) -> Result<String, Fault> {
    let fault = |error: std::io::Error| Fault::io(path, &error);
    let itself = matches!(path, "." | "./" | "");
    let listed = if itself { folder.try_clone() } else { folder.open_dir(below(path)?) };
    let listed = listed.map_err(fault)?;
    let mut records = Vec::new();
    for entry in listed.entries().map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // What leads out of the folder, or goes meanwhile, is not there.
        let Ok(known) = listed.metadata(&name) else { continue };
        records.push((name, known));
        if records.len() > ENTRIES_MAX {
            return Err(Fault::Path { path: path.to_owned(), why: "it has more than 10000 entries" });
        }
    }
    records.sort_by(|(one, _), (other, _)| one.cmp(other));
    let records = records.iter().map(|(name, known)| {
        let shown = match names {
            Names::Paths if !itself => format!("{}/{name}", path.trim_end_matches('/')),
            _ => name.clone(),
        };
        record(&shown, known)
    });
    Ok(Value::Array(records.collect()).to_string())
}

/// # Source
/// The records of Node.js' `fs.Stats` that both reference servers make.
fn record(name: &str, known: &Metadata) -> Value {
    json!({
        "name": name,
        "mode": format!("{:o}", known.mode()),
        "dev": known.dev(),
        "nlink": known.nlink(),
        "uid": known.uid(),
        "gid": known.gid(),
        "size": known.len(),
        "blksize": known.blksize(),
        "blocks": known.blocks(),
        "atime": iso(known.accessed()),
        "mtime": iso(known.modified()),
        "ctime": iso_of(known.ctime(), known.ctime_nsec()),
        "birthtime": iso(known.created().or_else(|_| known.modified())),
    })
}

fn iso(time: std::io::Result<SystemTime>) -> String {
    let since =
        time.ok().and_then(|time| time.into_std().duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    iso_of(i64::try_from(since.as_secs()).unwrap_or_default(), i64::from(since.subsec_nanos()))
}

/// ISO 8601 in UTC, to the millisecond.
fn iso_of(seconds: i64, nanoseconds: i64) -> String {
    let ms = seconds.saturating_mul(1000).saturating_add(nanoseconds / 1_000_000);
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds() {
        assert_eq!(iso_of(1_714_550_400, 7_000_000), "2024-05-01T08:00:00.007Z");
        assert_eq!(iso_of(0, 0), "1970-01-01T00:00:00.000Z");
    }
}
