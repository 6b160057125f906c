//! `zenswarm zencode check`.

use std::path::Path;

use serde_json::{Value, json};
use zencode::{Contract, Library, Limits};

use super::excerpt::Excerpt;
use super::source::{read, shown};
use crate::args::zencode::Check;
use crate::report::{Console, Exit, Failure, Format};

/// What was found in the files so far.
#[derive(Default)]
struct Findings {
    faults: usize,
    warnings: usize,
    unreadable: usize,
}

/// Reads every file to its end, and tells every fault and warning.
///
/// # Errors
/// None: a file that cannot be read is told like a fault, and the others are checked all the same.
pub(super) fn run(arguments: &Check, console: &Console) -> Result<Exit, Failure> {
    let library = if arguments.without_connectors { Library::Language } else { Library::Connectors };
    let mut findings = Findings::default();
    for file in &arguments.files {
        match read(file, Limits::default().contract_octets_max) {
            Ok(text) => review(file, &text, library, console, &mut findings),
            Err(failure) => {
                console.fail(&failure);
                findings.unreadable += 1;
            }
        }
    }
    if console.format() == Format::Human {
        console.print(&summary(arguments.files.len(), &findings), &Value::Null);
    }
    Ok(if findings.unreadable > 0 {
        Exit::Usage
    } else if findings.faults > 0 || (arguments.strict && findings.warnings > 0) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn review(file: &Path, text: &str, library: Library, console: &Console, findings: &mut Findings) {
    let review = Contract::review(text, library, &Limits::default());
    let faults: Vec<Excerpt<'_>> = review.faults.iter().map(|fault| Excerpt::of_fault(fault, text)).collect();
    let warnings = review.warnings.iter().map(|warning| Excerpt::of_warning(warning, text));
    let warnings: Vec<Excerpt<'_>> = warnings.collect();
    findings.faults += faults.len();
    findings.warnings += warnings.len();
    let documents = |excerpts: &[Excerpt<'_>]| excerpts.iter().map(Excerpt::document).collect::<Value>();
    let document =
        json!({ "file": shown(file), "errors": documents(&faults), "warnings": documents(&warnings) });
    if console.format() == Format::Json {
        console.print("", &document);
        return;
    }
    let mut all: Vec<&Excerpt<'_>> = faults.iter().chain(&warnings).collect();
    all.sort_by_key(|excerpt| excerpt.line);
    for excerpt in all {
        console.print(&format!("{}\n", excerpt.draw(&shown(file))), &Value::Null);
    }
}

fn summary(files: usize, findings: &Findings) -> String {
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let mut text = format!(
        "{}: {}, {}",
        counted(files, "file"),
        counted(findings.faults, "error"),
        counted(findings.warnings, "warning")
    );
    if findings.unreadable > 0 {
        text.push_str(&format!(", {} not read", findings.unreadable));
    }
    text
}
