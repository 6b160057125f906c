//! Queries: what becomes an answer, what becomes a report, and what is not asked at all.

use std::time::Duration;

use serde_json::{Value, json};
use swarm_protocol::certificate::{Certificate, Report};
use swarm_protocol::query::Outcome;
use swarm_protocol::registry::Suspend;

use crate::member::{Member, Vote};
use crate::swarm::Swarm;
use crate::{Reply, get, post};

/// A deadline that no test waits for.
const LONG_MS: u64 = 60_000;

fn yes() -> Vote {
    Vote::For(json!({"output": ["yes"]}))
}

fn no() -> Vote {
    Vote::For(json!({"output": ["no"]}))
}

async fn ask_with(swarm: &Swarm, change: impl FnOnce(&mut Value)) -> Reply {
    let mut query = json!({
        "contract": {"name": "zenswarm-oracle-ping"}, "data": {}, "policy": "full", "deadline_ms": LONG_MS,
    });
    change(&mut query);
    let url = swarm.url("/v1/queries");
    let answer = post(&url, query.to_string());
    tokio::time::timeout(Duration::from_secs(30), answer)
        .await
        .expect("the answer did not wait for the deadline")
}

async fn ask(swarm: &Swarm, policy: &str) -> Reply {
    ask_with(swarm, |query| query["policy"] = policy.into()).await
}

fn verified(swarm: &Swarm, reply: &Reply) -> Report {
    assert_eq!(reply.status, 200, "{reply:?}");
    Certificate::parse(reply.text.as_bytes()).unwrap().verify(Some(swarm.genesis.swarm())).unwrap()
}

fn failures(swarm: &Swarm, reply: &Reply) -> Vec<String> {
    verified(swarm, reply);
    let contents = Certificate::parse(reply.text.as_bytes()).unwrap().contents().clone();
    contents
        .failures
        .iter()
        .map(|it| serde_json::to_value(&it.failure).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn under_full_all_agree_and_the_certificate_verifies() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), yes(), yes()]).await;
    let report = verified(&swarm, &ask(&swarm, "full").await);
    let mut dids: Vec<_> = members.iter().map(Member::did).collect();
    dids.sort_unstable();
    assert_eq!(report.signers, dids);
    assert_eq!(report.outcome, Outcome::Result(json!({"output": ["yes"]})));
}

#[tokio::test]
async fn under_full_one_dissenter_gives_a_report_of_what_differs() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), no(), yes()]).await;
    let reply = ask(&swarm, "full").await;
    assert_eq!(reply.refusal(), (409, "no-agreement"));
    let divergence = &reply.body["divergence"];
    assert_eq!(divergence["clusters"][0]["members"].as_array().unwrap().len(), 2);
    assert_eq!(divergence["clusters"][1]["members"], json!([members[1].did()]));
    assert_eq!(divergence["differences"][0]["pointer"], "/output/0");
    assert_eq!(divergence["would_agree"][0], "majority of 3");
}

#[tokio::test]
async fn k_of_n_agree_over_a_dissenter_who_is_listed() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), yes(), yes(), no()]).await;
    let reply = ask(&swarm, "3 of 4").await;
    let report = verified(&swarm, &reply);
    assert_eq!(report.signers.len(), 3);
    assert!(!report.signers.contains(&members[3].did()));
}

#[tokio::test]
async fn a_silent_member_is_not_waited_for_under_bft() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), Vote::Never, yes(), yes()]).await;
    let reply = ask(&swarm, "bft 1").await;
    assert_eq!(verified(&swarm, &reply).signers.len(), 3);
    let contents = Certificate::parse(reply.text.as_bytes()).unwrap().contents().clone();
    assert_eq!(contents.laggards, [members[1].did()]);
}

#[tokio::test]
async fn one_liar_and_two_silent_of_seven_change_nothing_under_bft() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[yes(), no(), yes(), Vote::Never, yes(), yes(), yes()]).await;
    let report = verified(&swarm, &ask(&swarm, "bft 2").await);
    assert_eq!(report.outcome, Outcome::Result(json!({"output": ["yes"]})));
    assert!(report.signers.len() >= 5);
}

#[tokio::test]
async fn two_liars_of_four_stop_bft_and_certify_nothing() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[yes(), no(), yes(), no()]).await;
    assert_eq!(ask(&swarm, "bft 1").await.refusal(), (409, "no-agreement"));
}

#[tokio::test]
async fn members_that_fail_are_listed_with_what_went_wrong() {
    let kinds = [
        (Vote::Status(503), "refused"),
        (Vote::Garbage, "malformed"),
        (Vote::Forged, "unverifiable"),
        (Vote::Swapped, "unverifiable"),
    ];
    for (vote, kind) in kinds {
        let swarm = Swarm::start().await;
        // The bad one is alone until it has answered: a quorum before that would leave it a laggard.
        let _members = Member::committee(&swarm, &[vote.clone(), yes()]).await;
        let reply = ask(&swarm, "full").await;
        assert_eq!(reply.status, 409, "{vote:?}");
        let failures = reply.body["divergence"]["failures"].as_array().unwrap();
        assert_eq!(failures[0]["failure"]["kind"], kind, "{vote:?}: {reply:?}");
    }
}

#[tokio::test]
async fn a_member_that_is_gone_is_unreachable_and_outvoted() {
    let swarm = Swarm::start().await;
    let mut members = Member::committee(&swarm, &[yes(), yes(), yes()]).await;
    drop(members.pop());
    let reply = ask(&swarm, "full").await;
    assert_eq!(reply.body["divergence"]["failures"][0]["failure"]["kind"], "unreachable", "{reply:?}");
    let reply = ask(&swarm, "2 of 3").await;
    assert!(failures(&swarm, &reply).iter().all(|kind| kind == "unreachable"));
}

#[tokio::test]
async fn equal_errors_are_no_answer_unless_the_query_allows_them() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[Vote::Error, Vote::Error]).await;
    assert_eq!(ask(&swarm, "full").await.refusal(), (409, "no-agreement"));
    let reply = ask_with(&swarm, |query| query["errors"] = "allowed".into()).await;
    assert!(matches!(verified(&swarm, &reply).outcome, Outcome::Error(_)));
}

#[tokio::test]
async fn the_deadline_ends_a_query_that_nobody_answers() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[Vote::Never, yes()]).await;
    let reply = ask_with(&swarm, |query| query["deadline_ms"] = 100.into()).await;
    assert_eq!(reply.refusal(), (504, "no-agreement"));
    assert_eq!(reply.body["divergence"]["reason"], "deadline");
}

#[tokio::test]
async fn a_contract_may_come_with_the_query() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[yes()]).await;
    let text = "Given nothing\nThen print the string 'yes'\n";
    let reply = ask_with(&swarm, |query| query["contract"] = json!({"text": text})).await;
    let report = verified(&swarm, &reply);
    assert_eq!(report.contract, swarm_protocol::octets::Digest::of(text.as_bytes()));
    assert_eq!(report.contract_name, None);
}

#[tokio::test]
async fn only_active_oracles_are_asked() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), yes(), no(), no(), no()]).await;
    swarm.order(Suspend { oracle: members[2].did(), reason: "test".parse().unwrap() }).await;
    assert_eq!(members[3].goodbye(&swarm, 2).await.status, 200);
    let short = members[4].announce_for(&swarm, 2, 1000).await;
    assert_eq!(short.status, 200);
    let expiry = short.body["body"]["lease_until"].as_u64().unwrap();
    while swarm_node::controller::clock::now().millis() <= expiry {
        tokio::task::yield_now().await;
    }
    // The timer signs a new head by itself.
    let settled = async {
        while swarm.controller().registrar().head().snapshot().len() != 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), settled).await.unwrap();
    assert_eq!(verified(&swarm, &ask(&swarm, "full").await).signers.len(), 2);
    assert!(members[2..].iter().all(|member| member.asked() == 0));
    let listed = get(&swarm.url("/v1/oracles?state=suspect")).await;
    assert_eq!(listed.body["oracles"][0]["did"], members[4].did().to_string());
}

#[tokio::test]
async fn a_committee_is_no_larger_than_the_policy_asks() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &vec![yes(); 6]).await;
    assert_eq!(verified(&swarm, &ask(&swarm, "full of 3").await).signers.len(), 3);
    assert_eq!(members.iter().map(Member::asked).sum::<u32>(), 3);
}

#[tokio::test]
async fn each_oracle_has_a_record() {
    let swarm = Swarm::start().await;
    let members = Member::committee(&swarm, &[yes(), yes(), no()]).await;
    assert_eq!(ask(&swarm, "full").await.status, 409);
    let record = |member: &Member| swarm.controller().relay().record(&member.did());
    let noted = async {
        while record(&members[2]).dissented == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), noted).await.unwrap();
    assert_eq!((record(&members[0]).agreed, record(&members[2]).agreed), (1, 0));
    let listed = get(&swarm.url("/v1/oracles")).await;
    assert!(listed.body["oracles"].as_array().unwrap().iter().any(|it| it["record"]["dissented"] == 1));
}

#[tokio::test]
async fn a_query_that_cannot_be_put_is_refused_with_a_hint() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[yes()]).await;
    let cases: [(&str, Value, (u16, &str)); 9] = [
        ("contract", json!({"name": "zenswarm-oracle-pin"}), (404, "unknown-contract")),
        ("contract", json!({"name": "nothing like it"}), (404, "unknown-contract")),
        ("contract", json!({"text": "x".repeat(300 * 1024)}), (413, "contract-too-large")),
        ("contract", json!("zenswarm-oracle-ping"), (400, "malformed-message")),
        ("policy", json!("full of 2"), (503, "too-few-oracles")),
        ("policy", json!("most"), (400, "malformed-message")),
        ("deadline_ms", json!(0), (400, "malformed-query")),
        ("data", json!([1]), (400, "malformed-query")),
        ("unknown", json!(1), (400, "malformed-message")),
    ];
    for (key, value, expected) in cases {
        let reply = ask_with(&swarm, |query| query[key] = value.clone()).await;
        assert_eq!(reply.refusal(), expected, "{key}: {value}");
    }
    let reply = ask_with(&swarm, |query| query["contract"] = json!({"name": "zenswarm-oracle-pin"})).await;
    assert_eq!(reply.body["hint"], "did you mean zenswarm-oracle-ping?");
}

#[tokio::test]
async fn thirty_queries_at_once_each_get_their_own_certificate() {
    let swarm = std::sync::Arc::new(Swarm::start().await);
    let _members = Member::committee(&swarm, &vec![yes(); 4]).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..30 {
        let swarm = swarm.clone();
        tasks.spawn(async move {
            let reply = ask_with(&swarm, |query| query["data"] = json!({"number": number})).await;
            verified(&swarm, &reply).query
        });
    }
    let queries: std::collections::BTreeSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!(queries.len(), 30);
}

#[tokio::test]
async fn a_controller_that_was_stopped_lets_go_of_its_log_though_members_hang() {
    let swarm = Swarm::start().await;
    let _members = Member::committee(&swarm, &[yes(), Vote::Never]).await;
    assert_eq!(ask(&swarm, "1 of 2").await.status, 200);
    let log = std::sync::Arc::downgrade(&swarm.store);
    let held = swarm.stopped().await;
    assert_eq!(log.strong_count(), 1, "only the test holds the log");
    drop(held);
}
