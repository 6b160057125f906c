//! The quoted parts of a statement, drawn by the names that its parameters have.

use super::dice::Dice;
use super::heap::{Heap, Object, Shape};
use super::sentence::Sentence;

/// Encodings of output, one unknown name and one in capitals included.
pub(super) const OUTPUTS: &[&str] = &[
    "string",
    "hex",
    "base64",
    "url64",
    "base58",
    "base32",
    "base32crockford",
    "base32crockford_cs",
    "bin",
    "binary",
    "integer",
    "number",
    "float",
    "time",
    "uuid",
    "mnemonic",
    "boolean",
    "HEX",
    "known to nobody",
];
/// Hash functions. SHAKE256 is left out: the reference engine answers memory that was never written.
const HASHES: &[&str] = &["sha256", "sha512", "sha3_256", "sha3_512", "keccak256", "ripemd160", "md5"];
/// Small numbers, as sizes, rounds and positions; few rounds, because they are slow.
const SMALL: &[&str] =
    &["1", "2", "3", "0", "4", "5", "7", "8", "16", "33", "-1", "1.5", "two", "", "100", "256"];
/// Names that objects are given.
pub(super) const NAMES: &[&str] = &[
    "alpha",
    "beta",
    "gamma",
    "delta",
    "name with blank",
    "x",
    "Name",
    "è",
    "a.b",
    "1",
    "hash",
    "random",
    "result",
];
const WORDS: &[&str] = &[
    "e",
    "snow",
    "a b",
    "ß",
    "雪",
    "0",
    "12",
    "-3",
    "1.5",
    "true",
    "",
    "a@example.org",
    "2024-02-29T12:00:00Z",
    "aGVsbG8=",
    "c0ffee",
    ",",
    ".",
    "{\"a\":[1,2]}",
    "A",
    "1700000000",
    "_",
    "\"",
    "\\n",
    "hello world, this is long",
];
const CHARACTERS: &[&str] = &["e", " ", ",", "_", "ab", "", "ß", ".", "%", "a", "0"];

/// What a quoted part stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Encoding,
    Kind,
    Number,
    Digits,
    Base,
    Character,
    Path,
    Text,
    Hash,
    Owner,
    Array,
    New,
    Object,
}

/// Draws the quoted parts of a sentence.
pub(super) fn arguments(dice: &mut Dice, sentence: &Sentence, heap: &Heap) -> Vec<String> {
    let wants: Vec<Want> =
        sentence.parameters.iter().enumerate().map(|(at, name)| want(sentence, at, name)).collect();
    // Tables first: the names of members are drawn from them.
    let owners: Vec<Option<&Object>> = wants
        .iter()
        .map(|want| match want {
            Want::Owner => heap.one(dice, |object| object.shape != Shape::Element),
            _ => None,
        })
        .collect();
    let mut drawn = Vec::new();
    for (at, want) in wants.iter().enumerate() {
        let noise = dice.percent(6);
        let owner = owners[at..].iter().flatten().next();
        drawn.push(match (want, owner) {
            _ if noise => anything(dice, heap),
            (Want::Owner, Some(_)) => owners[at].map_or_else(String::new, |owner| owner.name.clone()),
            (Want::Object | Want::Text | Want::Number, Some(owner)) if dice.percent(75) => {
                one_of(dice, owner.members()).unwrap_or_else(|| anything(dice, heap))
            }
            _ => argument(dice, *want, heap),
        });
    }
    drawn
}

/// What a parameter wants, by its name and by the word before its place.
fn want(sentence: &Sentence, at: usize, parameter: &str) -> Want {
    let before = sentence.text.split("''").nth(at).unwrap_or_default().trim_end();
    let makes = ["create", "write", "set"].iter().any(|verb| sentence.text.starts_with(verb));
    match parameter.trim_start_matches('_') {
        "encoding" => Want::Encoding,
        "kind" => Want::Kind,
        "length" | "size" | "rounds" | "times" | "step" | "from" | "to" | "limit" | "number" | "position"
        | "modulo" => Want::Number,
        "digits" => Want::Digits,
        "base" => Want::Base,
        "character" | "separator" => Want::Character,
        "path" => Want::Path,
        "name" if before.ends_with("using") => Want::Hash,
        "owner" | "left_owner" | "right_owner" | "section" => Want::Owner,
        "array" | "arrays" | "names" | "filters" => Want::Array,
        _ if before.ends_with("array")
            || before.ends_with("arrays")
            || before.ends_with("each object in") =>
        {
            Want::Array
        }
        "text" | "wanted" | "password" | "suffix" | "prefix" | "signer" | "signature" | "secret" => {
            Want::Text
        }
        "new" | "target" if !before.ends_with("in") || makes => Want::New,
        "name" if (makes && before.ends_with("in")) || before.ends_with("named") || before == "set" => {
            Want::New
        }
        "name" if sentence.phase == zencode::Phase::Foreach || sentence.text.ends_with("random ''") => {
            Want::New
        }
        "target" => Want::Owner,
        _ => Want::Object,
    }
}

fn argument(dice: &mut Dice, want: Want, heap: &Heap) -> String {
    let literal = match want {
        Want::Encoding => return dice.pick(OUTPUTS).to_owned(),
        Want::Kind => return dice.kind(),
        Want::Base => return dice.pick(&["10", "16", "2", "8", "36", "37", "1", "x"]).to_owned(),
        Want::Digits => {
            return dice.pick(&["10", "ff", "-7", "0x10", "zz", "", "1.5", "123456789012"]).to_owned();
        }
        Want::Hash => return dice.pick(HASHES).to_owned(),
        Want::New => return new_name(dice, heap),
        Want::Array => return named(dice, heap, |object| object.shape == Shape::Array),
        Want::Owner => return named(dice, heap, |object| object.shape != Shape::Element),
        Want::Object if dice.percent(92) => return named(dice, heap, |_| true),
        Want::Object => dice.pick(WORDS),
        Want::Path => return path(dice, heap),
        Want::Number => dice.pick(SMALL),
        Want::Character => dice.pick(CHARACTERS),
        Want::Text if dice.percent(25) => return expression(dice, heap),
        Want::Text => dice.pick(WORDS),
    };
    if dice.percent(35) {
        named(dice, heap, |object| object.shape == Shape::Element)
    } else {
        literal.to_owned()
    }
}

/// The name of an object that fits, of any when none fits.
fn named(dice: &mut Dice, heap: &Heap, fits: impl Fn(&Object) -> bool) -> String {
    let found = heap.one(dice, fits).or_else(|| heap.one(dice, |_| true));
    let name = found.map_or_else(|| dice.pick(NAMES).to_owned(), |object| object.name.clone());
    // Blanks and underscores are the same in a name.
    if dice.percent(30) { name.replace('_', " ") } else { name }
}

/// A name that nothing has, nearly always.
pub(super) fn new_name(dice: &mut Dice, heap: &Heap) -> String {
    for _ in 0..3 {
        let name = dice.pick(NAMES);
        if heap.find(name).is_none() {
            return name.to_owned();
        }
    }
    format!("new {}", dice.below(100))
}

fn path(dice: &mut Dice, heap: &Heap) -> String {
    let table = heap.one(dice, |object| object.shape != Shape::Element && object.value.is_some());
    match table.or_else(|| heap.objects.first()) {
        Some(object) => object.path(dice, '.'),
        None => "nothing.here".to_owned(),
    }
}

/// An arithmetic expression, blanks between its parts most of the time.
fn expression(dice: &mut Dice, heap: &Heap) -> String {
    let mut text = String::new();
    let blank = if dice.percent(80) { " " } else { "" };
    for turn in 0..=dice.below(4) {
        if turn > 0 {
            text += blank;
            text += dice.pick(&["+", "-", "*", "/", "%", "+", "*"]);
            text += blank;
        }
        let operand = if dice.percent(60) {
            named(dice, heap, is_number)
        } else {
            dice.pick(&["1", "2", "3", "10", "2.5", "-4", "0.1", "1000000"]).to_owned()
        };
        text += &if dice.percent(20) { format!("( {operand} - 1 )") } else { operand };
    }
    text
}

fn is_number(object: &Object) -> bool {
    ["number", "integer", "float", "time"].contains(&object.encoding.as_str())
}

fn anything(dice: &mut Dice, heap: &Heap) -> String {
    match dice.below(6) {
        0 => dice.pick(WORDS).to_owned(),
        1 => dice.pick(NAMES).to_owned(),
        2 => dice.digits().to_owned(),
        3 => dice.pick(OUTPUTS).to_owned(),
        _ => named(dice, heap, |_| true),
    }
}

fn one_of(dice: &mut Dice, choices: Vec<String>) -> Option<String> {
    let at = dice.below(choices.len());
    choices.into_iter().nth(at)
}
