//! The memory of one run, and what every statement does to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use zencode_crypto::random::{Generator, Seed};
use zeroize::Zeroize as _;

use crate::codec::{Codec, Object, Shape, Traits};
use crate::control::Control;
use crate::encoding::Output;
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::json::Json;
use crate::key_cache::KeyCache;
use crate::library::{Loaded, Session};
use crate::limits::Limits;
use crate::rules::Rules;
use crate::schema::Schema;
use crate::sharing::{Place, Sharing};
use crate::value::{Key, Table, Value};

/// The memory of one run.
pub(crate) struct Machine {
    /// The inputs, until the Given phase is over.
    pub(crate) inputs: BTreeMap<String, Arc<Json>>,
    /// Whether an input was an array, whose items no statement can name.
    pub(crate) unnamed_inputs: bool,
    pub(crate) objects: BTreeMap<String, Object>,
    /// Which places in the objects are one table.
    pub(crate) sharing: Sharing,
    pub(crate) output: BTreeMap<String, Printed>,
    /// What was printed without a name: then the output is an array, and nothing can have one.
    pub(crate) output_items: Vec<Printed>,
    /// The name that the contract goes by: `Given I am`.
    pub(crate) who: Option<String>,
    pub(crate) rules: Rules,
    pub(crate) loaded: Loaded,
    pub(crate) control: Control,
    pub(crate) random: Generator,
    pub(crate) key_cache: KeyCache,
    pub(crate) fsp_session: Option<Session>,
    pub(crate) now_ms: i64,
    pub(crate) limits: Limits,
    pub(crate) warnings: Vec<String>,
    /// What the debugging statements wrote.
    pub(crate) notes: Vec<Noted>,
    /// Lines in the trace so far.
    pub(crate) traced: usize,
    /// Octets that the printed output takes, at most.
    pub(crate) printed: std::cell::Cell<usize>,
    weight: usize,
}

/// Something that a debugging statement asked to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Noted {
    /// The lines executed so far: how many.
    Trace(usize),
    /// The shape of the memory.
    Heap(String),
    /// Anything else, as text.
    Text(String),
}

/// The keyring as an input, an object and a schema: the one object whose octets are secret by name.
pub(crate) const KEYRING: &str = "keyring";

impl Drop for Machine {
    /// Wipes the keyring, as it came and as it was read; everything else of a run is the caller's data.
    fn drop(&mut self) {
        if let Some(object) = self.objects.get_mut(KEYRING) {
            wipe(&mut object.value);
        }
        self.forget_inputs();
    }
}

/// Overwrites all octets.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::Octet(octets) => octets.zeroize(),
        Value::Table(Table::Array(items)) => items.iter_mut().for_each(wipe),
        Value::Table(Table::Dictionary(members)) => members.values_mut().for_each(wipe),
        Value::Integer(_) | Value::Float(_) | Value::Time(_) | Value::Boolean(_) | Value::Point(_) => {}
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("objects", &self.objects.keys()).finish_non_exhaustive()
    }
}

impl Machine {
    pub(crate) fn new(rules: Rules, loaded: Loaded, seed: &Seed, now_ms: i64, limits: Limits) -> Self {
        Self {
            inputs: BTreeMap::new(),
            unnamed_inputs: false,
            objects: BTreeMap::new(),
            sharing: Sharing::default(),
            output: BTreeMap::new(),
            output_items: Vec::new(),
            who: None,
            rules,
            loaded,
            control: Control::default(),
            random: Generator::new(seed),
            key_cache: KeyCache::default(),
            fsp_session: None,
            now_ms,
            limits,
            warnings: Vec::new(),
            notes: Vec::new(),
            traced: 0,
            printed: std::cell::Cell::default(),
            weight: 0,
        }
    }

    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        /// Warnings kept of one run: a loop may give the same one a thousand times.
        const WARNINGS_MAX: usize = 1000;
        if self.warnings.len() < WARNINGS_MAX {
            self.warnings.push(warning.into());
        }
    }

    /// The object of a name; a name that came as data may have blanks.
    pub(crate) fn have(&self, name: &str) -> Result<&Object, Error> {
        let found = self.objects.get(name).or_else(|| self.objects.get(&underscored(name)?));
        found.ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// The value of a name.
    pub(crate) fn value(&self, name: &str) -> Result<&Value, Error> {
        self.have(name).map(|object| &object.value)
    }

    /// The object of a name, to be changed.
    pub(crate) fn have_mut(&mut self, name: &str) -> Result<&mut Object, Error> {
        self.objects.get_mut(name).ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// The object of a name that may as well be a literal; a warning tells when it is none.
    pub(crate) fn may_have(&mut self, name: &str) -> Option<Object> {
        let found = self.objects.get(name).filter(|object| object.value != Value::Boolean(false)).cloned();
        if found.is_none() {
            self.warn(format!("{name} not found in DATA or KEYS"));
        }
        found
    }

    /// A table of a name.
    pub(crate) fn table(&self, name: &str) -> Result<&Table, Error> {
        let value = self.value(name)?;
        value.table().ok_or_else(|| Error::refused(format!("Object is not a table: {name}")))
    }

    /// A table of a name, to be changed.
    pub(crate) fn table_mut(&mut self, name: &str) -> Result<&mut Table, Error> {
        let value = &mut self.have_mut(name)?.value;
        value.table_mut().ok_or_else(|| Error::refused(format!("Object is not a table: {name}")))
    }

    /// What [`Table::walk`] needs for the order of the reference engine, where that order shows. The walk
    /// over a dictionary is paid for here.
    pub(crate) fn walk_seed(&mut self, name: &str) -> Result<Option<u32>, Error> {
        let table = self.table(name)?;
        if table.is_array() {
            return Ok(None);
        }
        let steps = table.walk_steps();
        self.charge(steps)?;
        Ok(self.random.table_seed())
    }

    /// The octets of a name's value, whatever its kind.
    pub(crate) fn octets(&self, name: &str) -> Result<Vec<u8>, Error> {
        self.value(name)?.octets().ok_or_else(|| Error::failed(format!("{name} has no octets")))
    }

    /// The text of a name's octets, for names of names.
    pub(crate) fn text(&self, name: &str) -> Result<String, Error> {
        let octets =
            self.value(name)?.octets().ok_or_else(|| Error::failed(format!("{name} is not a text")))?;
        if octets.is_empty() {
            return Err(Error::failed(format!("{name} is empty, and names nothing")));
        }
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }

    /// That a name is free.
    pub(crate) fn empty(&self, name: &str) -> Result<(), Error> {
        match self.objects.get(name) {
            Some(_) => Err(Error::Exists(name.to_owned())),
            None => Ok(()),
        }
    }

    /// Puts a new object under a free name.
    pub(crate) fn create(&mut self, name: &str, value: Value, traits: Traits) -> Result<(), Error> {
        self.empty(name)?;
        let schema = self.schema(name);
        let shape = match (&value, schema) {
            (Value::Table(table), None) if table.is_dictionary() => Shape::Dictionary,
            (Value::Table(_), None) => Shape::Array,
            _ => Shape::Element,
        };
        let codec = Codec {
            name: traits.name.unwrap_or_else(|| name.to_owned()),
            encoding: traits.encoding.unwrap_or(std::borrow::Cow::Borrowed("def")),
            shape: traits.shape.unwrap_or(shape),
            schema: traits.schema.or(schema),
            mask: traits.mask,
            root: None,
            read_as: None,
            written: traits.written,
            content: traits.content,
        };
        self.insert(name, Object { value, codec })
    }

    /// Puts a new object under a free name, with the codec of another.
    pub(crate) fn create_like(&mut self, name: &str, value: Value, codec: &Codec) -> Result<(), Error> {
        self.empty(name)?;
        let codec = Codec { name: name.to_owned(), ..codec.clone() };
        self.insert(name, Object { value, codec })
    }

    /// Puts an object under a name, whatever was there.
    pub(crate) fn insert(&mut self, name: &str, object: Object) -> Result<(), Error> {
        self.admit(&object.value)?;
        self.sharing.forget(&Place::of(name));
        self.objects.insert(name.to_owned(), object);
        Ok(())
    }

    /// Replaces the value of an object, its codec kept.
    pub(crate) fn replace(&mut self, name: &str, value: Value) -> Result<(), Error> {
        self.admit(&value)?;
        self.sharing.forget(&Place::of(name));
        self.have_mut(name)?.value = value;
        Ok(())
    }

    /// Checks a value that enters memory: how deep it nests, and how much it weighs.
    ///
    /// Every value is built of admitted ones, one level at a time, so that nothing that walks a value
    /// can run out of stack.
    pub(crate) fn admit(&mut self, value: &Value) -> Result<(), Error> {
        let limit = self.limits.nesting_max;
        if value.nesting() > limit {
            return Err(Error::Limit(format!("Nesting limit exceeded: {limit} levels")));
        }
        self.charge(value.weight())
    }

    /// Counts octets that a statement adds to memory. What is removed is not given back: the limit
    /// bounds the work of a run, and a loop that makes and drops large objects is work.
    pub(crate) fn charge(&mut self, octets: usize) -> Result<(), Error> {
        self.afford(octets)?;
        self.weight = self.weight.saturating_add(octets);
        Ok(())
    }

    /// Checks that so many octets could be added to memory: before something large is built.
    pub(crate) fn afford(&self, octets: usize) -> Result<(), Error> {
        let limit = self.limits.heap_octets_max;
        if self.weight.saturating_add(octets) > limit {
            return Err(Error::Limit(format!("Memory limit exceeded: {limit} octets")));
        }
        Ok(())
    }

    /// A copy of the value of a name, if memory has room for another.
    pub(crate) fn copy_of(&self, name: &str) -> Result<Value, Error> {
        let value = self.value(name)?;
        self.afford(value.weight())?;
        Ok(value.clone())
    }

    /// Takes an object out of memory.
    pub(crate) fn remove(&mut self, name: &str) -> Result<Object, Error> {
        self.sharing.forget(&Place::of(name));
        self.objects.remove(name).ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// The schema of a name, among those of the scenarios that the contract loaded.
    pub(crate) fn schema(&self, name: &str) -> Option<&'static Schema> {
        self.loaded.schema(name)
    }

    /// The output encoding of a name, as the reference engine falls back: schemas with an export come
    /// first, anything unknown is the output encoding of the contract.
    pub(crate) fn output_encoding(&self, name: &str) -> Output {
        match name {
            "def" => self.rules.output_encoding,
            name => Output::named(name).unwrap_or(self.rules.output_encoding),
        }
    }

    /// The name that the contract goes by.
    pub(crate) fn identity(&self) -> Result<String, Error> {
        self.who.clone().ok_or_else(|| Error::refused("No identity specified in WHO"))
    }

    /// Takes a name to go by, once.
    pub(crate) fn identify(&mut self, name: &str) -> Result<(), Error> {
        ensure(self.who.is_none(), || "Identity already defined in WHO".to_owned())?;
        self.who = Some(name.replace(' ', "_"));
        Ok(())
    }

    /// Splits a path at the separator of the contract.
    pub(crate) fn path(&self, path: &str) -> Vec<String> {
        let mut parts: Vec<String> =
            path.replace(' ', "_").split(self.rules.path_separator).map(str::to_owned).collect();
        if parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        parts
    }

    /// Follows a path through memory: names first, positions where no name fits.
    pub(crate) fn follow(&self, path: &str) -> Result<(Value, Place), Error> {
        let parts = self.path(path);
        let (root, rest) = parts.split_first().ok_or_else(|| Error::failed("the path is empty"))?;
        let mut value = self.value(root)?;
        let mut owner = root.as_str();
        let mut place = Place::of(root);
        for part in rest {
            let table = value.table();
            let table = table.ok_or_else(|| Error::refused(format!("Object is not a table: {owner}")))?;
            let key = key(table, part);
            value = key
                .as_ref()
                .and_then(|key| table.get(key))
                .ok_or_else(|| Error::refused(format!("Key {part} not found in {owner}")))?;
            place = key.into_iter().fold(place, Place::member);
            owner = part;
        }
        Ok((value.clone(), place))
    }
}

/// A name with underscores for its blanks, when it has any.
fn underscored(name: &str) -> Option<String> {
    name.contains(' ').then(|| name.trim().replace(' ', "_"))
}

/// A member by name, or by position when the name is a number.
pub(crate) fn member<'a>(table: &'a Table, name: &str) -> Option<&'a Value> {
    key(table, name).and_then(|key| table.get(&key))
}

/// The key of a member by name, or by position when the name is a number.
fn key(table: &Table, name: &str) -> Option<Key> {
    if table.member(name).is_some() {
        return Some(Key::Name(name.to_owned()));
    }
    position(name).map(Key::Position)
}

/// The position that a text names.
pub(crate) fn position(text: &str) -> Option<usize> {
    let number = crate::number::Number::parse(text)?;
    number.integral_text()?.parse().ok()
}
