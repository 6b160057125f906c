//! slangroom-chain's format: a list of `steps`, each with where its DATA and KEYS come from.
//!
//! What upstream does in JavaScript or in a shell is refused: here transforms, hooks and
//! preconditions are Zencode. `forEach` and `index` are those of restroom-mw.
//!
//! # Source
//! slangroom-chain 1.16.10: which step gets the caller's input, preconditions, errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::Spanned;
use zencode::{Configuration, Diagnostic};

use super::{
    Each, Files, Format, Keys, Plan, Rescue, STEPS_MAX, Source, Step, Task, piece, place, unreadable, wrong,
};
use crate::oracle::contracts::Secret;
use crate::oracle::contracts::fault::explained;
use crate::yaml;
use zeroize::Zeroizing;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    conf: Option<String>,
    #[serde(default, rename = "verbose")]
    _verbose: Option<bool>,
    steps: Vec<Spanned<Written>>,
}

/// A step as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Written {
    id: String,
    #[serde(default)]
    zencode: Option<String>,
    #[serde(default)]
    zencode_from_file: Option<String>,
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    data_from_file: Option<String>,
    #[serde(default)]
    data_from_step: Option<String>,
    #[serde(default)]
    data_transform: Option<Value>,
    #[serde(default)]
    keys: Option<Value>,
    #[serde(default)]
    keys_from_file: Option<String>,
    #[serde(default)]
    keys_from_step: Option<String>,
    #[serde(default)]
    keys_transform: Option<Value>,
    #[serde(default)]
    conf: Option<String>,
    #[serde(default)]
    precondition: Option<Value>,
    #[serde(default)]
    on_before: Option<Value>,
    #[serde(default)]
    on_after: Option<Value>,
    #[serde(default)]
    on_error: Option<Value>,
    #[serde(default)]
    for_each: Option<String>,
    #[serde(default)]
    index: Option<String>,
}

/// A contract besides a step's own: transform, hook or precondition.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Aside {
    zencode: Option<String>,
    zencode_from_file: Option<String>,
    data: Option<Value>,
    data_from_file: Option<String>,
    data_from_step: Option<String>,
    keys: Option<Value>,
    keys_from_file: Option<String>,
    keys_from_step: Option<String>,
    run: Option<String>,
    js_function: Option<String>,
    fail: Option<bool>,
}

/// Where DATA or KEYS come from, as it is written.
struct Input<'a> {
    what: &'static str,
    text: Option<&'a Value>,
    file: Option<&'a str>,
    step: Option<&'a str>,
}

enum Origin {
    Nothing,
    Text(Zeroizing<String>),
    Step(usize),
}

/// Reads a chain of steps.
pub(super) fn read(text: &str, files: &mut dyn Files) -> Result<Plan, Box<Diagnostic>> {
    let document: Document = yaml::read(text).map_err(|fault| Box::new(unreadable(fault)))?;
    if document.steps.is_empty() || document.steps.len() > STEPS_MAX {
        let message = format!("it has {} steps, from 1 to {STEPS_MAX} are taken", document.steps.len());
        return Err(Box::new(wrong(None, message)));
    }
    let mut reader = Reader { files, known: BTreeMap::new(), plan: Plan::new(Format::Steps) };
    for (index, written) in document.steps.iter().enumerate() {
        let line = usize::try_from(written.referenced.line()).ok().filter(|line| *line > 0);
        let written = &written.value;
        let step = reader
            .step(written, document.conf.as_deref())
            .map_err(|message| Box::new(wrong(line, format!("step {:?}: {message}", written.id))))?;
        reader.known.insert(written.id.clone(), index);
        reader.plan.push(step);
    }
    Ok(reader.plan)
}

struct Reader<'a> {
    files: &'a mut dyn Files,
    /// Steps so far: a step can only take from one before it.
    known: BTreeMap<String, usize>,
    plan: Plan,
}

impl Reader<'_> {
    fn step(&mut self, written: &Written, common: Option<&str>) -> Result<Step, String> {
        if self.known.contains_key(&written.id) {
            return Err("another step has the same id".to_owned());
        }
        let conf = written.conf.as_deref().or(common).unwrap_or_default();
        let mut task = self.task(
            written.zencode.as_deref(),
            written.zencode_from_file.as_deref(),
            &Input {
                what: "data",
                text: written.data.as_ref(),
                file: written.data_from_file.as_deref(),
                step: written.data_from_step.as_deref(),
            },
            &Input {
                what: "keys",
                text: written.keys.as_ref(),
                file: written.keys_from_file.as_deref(),
                step: written.keys_from_step.as_deref(),
            },
        )?;
        task.configuration = Configuration::parse(conf.trim()).map_err(|cause| format!("`conf`: {cause}"))?;
        let index = written.index.clone().unwrap_or_else(|| "myTempElement".to_owned());
        Ok(Step {
            id: written.id.clone(),
            task,
            each: written.for_each.clone().map(|name| Each { name, index }),
            precondition: self.aside("precondition", written.precondition.as_ref())?,
            before: self.aside("onBefore", written.on_before.as_ref())?,
            after: self.aside("onAfter", written.on_after.as_ref())?,
            data_transform: self.aside("dataTransform", written.data_transform.as_ref())?,
            keys_transform: self.aside("keysTransform", written.keys_transform.as_ref())?,
            on_error: self.rescue(written.on_error.as_ref())?,
        })
    }

    fn task(
        &mut self,
        inline: Option<&str>,
        file: Option<&str>,
        data: &Input<'_>,
        keys: &Input<'_>,
    ) -> Result<Task, String> {
        let names = ("zencodeFromFile", "zencode");
        let piece = piece(self.files, &mut self.plan, file, inline, names)?;
        let keyring = piece.grants.keyring.then(|| self.files.keyring().clone());
        let data = match self.origin(data)? {
            Origin::Nothing => Source::Nothing,
            Origin::Text(text) => Source::Text(text.to_string()),
            Origin::Step(index) => Source::Step(index),
        };
        let keys = match self.origin(keys)? {
            Origin::Nothing => Keys::Nothing,
            Origin::Text(text) => Keys::Fixed(
                Secret::new(Some(text), keyring.as_ref())
                    .map_err(|cause| format!("`keys`: {}", cause.text))?,
            ),
            Origin::Step(index) => Keys::Step(index),
        };
        Ok(Task {
            contract: piece.contract,
            data,
            keys,
            keyring,
            egress: piece.grants.egress,
            limits: piece.grants.limits,
            configuration: Configuration::default(),
        })
    }

    fn origin(&mut self, input: &Input<'_>) -> Result<Origin, String> {
        let what = input.what;
        match (input.text, input.file, input.step) {
            (None, None, None) => Ok(Origin::Nothing),
            (Some(value), None, None) => {
                self.plan.holds_keys |= what == "keys";
                text(what, value).map(Origin::Text)
            }
            (None, Some(path), None) => {
                let read = if what == "keys" { self.files.keys(path) } else { self.files.text(path) };
                let text = read.map_err(|cause| place(path, &cause))?;
                is_object(&text).map_err(|()| format!("{path}: it holds no JSON object"))?;
                Ok(Origin::Text(text))
            }
            (None, None, Some(id)) => match self.known.get(id) {
                Some(index) => Ok(Origin::Step(*index)),
                None => Err(format!("`{what}FromStep` names {id:?}, which is no step before this one")),
            },
            _ => Err(format!("it has more than one of `{what}`, `{what}FromFile`, `{what}FromStep`")),
        }
    }

    fn aside(&mut self, name: &str, value: Option<&Value>) -> Result<Option<Task>, String> {
        let Some(value) = value else { return Ok(None) };
        let aside = written(name, value)?;
        if aside.fail.is_some() {
            return Err(format!("`{name}` has `fail`, which belongs to `onError`"));
        }
        self.aside_task(name, &aside).map(Some)
    }

    fn aside_task(&mut self, name: &str, aside: &Aside) -> Result<Task, String> {
        if aside.run.is_some() {
            return Err(format!(
                "`{name}` runs a shell command, which an oracle never does: write it in Zencode"
            ));
        }
        if aside.js_function.is_some() {
            return Err(format!("`{name}` is JavaScript, which is not run here: write it in Zencode"));
        }
        let data = Input {
            what: "data",
            text: aside.data.as_ref(),
            file: aside.data_from_file.as_deref(),
            step: aside.data_from_step.as_deref(),
        };
        let keys = Input {
            what: "keys",
            text: aside.keys.as_ref(),
            file: aside.keys_from_file.as_deref(),
            step: aside.keys_from_step.as_deref(),
        };
        self.task(aside.zencode.as_deref(), aside.zencode_from_file.as_deref(), &data, &keys)
            .map_err(|message| format!("`{name}`: {message}"))
    }

    fn rescue(&mut self, value: Option<&Value>) -> Result<Option<Rescue>, String> {
        let Some(value) = value else { return Ok(None) };
        let aside = written("onError", value)?;
        let fail = aside.fail.unwrap_or(true);
        Ok(Some(Rescue { task: self.aside_task("onError", &aside)?, fail }))
    }
}

fn written(name: &str, value: &Value) -> Result<Aside, String> {
    match value {
        Value::Object(_) => {
            Aside::deserialize(value).map_err(|error| format!("`{name}`: {}", explained(&error.to_string())))
        }
        _ => Err(format!("`{name}` is JavaScript, which is not run here: write {{zencode: …}}")),
    }
}

/// DATA or KEYS in the chain itself: JSON text, or a mapping.
fn text(what: &str, value: &Value) -> Result<Zeroizing<String>, String> {
    let text = match value {
        Value::String(text) => Zeroizing::new(text.clone()),
        Value::Object(_) => Zeroizing::new(value.to_string()),
        _ => return Err(format!("`{what}` is neither a mapping nor JSON text")),
    };
    is_object(&text).map_err(|()| format!("`{what}` is no JSON object"))?;
    Ok(text)
}

fn is_object(text: &str) -> Result<(), ()> {
    serde_json::from_str::<Map<String, Value>>(text).map(drop).map_err(drop)
}
