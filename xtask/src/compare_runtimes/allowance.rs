//! What may differ from restroom-mw, and why. A request's allowances are declared in the list; one that is not needed
//! is a fault of the list.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Value, json};

use super::content::{Body, Content};

/// How far two clocks' readings may lie apart, in milliseconds.
const CLOCKS_MS: u128 = 60_000;

/// One kind of difference that may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Allowance {
    /// The member `zenroom_errors`.
    Log,
    /// What follows the first line of the member `exception`.
    Stack,
    /// A page of HTML.
    Page,
    /// Readings of the clock.
    Time,
    /// The keys of each step in the member `context`.
    Secret,
}

impl Allowance {
    /// Why it may differ.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Log => {
                "the log there holds the contract's memory, or is absent; here it holds message, line and hint"
            }
            Self::Stack => {
                "there a stack of JavaScript follows the kind of failure, with paths of the machine"
            }
            Self::Page => {
                "there it is a page of HTML, some with a stack; here a problem of RFC 9457, same status"
            }
            Self::Time => "two clocks, read one after the other",
            Self::Secret => {
                "there the context shows the keys of every step; here it shows their names, and no answer holds a key"
            }
        }
    }

    /// How the list calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Stack => "stack",
            Self::Page => "page",
            Self::Time => "time",
            Self::Secret => "secret",
        }
    }

    /// Makes equal what may differ; says whether anything did.
    pub(super) fn apply(self, there: &mut Content, here: &mut Content) -> bool {
        match self {
            Self::Log => log(there, here),
            Self::Stack => stack(there, here),
            Self::Page => page(there, here),
            Self::Time => time(there, here),
            Self::Secret => secret(there, here),
        }
    }
}

fn log(there: &mut Content, here: &mut Content) -> bool {
    let (Some(there), Some(here)) = (there.json_mut(), here.json_mut()) else { return false };
    let (Some(theirs), Some(ours)) = (there.get_mut("zenroom_errors"), here.get_mut("zenroom_errors")) else {
        return false;
    };
    // Where no engine ran there is no log on either side, and the member `exception` says what happened.
    let said = ours["logs"].as_str().is_some_and(|logs| !logs.is_empty() || theirs == "");
    if theirs == ours || !said || *ours != json!({ "result": "", "logs": ours["logs"] }) {
        return false;
    }
    *ours = theirs.clone();
    true
}

fn stack(there: &mut Content, here: &mut Content) -> bool {
    const AFTER_KIND: &str = "\n\n\n";
    let (Some(there), Some(here)) = (there.json_mut(), here.json_mut()) else { return false };
    let (Some(Value::String(theirs)), Some(Value::String(ours))) =
        (there.get_mut("exception"), here.get_mut("exception"))
    else {
        return false;
    };
    let differ = theirs != ours;
    for text in [theirs, ours] {
        if let Some(end) = text.find(AFTER_KIND) {
            text.truncate(end);
        }
    }
    differ
}

fn page(there: &mut Content, here: &mut Content) -> bool {
    let problem = here.json().is_some_and(|it| {
        it["status"] == json!(here.status) && it["title"].is_string() && it["detail"].is_string()
    });
    let page = there.media == "text/html" && matches!(there.body, Body::Text(_));
    if !page || !problem || here.media != "application/problem+json" {
        return false;
    }
    *here = Content { status: here.status, ..there.clone() };
    true
}

fn time(there: &mut Content, here: &mut Content) -> bool {
    let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH) else { return false };
    let mut found = false;
    for content in [there, here] {
        if let Some(json) = content.json_mut() {
            found |= hide_clocks(json, now.as_millis());
        }
    }
    found
}

fn hide_clocks(value: &mut Value, now_ms: u128) -> bool {
    match value {
        Value::String(text) => {
            let near = text.parse::<u128>().is_ok_and(|it| it.abs_diff(now_ms) < CLOCKS_MS);
            if near {
                "now".clone_into(text);
            }
            near
        }
        // Every member, not only the first that is one.
        Value::Object(members) => {
            members.values_mut().fold(false, |found, it| hide_clocks(it, now_ms) | found)
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, it| hide_clocks(it, now_ms) | found),
        _ => false,
    }
}

fn secret(there: &mut Content, here: &mut Content) -> bool {
    let keys = |content: &mut Content| -> Vec<Value> {
        let steps = content.json_mut().and_then(|it| it.get_mut("context")).and_then(Value::as_object_mut);
        let steps = steps.into_iter().flat_map(serde_json::Map::values_mut).filter_map(Value::as_object_mut);
        steps.filter_map(|step| step.remove("keys")).collect()
    };
    let is_name = |keys: &Value| keys.as_array().is_some_and(|names| names.iter().all(Value::is_string));
    // A key here is no difference that may be.
    !keys(there).is_empty() & keys(here).iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn content(json: Value) -> Content {
        answer(500, "application/json", Body::Json(json))
    }

    fn answer(status: u16, media: &str, body: Body) -> Content {
        Content { status, media: media.to_owned(), headers: BTreeMap::new(), body }
    }

    /// Whether the allowance was needed, and what still differs with it.
    fn check(allowance: Allowance, mut there: Content, mut here: Content) -> (bool, usize) {
        let needed = allowance.apply(&mut there, &mut here);
        (needed, there.differences(&here).len())
    }

    #[test]
    fn a_log_may_say_something_else_but_must_say_something() {
        let there = content(json!({ "zenroom_errors": { "result": "", "logs": "HEAP" }, "result": "" }));
        let here = content(json!({ "zenroom_errors": { "result": "", "logs": "line 2" }, "result": "" }));
        assert_eq!(check(Allowance::Log, there.clone(), here), (true, 0));
        let silent = content(json!({ "zenroom_errors": { "result": "", "logs": "" }, "result": "" }));
        assert_eq!(check(Allowance::Log, there, silent), (false, 1));
    }

    #[test]
    fn a_stack_may_be_absent_but_the_kind_of_failure_must_be_the_same() {
        let there = content(json!({ "exception": "[KIND FOR CONTRACT a]\n\n\nError: x\n    at y" }));
        let here = content(json!({ "exception": "[KIND FOR CONTRACT a]\n\n\n Please check" }));
        assert_eq!(check(Allowance::Stack, there.clone(), here), (true, 0));
        let other = content(json!({ "exception": "[OTHER FOR CONTRACT a]\n\n\n Please check" }));
        assert_eq!(check(Allowance::Stack, there, other), (true, 1));
    }

    #[test]
    fn a_page_may_be_a_problem_of_the_same_status() {
        let there = answer(404, "text/html", Body::Text("<h2>404</h2>".into()));
        let problem = json!({ "status": 404, "title": "not found", "detail": "nothing there" });
        let here = answer(404, "application/problem+json", Body::Json(problem));
        assert_eq!(check(Allowance::Page, there.clone(), here.clone()), (true, 0));
        assert_eq!(check(Allowance::Page, Content { status: 400, ..there }, here), (true, 1));
    }

    #[test]
    fn two_clocks_may_differ_but_a_number_from_elsewhere_may_not() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let read = |ms: u128| content(json!({ "now": ms.to_string() }));
        assert_eq!(check(Allowance::Time, read(now), read(now - 40)), (true, 0));
        assert_eq!(check(Allowance::Time, read(now), read(now - 3_600_000)), (true, 1));
    }

    #[test]
    fn keys_may_be_shown_there_and_never_here() {
        let shown = content(json!({ "context": { "first": { "keys": "{\"a\":1}", "output": 1 } } }));
        let hidden = content(json!({ "context": { "first": { "keys": ["a"], "output": 1 } } }));
        assert_eq!(check(Allowance::Secret, shown.clone(), hidden), (true, 0));
        assert!(!check(Allowance::Secret, shown.clone(), shown).0);
    }

    #[test]
    fn an_allowance_for_nothing_is_not_needed() {
        let same = content(json!({ "greeting": "hello" }));
        for allowance in
            [Allowance::Log, Allowance::Stack, Allowance::Page, Allowance::Time, Allowance::Secret]
        {
            assert_eq!(check(allowance, same.clone(), same.clone()), (false, 0), "{}", allowance.name());
        }
    }
}
