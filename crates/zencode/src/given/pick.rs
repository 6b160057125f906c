//! Where a declaration finds its input.

use std::sync::Arc;

use crate::error::Error;
use crate::json::Json;
use crate::machine::{Machine, position};

impl Machine {
    /// An input at the root.
    pub(super) fn pick(&self, name: &str) -> Result<Arc<Json>, Error> {
        match self.inputs.get(name) {
            Some(json) if **json == Json::Text(String::new()) => {
                Err(Error::input(format!("Found empty string in '{name}")))
            }
            Some(json) if **json != Json::Null => Ok(Arc::clone(json)),
            _ => Err(Error::input(format!("Cannot find '{name}' anywhere (null value?)"))),
        }
    }

    /// An input in a section; a section that is a list of one is looked into.
    pub(super) fn pick_in(&self, section: &str, name: &str) -> Result<Arc<Json>, Error> {
        let root = match self.input(section) {
            None | Some(Json::Null | Json::Boolean(false)) => {
                return Err(Error::input(format!("Cannot find '{section}'")));
            }
            Some(root) => root,
        };
        let found = match root {
            Json::Object(members) => members.get(name),
            Json::Array(items) => match items.as_slice() {
                [Json::Object(members)] => members.get(name),
                _ => None,
            },
            _ => return Err(Error::input(format!("Object is not a table: {section}"))),
        };
        match found {
            None | Some(Json::Null | Json::Boolean(false)) => {
                Err(Error::input(format!("Object not found: {name} in {section}")))
            }
            Some(Json::Text(text)) if text.is_empty() => {
                Err(Error::input(format!("Found empty string '{name}' inside '{section}'")))
            }
            Some(json) => Ok(Arc::new(json.clone())),
        }
    }

    /// An input at the end of a path, and the last part of the path.
    pub(super) fn pick_path(&self, path: &str) -> Result<(Arc<Json>, String), Error> {
        let parts = self.path(path);
        let (root, rest) = parts.split_first().ok_or_else(|| Error::input("the path is empty"))?;
        let last = rest.last().ok_or_else(|| Error::input(format!("the path {path} has one part only")))?;
        self.empty(last)?;
        let mut owner = root.as_str();
        let mut json = self.input(root);
        for part in rest {
            let not_found = || Error::refused(format!("Key {part} not found in {owner}"));
            json = match json {
                Some(Json::Object(members)) => Some(members.get(part).ok_or_else(not_found)?),
                Some(Json::Array(items)) => {
                    let position = position(part).and_then(|position| position.checked_sub(1));
                    Some(position.and_then(|index| items.get(index)).ok_or_else(not_found)?)
                }
                _ => return Err(Error::refused(format!("Object is not a table: {owner}"))),
            };
            owner = part;
        }
        match json {
            None | Some(Json::Null) => Err(Error::refused(format!("Key {last} not found in {root}"))),
            Some(json) => Ok((Arc::new(json.clone()), last.clone())),
        }
    }

    /// The name that an input holds.
    pub(crate) fn name_in_input(&self, reference: &str) -> Result<String, Error> {
        match self.input(reference) {
            Some(Json::Text(name)) => Ok(name.clone()),
            Some(Json::Integer(name)) => Ok(name.to_string()),
            other => {
                let kind = match other {
                    None | Some(Json::Null) => "nil",
                    Some(Json::Number(_)) => "number",
                    Some(Json::Boolean(_)) => "boolean",
                    _ => "table",
                };
                Err(Error::input(format!("Invalid type to index variable in heap: {kind}")))
            }
        }
    }
}
