//! What is in memory at a point of a contract, asked of this implementation while a contract is composed.

use serde_json::Value;
use zencode::Note;

use super::dice::Dice;
use super::sentence::{Sentence, sentences_of};
use crate::case::Case;
use crate::compare::Outcome;
use crate::ours;
use crate::settings::Settings;

/// Quoted parts that are never a dictionary: the order of its members would show, which is the order of the
/// reference engine's hash table (`docs/differences.md`).
const ORDERED: &[(&str, usize)] = &[
    ("create random pick from ''", 0),
    ("pick random object in ''", 0),
    ("create random array with '' elements from ''", 1),
    ("create random dictionary with '' elements from ''", 1),
    ("create random dictionary with '' random objects from ''", 1),
    ("create array of objects named by '' found in ''", 1),
    ("create array of elements named '' for dictionaries in ''", 1),
    ("create sum value '' for dictionaries in ''", 1),
    ("create sum value '' for dictionaries in '' where '' > ''", 1),
    ("copy contents of '' in ''", 0),
    ("for each dictionary in '' append '' to ''", 0),
    ("verify elements in '' are equal", 0),
    ("verify elements in '' are not equal", 0),
    ("verify '' contains a list of emails", 0),
];

/// Parameters that say how much work a statement is, and the most that they may ask for: both engines do as they
/// are told, for minutes.
const AMOUNTS: &[&str] = &["length", "size", "rounds", "number", "to", "from"];
const AMOUNT_MAX: f64 = 1000.0;

/// An object in memory.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) encoding: String,
    /// What it prints as; `None` when that is not known.
    pub(super) value: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Element,
    Array,
    Dictionary,
}

/// Everything in memory, sorted by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Heap {
    pub(super) objects: Vec<Object>,
}

/// What became of a contract up to a line.
#[derive(Debug)]
pub(super) enum Look {
    /// The line was executed, and left this in memory.
    Reached(Heap),
    /// The contract ends well without the line being executed.
    PassedBy,
    /// It is refused.
    Refused,
    /// This implementation panicked, which is worth a case whatever the reference does.
    Panicked,
}

/// Runs a contract whose line is followed by `closers`, and looks into memory behind the line.
pub(super) fn look(case: &Case, closers: &str, settings: &Settings) -> Look {
    let script = format!("{}When codec\n{closers}", case.script);
    let observed = ours::observe(&Case { script: script.clone(), ..case.clone() }, settings);
    let Some(codecs) = last_note(&observed.notes) else {
        return match observed.outcome {
            Outcome::Printed(_) => Look::PassedBy,
            Outcome::Failed { line: Some(0), .. } => Look::Panicked,
            _ => Look::Refused,
        };
    };
    let printed = ours::run(&Case { script: script + "Then print data\n", ..case.clone() }, settings);
    let values = match &printed {
        Outcome::Printed(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => Value::Null,
    };
    Look::Reached(heap(&codecs, &values))
}

fn last_note(notes: &[Note]) -> Option<Value> {
    notes.iter().rev().find_map(|note| match note {
        Note::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    })
}

fn heap(codecs: &Value, values: &Value) -> Heap {
    // A name of raw octets cannot be written in a contract.
    let writable = |name: &str| !name.contains(['\0', '\u{fffd}']);
    let named = codecs.as_object().into_iter().flatten().filter(|(name, _)| writable(name));
    let objects = named.map(|(name, codec)| Object {
        name: name.clone(),
        shape: match codec["zentype"].as_str() {
            Some("a") => Shape::Array,
            Some("d") => Shape::Dictionary,
            _ => Shape::Element,
        },
        encoding: codec["encoding"].as_str().unwrap_or_default().to_owned(),
        value: values.get(name).cloned(),
    });
    Heap { objects: objects.collect() }
}

impl Heap {
    pub(super) fn find(&self, name: &str) -> Option<&Object> {
        let name = name.replace(' ', "_");
        self.objects.iter().find(|object| object.name == name)
    }

    /// One of the objects that fit, if there is any.
    pub(super) fn one(&self, dice: &mut Dice, fits: impl Fn(&Object) -> bool) -> Option<&Object> {
        let fitting: Vec<&Object> = self.objects.iter().filter(|object| fits(object)).collect();
        (!fitting.is_empty()).then(|| fitting[dice.below(fitting.len())])
    }

    /// Whether the sentence would do so much that both engines are busy for minutes.
    pub(super) fn asks_too_much(&self, sentence: &Sentence, arguments: &[String]) -> bool {
        let amounts = sentence.parameters.iter().zip(arguments).filter(|(name, _)| AMOUNTS.contains(name));
        amounts.into_iter().any(|(_, text)| match self.find(text) {
            Some(object) => object.amount().is_none_or(|amount| amount > AMOUNT_MAX),
            None => text.parse().is_ok_and(|amount: f64| amount > AMOUNT_MAX),
        })
    }

    /// Whether the answer of the reference engine would say nothing: it never returns, because it appends to an
    /// array what it reads from it, or draws numbers until one is not zero modulo one; or it unpacks plain
    /// numbers, nothing, or the beginning of octets that were never packed (`docs/differences.md`).
    pub(super) fn says_nothing(&self, sentence: &Sentence, arguments: &[String]) -> bool {
        let name = |at: usize| arguments.get(at).map(|name| name.replace(' ', "_"));
        match sentence.text.as_str() {
            "copy contents of '' in ''" => name(0) == name(1),
            "create '' decoded from mpack ''" => name(1).is_some_and(|name| name != "mpack"),
            text if text.ends_with("modulo ''") => {
                let modulo = arguments.last().map_or("", String::as_str);
                let amount = self.find(modulo).map_or_else(|| modulo.parse().ok(), Object::amount);
                amount.is_some_and(|amount| amount.abs() < 2.0)
            }
            _ => false,
        }
    }

    /// Whether a line of a contract would show the order of a dictionary's members.
    pub(super) fn shows_order_anywhere(&self, script: &str) -> bool {
        let lines: Vec<&str> = script.split(['\n', '\r']).collect();
        sentences_of(script).iter().any(|(number, sentence)| {
            let quoted = lines[number - 1].split('\'').skip(1).step_by(2);
            self.shows_order(sentence, &quoted.map(str::to_owned).collect::<Vec<_>>())
        })
    }

    /// Whether the sentence would show the order of a dictionary's members.
    pub(super) fn shows_order(&self, sentence: &Sentence, arguments: &[String]) -> bool {
        ORDERED.iter().any(|(text, at)| {
            *text == sentence.text
                && arguments.get(*at).is_some_and(|name| {
                    name == "keyring" || self.find(name).is_some_and(Object::is_dictionary)
                })
        })
    }
}

impl Object {
    /// Whether it has members by name, as objects with a shape of their own have too.
    fn is_dictionary(&self) -> bool {
        self.shape == Shape::Dictionary || self.value.as_ref().is_some_and(Value::is_object)
    }

    /// The number that it would be taken as; `None` when that may be any.
    fn amount(&self) -> Option<f64> {
        match (self.value.as_ref()?, self.encoding.as_str()) {
            (Value::Number(number), _) => number.as_f64(),
            (Value::String(text), "integer" | "string") => Some(text.parse().unwrap_or(0.0)),
            _ => None,
        }
    }

    /// Names or positions of its members, and of theirs.
    pub(super) fn members(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(value) = &self.value {
            let inner = names_of(value);
            let first = value.as_object().and_then(|members| members.values().next());
            names.extend(first.or(value.get(0)).map(names_of).unwrap_or_default());
            names.extend(inner);
        }
        names
    }

    /// A path to one of its parts.
    pub(super) fn path(&self, dice: &mut Dice, separator: char) -> String {
        let mut path = self.name.clone();
        let mut value = self.value.as_ref();
        while let Some(inner) = value {
            let names = names_of(inner);
            if names.is_empty() || (path.contains(separator) && dice.percent(30)) {
                break;
            }
            let name = &names[dice.below(names.len())];
            path.push(separator);
            path.push_str(name);
            value = match inner {
                Value::Array(items) => name.parse().ok().and_then(|at: usize| items.get(at - 1)),
                other => other.get(name),
            };
        }
        path
    }
}

fn names_of(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            members.keys().filter(|name| !name.contains(['\0', '\u{fffd}'])).cloned().collect()
        }
        Value::Array(items) => (1..=items.len()).map(|at| at.to_string()).collect(),
        _ => Vec::new(),
    }
}
