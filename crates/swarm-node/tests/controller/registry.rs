//! Announcements, renewals, goodbyes, orders, lists.

use std::collections::BTreeSet;

use swarm_node::store::Store as _;
use swarm_protocol::envelope::{Expected, Signed};
use swarm_protocol::key::SigningKey;
use swarm_protocol::registry::{Acknowledgement, Admit, Evict, Suspend};

use crate::member::Member;
use crate::swarm::Swarm;
use crate::{Reply, get, post};

fn acknowledged(swarm: &Swarm, member: &Member, reply: &Reply) -> Acknowledgement {
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = Signed::<Acknowledgement>::parse(reply.text.as_bytes()).unwrap();
    let now = swarm_node::controller::clock::now();
    let expected = Expected::new(swarm.genesis.swarm(), member.did(), now).by(swarm.genesis.controller());
    answer.verify(&expected).unwrap().body().clone()
}

async fn state(swarm: &Swarm, member: &Member) -> String {
    let listed = get(&swarm.url("/v1/oracles")).await;
    let oracles = listed.body["oracles"].as_array().unwrap();
    let found = oracles.iter().find(|oracle| oracle["did"] == member.did().to_string()).unwrap();
    found["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_announcement_is_acknowledged_with_its_place_in_the_log() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let answer = acknowledged(&swarm, &member, &member.announce(&swarm, 2).await);
    assert_eq!(answer.index, Some(3));
    assert_eq!(swarm.entries(), 4);
}

#[tokio::test]
async fn a_renewal_lengthens_the_lease_and_is_not_logged() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let first = acknowledged(&swarm, &member, &member.announce_for(&swarm, 2, 1000).await);
    let renewed = acknowledged(&swarm, &member, &member.renew(&swarm, 3).await);
    assert!(renewed.lease_until > first.lease_until);
    assert_eq!((renewed.index, swarm.entries()), (None, 4));
}

#[tokio::test]
async fn a_message_that_comes_twice_is_refused_and_changes_nothing() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    for sequence in [0, 1] {
        assert_eq!(member.announce(&swarm, sequence).await.refusal(), (409, "stale-sequence"));
        assert_eq!(member.renew(&swarm, sequence).await.refusal(), (409, "stale-sequence"));
        assert_eq!(member.goodbye(&swarm, sequence).await.refusal(), (409, "stale-sequence"));
    }
    assert_eq!((swarm.entries(), state(&swarm, &member).await), (3, "active".to_owned()));
}

#[tokio::test]
async fn who_is_not_enrolled_cannot_announce() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    assert_eq!(member.announce(&swarm, 1).await.refusal(), (404, "unknown-oracle"));
    assert_eq!(member.renew(&swarm, 1).await.refusal(), (404, "unknown-oracle"));
    assert_eq!(member.goodbye(&swarm, 1).await.refusal(), (404, "unknown-oracle"));
}

#[tokio::test]
async fn a_lease_out_of_bounds_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    for lease_ms in [0, 999, 86_400_001] {
        let reply = member.announce_for(&swarm, 2, lease_ms).await;
        assert_eq!(reply.refusal(), (400, "malformed-message"), "{lease_ms}");
    }
}

#[tokio::test]
async fn a_renewal_before_the_first_announcement_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await.status, 200);
    assert_eq!(member.renew(&swarm, 1).await.refusal(), (409, "not-announced"));
}

#[tokio::test]
async fn who_says_goodbye_gets_no_seat_until_it_announces_again() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    acknowledged(&swarm, &member, &member.goodbye(&swarm, 2).await);
    assert_eq!(state(&swarm, &member).await, "expired");
    assert!(swarm.controller().registrar().head().snapshot().is_empty());
    assert_eq!(member.renew(&swarm, 3).await.refusal(), (409, "not-announced"));
    acknowledged(&swarm, &member, &member.announce(&swarm, 4).await);
    assert_eq!(swarm.controller().registrar().head().snapshot().len(), 1);
}

#[tokio::test]
async fn a_goodbye_signed_by_another_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let goodbye = member.sign(&swarm, 2, swarm_protocol::registry::Goodbye {}).to_json();
    let mut value: serde_json::Value = serde_json::from_str(&goodbye).unwrap();
    value["body"]["sequence"] = 99.into();
    let reply = post(&swarm.url("/v1/goodbyes"), value.to_string()).await;
    assert_eq!(reply.refusal(), (403, "bad-signature"));
}

#[tokio::test]
async fn a_message_of_one_kind_is_not_another() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let goodbye = member.sign(&swarm, 2, swarm_protocol::registry::Goodbye {}).to_json();
    for path in ["/v1/announcements", "/v1/renewals", "/v1/enrolments", "/v1/enrolments/proofs", "/v1/admin"]
    {
        let reply = post(&swarm.url(path), goodbye.clone()).await;
        assert_eq!(reply.refusal(), (400, "malformed-message"), "{path}");
    }
    assert_eq!(state(&swarm, &member).await, "active");
}

#[tokio::test]
async fn an_admin_suspends_admits_and_evicts() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let oracle = member.did();
    let reason = || "test".parse().unwrap();
    let reply = swarm.order(Suspend { oracle, reason: reason() }).await;
    assert_eq!((reply.status, &reply.body["state"]), (200, &"suspended".into()), "{reply:?}");
    let reply = swarm.order(Admit { oracle }).await;
    assert_eq!(reply.body["state"], "active");
    let reply = swarm.order(Evict { oracle, reason: reason() }).await;
    assert_eq!(reply.body["state"], "deactivated");
    assert_eq!(swarm.order(Admit { oracle }).await.refusal(), (410, "deactivated"));
    assert_eq!(member.announce(&swarm, 9).await.refusal(), (410, "deactivated"));
}

#[tokio::test]
async fn an_admission_ends_quarantine() {
    let swarm = Swarm::permissionless().await;
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, None).await.status, 200);
    assert_eq!(member.announce(&swarm, 1).await.status, 200);
    assert_eq!(state(&swarm, &member).await, "quarantined");
    assert_eq!(swarm.order(Admit { oracle: member.did() }).await.body["state"], "active");
    assert_eq!(swarm.controller().registrar().head().snapshot().len(), 1);
}

#[tokio::test]
async fn an_order_is_carried_out_once_and_only_for_an_admin() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let body = Suspend { oracle: member.did(), reason: "test".parse().unwrap() };
    let order = Signed::by_admin(&swarm.admin, swarm.stamp(), body.clone()).to_json();
    assert_eq!(post(&swarm.url("/v1/admin"), order.clone()).await.status, 200);
    assert_eq!(post(&swarm.url("/v1/admin"), order).await.refusal(), (409, "repeated-command"));
    let stranger = Signed::by_admin(&SigningKey::from_octets([9; 32]), swarm.stamp(), body.clone());
    assert_eq!(post(&swarm.url("/v1/admin"), stranger.to_json()).await.refusal(), (403, "not-an-admin"));
    let oracle = Signed::by_did(&member.key, swarm.stamp(), body);
    assert_eq!(post(&swarm.url("/v1/admin"), oracle.to_json()).await.refusal(), (403, "not-an-admin"));
}

#[tokio::test]
async fn an_order_about_nobody_is_refused() {
    let swarm = Swarm::start().await;
    let nobody = Member::new(&swarm).await.did();
    assert_eq!(swarm.order(Admit { oracle: nobody }).await.refusal(), (404, "unknown-oracle"));
}

#[tokio::test]
async fn a_list_has_pages_and_states() {
    let swarm = Swarm::start().await;
    for _ in 0..3 {
        Member::active(&swarm).await;
    }
    let page = get(&swarm.url("/v1/oracles?state=active&offset=1&limit=1")).await;
    assert_eq!((page.body["total"].as_u64(), page.body["oracles"].as_array().unwrap().len()), (Some(3), 1));
    assert_eq!(get(&swarm.url("/v1/oracles?state=expired")).await.body["total"], 0);
    for query in ["state=bogus", "limit=-1", "offset=x", "unknown=1"] {
        let reply = get(&swarm.url(&format!("/v1/oracles?{query}"))).await;
        assert_eq!((reply.status, reply.kind()), (400, "malformed-request"), "{query}");
    }
}

#[tokio::test]
async fn a_random_pick_repeats_nobody_and_reaches_everybody() {
    let swarm = Swarm::start().await;
    for _ in 0..4 {
        Member::active(&swarm).await;
    }
    let mut seen = BTreeSet::new();
    for _ in 0..60 {
        let reply = get(&swarm.url("/v1/oracles/random?count=2")).await;
        let picked: BTreeSet<String> =
            reply.body["oracles"].as_array().unwrap().iter().map(|it| it["did"].to_string()).collect();
        assert_eq!(picked.len(), 2);
        seen.extend(picked);
    }
    // That one of four is never among 60 picks of two happens once in 2^58 runs.
    assert_eq!(seen.len(), 4);
    let reply = get(&swarm.url("/v1/oracles/random?count=5")).await;
    assert_eq!(reply.refusal(), (503, "too-few-oracles"));
}

#[tokio::test]
async fn a_restart_finds_everything_that_was_acknowledged() {
    let swarm = Swarm::start().await;
    let (first, second) = (Member::active(&swarm).await, Member::active(&swarm).await);
    assert_eq!(first.goodbye(&swarm, 2).await.status, 200);
    let before = get(&swarm.url("/v1/checkpoint")).await.text;
    let swarm = swarm.restarted().await;
    assert_eq!(state(&swarm, &first).await, "expired");
    assert_eq!(state(&swarm, &second).await, "active");
    let after = get(&swarm.url("/v1/checkpoint")).await.text;
    let head = |text: &str| text.lines().take(4).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(head(&before), head(&after));
    assert_eq!(second.renew(&swarm, 1).await.refusal(), (409, "stale-sequence"));
    assert_eq!(second.renew(&swarm, 2).await.status, 200);
}

#[tokio::test]
async fn a_log_with_a_changed_entry_is_not_taken_up() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    let mut entries = swarm.store.entries(0, 10).unwrap();
    let text =
        String::from_utf8(entries[2].clone()).unwrap().replace("\"lease_ms\":60000", "\"lease_ms\":60001");
    entries[2] = text.into_bytes();
    let store = swarm_node::store::memory::MemoryStore::new();
    store.commit(&swarm_node::store::Batch { entries, ..Default::default() }).unwrap();
    let error = swarm_node::controller::Controller::new(
        swarm.genesis.clone(),
        swarm.issuer.clone(),
        std::sync::Arc::new(store),
        None,
    )
    .unwrap_err();
    assert!(error.to_string().starts_with("entry 2 of the log is not valid"), "{error}");
    assert!(error.hint().contains("backup"));
}

#[tokio::test]
async fn a_log_that_lost_its_end_is_not_taken_up() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    let mut entries = swarm.store.entries(0, 10).unwrap();
    entries.pop();
    let values = vec![("head".to_owned(), swarm.store.value("head").unwrap().unwrap())];
    let store = swarm_node::store::memory::MemoryStore::new();
    store.commit(&swarm_node::store::Batch { entries, values, ..Default::default() }).unwrap();
    let error = swarm_node::controller::Controller::new(
        swarm.genesis.clone(),
        swarm.issuer.clone(),
        std::sync::Arc::new(store),
        None,
    )
    .unwrap_err();
    assert!(error.to_string().starts_with("the log has the head 2 "), "{error}");
}
