//! What a run reads: the inputs it starts from, and the answers of its host.

use std::collections::BTreeMap;

use super::Inputs;
use crate::error::Error;
use crate::json::{Json, decode, weight_max};
use crate::machine::Machine;
use crate::members::Members;
use crate::number::Number;
use crate::request::{Answer, HttpAnswer};
use crate::statement::Question;

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
        for (text, yields) in [(inputs.extra, true), (inputs.data, false), (inputs.keys, false)] {
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
            match decode(text, self.limits.nesting_max).map_err(Error::Input)? {
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

    /// Puts an answer among the inputs.
    pub(super) fn take_answer(&mut self, question: &Question, answer: Answer) -> Result<(), Error> {
        if let Answer::File(text) | Answer::Http(HttpAnswer::Response { body: text, .. }) = &answer {
            self.afford(weight_max(text))?;
        }
        let json = match answer {
            Answer::Refused(reason) => return Err(Error::failed(reason)),
            Answer::Time(now_ms) => Json::Text(now_ms.to_string()),
            Answer::Http(reply) => self.http_answer(reply),
            Answer::File(text) => decode(&text, self.limits.nesting_max).map_err(Error::Input)?,
        };
        match (&question.into, json) {
            (Some(name), json) => {
                self.inputs.insert(name.clone(), spaces_replaced(json));
                Ok(())
            }
            (None, Json::Object(members)) => {
                self.inputs.extend(underscored(members));
                Ok(())
            }
            (None, _) => Err(Error::input("the file does not hold a JSON object")),
        }
    }

    /// The object that contracts expect of a web service: status and result.
    fn http_answer(&self, reply: HttpAnswer) -> Json {
        let (status, result) = match reply {
            HttpAnswer::Response { status, body } => {
                let result = match decode(&body, self.limits.nesting_max) {
                    Ok(json) => json,
                    Err(_) => Json::Text(body),
                };
                (Json::Number(Number::Integer(i32::from(status))), result)
            }
            HttpAnswer::Unreachable { code } => (Json::Text(code), Json::Text(String::new())),
        };
        Json::Object([("status".to_owned(), status), ("result".to_owned(), result)].into())
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
