//! A report on answers that do not agree, for people.

use serde_json::Value;
use swarm_protocol::consensus::{Divergence, Failure};
use swarm_protocol::query::Outcome;

/// Characters of an answer that are shown in the table.
const ANSWER_CHARACTERS_MAX: usize = 200;
/// Places that are shown.
const DIFFERENCES_SHOWN: usize = 10;

/// Who said what, where it differs, and what to do.
pub(super) fn human(report: &Divergence, problem: &Value) -> String {
    let mut lines = vec![format!("No agreement: {}.", problem["detail"].as_str().unwrap_or_default())];
    for (number, cluster) in report.clusters.iter().enumerate() {
        lines.push(String::new());
        lines.push(format!(
            "Answer {}, by {}: {}",
            number + 1,
            cluster.members.len(),
            shown(&cluster.outcome)
        ));
        lines.extend(cluster.members.iter().map(|did| format!("  {did}")));
    }
    let others: Vec<String> = report
        .failures
        .iter()
        .map(|failed| format!("  {}  {}", failed.oracle, failure(&failed.failure)))
        .chain(report.laggards.iter().map(|did| format!("  {did}  did not answer")))
        .collect();
    if !others.is_empty() {
        lines.push(String::new());
        lines.push("No answer:".to_owned());
        lines.extend(others);
    }
    lines.extend(differences(report));
    if let Some(hint) = problem["hint"].as_str() {
        lines.push(String::new());
        lines.push(format!("hint: {hint}"));
    }
    lines.join("\n")
}

fn differences(report: &Divergence) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.differences.is_empty() {
        lines.extend([String::new(), "Where they differ:".to_owned()]);
    }
    for difference in report.differences.iter().take(DIFFERENCES_SHOWN) {
        let place = if difference.pointer.is_empty() { "(the whole)" } else { &difference.pointer };
        let values: Vec<String> = difference
            .values
            .iter()
            .map(|(number, value)| format!("answer {}: {}", number + 1, cut(&value.to_string())))
            .collect();
        lines.push(format!("  {place}  {}", values.join("; ")));
    }
    if let Some(more) = report.differences.len().checked_sub(DIFFERENCES_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("  … and {more} more places"));
    }
    lines
}

/// What went wrong with a member.
pub(super) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => "cannot be reached".into(),
        Failure::Timeout => "did not answer in time".into(),
        Failure::Refused { status } => format!("refused with status {status}"),
        Failure::Malformed => "sent something that is no answer".into(),
        Failure::Unverifiable { reason } => format!("sent a vote that does not count: {reason}"),
        Failure::Equivocated => "signed two different answers".into(),
    }
}

fn shown(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Result(value) => cut(&value.to_string()),
        Outcome::Error(failure) => {
            let detail = failure.detail.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
            cut(&format!("error {}, {}{detail}", failure.status, failure.title))
        }
    }
}

fn cut(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(ANSWER_CHARACTERS_MAX).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_says_who_said_what_and_where_it_differs() {
        let did = "did:dyne:zenswarm:58wd5Rnkz2mVW9uhyDZ62ESfYLZzgkcpmfwY2zPH4pBZ";
        let digest = json!({"result": "11111111111111111111111111111111"});
        let report: Divergence = serde_json::from_value(json!({
            "reason": "all-answered", "policy": "full", "quorum": 3,
            "clusters": [
                {"outcome": {"result": {"a": 1}}, "digest": digest, "members": [did]},
                {"outcome": {"error": {"status": 500, "title": "a statement failed"}}, "digest": digest, "members": [did]},
            ],
            "differences": [{"pointer": "/a", "values": {"0": 1, "1": 2}}],
            "failures": [{"oracle": did, "failure": {"kind": "refused", "status": 503}}],
            "laggards": [], "would_agree": [],
        }))
        .unwrap();
        let problem = json!({"detail": "at most 1 oracles agree", "hint": "look"});
        let expected = format!(
            "No agreement: at most 1 oracles agree.\n\nAnswer 1, by 1: {{\"a\":1}}\n  {did}\n\n\
             Answer 2, by 1: error 500, a statement failed\n  {did}\n\nNo answer:\n  {did}  refused with status 503\n\n\
             Where they differ:\n  /a  answer 1: 1; answer 2: 2\n\nhint: look"
        );
        assert_eq!(human(&report, &problem), expected);
    }
}
