//! The Given phase: what a contract declares of its inputs, and how a run takes them.
//!
//! A Given statement only declares. The declarations are data: a run carries them out, and anybody may
//! read from them which inputs a contract wants, with no data at hand.

use crate::codec::{Codec, Mask, Object, Shape};
use crate::encoding::Input as InputEncoding;
use crate::error::{Error, ensure};
use crate::import::{Kind, convert_text};
use crate::json::Json;
use crate::machine::{Machine, Noted};
use crate::members::Members;
use crate::picture::Values;
use crate::value::{Table, Value};

mod pick;

/// What the Given statements of a contract declare, one by one.
#[derive(Debug, Default)]
pub(crate) struct Given {
    declared: Option<Declaration>,
}

impl Given {
    /// Notes the declaration of the present line.
    pub(crate) fn declare(&mut self, declaration: Declaration) {
        self.declared = Some(declaration);
    }

    /// Notes that a text of this name has to be among the inputs. It becomes no object: only requests take it.
    pub(crate) fn require_text(&mut self, name: &str) {
        self.declare(Declaration::Take {
            kind: Some("string".to_owned()),
            name: Name::Literal(name.to_owned()),
            place: Place::Root,
            keep: Keep::Nothing,
        });
    }

    pub(crate) fn into_declaration(self) -> Option<Declaration> {
        self.declared
    }
}

/// One declaration.
#[derive(Debug, Clone)]
pub(crate) enum Declaration {
    /// There is no input.
    Nothing,
    /// The contract goes by a name.
    Identity(String),
    /// The contract goes by a name that is in the input.
    IdentityFrom { kind: String, name: String, section: Option<String> },
    /// An input becomes an object.
    Take { kind: Option<String>, name: Name, place: Place, keep: Keep },
    /// Part of a text becomes an object.
    TakePart { kind: String, place: PartPlace, affix: Affix },
    /// An object gets another name.
    Rename { old: String, new: String },
    /// One leaf of a dictionary is decoded.
    Decode { path: String, encoding: String },
    /// The author wants to see something.
    Show(Show),
    /// The author wants the run to end here.
    Break,
}

/// A name, or the name of a name.
#[derive(Debug, Clone)]
pub(crate) enum Name {
    Literal(String),
    By(String),
}

/// Where an input is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// At the root.
    Root,
    /// In a section.
    Section(String),
    /// In the section that bears the contract's own name.
    Mine,
    /// At the end of a path; the name is its last part.
    Path(String),
}

/// What becomes of an input that was taken.
#[derive(Debug, Clone)]
pub(crate) enum Keep {
    /// It becomes the object of its name.
    Object,
    /// It becomes the member of a table, named after its section.
    MemberOf(String),
    /// Nothing: that it is there was the question.
    Nothing,
}

/// Which text a part is taken of.
#[derive(Debug, Clone)]
pub(crate) enum PartPlace {
    Root(String),
    Path(String),
}

/// What is cut off a text.
#[derive(Debug, Clone)]
pub(crate) enum Affix {
    Prefix(String),
    Suffix(String),
}

/// What a debugging statement shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Trace,
    Heap,
    HeapAndTrace,
    Codec,
    Config,
}

impl Machine {
    /// Carries out one declaration.
    pub(crate) fn declare(&mut self, declaration: &Declaration) -> Result<(), Error> {
        match declaration {
            Declaration::Nothing => {
                let some = self.inputs.values().any(|json| !matches!(**json, Json::Null));
                ensure(!some && !self.unnamed_inputs, || "Undesired data passed as input".to_owned())
            }
            Declaration::Identity(name) => self.identify(name),
            Declaration::IdentityFrom { kind, name, section } => {
                self.identify_from(kind, name, section.as_deref())
            }
            Declaration::Take { kind, name, place, keep } => self.take(kind.as_deref(), name, place, keep),
            Declaration::TakePart { kind, place, affix } => self.take_part(kind, place, affix),
            Declaration::Rename { old, new } => self.rename_given(old, new),
            Declaration::Decode { path, encoding } => self.decode_member(path, encoding),
            Declaration::Show(show) => {
                self.show(*show);
                Ok(())
            }
            Declaration::Break => Err(Error::failed("break")),
        }
    }

    fn identify_from(&mut self, kind: &str, name: &str, section: Option<&str>) -> Result<(), Error> {
        let json = match section {
            Some(section) => self.pick_in(section, name)?,
            None => self.pick(name)?,
        };
        let object = self.convert(name, &json, kind, section)?;
        let octets = object.value.octets().ok_or_else(|| Error::failed("the name is not a text"))?;
        // The reference engine's name ends at a zero octet, and a name of nothing is none.
        let named = octets.split(|octet| *octet == 0).next().unwrap_or_default();
        ensure(!named.is_empty(), || format!("the name in {name} is empty"))?;
        self.identify(&String::from_utf8_lossy(named))?;
        self.objects.remove(name);
        Ok(())
    }

    fn take(&mut self, kind: Option<&str>, name: &Name, place: &Place, keep: &Keep) -> Result<(), Error> {
        let name = match name {
            Name::Literal(name) => name.clone(),
            Name::By(reference) => self.name_in_input(reference)?,
        };
        let (json, name, root) = match place {
            Place::Root => (self.pick(&name)?, name, None),
            Place::Section(section) => (self.pick_in(section, &name)?, name, Some(section.clone())),
            Place::Mine => {
                let mine = self.who.clone();
                let mine =
                    mine.ok_or_else(|| Error::refused("No identity specified, use: Given I am ..."))?;
                (self.pick_in(&mine, &name)?, name, Some(mine))
            }
            Place::Path(path) => {
                let (json, last) = self.pick_path(path)?;
                (json, last, None)
            }
        };
        let kind = kind.unwrap_or(&name);
        match keep {
            Keep::Nothing => self.guess(&json, kind).map(|_| ()),
            Keep::Object => self.import(&name, &json, kind, root.as_deref()),
            Keep::MemberOf(table) => {
                let object = self.convert(&name, &json, kind, root.as_deref())?;
                self.keep_member(table, root.as_deref().unwrap_or_default(), object)
            }
        }
    }

    /// Adds to a table whose members are named after the sections they came from.
    fn keep_member(&mut self, table: &str, member: &str, object: Object) -> Result<(), Error> {
        self.charge(object.value.weight())?;
        match self.objects.get_mut(table) {
            Some(Object { value: Value::Table(members), codec }) => {
                ensure(members.set(member, object.value), || Error::Exists(table.to_owned()).to_string())?;
                *codec = object.codec;
                Ok(())
            }
            Some(_) => Err(Error::Exists(table.to_owned())),
            None => {
                let members = Table::of(Members::from([(member.to_owned(), object.value)]));
                let codec = object.codec;
                self.insert(table, Object { value: Value::Table(members), codec })
            }
        }
    }

    fn take_part(&mut self, kind: &str, place: &PartPlace, affix: &Affix) -> Result<(), Error> {
        let (json, name, label) = match place {
            PartPlace::Root(name) => (self.pick(name)?, name.clone(), name),
            PartPlace::Path(path) => {
                let (json, last) = self.pick_path(path)?;
                (json, last, path)
            }
        };
        let Json::Text(whole) = &*json else {
            return Err(Error::input(format!("a text is expected in {label}")));
        };
        let literal = |name: &String| match self.input(name) {
            Some(Json::Text(text)) => Some(text.clone()),
            None | Some(Json::Null | Json::Boolean(false)) => Some(name.clone()),
            // What is no text is found nowhere.
            Some(_) => None,
        };
        let (word, title, given) = match affix {
            Affix::Prefix(name) => ("prefix", "Prefix", name),
            Affix::Suffix(name) => ("suffix", "Suffix", name),
        };
        let part = literal(given).and_then(|text| {
            let part = match affix {
                Affix::Prefix(_) => whole.strip_prefix(&text),
                Affix::Suffix(_) => whole.strip_suffix(&text),
            };
            part.map(|part| (part.to_owned(), text.len()))
        });
        match part {
            Some((part, length)) => {
                ensure(!part.is_empty(), || {
                    format!("String too short: {label}({}) {word}({length})", whole.len())
                })?;
                self.import(&name, &Json::Text(part), kind, None)
            }
            None => Err(Error::refused(format!("{title} not found in {label}: {given}"))),
        }
    }

    fn rename_given(&mut self, old: &str, new: &str) -> Result<(), Error> {
        self.empty(new)?;
        let object = self.remove(old)?;
        self.insert(new, Object { codec: Codec { name: new.to_owned(), ..object.codec }, ..object })
    }

    /// The dictionary of a path, its mask set for the rest of the path.
    pub(crate) fn mask_path(&mut self, path: &str, encoding: &str) -> Result<(String, Vec<String>), Error> {
        let mut parts = self.path(path);
        if parts.len() < 2 {
            return Err(Error::failed(format!("the path names no member of a dictionary: {path}")));
        }
        let root = parts.remove(0);
        let object = self.objects.get_mut(&root);
        let object = object.ok_or_else(|| Error::failed(format!("Dictionary not found: {root}")))?;
        if object.codec.shape != Shape::Dictionary {
            return Err(Error::failed(format!("Not a dictionary: {root}")));
        }
        let mask = object.codec.mask.get_or_insert_with(|| Mask::Inner(std::collections::BTreeMap::new()));
        mask.set(&parts, encoding);
        Ok((root, parts))
    }

    /// Decodes the text at a path of a dictionary.
    fn decode_member(&mut self, path: &str, encoding: &str) -> Result<(), Error> {
        let (root, parts) = self.mask_path(path, encoding)?;
        let first = parts.first().cloned().unwrap_or_default();
        let last = parts.last().cloned().unwrap_or_default();
        let input = self.input_encoding(encoding);
        let mut value = &mut self.have_mut(&root)?.value;
        for part in &parts[..parts.len().saturating_sub(1)] {
            let next = match value {
                Value::Table(Table::Dictionary(members)) => members.get_mut(part),
                _ => None,
            };
            value = next.ok_or_else(|| Error::failed(format!("Path not found in: {first}")))?;
        }
        let leaf = match value {
            Value::Table(Table::Dictionary(members)) => members.get_mut(&last),
            _ => None,
        };
        let leaf = leaf.ok_or_else(|| Error::failed(format!("Final key not found: {last}")))?;
        *leaf = decode_leaf(leaf, input).ok_or_else(|| {
            Error::failed(format!("Incorrect encoding in {first}: key '{last}' is not a {}", input.name()))
        })?;
        Ok(())
    }

    /// Notes something that the author wants to see.
    pub(crate) fn show(&mut self, show: Show) {
        let heap = || Noted::Heap(self.heap_shape(Values::Shown));
        let notes = match show {
            Show::Trace => vec![Noted::Trace(self.traced)],
            Show::Heap => vec![heap()],
            Show::HeapAndTrace => vec![heap(), Noted::Trace(self.traced)],
            Show::Codec => vec![Noted::Text(self.codec_text())],
            Show::Config => vec![Noted::Text(format!("{:?}", self.rules))],
        };
        self.notes.extend(notes);
    }
}

fn decode_leaf(leaf: &Value, input: InputEncoding) -> Option<Value> {
    let octets = leaf.octets()?;
    let text = std::str::from_utf8(&octets).ok()?;
    if !input.accepts(text) {
        return None;
    }
    convert_text(text, input)
}

/// The name of a conversion, for messages.
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Encoding(input) => input.name(),
            Self::Schema(schema) => schema.name,
        })
    }
}
