//! What a run reads: the inputs it starts from, and the answers of its host.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Inputs;
use crate::error::Error;
use crate::json::{Json, decode, decode_value, weight_max};
use crate::machine::{KEYRING, Machine};
use crate::members::Members;

/// The root of an input, its members ready to be inputs of their own.
#[derive(Clone)]
pub(crate) enum Root {
    /// The members; their names are as they were written.
    Object(Vec<(String, Arc<Json>)>),
    /// A list, whose items have no names.
    Array { is_empty: bool },
}

impl Root {
    /// Reads it; blanks in the names within members become underscores.
    pub(crate) fn read(text: &str, nesting_max: usize) -> Result<Self, Error> {
        match decode(text, nesting_max).map_err(Error::Input)? {
            Json::Object(members) => Ok(Self::Object(
                members.into_iter().map(|(name, value)| (name, Arc::new(spaces_replaced(value)))).collect(),
            )),
            Json::Array(items) => Ok(Self::Array { is_empty: items.is_empty() }),
            _ => Err(Error::input("JSON decode has not returned a table")),
        }
    }

    /// A member of this name.
    pub(crate) fn get(&self, wanted: &str) -> Option<&Arc<Json>> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(name, json)| (name == wanted).then_some(json))
    }
}

impl Machine {
    /// An input.
    pub(crate) fn input(&self, name: &str) -> Option<&Json> {
        self.inputs.get(name).map(Arc::as_ref)
    }

    /// Drops the inputs once the Given phase is over, a keyring wiped unless the host's cache has it too.
    pub(crate) fn forget_inputs(&mut self) {
        if let Some(keyring) = self.inputs.get_mut(KEYRING).and_then(Arc::get_mut) {
            keyring.wipe();
        }
        self.inputs.clear();
    }

    /// Reads and merges the inputs; blanks in names become underscores at every depth.
    pub(super) fn read_inputs(&mut self, inputs: Inputs<'_>) -> Result<(), Error> {
        let mut merged = BTreeMap::new();
        let texts = [(inputs.extra, true, false), (inputs.data, false, false), (inputs.keys, false, true)];
        for (text, yields, is_keys) in texts {
            if text.is_empty() {
                continue;
            }
            let limit = self.limits.input_octets_max;
            if text.len() > limit {
                return Err(Error::Limit(format!(
                    "the input has {} octets, at most {limit} are taken",
                    text.len()
                )));
            }
            self.afford(weight_max(text))?;
            let nesting_max = self.limits.nesting_max;
            let read = || Root::read(text, nesting_max);
            match if is_keys { self.key_cache.read(text, read)? } else { read()? } {
                Root::Object(members) => merge(&mut merged, members, yields || self.rules.collision_ignored)?,
                Root::Array { is_empty } => self.unnamed_inputs |= !is_empty,
            }
        }
        self.inputs = merged.into_iter().map(|(name, value)| (name.replace(' ', "_"), value)).collect();
        Ok(())
    }

    /// Puts what a request brought among the inputs; null takes an input away.
    pub(super) fn take_input(&mut self, name: &str, json: &str) -> Result<(), Error> {
        let value = self.value_of(json)?;
        let name = name.replace(' ', "_");
        match value {
            Json::Null => drop(self.inputs.remove(&name)),
            value => drop(self.inputs.insert(name, Arc::new(spaces_replaced(value)))),
        }
        Ok(())
    }

    /// Puts what a request brought into a dictionary among the inputs, which is made when there is none.
    pub(super) fn take_within(&mut self, object: &str, name: &str, json: &str) -> Result<(), Error> {
        let value = spaces_replaced(self.value_of(json)?);
        let object = object.replace(' ', "_");
        let made = || Arc::new(Json::Object(Members::new()));
        match Arc::make_mut(self.inputs.entry(object.clone()).or_insert_with(made)) {
            Json::Object(members) => {
                members.insert(name.replace(' ', "_"), value);
                Ok(())
            }
            _ => Err(Error::input(format!("'{object}' is no dictionary that a result can be put into"))),
        }
    }

    fn value_of(&mut self, json: &str) -> Result<Json, Error> {
        self.afford(weight_max(json))?;
        decode_value(json, self.limits.nesting_max).map_err(Error::Input)
    }
}

fn merge(
    merged: &mut BTreeMap<String, Arc<Json>>,
    members: Vec<(String, Arc<Json>)>,
    yields: bool,
) -> Result<(), Error> {
    for (name, value) in members {
        let taken =
            merged.get(&name).is_some_and(|found| !matches!(**found, Json::Null | Json::Boolean(false)));
        if taken && !yields {
            return Err(Error::input(format!("Object name collision in input: {name}")));
        }
        merged.insert(name, value);
    }
    Ok(())
}

/// Blanks in names become underscores; what is null is absent, at the end of an array too.
fn spaces_replaced(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            Json::Object(members.underscored(|value| (value != Json::Null).then(|| spaces_replaced(value))))
        }
        Json::Array(mut items) => {
            while items.pop_if(|last| *last == Json::Null).is_some() {}
            Json::Array(items.into_iter().map(spaces_replaced).collect())
        }
        other => other,
    }
}
