//! When there is no agreement: who said what, where the answers differ, and which rule would have agreed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Collector, Failed};
use crate::canonical;
use crate::did::Did;
use crate::limits::{DIFFERENCES_MAX, NESTING_MAX};
use crate::query::{Answer, Outcome, OutcomeDigest, Policy};

/// Why there is no agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Everybody has answered or failed.
    AllAnswered,
    /// Too few are left for a quorum.
    Impossible,
    /// Time is over.
    Deadline,
}

/// A report on answers that do not agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Why it ended.
    pub reason: Reason,
    /// The policy that was not met.
    pub policy: Policy,
    /// Votes that the policy asked for.
    pub quorum: usize,
    /// Groups of equal answers, the largest first.
    pub clusters: Vec<Cluster>,
    /// Places where the results differ, at most 256.
    pub differences: Vec<Difference>,
    /// Members that failed.
    pub failures: Vec<Failed>,
    /// Members that did not answer.
    pub laggards: Vec<Did>,
    /// Policies over the same committee that these answers would have met, strictest first.
    pub would_agree: Vec<Policy>,
}

/// Oracles that gave the same answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// What they said.
    pub outcome: Outcome,
    /// Its digest.
    pub digest: OutcomeDigest,
    /// Who said it.
    pub members: Vec<Did>,
}

/// A place where results differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Where: a JSON pointer.
    ///
    /// # Source
    /// RFC 6901.
    pub pointer: String,
    /// What each cluster that printed a result has there, by the cluster's number; `null` inside `Some` is JSON's,
    /// a missing entry means that there is nothing at this place.
    pub values: BTreeMap<usize, Value>,
}

pub(super) fn report(collector: &Collector, reason: Reason) -> Divergence {
    let clusters = clusters(collector);
    let results: Vec<(usize, &Value)> = clusters
        .iter()
        .enumerate()
        .filter_map(|(number, cluster)| match &cluster.outcome {
            Outcome::Result(value) => Some((number, value)),
            Outcome::Error(_) => None,
        })
        .collect();
    let mut differences = Vec::new();
    if results.len() > 1 {
        compare(&results, results.len(), &mut String::new(), 0, &mut differences);
    }
    Divergence {
        reason,
        policy: collector.policy,
        quorum: collector.seats.quorum,
        would_agree: would_agree(collector),
        clusters,
        differences,
        failures: collector.failed_members(),
        laggards: collector.laggards(),
    }
}

/// Groups of equal answers: the largest first, then by digest.
fn clusters(collector: &Collector) -> Vec<Cluster> {
    let mut groups: BTreeMap<OutcomeDigest, Vec<(&Did, &Answer)>> = BTreeMap::new();
    for (did, answer) in &collector.votes {
        groups.entry(answer.vote.body().outcome).or_default().push((did, answer));
    }
    let mut clusters: Vec<Cluster> = groups
        .into_iter()
        .filter_map(|(digest, group)| {
            let outcome = group.first()?.1.outcome.clone();
            Some(Cluster { outcome, digest, members: group.iter().map(|(did, _)| **did).collect() })
        })
        .collect();
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.members.len()));
    clusters
}

/// Walks down as long as all results have objects, or arrays, at this place; notes where they part.
fn compare(
    values: &[(usize, &Value)],
    clusters: usize,
    pointer: &mut String,
    depth: usize,
    differences: &mut Vec<Difference>,
) {
    if differences.len() >= DIFFERENCES_MAX {
        return;
    }
    let same = values.windows(2).all(|pair| canonical::text(pair[0].1) == canonical::text(pair[1].1));
    if same && values.len() == clusters {
        return;
    }
    let keys = if values.len() == clusters && depth < NESTING_MAX { keys(values) } else { None };
    let Some(keys) = keys else {
        let values = values.iter().map(|(number, value)| (*number, (*value).clone())).collect();
        differences.push(Difference { pointer: pointer.clone(), values });
        return;
    };
    for key in keys {
        let inside: Vec<(usize, &Value)> =
            values.iter().filter_map(|(number, value)| Some((*number, child(value, &key)?))).collect();
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        compare(&inside, clusters, pointer, depth + 1, differences);
        pointer.truncate(length);
    }
}

/// The keys of all objects, or the indices of all arrays; `None` when there are others.
fn keys(values: &[(usize, &Value)]) -> Option<Vec<String>> {
    if values.iter().all(|(_, value)| value.is_object()) {
        let objects = values.iter().filter_map(|(_, value)| value.as_object());
        let keys: std::collections::BTreeSet<&String> = objects.flat_map(serde_json::Map::keys).collect();
        return Some(keys.into_iter().cloned().collect());
    }
    let lengths: Option<Vec<usize>> = values.iter().map(|(_, value)| Some(value.as_array()?.len())).collect();
    let longest = lengths?.into_iter().max()?;
    Some((0..longest).map(|index| index.to_string()).collect())
}

fn child<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(key),
        Value::Array(array) => array.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

/// What the largest group of results would have been enough for.
fn would_agree(collector: &Collector) -> Vec<Policy> {
    let best = collector.sizes().into_values().max().unwrap_or(0);
    let of = collector.seats.of;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut policies = Vec::new();
    if of % 3 == 1 && of > 1 && best > 2 * (of / 3) {
        policies.push(Policy::Bft { f: number(of / 3) });
    }
    if best > of / 2 {
        policies.push(Policy::Majority { of: Some(number(of)) });
    }
    if best > 0 {
        policies.push(Policy::Quorum { k: number(best), of: number(of) });
    }
    policies.retain(|policy| *policy != collector.policy);
    policies
}
