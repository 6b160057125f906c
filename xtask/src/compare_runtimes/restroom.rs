//! restroom-mw and this oracle, asked the same.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use super::allowance::Allowance;
use super::content::difference;
use super::expected::Expected;
use super::list::{self, Ask};
use super::report::{Line, Report, Verdict};
use super::side::{Outcome, Side};
use crate::binary::Scratch;

/// The body limit that express has when nobody sets one.
const CONFIGURATION: &str = "body_max = \"100KiB\"\n";

/// A request that goes to both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    ask: Ask,
    /// What may differ.
    #[serde(default)]
    allow: Vec<Allowance>,
    /// What this oracle answers although restroom-mw answers something else.
    #[serde(default)]
    instead: Option<Instead>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Instead {
    because: String,
    expect: Expected,
}

/// Sends every request of the list to both.
pub(super) fn compare(zenswarm: &Path, runtimes: &Path) -> Result<Report> {
    let cases: Vec<Case> = list::read("restroom")?;
    let scratch = Scratch::new("compare-restroom")?;
    let there = Side::restroom(runtimes, &scratch)?;
    let here = Side::oracle(zenswarm, &scratch, "restroom", CONFIGURATION)?;
    let mut lines = Vec::new();
    for case in cases {
        let (theirs, ours) = (there.ask(&case.ask)?, here.ask(&case.ask)?);
        lines.push(Line {
            method: case.ask.method.clone(),
            path: case.ask.path.clone(),
            there: Some(theirs.content.status),
            here: ours.content.status,
            verdict: judge(&case, theirs, &ours),
            name: case.name,
        });
    }
    let stored = difference(&json!(there.stored()?), &json!(here.stored()?), "files");
    Ok(Report { title: "restroom-mw 0.13.0 and zenswarm", lines, besides: stored.into_iter().collect() })
}

fn judge(case: &Case, theirs: Outcome, ours: &Outcome) -> Verdict {
    match &case.instead {
        Some(instead) => judge_instead(instead, &theirs, ours),
        None => judge_same(&case.allow, theirs, ours.clone()),
    }
}

fn judge_same(allow: &[Allowance], mut theirs: Outcome, mut ours: Outcome) -> Verdict {
    let mut idle = Vec::new();
    for allowance in allow {
        if !allowance.apply(&mut theirs.content, &mut ours.content) {
            idle.push(format!("the allowance `{}` is not needed: take it out of the list", allowance.name()));
        }
    }
    let mut found = theirs.content.differences(&ours.content);
    found.extend(difference(&theirs.sent, &ours.sent, "sent to the web service"));
    // Where more than what is allowed differs, an allowance may have found nothing to apply to.
    let found = if found.is_empty() { idle } else { found };
    match found.is_empty() {
        true if allow.is_empty() => Verdict::Same,
        true => Verdict::Allowed(allow.to_vec()),
        false => Verdict::Different(found),
    }
}

fn judge_instead(instead: &Instead, theirs: &Outcome, ours: &Outcome) -> Verdict {
    let mut found = instead.expect.differences(&ours.content);
    if theirs.sent == ours.sent && theirs.content.differences(&ours.content).is_empty() {
        found.push("restroom-mw answers the same: take `instead` out of the list".to_owned());
    }
    if found.is_empty() { Verdict::Instead(instead.because.clone()) } else { Verdict::Different(found) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::compare_runtimes::content::{Body, Content};

    fn outcome(status: u16, body: Value) -> Outcome {
        let media = "application/json".to_owned();
        let content = Content { status, media, headers: BTreeMap::new(), body: Body::Json(body) };
        Outcome { content, sent: json!([]) }
    }

    fn case(case: Value) -> Case {
        let mut whole = json!({ "name": "a", "ask": { "method": "GET", "path": "/" } });
        whole.as_object_mut().unwrap().extend(case.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn is_different(one: &Case, theirs: Outcome, ours: &Outcome) -> bool {
        matches!(judge(one, theirs, ours), Verdict::Different(_))
    }

    #[test]
    fn the_list_can_be_read_and_no_name_stands_twice() {
        let cases: Vec<Case> = list::read("restroom").unwrap();
        let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn what_differs_without_a_reason_is_different() {
        let answer = outcome(200, json!({ "a": 1 }));
        let plain = case(json!({}));
        assert!(!is_different(&plain, answer.clone(), &answer));
        assert!(is_different(&plain, outcome(200, json!({ "a": 2 })), &answer));
        let sent = Outcome { sent: json!([{ "path": "/echo" }]), ..answer.clone() };
        assert!(is_different(&plain, sent, &answer));
    }

    #[test]
    fn an_allowance_that_is_not_needed_is_a_fault_of_the_list() {
        let answer = outcome(200, json!({ "a": 1 }));
        assert!(is_different(&case(json!({ "allow": ["log"] })), answer.clone(), &answer));
    }

    #[test]
    fn what_is_written_down_instead_must_be_answered_and_be_something_else() {
        let expect = json!({ "status": 200, "body": { "json": { "a": 1 } } });
        let instead = case(json!({ "instead": { "because": "b", "expect": expect } }));
        let (ours, theirs) = (outcome(200, json!({ "a": 1 })), outcome(500, json!({})));
        assert!(!is_different(&instead, theirs.clone(), &ours));
        assert!(is_different(&instead, ours.clone(), &ours));
        assert!(is_different(&instead, theirs, &outcome(200, json!({ "a": 2 }))));
    }
}
