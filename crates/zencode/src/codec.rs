//! What the machine knows of an object besides its value: how it came in and how it goes out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::schema::Schema;
use crate::value::Value;

/// An object in memory.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) value: Value,
    pub(crate) codec: Codec,
}

/// The description of an object.
#[derive(Debug, Clone)]
pub(crate) struct Codec {
    /// The name under which it was made; a copy or a random pick may carry another name in memory.
    pub(crate) name: String,
    /// Name of the encoding it is printed in; `def` is the output encoding of the contract.
    pub(crate) encoding: Cow<'static, str>,
    pub(crate) shape: Shape,
    pub(crate) schema: Option<&'static Schema>,
    /// Encodings of single leaves.
    pub(crate) mask: Option<Mask>,
    /// Section of the input it came from.
    pub(crate) root: Option<String>,
    /// Kind of the value that was read from the input; only `print codec` shows it.
    pub(crate) read_as: Option<&'static str>,
    /// Whether a statement wrote it as a text; only `print codec` shows it.
    pub(crate) written: bool,
    /// What a statement checked it to be.
    pub(crate) content: Option<&'static str>,
}

/// Element, array or dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Element,
    /// Values in order.
    Array,
    /// Values by name.
    Dictionary,
}

impl Shape {
    /// The letter that the reference engine calls `zentype`.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Element => "e",
            Self::Array => "a",
            Self::Dictionary => "d",
        }
    }
}

/// Encodings of the leaves of a dictionary, by path.
#[derive(Debug, Clone)]
pub(crate) enum Mask {
    Leaf(String),
    Inner(BTreeMap<String, Mask>),
}

impl Mask {
    /// Notes the encoding of the leaf at a path.
    pub(crate) fn set(&mut self, path: &[String], encoding: &str) {
        let Some((first, rest)) = path.split_first() else {
            *self = Self::Leaf(encoding.to_owned());
            return;
        };
        if let Self::Leaf(_) = self {
            *self = Self::Inner(BTreeMap::new());
        }
        if let Self::Inner(inner) = self {
            inner.entry(first.clone()).or_insert_with(|| Self::Inner(BTreeMap::new())).set(rest, encoding);
        }
    }
}

/// What a statement says of an object that it creates; the rest is guessed from the value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traits {
    pub(crate) encoding: Option<Cow<'static, str>>,
    pub(crate) shape: Option<Shape>,
    pub(crate) schema: Option<&'static Schema>,
    pub(crate) mask: Option<Mask>,
    pub(crate) name: Option<String>,
    pub(crate) written: bool,
    pub(crate) content: Option<&'static str>,
}

impl Traits {
    /// A text that a statement wrote.
    pub(crate) fn written() -> Self {
        Self { written: true, ..Self::element_encoded("string") }
    }

    /// An element with the output encoding of the contract.
    pub(crate) fn element() -> Self {
        Self { shape: Some(Shape::Element), ..Self::default() }
    }

    /// Anything with a named encoding.
    pub(crate) fn encoded(encoding: impl Into<Cow<'static, str>>) -> Self {
        Self { encoding: Some(encoding.into()), ..Self::default() }
    }

    /// An element with a named encoding.
    pub(crate) fn element_encoded(encoding: impl Into<Cow<'static, str>>) -> Self {
        Self { shape: Some(Shape::Element), ..Self::encoded(encoding) }
    }

    /// What a member of a table inherits from it.
    pub(crate) fn member_of(codec: &Codec) -> Self {
        Self {
            encoding: Some(codec.encoding.clone()),
            shape: codec.schema.map(|_| Shape::Element),
            schema: codec.schema,
            ..Self::default()
        }
    }
}
