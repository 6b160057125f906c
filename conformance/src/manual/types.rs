//! The page about named types: what each is, how it is written, and which statements make one.

use std::fmt::Write;

use anyhow::{Context, Result};
use zencode::Scenario;

use crate::catalogue::Entry;
use crate::markdown::{cell, code};

mod makers;
mod shapes;

use makers::Makers;
use shapes::{Form, SHAPES, Shape};

/// What stands above the tables.
const INTRODUCTION: &str = "\
# Types

The names of these types are also the names that objects of them get when they are made. A contract reads one with \
`Given I have a 'eddsa signature'`, or under another name with `Given I have a 'eddsa signature' named 'seal'`; blanks and `_` are the \
same. `array` and `dictionary` after a type make a collection of it: `'ecdh public key dictionary'`.

Where a table says that something is written in the *contract's* encoding, its octets are read as `Rule input encoding` says and printed as \
`Rule output encoding` says, which is `base64` when no line says otherwise, or in the encoding behind `as`. The other types have their own. \
Numbers of octets are those before encoding. [Encodings](encodings.md) are a page of their own.

[All statements](README.md)
";

/// The page.
///
/// # Errors
/// When a type has no description, or an example does not run.
pub(super) fn page(entries: &[Entry]) -> Result<String> {
    let makers = Makers::of(entries)?;
    let mut text = INTRODUCTION.to_owned();
    for scenario in zencode::LIBRARY.iter().filter(|scenario| scenario.types().next().is_some()) {
        text.push_str(&table(scenario, &makers)?);
    }
    Ok(text)
}

fn table(scenario: &Scenario, makers: &Makers) -> Result<String> {
    let name = scenario.name;
    let mut text = format!("\n## {name}\n\nStatements: [{name}]({name}.md)\n\n");
    text.push_str("| type | is | written in | made by |\n|---|---|---|---|\n");
    for name in scenario.types() {
        let shape = SHAPES.iter().find(|shape| shape.name == name);
        let shape = shape.with_context(|| format!("say in SHAPES what the type {name} is"))?;
        let made_by = makers.of_type(name).map_or("input alone".to_owned(), |links| links.join(", "));
        writeln!(
            text,
            "| {} | {} | {} | {made_by} |",
            code(&name.replace('_', " ")),
            cell(&description(shape)),
            shape.encoding.unwrap_or("the contract's"),
        )
        .expect("a String takes any text");
    }
    Ok(text)
}

/// Form and remark in one sentence.
fn description(shape: &Shape) -> String {
    let listed = |members: &[&str]| members.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
    let form = match &shape.form {
        Form::Octets([]) => "octets".to_owned(),
        Form::Octets(lengths) => {
            let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
            format!("{} octets", lengths.join(" or "))
        }
        Form::Text => "a text".to_owned(),
        Form::Dictionary([]) => "a dictionary".to_owned(),
        Form::Dictionary(members) => format!("a dictionary of {}", listed(members)),
        Form::Array(members) => format!("an array of dictionaries of {}", listed(members)),
    };
    format!("{form}: {}", shape.about)
}

#[cfg(test)]
mod tests;
