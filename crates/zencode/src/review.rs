//! What a contract's author should look at, beyond what the parser says: types that do not exist, inputs
//! that nothing uses.

use crate::declared::InputPlace;
use crate::diagnostic::{Concern, Warning};
use crate::encoding::Input as Encoding;
use crate::syntax::{Line, Parsed, Role};
use crate::words;

/// Names that print or use everything in memory.
const EVERYTHING: &[&str] = &["print data", "print my data", "print codec", "debug", "schema", "codec"];

/// The remarks on a contract without fault, in the order of its lines.
pub(crate) fn remarks(parsed: &Parsed, inputs: &[crate::declared::Input]) -> Vec<Warning> {
    let mut remarks = Vec::new();
    for input in inputs {
        let Some(line) = parsed.lines.iter().find(|line| line.number == input.line) else { continue };
        let mut warn = |concern, message: String, hint: String| {
            let source = Some(line.source.to_string());
            remarks.push(Warning { concern, message, line: Some(line.number), source, hint: Some(hint) });
        };
        if let Some(unknown) = unknown_type(input) {
            let message = format!("there is no type {unknown}: a text is read in the input encoding");
            let hint =
                "name an encoding (string, hex, number, …), a schema, or either with array or dictionary";
            warn(Concern::Type, message, hint.to_owned());
        }
        // Statements of scenarios use objects of their schemas without naming them.
        if let Some(name) = input.name.as_deref()
            && input.schema.is_none()
            && input.place != InputPlace::Path
            && !is_used(parsed, line, name)
        {
            warn(
                Concern::Unused,
                format!("nothing uses '{name}'"),
                "take the line out, or print it".to_owned(),
            );
        }
    }
    remarks
}

/// The part of a type's name that names no encoding and no schema, where the contract gives one.
fn unknown_type(input: &crate::declared::Input) -> Option<&str> {
    // A name that is its own type may as well be a table of texts.
    if input.schema.is_some() || input.encoding.is_none() || input.name.as_deref() == Some(&input.kind) {
        return None;
    }
    let leaves = input.kind.strip_suffix("_array").or_else(|| input.kind.strip_suffix("_dictionary"));
    let leaves = leaves.unwrap_or(&input.kind);
    Encoding::named(leaves).is_none().then_some(leaves)
}

/// Whether a line after the declaration names the object, or uses everything.
fn is_used(parsed: &Parsed, declared: &Line, name: &str) -> bool {
    let spoken = name.replace('_', " ").to_ascii_lowercase();
    let later = parsed.lines.iter().filter(|line| line.number != declared.number);
    let mut texts = later.map(|line| (&*line.source, line.role));
    let ignored = parsed.warnings.iter().filter(|warning| warning.concern == Concern::Ignored);
    let mut ignored = ignored.filter_map(|warning| Some((warning.source.as_deref()?, Role::Plain)));
    let uses = |(source, role): (&str, Role)| {
        let named = words::arguments(source);
        let mentioned = named.iter().any(|argument| {
            // A path or an expression names it among others.
            **argument == *name
                || argument.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == name)
        });
        let lower = source.to_ascii_lowercase();
        mentioned
            || lower.contains(&spoken)
            || (role != Role::Given
                && EVERYTHING
                    .iter()
                    .any(|all| lower.replace(" all ", " ").replace(" the ", " ").contains(all)))
    };
    texts.any(uses) || ignored.any(uses)
}
