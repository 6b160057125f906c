//! Given lines together with the input that they declare.

use super::argument::NAMES;
use super::dice::Dice;
use super::heap::Heap;
use super::sentence::Sentence;
use super::value::quoted;

/// A declaration: its quoted parts, and the members that it wants in the input.
#[derive(Debug, Default)]
pub(super) struct Declaration {
    pub(super) arguments: Vec<String>,
    /// Names and JSON texts of members at the root of the input.
    pub(super) members: Vec<(String, String)>,
}

/// What the contract goes by, once it said so.
pub(super) const IDENTITY: &str = "Alice";

/// Draws the quoted parts of a Given sentence and input that suits them.
pub(super) fn declare(dice: &mut Dice, sentence: &Sentence, heap: &Heap) -> Declaration {
    let mut kind = dice.kind();
    let has = |parameter: &str| sentence.parameters.contains(&parameter);
    let name = if has("kind") { dice.pick(NAMES).to_owned() } else { kind.clone() };
    let identity = sentence.text.starts_with("am ") || sentence.text.starts_with("my name");
    if sentence.text.starts_with("my name") {
        "string".clone_into(&mut kind);
    }
    let affix = dice.pick(&["pre", "x", "è", "_", "a b"]);
    let mut value = dice.value_for(&kind);
    if has("prefix") || has("suffix") {
        let inner = value.trim_matches('"').to_owned();
        value = quoted(&if has("prefix") { affix.to_owned() + &inner } else { inner + affix });
    }
    let mine = sentence.text.starts_with("my '");
    let section = if mine { IDENTITY } else { dice.pick(&["section", "Bob", "ecdh section"]) };
    let mut declaration = Declaration::default();
    if identity && has("kind") {
        value = quoted(IDENTITY);
    }
    let leaf = if has("reference") { "reference" } else { name.as_str() };
    let path = place(dice, sentence, leaf, section, &value, &mut declaration.members);
    if has("reference") {
        declaration.members.push((name.clone(), quoted("reference")));
    }
    for parameter in sentence.parameters {
        declaration.arguments.push(match *parameter {
            "kind" => kind.clone(),
            "name" if identity && !has("kind") => IDENTITY.to_owned(),
            "name" | "reference" => name.clone(),
            "section" | "owner" => section.to_owned(),
            "path" => path.clone(),
            "prefix" | "suffix" => affix.to_owned(),
            "scheme_name" => dice.pick(&["ecdh", "eddsa"]).to_owned(),
            "encoding" => dice.pick(&["hex", "base64", "string", "integer", "url64"]).to_owned(),
            "new" => dice.pick(NAMES).to_owned(),
            _ => heap.one(dice, |_| true).map_or_else(|| name.clone(), |object| object.name.clone()),
        });
    }
    declaration
}

/// Puts the value where the sentence looks for it; answers the path to it.
fn place(
    dice: &mut Dice,
    sentence: &Sentence,
    name: &str,
    section: &str,
    value: &str,
    members: &mut Vec<(String, String)>,
) -> String {
    let has = |parameter: &str| sentence.parameters.contains(&parameter);
    let nested = has("section") || sentence.text.starts_with("my '") || sentence.text.starts_with("my ''");
    if has("owner") {
        let scheme = dice.pick(&["ecdh", "eddsa"]);
        members.push((section.to_owned(), format!("{{\"{scheme}_public_key\":{value}}}")));
    } else if nested {
        let inner = format!("{{\"{name}\":{value}}}");
        let inner = if dice.percent(15) { format!("[{inner}]") } else { inner };
        members.push((section.to_owned(), inner));
    } else if has("path") {
        let (inner, path) = match dice.below(3) {
            0 => (format!("{{\"k\":{value}}}"), "p.k"),
            1 => (format!("{{\"k\":[\"x\",{{\"m\":{value}}}]}}"), "p.k.2.m"),
            _ => (format!("[{value}]"), "p.1"),
        };
        members.push(("p".to_owned(), inner));
        return path.to_owned();
    } else if !has("old") && sentence.parameters.len() + usize::from(has("kind")) > 0 {
        members.push((name.to_owned(), value.to_owned()));
    }
    String::new()
}
