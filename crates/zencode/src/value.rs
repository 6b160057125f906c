//! The values that statements work on.

use num_bigint::BigInt;

use crate::members::Members;
use crate::number::{Number, float_text};
use crate::point::Point;

/// One value in memory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Octets: texts, keys, hashes, signatures.
    Octet(Vec<u8>),
    /// An integer of arbitrary size.
    Integer(BigInt),
    /// A single-precision float.
    Float(f32),
    /// Seconds since 1970.
    Time(i64),
    /// A truth value.
    Boolean(bool),
    /// An array or a dictionary.
    Table(Table),
    /// A point of BLS12-381.
    Point(Box<Point>),
}

/// An array or a dictionary; an empty one is either.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Table {
    /// Values in order, counted from 1 by contracts.
    Array(Vec<Value>),
    /// Values by name, in bytewise order.
    Dictionary(Members<Value>),
}

impl Default for Table {
    fn default() -> Self {
        Self::Array(Vec::new())
    }
}

/// Where a member of a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// Position in an array, from 1.
    Position(usize),
    /// Name in a dictionary.
    Name(String),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Position(position) => write!(f, "{position}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Value {
    /// A copy, every dictionary of it filled from a walk over the one it is a copy of.
    pub(crate) fn copied(&self) -> Self {
        let mut copy = self.clone();
        copy.note_copy();
        copy
    }

    fn note_copy(&mut self) {
        match self {
            Self::Table(Table::Array(items)) => items.iter_mut().for_each(Self::note_copy),
            Self::Table(Table::Dictionary(members)) => {
                members.note_copy();
                members.values_mut().for_each(Self::note_copy);
            }
            _ => {}
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Octet(text.as_bytes().to_vec())
    }

    pub(crate) fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn table_mut(&mut self) -> Option<&mut Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The kind, as messages of the reference engine name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Octet(_) => "zenroom.octet",
            Self::Integer(_) => "zenroom.big",
            Self::Float(_) => "zenroom.float",
            Self::Time(_) => "zenroom.time",
            Self::Boolean(_) => "boolean",
            Self::Table(_) => "table",
            Self::Point(point) => point.kind(),
        }
    }

    /// The octets that an element stands for; none for truth values and tables.
    ///
    /// # Source
    /// Zenroom `zen_octet.c`, `zen_big.c`, `zen_float.c`, `zen_time.c`: the `octet` methods.
    pub(crate) fn octets(&self) -> Option<Vec<u8>> {
        match self {
            Self::Octet(octets) => Some(octets.clone()),
            Self::Integer(integer) => Some(integer.magnitude().to_bytes_be()),
            Self::Float(float) => Some(float_text(*float).into_bytes()),
            Self::Time(time) => Some(match i32::try_from(*time) {
                Ok(short) => short.to_le_bytes().to_vec(),
                Err(_) => time.to_le_bytes().to_vec(),
            }),
            Self::Point(point) => Some(point.octets()),
            Self::Boolean(_) | Self::Table(_) => None,
        }
    }

    /// The number that Lua's `tonumber` makes of it: floats and times by their text.
    pub(crate) fn number(&self) -> Option<Number> {
        match self {
            Self::Float(float) => Number::parse(&float_text(*float)),
            Self::Time(time) => Number::parse(&time.to_string()),
            _ => None,
        }
    }

    /// The length operator of the reference engine: octets of an element, members of an array.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Table(table) => table.array_length(),
            // Its octet is not counted: the reference engine has no bit of it.
            Self::Integer(integer) if *integer == BigInt::ZERO => 0,
            other => other.octets().map_or(0, |octets| octets.len()),
        }
    }

    /// Levels of tables.
    pub(crate) fn nesting(&self) -> usize {
        match self {
            Self::Table(table) => 1 + table.values().map(Self::nesting).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// Octets of memory that the value takes, at most, with what the allocator adds: what the heap limit
    /// counts.
    pub(crate) fn weight(&self) -> usize {
        /// A value in an array, which may have room for half as many again.
        const VALUE: usize = 72;
        /// An allocation of its own.
        const ALLOCATION: usize = 32;
        /// A name in a dictionary, and the event that it came by.
        const NAME: usize = 128;
        match self {
            Self::Octet(octets) => VALUE + ALLOCATION + octets.len(),
            Self::Integer(integer) => {
                VALUE + ALLOCATION + usize::try_from(integer.bits() / 8).unwrap_or(usize::MAX / 2)
            }
            Self::Float(_) | Self::Time(_) | Self::Boolean(_) => VALUE,
            Self::Point(_) => VALUE + ALLOCATION + size_of::<Point>(),
            Self::Table(Table::Array(items)) => {
                VALUE + ALLOCATION + items.iter().map(Self::weight).sum::<usize>()
            }
            Self::Table(Table::Dictionary(members)) => {
                let members = members.iter().map(|(name, value)| NAME + 2 * name.len() + value.weight());
                VALUE + 2 * ALLOCATION + members.sum::<usize>()
            }
        }
    }
}

/// A text up to its first zero octet: where the reference engine hands it to C.
pub(crate) fn until_zero(octets: &[u8]) -> &[u8] {
    octets.split(|octet| *octet == 0).next().unwrap_or_default()
}

impl Table {
    /// The dictionary of members; without any it is an empty table of either kind.
    pub(crate) fn of(members: Members<Value>) -> Self {
        if members.is_empty() { Self::default() } else { Self::Dictionary(members) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Number of members.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Array(items) => items.len(),
            Self::Dictionary(members) => members.len(),
        }
    }

    /// Number of positions; a dictionary has none.
    pub(crate) fn array_length(&self) -> usize {
        match self {
            Self::Array(items) => items.len(),
            Self::Dictionary(_) => 0,
        }
    }

    /// Whether it can pass as an array.
    pub(crate) fn is_array(&self) -> bool {
        matches!(self, Self::Array(_)) || self.is_empty()
    }

    /// Whether it can pass as a dictionary.
    pub(crate) fn is_dictionary(&self) -> bool {
        matches!(self, Self::Dictionary(_)) || self.is_empty()
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Dictionary(members) => members.get(name),
            Self::Array(_) => None,
        }
    }

    pub(crate) fn position(&self, position: usize) -> Option<&Value> {
        match self {
            Self::Array(items) => items.get(position.checked_sub(1)?),
            Self::Dictionary(_) => None,
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Value> {
        match key {
            Key::Position(position) => self.position(*position),
            Key::Name(name) => self.member(name),
        }
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut Value> {
        match (self, key) {
            (Self::Array(items), Key::Position(position)) => items.get_mut(position.checked_sub(1)?),
            (Self::Dictionary(members), Key::Name(name)) => members.get_mut(name),
            _ => None,
        }
    }

    /// Members in the order of the reference engine's sorted iteration.
    pub(crate) fn entries(&self) -> Vec<(Key, &Value)> {
        match self {
            Self::Array(items) => {
                items.iter().enumerate().map(|(index, value)| (Key::Position(index + 1), value)).collect()
            }
            Self::Dictionary(members) => {
                members.iter().map(|(name, value)| (Key::Name(name.clone()), value)).collect()
            }
        }
    }

    pub(crate) fn values(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match self {
            Self::Array(items) => Box::new(items.iter()),
            Self::Dictionary(members) => Box::new(members.values()),
        }
    }

    /// How many names a walk handles, at every depth.
    pub(crate) fn walk_steps(&self) -> usize {
        let own = match self {
            Self::Array(_) => 0,
            Self::Dictionary(members) => members.walk_steps(),
        };
        self.values().filter_map(Value::table).map(Self::walk_steps).fold(own, usize::saturating_add)
    }

    /// Members in the order of the reference engine's hash table under a seed, or else by name.
    pub(crate) fn walk(&self, seed: Option<u32>) -> Vec<(Key, &Value)> {
        match self {
            Self::Array(_) => self.entries(),
            Self::Dictionary(members) => {
                members.walk(seed).into_iter().map(|(name, value)| (Key::Name(name.clone()), value)).collect()
            }
        }
    }

    /// Adds or replaces a named member; an empty array becomes a dictionary. False for other arrays.
    pub(crate) fn set(&mut self, name: &str, value: Value) -> bool {
        if self.is_empty() {
            *self = Self::Dictionary(Members::new());
        }
        match self {
            Self::Dictionary(members) => {
                members.insert(name.to_owned(), value);
                true
            }
            Self::Array(_) => false,
        }
    }

    /// Appends; an empty dictionary becomes an array. False for other dictionaries.
    pub(crate) fn push(&mut self, value: Value) -> bool {
        if self.is_empty() {
            *self = Self::Array(Vec::new());
        }
        match self {
            Self::Array(items) => {
                items.push(value);
                true
            }
            Self::Dictionary(_) => false,
        }
    }

    /// Takes a member out; the rest of an array moves up.
    pub(crate) fn take(&mut self, key: &Key) -> Option<Value> {
        match (self, key) {
            (Self::Array(items), Key::Position(position)) => {
                let index = position.checked_sub(1).filter(|index| *index < items.len())?;
                Some(items.remove(index))
            }
            (Self::Dictionary(members), Key::Name(name)) => members.remove(name),
            _ => None,
        }
    }

    /// The same shape with every leaf replaced.
    pub(crate) fn map<E>(&self, leaf: &mut dyn FnMut(&Value) -> Result<Value, E>) -> Result<Self, E> {
        let mut each = |value: &Value| match value {
            Value::Table(table) => table.map(leaf).map(Value::Table),
            other => leaf(other),
        };
        match self {
            Self::Array(items) => items.iter().map(&mut each).collect::<Result<_, E>>().map(Self::Array),
            Self::Dictionary(members) => {
                members.mapped(|_, value| each(value).map(Some)).map(Self::Dictionary)
            }
        }
    }
}
