//! `zenswarm ps`.

use serde_json::Value;
use swarm_node::controller::clock;
use swarm_protocol::time::Timestamp;

use crate::args::ps::Ps;
use crate::command::swarm;
use crate::report::{Console, Exit, Failure};

/// Octets of a list of a thousand oracles, at most.
const LIST_OCTETS_MAX: usize = 8 * 1024 * 1024;

pub(crate) async fn run(arguments: Ps, console: &Console) -> Result<Exit, Failure> {
    let controller = swarm::controller(&arguments.controller)?;
    let mut path = "/v1/oracles".to_owned();
    if let Some(state) = &arguments.state {
        // An unknown state is the controller's to refuse; it must only not change the address.
        path.push_str("?state=");
        path.extend(state.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-'));
    }
    let list: Value = controller.get(&path, LIST_OCTETS_MAX).await.map_err(|error| swarm::failure(&error))?;
    console.print(&table(&list, clock::now()), &list);
    Ok(Exit::Done)
}

fn table(list: &Value, now: Timestamp) -> String {
    let oracles = list["oracles"].as_array().map(Vec::as_slice).unwrap_or_default();
    if oracles.is_empty() {
        return "No oracle. Enrol one with `zenswarm oracle run --controller URL --issuer-key KEY --ticket FILE`.".into();
    }
    let mut rows = vec![["ORACLE", "STATE", "LEASE", "AGREED", "ELSE", "ENDPOINT"].map(str::to_owned)];
    rows.extend(oracles.iter().map(|oracle| row(oracle, now)));
    let mut lines = columns(&rows);
    let total = list["total"].as_u64().unwrap_or(0);
    if let Some(more) = total.checked_sub(oracles.len() as u64).filter(|more| *more > 0) {
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}

fn row(oracle: &Value, now: Timestamp) -> [String; 6] {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lease = oracle["lease_until"].as_u64().map(Timestamp::from_millis);
    let lease = match lease {
        Some(until) if until > now => format!("{} s", until.since(now) / 1000),
        Some(until) => format!("-{} s", now.since(until) / 1000),
        None => "-".to_owned(),
    };
    let record = &oracle["record"];
    let count = |key: &str| record[key].as_u64().unwrap_or(0);
    let other = count("dissented") + count("failed") + count("silent");
    [
        text(&oracle["did"]),
        text(&oracle["state"]),
        lease,
        count("agreed").to_string(),
        other.to_string(),
        text(&oracle["profile"]["endpoints"][0]),
    ]
}

/// Rows whose columns stand under each other.
fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_shows_state_lease_and_endpoint() {
        let list = json!({ "total": 3, "oracles": [{
            "did": "did:a", "state": "active", "lease_until": 31_500, "profile": {"endpoints": ["http://h:1"]},
            "record": {"agreed": 2, "dissented": 1, "failed": 0, "silent": 3},
        }, {
            "did": "did:bc", "state": "expired", "lease_until": null, "profile": {"endpoints": ["http://h:2"]},
        }]});
        let expected = "\
ORACLE  STATE    LEASE  AGREED  ELSE  ENDPOINT
did:a   active   30 s   2       4     http://h:1
did:bc  expired  -      0       0     http://h:2
… and 1 more";
        assert_eq!(table(&list, Timestamp::from_millis(1_000)), expected);
    }

    #[test]
    fn an_empty_swarm_says_what_to_do() {
        assert!(table(&json!({"oracles": [], "total": 0}), Timestamp::ZERO).contains("oracle run"));
    }
}
