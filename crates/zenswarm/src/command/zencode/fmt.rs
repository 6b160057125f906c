//! `zenswarm zencode fmt`.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::json;
use zencode::{Library, Limits, normal_form};

use super::excerpt::Excerpt;
use super::source::{is_standard_input, read, shown};
use crate::args::zencode::Fmt;
use crate::report::{Console, Exit, Failure, Format};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Changed,
    /// It would be changed.
    Differs,
    /// It is no contract.
    Refused,
}

/// Writes every file in its normal form.
///
/// # Errors
/// When standard output cannot be written; a file's fault is told, and the others are written all the same.
pub(super) fn run(arguments: &Fmt, console: &Console) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for file in &arguments.files {
        match form(file, arguments.check, console) {
            Ok(Fate::Kept | Fate::Changed) => {}
            Ok(Fate::Differs | Fate::Refused) if exit == Exit::Done => exit = Exit::Failed,
            Ok(Fate::Differs | Fate::Refused) => {}
            Err(failure) => exit = console.fail(&failure),
        }
    }
    Ok(exit)
}

fn form(file: &Path, check: bool, console: &Console) -> Result<Fate, Failure> {
    let limits = Limits::default();
    let text = read(file, limits.contract_octets_max)?;
    let formed = match normal_form(&text, Library::Connectors, &limits) {
        Ok(formed) => formed,
        Err(faults) => {
            for fault in &faults {
                let excerpt = Excerpt::of_fault(fault, &text);
                match console.format() {
                    Format::Human => eprintln!("{}\n", excerpt.draw(&shown(file))),
                    Format::Json => {
                        eprintln!("{}", json!({ "file": shown(file), "error": excerpt.document() }))
                    }
                }
            }
            return Ok(Fate::Refused);
        }
    };
    if is_standard_input(file) && !check {
        let written = std::io::stdout().lock().write_all(formed.as_bytes());
        return written.map(|()| Fate::Kept).map_err(|error| unwritable(file, &error));
    }
    let fate = match (formed == text, check) {
        (true, _) => Fate::Kept,
        (false, true) => Fate::Differs,
        (false, false) => {
            replace(file, &formed).map_err(|error| unwritable(file, &error))?;
            Fate::Changed
        }
    };
    let word = match fate {
        Fate::Changed => "changed",
        Fate::Differs => "not in its normal form",
        Fate::Kept | Fate::Refused => "kept",
    };
    if fate != Fate::Kept || console.format() == Format::Json {
        console.print(&format!("{}: {word}", shown(file)), &json!({ "file": shown(file), "fate": word }));
    }
    Ok(fate)
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Usage, format!("the file cannot be written: {error}"))
        .at(shown(file))
        .hint("--check changes nothing")
}

/// Replaces a file at once: a reader sees the old text or the new one, also when this process is stopped.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = fs::canonicalize(file)?;
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.fmt", std::process::id()));
    let beside = file.with_file_name(name);
    let written = fs::OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.set_permissions(fs::metadata(&file)?.permissions())?;
        new.sync_all()?;
        fs::rename(&beside, &file)
    });
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written
}
