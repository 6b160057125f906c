//! What a contract's Given phase declares, and what it makes of the inputs at hand.
//!
//! This is the reference engine's `scope=given`: the phase is carried out alone, and an input that is not
//! there is noted instead of refused. With no input at all it is a description of what the contract wants.

use std::collections::BTreeMap;

use crate::codec::{Mask, Object, Shape};
use crate::diagnostic::Note;
use crate::encoding::Input as Encoding;
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::given::{Declaration, Keep, Name, PartPlace, Place};
use crate::import::{Conversion, Kind, expected_table};
use crate::json::Json;
use crate::library::Loaded;
use crate::machine::Machine;

/// An object that the Given phase makes of an input.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The name that it was read under; the object itself may have been renamed.
    pub name: String,
    /// Element, array or dictionary.
    pub shape: Shape,
    /// The encoding of its leaves; none for a table of schema objects.
    pub encoding: Option<String>,
    /// The named type that it is of.
    pub schema: Option<&'static str>,
    /// The section of the input that it comes from.
    pub section: Option<String>,
    /// The kind of value that was read, as the reference engine calls it; none for tables and truth values.
    pub kind: Option<&'static str>,
    /// Whether the input lacks it.
    pub missing: bool,
    mask: Option<Mask>,
    written: bool,
    content: Option<&'static str>,
}

/// The objects that a Given phase makes, and what was said on the way.
#[derive(Debug, Clone)]
pub struct Declarations {
    /// Them, by the name of the object.
    pub objects: BTreeMap<String, Declared>,
    /// The same as the reference engine prints it: one JSON object with the member `CODEC`.
    pub json: String,
    /// Warnings given on the way.
    pub warnings: Vec<String>,
    /// What debugging statements wrote, then memory and trace at the end.
    pub notes: Vec<Note>,
}

impl Declared {
    /// How an object in memory came in.
    pub(crate) fn of(object: &Object) -> Self {
        let codec = &object.codec;
        // A table of schema objects is noted without an encoding.
        let of_schemas = codec.schema.is_some() && codec.shape != Shape::Element;
        Self {
            name: codec.name.clone(),
            shape: codec.shape,
            encoding: (!of_schemas).then(|| codec.encoding.clone().into_owned()),
            schema: codec.schema.map(|schema| schema.name),
            section: codec.root.clone(),
            kind: codec.read_as,
            missing: false,
            mask: codec.mask.clone(),
            written: codec.written,
            content: codec.content,
        }
    }

    /// The members that the reference engine prints.
    pub(crate) fn printed(&self) -> Printed {
        let text = |text: &str| Printed::Text(text.as_bytes().to_vec());
        let fields = [
            ("name", Some(text(&self.name))),
            ("zentype", Some(text(self.shape.letter()))),
            ("encoding", self.encoding.as_deref().map(text)),
            ("schema", self.schema.map(text)),
            ("root", self.section.as_deref().map(text)),
            ("bintype", self.kind.map(text)),
            ("mask", self.mask.as_ref().map(mask)),
            ("content", self.content.map(text)),
            ("luatype", self.written.then(|| text("string"))),
            ("missing", self.missing.then_some(Printed::Boolean(true))),
        ];
        let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Printed::Dictionary(fields.collect())
    }
}

fn mask(shown: &Mask) -> Printed {
    match shown {
        Mask::Leaf(encoding) => Printed::Text(encoding.as_bytes().to_vec()),
        Mask::Inner(inner) => {
            Printed::Dictionary(inner.iter().map(|(name, inner)| (name.clone(), mask(inner))).collect())
        }
    }
}

/// Where an input stands that a contract takes.
struct Sought<'a> {
    name: String,
    kind: &'a str,
    section: Option<String>,
    keep: &'a Keep,
}

impl Machine {
    /// How each object came in, by its name.
    pub(crate) fn declared(&self) -> BTreeMap<String, Declared> {
        self.objects.iter().map(|(name, object)| (name.clone(), Declared::of(object))).collect()
    }

    /// Carries out one declaration; an input that is not there is noted.
    pub(crate) fn declare_tolerantly(
        &mut self,
        declaration: &Declaration,
        missing: &mut BTreeMap<String, Declared>,
    ) -> Result<(), Error> {
        let Some(sought) = self.sought(declaration)? else { return self.declare(declaration) };
        let name = sought.name.clone();
        let under = match sought.keep {
            Keep::MemberOf(table) => table.clone(),
            Keep::Object | Keep::Nothing => name.clone(),
        };
        match self.found(&sought)? {
            // An empty text and a false count as found here, and are converted like any other.
            Some(json) if matches!(sought.keep, Keep::Object) => {
                self.import(&name, &json, sought.kind, sought.section.as_deref())?;
            }
            Some(_) => self.declare(declaration)?,
            None => {
                if matches!(sought.keep, Keep::Object) {
                    self.empty(&name)?;
                }
                let kind = sought.kind;
                let conversion = guess_nothing(&self.loaded, self.rules.input_encoding, kind);
                let conversion = conversion.ok_or_else(|| {
                    Error::input(format!("{kind} of what? write for instance 'string {kind}'"))
                })?;
                if !matches!(sought.keep, Keep::Nothing) {
                    missing.insert(under, absent(name, conversion, sought.section));
                }
                return Ok(());
            }
        }
        missing.remove(&under);
        Ok(())
    }

    /// What a declaration takes from the root or a section; none when it does something else.
    fn sought<'a>(&self, declaration: &'a Declaration) -> Result<Option<Sought<'a>>, Error> {
        let Declaration::Take { kind, name, place, keep } = declaration else { return Ok(None) };
        let section = match place {
            Place::Root => None,
            Place::Section(section) => Some(section.clone()),
            Place::Mine => {
                ensure(self.who.is_some(), || "No section specified".to_owned())?;
                self.who.clone()
            }
            Place::Path(_) => return Ok(None),
        };
        let literal = match name {
            Name::Literal(name) => name.clone(),
            Name::By(reference) => self.name_in_input(reference)?,
        };
        let kind = match (kind, name) {
            (Some(kind), _) => kind,
            (None, Name::Literal(name)) => name,
            (None, Name::By(_)) => return Ok(None),
        };
        Ok(Some(Sought { name: literal, kind, section, keep }))
    }

    /// The input that is sought; a section has to be there.
    fn found(&self, sought: &Sought<'_>) -> Result<Option<Json>, Error> {
        let Some(section) = &sought.section else {
            return Ok(self.input(&sought.name).filter(|json| **json != Json::Null).cloned());
        };
        let members = match self.input(section) {
            None | Some(Json::Null | Json::Boolean(false)) => {
                return Err(Error::input(format!("Cannot find '{section}'")));
            }
            Some(Json::Object(members)) => Some(members),
            Some(Json::Array(items)) => match items.as_slice() {
                [Json::Object(members)] => Some(members),
                _ => None,
            },
            Some(_) => return Err(Error::input(format!("Object is not a table: {section}"))),
        };
        let found = members.and_then(|members| members.get(&sought.name));
        Ok(found.filter(|json| **json != Json::Null).cloned())
    }
}

/// The conversion that a definition asks for, when there is no input to look at; none when it names no
/// type. An unknown name stands for the input encoding of the contract.
fn guess_nothing(loaded: &Loaded, default: Encoding, definition: &str) -> Option<Conversion> {
    if let Some(schema) = loaded.schema(definition) {
        return Some(Conversion { kind: Kind::Schema(schema), shape: Shape::Element });
    }
    let (shape, left) = match expected_table(definition) {
        Some((shape, left)) => (shape, left?),
        None if definition == "array" => return None,
        None => (Shape::Element, definition.to_owned()),
    };
    let kind = match loaded.schema(&left).filter(|_| shape != Shape::Element) {
        Some(schema) => Kind::Schema(schema),
        None => Kind::Encoding(Encoding::named(&left).unwrap_or(default)),
    };
    Some(Conversion { kind, shape })
}

impl Conversion {
    /// The encoding that a codec notes, and the schema.
    fn noted(self) -> (Option<&'static str>, Option<&'static str>) {
        match self.kind {
            Kind::Encoding(input) => (Some(input.name()), None),
            Kind::Schema(schema) if self.shape == Shape::Element => {
                (Some(if schema.complex { "complex" } else { "def" }), Some(schema.name))
            }
            Kind::Schema(schema) => (None, Some(schema.name)),
        }
    }
}

fn absent(name: String, conversion: Conversion, section: Option<String>) -> Declared {
    let (encoding, schema) = conversion.noted();
    Declared {
        name,
        shape: conversion.shape,
        encoding: encoding.map(str::to_owned),
        schema,
        section,
        kind: None,
        missing: true,
        mask: None,
        written: false,
        content: None,
    }
}

/// An input that a contract declares, as far as its text alone tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name, or its path; none when the name itself is an input.
    pub name: Option<String>,
    /// The type as the contract writes it: an encoding, a schema, or a table of one of them.
    pub kind: String,
    /// Element, array or dictionary. A table is taken for an element too where the type is an encoding.
    pub shape: Shape,
    /// The encoding of its leaves; none when a schema says it, or the type is only known with the input.
    pub encoding: Option<&'static str>,
    /// The schema of it, or of its members.
    pub schema: Option<&'static str>,
    /// Where in the input it is looked for.
    pub place: InputPlace,
    /// The line that declares it.
    pub line: usize,
}

/// Where an input is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputPlace {
    /// Among the members of the input.
    Root,
    /// In the member of this name, or the only item of that.
    Section(String),
    /// In the member that bears the contract's own name, which is itself an input.
    Mine,
    /// At the end of a path; the input's name is the path.
    Path,
}

impl Declaration {
    /// The input it asks for, as far as the text alone tells.
    pub(crate) fn input(
        &self,
        line: usize,
        loaded: &Loaded,
        default: Encoding,
        who: Option<&str>,
    ) -> Option<Input> {
        let (name, kind, place) = match self {
            Self::IdentityFrom { kind, name, section } => {
                let place = section.clone().map_or(InputPlace::Root, InputPlace::Section);
                (Some(name.clone()), kind.clone(), place)
            }
            Self::Take { kind, name, place, .. } => {
                let literal = match name {
                    Name::Literal(name) => Some(name.clone()),
                    Name::By(_) => None,
                };
                let (name, place) = match place {
                    Place::Root => (literal, InputPlace::Root),
                    Place::Section(section) => (literal, InputPlace::Section(section.clone())),
                    Place::Mine => {
                        let mine = who.map(|who| InputPlace::Section(who.to_owned()));
                        (literal, mine.unwrap_or(InputPlace::Mine))
                    }
                    Place::Path(path) => (Some(path.clone()), InputPlace::Path),
                };
                let kind = kind.clone().or_else(|| name.clone()).unwrap_or_default();
                (name, kind, place)
            }
            Self::TakePart { kind, place, .. } => match place {
                PartPlace::Root(name) => (Some(name.clone()), kind.clone(), InputPlace::Root),
                PartPlace::Path(path) => (Some(path.clone()), kind.clone(), InputPlace::Path),
            },
            _ => return None,
        };
        let conversion = guess_nothing(loaded, default, &kind);
        let shape = match kind.rsplit('_').next() {
            _ if conversion.is_some() => conversion.map_or(Shape::Element, |conversion| conversion.shape),
            Some("array") => Shape::Array,
            _ => Shape::Dictionary,
        };
        let (encoding, schema) = conversion.map_or((None, None), Conversion::noted);
        // The part has the type; what it is cut out of is a text.
        let (encoding, schema, shape) = match self {
            Self::TakePart { .. } => (Some(Encoding::Text.name()), None, Shape::Element),
            _ => (encoding.filter(|_| schema.is_none()), schema, shape),
        };
        Some(Input { name, kind, shape, encoding, schema, place, line })
    }
}
