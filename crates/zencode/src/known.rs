//! What a request can refer to by name: DATA and KEYS, what earlier requests brought, and after the run
//! its output.
//!
//! Requests take values as they came, digit for digit; the machine reads the same inputs in its own way.
//! Nothing is read before a request names something. The keyring cannot be named: no request sends it away.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use zencode_crypto::random::Seed;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::limits::Limits;

/// JSON values by name.
pub(crate) type Named = BTreeMap<String, Box<RawValue>>;

/// What a request can refer to.
pub(crate) struct Known {
    data: Sheet,
    keys: Sheet,
    /// What requests brought.
    brought: Named,
    secrets: Named,
    /// What lines hold for requests that follow, such as where to connect.
    held: BTreeMap<&'static str, Box<RawValue>>,
    /// What the run printed, once it is over.
    output: Option<Named>,
    /// How many numbers were taken.
    numbers: Cell<u64>,
    pub(crate) settings: Circumstances,
}

/// What a request that is computed takes from its run.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    pub(crate) seed: Seed,
    pub(crate) now_ms: i64,
    /// What is left of the run's limits.
    pub(crate) limits: Limits,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("brought", &self.brought.keys()).finish_non_exhaustive()
    }
}

/// A text of inputs, read when it is needed.
struct Sheet {
    title: &'static str,
    text: Zeroizing<String>,
    read: OnceCell<Result<Named, String>>,
}

/// The one input that no request may name.
const KEYRING: &str = "keyring";

impl Sheet {
    fn new(title: &'static str, text: &str) -> Self {
        Self { title, text: Zeroizing::new(text.to_owned()), read: OnceCell::new() }
    }

    fn get(&self, name: &str) -> Result<Option<&RawValue>, Error> {
        match self.read.get_or_init(|| named(&self.text)) {
            Ok(members) => Ok(members.get(name).map(AsRef::as_ref)),
            Err(fault) => {
                Err(Error::input(format!("{} is not JSON that requests can use: {fault}", self.title)))
            }
        }
    }
}

/// The members of an object, blanks in their names turned into underscores.
fn named(text: &str) -> Result<Named, String> {
    if text.is_empty() {
        return Ok(Named::new());
    }
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let members = members.into_iter().map(|(name, value)| (name.replace(' ', "_"), value));
    Ok(members.filter(|(name, _)| name != KEYRING).map(|(name, value)| (name, value.to_owned())).collect())
}

impl Known {
    pub(crate) fn new(data: &str, keys: &str, settings: Circumstances) -> Self {
        Self {
            data: Sheet::new("DATA", data),
            keys: Sheet::new("KEYS", keys),
            brought: Named::new(),
            secrets: Named::new(),
            held: BTreeMap::new(),
            output: None,
            numbers: Cell::new(0),
            settings,
        }
    }

    /// The value of a name, as it was written.
    ///
    /// The output comes first, then DATA, then KEYS; what is false, zero, empty or null yields to a later one.
    ///
    /// # Errors
    /// When an input is not JSON.
    pub(crate) fn find(&self, name: &str) -> Result<Option<&RawValue>, Error> {
        let name = name.replace(' ', "_");
        let mut yielding = None;
        let printed = self.output.as_ref().and_then(|output| printed_member(output, &name));
        for place in 0..5 {
            let found = match place {
                0 => printed,
                1 => self.brought.get(&name).map(AsRef::as_ref),
                2 => self.data.get(&name)?,
                3 => self.secrets.get(&name).map(AsRef::as_ref),
                _ => self.keys.get(&name)?,
            };
            match found {
                Some(value) if counts(value) => return Ok(Some(value)),
                found => yielding = yielding.or(found),
            }
        }
        Ok(yielding)
    }

    /// The value of a name that has to be there.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn value(&self, name: &str) -> Result<&RawValue, Error> {
        self.find(name)?.ok_or_else(|| missing(name))
    }

    /// JSON text of a name, without blanks between its parts.
    ///
    /// # Errors
    /// As [`Known::value`].
    pub(crate) fn json(&self, name: &str) -> Result<String, Error> {
        self.value(name).map(|value| compact(value.get()))
    }

    /// The text that a name stands for.
    ///
    /// # Errors
    /// When there is no such name, or it is no text.
    pub(crate) fn text(&self, name: &str) -> Result<String, Error> {
        text_of(self.value(name)?).ok_or_else(|| Error::input(format!("'{name}' is no text")))
    }

    /// The text that a name stands for, or the name itself when nothing is called that.
    ///
    /// # Errors
    /// When what is called that is no text.
    pub(crate) fn text_or_literal(&self, name: &str) -> Result<String, Error> {
        match self.find(name)? {
            Some(value) => text_of(value).ok_or_else(|| Error::input(format!("'{name}' is no text"))),
            None => Ok(name.to_owned()),
        }
    }

    /// The texts of an array, or the one text that a name stands for.
    ///
    /// # Errors
    /// When there is no such name, or it is neither.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let value = self.value(name)?.get();
        let texts = serde_json::from_str::<Vec<String>>(value);
        let texts = texts.or_else(|_| serde_json::from_str::<String>(value).map(|text| vec![text]));
        texts.map_err(|_| Error::input(format!("'{name}' is neither a text nor an array of texts")))
    }

    /// The items of an array, as JSON texts.
    ///
    /// # Errors
    /// When there is no such name, or it is no array.
    pub(crate) fn items(&self, name: &str) -> Result<Vec<String>, Error> {
        let items = serde_json::from_str::<Vec<&RawValue>>(self.value(name)?.get());
        let items = items.map_err(|_| Error::input(format!("'{name}' is no array")))?;
        Ok(items.into_iter().map(|item| compact(item.get())).collect())
    }

    /// A number that this run gives once.
    pub(crate) fn next_number(&self) -> u64 {
        self.numbers.replace(self.numbers.get() + 1)
    }

    /// Keeps what a request brought.
    pub(crate) fn bring(&mut self, name: &str, value: Box<RawValue>) {
        self.brought.insert(name.replace(' ', "_"), value);
    }

    /// Holds a value for requests that follow.
    pub(crate) fn hold(&mut self, name: &'static str, value: Box<RawValue>) {
        self.held.insert(name, value);
    }

    /// A value that an earlier line holds, as JSON text.
    pub(crate) fn held(&self, name: &str) -> Option<&str> {
        self.held.get(name).map(|value| value.get())
    }

    /// Keeps what a request brought among the keys.
    pub(crate) fn bring_secret(&mut self, name: &str, value: Box<RawValue>) {
        self.secrets.insert(name.replace(' ', "_"), value);
    }

    /// Goes on to what follows the run.
    ///
    /// # Errors
    /// When the output cannot be read again.
    pub(crate) fn print(&mut self, json: &str) -> Result<(), Error> {
        // A contract can print an array; then there is no name in it.
        let members = if json.starts_with('[') { Ok(Named::new()) } else { serde_json::from_str(json) };
        self.output =
            Some(members.map_err(|fault| Error::failed(format!("the output cannot be read: {fault}")))?);
        Ok(())
    }

    /// Adds a member to the output, or removes it when it is null.
    ///
    /// # Errors
    /// When the run is not over.
    pub(crate) fn add_to_output(&mut self, name: &str, value: Box<RawValue>) -> Result<(), Error> {
        let output = self.output.as_mut().ok_or_else(|| Error::failed("there is no output yet"))?;
        if value.get() == "null" {
            output.remove(name);
        } else {
            output.insert(name.to_owned(), value);
        }
        Ok(())
    }

    /// The output as it stands, as JSON text with its names sorted.
    pub(crate) fn output_json(&self) -> String {
        let members = self.output.iter().flatten().map(|(name, value)| {
            format!("{}:{}", serde_json::Value::from(name.as_str()), compact(value.get()))
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

/// A member of the output: a request that follows the run may have given it a name with blanks.
fn printed_member<'a>(output: &'a Named, name: &str) -> Option<&'a RawValue> {
    let found = output.get(name).or_else(|| {
        output.iter().find(|(printed, _)| printed.replace(' ', "_") == name).map(|(_, value)| value)
    });
    found.map(AsRef::as_ref)
}

pub(crate) fn missing(name: &str) -> Error {
    Error::input(format!("Cannot find '{name}': a request takes names of DATA, KEYS and earlier requests"))
}

fn text_of(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// Whether a value counts where one of two is taken.
fn counts(value: &RawValue) -> bool {
    match value.get() {
        "null" | "false" | "\"\"" => false,
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            number.parse::<f64>().is_ok_and(|number| number != 0.0)
        }
        _ => true,
    }
}

/// JSON text without blanks between its parts.
pub(crate) fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let kept = json.chars().filter(|letter| {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            ' ' | '\t' | '\r' | '\n' => return quoted,
            _ => {}
        }
        true
    });
    kept.collect()
}

/// A value of JSON text.
///
/// # Errors
/// When it is not JSON.
pub(crate) fn raw(json: &str) -> Result<Box<RawValue>, Error> {
    serde_json::from_str(json).map_err(|fault| Error::failed(format!("the answer is not JSON: {fault}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(data: &str, keys: &str) -> Known {
        let settings = Circumstances { seed: Seed::Fresh([0; 32]), now_ms: 0, limits: Limits::default() };
        Known::new(data, keys, settings)
    }

    fn json(data: &str, keys: &str, name: &str) -> Option<String> {
        known(data, keys).find(name).unwrap().map(|value| value.get().to_owned())
    }

    #[test]
    fn a_value_keeps_every_digit() {
        let value = "1714550400123456789.10";
        assert_eq!(json(&format!("{{\"a\":{value}}}"), "", "a").as_deref(), Some(value));
    }

    #[test]
    fn data_win_over_keys_unless_they_are_empty() {
        assert_eq!(json("{\"a\":1}", "{\"a\":2}", "a").as_deref(), Some("1"));
        for empty in ["null", "false", "0", "-0.0", "\"\""] {
            assert_eq!(
                json(&format!("{{\"a\":{empty}}}"), "{\"a\":2}", "a").as_deref(),
                Some("2"),
                "{empty}"
            );
        }
        assert_eq!(json("{\"a\":0}", "", "a").as_deref(), Some("0"));
    }

    #[test]
    fn a_name_may_have_blanks_on_either_side() {
        assert_eq!(json("{\"my name\":1}", "", "my_name").as_deref(), Some("1"));
        assert_eq!(json("{\"my_name\":1}", "", "my name").as_deref(), Some("1"));
    }

    #[test]
    fn the_keyring_has_no_name() {
        assert_eq!(json("{\"keyring\":1}", "{\"keyring\":2}", "keyring"), None);
    }

    #[test]
    fn data_that_are_no_object_are_told_of_when_they_are_needed() {
        assert!(known("[1]", "").find("a").is_err());
    }

    #[test]
    fn blanks_go_outside_texts_only() {
        assert_eq!(compact("{ \"a b\\\" \" : [ 1 ,\n\t2 ] }"), "{\"a b\\\" \":[1,2]}");
    }

    #[test]
    fn null_takes_a_member_out_of_the_output() {
        let mut known = known("", "");
        known.print("{\"a\":1.50,\"b\":2}").unwrap();
        known.add_to_output("b", raw("null").unwrap()).unwrap();
        known.add_to_output("c d", raw("[ 3 ]").unwrap()).unwrap();
        assert_eq!(known.output_json(), "{\"a\":1.50,\"c d\":[3]}");
        assert_eq!(known.json("c_d").unwrap(), "[3]");
    }
}
