//! What a run reads: the inputs it starts from, and the answers of its host.

use std::collections::BTreeMap;

use super::Inputs;
use crate::error::Error;
use crate::json::{Json, decode, decode_value, weight_max};
use crate::machine::Machine;
use crate::members::Members;

impl Machine {
    /// Drops the inputs once the Given phase is over, a keyring wiped.
    pub(super) fn forget_inputs(&mut self) {
        if let Some(keyring) = self.inputs.get_mut("keyring") {
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
            let read = || decode(text, nesting_max).map_err(Error::Input);
            match if is_keys { self.key_cache.read(text, read)? } else { read()? } {
                Json::Object(members) => {
                    merge(&mut merged, members, yields || self.rules.collision_ignored)?;
                }
                Json::Array(items) => self.unnamed_inputs |= !items.is_empty(),
                _ => return Err(Error::input("JSON decode has not returned a table")),
            }
        }
        self.inputs = underscored(merged);
        Ok(())
    }

    /// Puts what a request brought among the inputs; null takes an input away.
    pub(super) fn take_input(&mut self, name: &str, json: &str) -> Result<(), Error> {
        let value = self.value_of(json)?;
        let name = name.replace(' ', "_");
        match value {
            Json::Null => drop(self.inputs.remove(&name)),
            value => drop(self.inputs.insert(name, spaces_replaced(value))),
        }
        Ok(())
    }

    /// Puts what a request brought into a dictionary among the inputs, which is made when there is none.
    pub(super) fn take_within(&mut self, object: &str, name: &str, json: &str) -> Result<(), Error> {
        let value = spaces_replaced(self.value_of(json)?);
        let object = object.replace(' ', "_");
        let members = self.inputs.entry(object.clone()).or_insert_with(|| Json::Object(Members::new()));
        match members {
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

fn merge(merged: &mut BTreeMap<String, Json>, members: Members<Json>, yields: bool) -> Result<(), Error> {
    for (name, value) in members {
        let taken =
            merged.get(&name).is_some_and(|found| !matches!(found, Json::Null | Json::Boolean(false)));
        if taken && !yields {
            return Err(Error::input(format!("Object name collision in input: {name}")));
        }
        merged.insert(name, value);
    }
    Ok(())
}

fn underscored(members: impl IntoIterator<Item = (String, Json)>) -> BTreeMap<String, Json> {
    members.into_iter().map(|(name, value)| (name.replace(' ', "_"), spaces_replaced(value))).collect()
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
