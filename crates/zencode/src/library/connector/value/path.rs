//! A place in a JSON value: `a.b[0]["c d"]`.

use serde_json::{Map, Value};

use crate::error::Error;

/// Steps of one path, at most.
const STEPS_MAX: usize = 64;
/// Items of an array that a path may make, at most.
const ITEMS_MAX: usize = 10_000;

/// One step of a path: the name of a member, or the place of an item.
type Step = String;

/// A place in a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
}

impl Path {
    /// Reads a path: a text, a number, or an array of steps.
    ///
    /// # Errors
    /// When it is something else, or has too many steps.
    pub(super) fn of(path: &Value, object: &Value) -> Result<Self, Error> {
        let steps = match path {
            Value::String(text) if object.get(text).is_some() => vec![text.clone()],
            Value::String(text) => steps(text),
            Value::Number(number) => vec![number.to_string()],
            Value::Array(steps) => steps.iter().map(step).collect::<Result<_, _>>()?,
            _ => return Err(unfit()),
        };
        if steps.len() > STEPS_MAX {
            let count = steps.len();
            return Err(Error::Limit(format!("a path has {count} steps, at most {STEPS_MAX} are taken")));
        }
        Ok(Self { steps })
    }

    pub(super) fn get<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(object, |value, step| match value {
            Value::Array(items) => items.get(index(step)?),
            value => value.get(step),
        })
    }

    pub(super) fn set(&self, object: &mut Value, value: Value) -> Result<(), Error> {
        let mut place = object;
        for (number, step) in self.steps.iter().enumerate() {
            let next = self.steps.get(number + 1);
            let fresh = if next.is_some_and(|next| index(next).is_some()) {
                Value::Array(Vec::new())
            } else {
                Value::Object(Map::new())
            };
            let inner = match place {
                Value::Array(items) => item(items, step)?,
                Value::Object(members) => members.entry(step.clone()).or_insert(Value::Null),
                _ => return Err(Error::input(format!("there is no place for '{step}' in what is no table"))),
            };
            if next.is_some() && !inner.is_object() && !inner.is_array() {
                *inner = fresh;
            }
            place = inner;
        }
        *place = value;
        Ok(())
    }

    pub(super) fn remove(&self, object: &mut Value) {
        let Some((last, front)) = self.steps.split_last() else { return };
        let place = front.iter().try_fold(object, |value, step| match value {
            Value::Array(items) => items.get_mut(index(step)?),
            value => value.get_mut(step),
        });
        match place {
            Some(Value::Object(members)) => drop(members.shift_remove(last)),
            // An item leaves its place behind, so that the others keep theirs.
            Some(Value::Array(items)) => {
                if let Some(item) = index(last).and_then(|index| items.get_mut(index)) {
                    *item = Value::Null;
                }
            }
            _ => {}
        }
    }
}

fn unfit() -> Error {
    Error::input("a path is a text such as a.b[0].c, or an array of names and numbers")
}

fn step(step: &Value) -> Result<Step, Error> {
    match step {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(unfit()),
    }
}

fn index(step: &str) -> Option<usize> {
    let canonical = step == "0" || !step.starts_with('0');
    if canonical && step.bytes().all(|it| it.is_ascii_digit()) { step.parse().ok() } else { None }
}

fn item<'a>(items: &'a mut Vec<Value>, step: &str) -> Result<&'a mut Value, Error> {
    let index = index(step).ok_or_else(|| Error::input(format!("'{step}' is no place in an array")))?;
    if index >= ITEMS_MAX.max(items.len()) {
        return Err(Error::Limit(format!("place {index} of an array, at most {ITEMS_MAX} are made")));
    }
    while items.len() <= index {
        items.push(Value::Null);
    }
    Ok(&mut items[index])
}

/// The steps of a text: between dots, and between brackets with or without quotes.
fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        if let Some(inside) = rest.strip_prefix('[') {
            let (step, after) = match inside.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let (step, after) = inside[1..].split_once(quote).unwrap_or((&inside[1..], ""));
                    (step, after.strip_prefix(']').unwrap_or(after))
                }
                _ => inside.split_once(']').unwrap_or((inside, "")),
            };
            steps.push(step.to_owned());
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None if rest.is_empty() => return steps,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_has_steps() {
        assert_eq!(steps("a.b[0][\"c.d\"].e"), ["a", "b", "0", "c.d", "e"]);
        assert_eq!(steps("[1][2]"), ["1", "2"]);
        assert_eq!(steps("a[0"), ["a", "0"]);
        assert_eq!(steps(""), [""]);
    }

    #[test]
    fn a_member_named_like_the_path_wins() {
        let object = json!({ "a.b": 1, "a": { "b": 2 } });
        assert_eq!(Path::of(&json!("a.b"), &object).unwrap().get(&object), Some(&json!(1)));
    }

    #[test]
    fn a_place_that_is_too_far_is_refused() {
        let mut object = json!({ "a": [] });
        let path = Path::of(&json!("a[999999999]"), &object).unwrap();
        assert!(path.set(&mut object, json!(1)).is_err());
    }

    #[test]
    fn what_is_no_table_makes_place_for_one() {
        let mut object = json!({ "a": "text" });
        Path::of(&json!("a.b"), &object).unwrap().set(&mut object, json!(1)).unwrap();
        assert_eq!(object, json!({ "a": { "b": 1 } }));
    }
}
