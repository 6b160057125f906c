//! The log, as an auditor reads it who trusts nothing but the genesis record.

use serde_json::Value;
use swarm_protocol::log::{SignedCheckpoint, leaf_hash, verify_consistency, verify_inclusion};
use swarm_protocol::octets::Digest;
use swarm_protocol::registry::{LogEntry, Registry};

use crate::get;
use crate::member::Member;
use crate::swarm::Swarm;

async fn checkpoint(swarm: &Swarm) -> SignedCheckpoint {
    let reply = get(&swarm.url("/v1/checkpoint")).await;
    assert_eq!(reply.media_type, "text/plain; charset=utf-8");
    let checkpoint: SignedCheckpoint = reply.text.parse().unwrap();
    checkpoint.verify(swarm.genesis.swarm(), swarm.genesis.controller()).unwrap();
    checkpoint
}

async fn proof(swarm: &Swarm, path: &str) -> Vec<Digest> {
    let reply = get(&swarm.url(path)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    serde_json::from_value(reply.body["proof"].clone()).unwrap()
}

/// The octets of the entries, as they are in the answer.
async fn leaves(swarm: &Swarm) -> Vec<String> {
    let reply = get(&swarm.url("/v1/log/entries")).await;
    let page: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(&reply.text).unwrap();
    let entries: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(page["entries"].get()).unwrap();
    entries.into_iter().map(|entry| entry.get().to_owned()).collect()
}

#[tokio::test]
async fn the_entries_give_the_root_of_the_checkpoint_and_the_state() {
    let swarm = Swarm::start().await;
    let member = Member::active(&swarm).await;
    let mut registry: Option<Registry> = None;
    for leaf in leaves(&swarm).await {
        let entry: LogEntry = serde_json::from_str(&leaf).unwrap();
        match &mut registry {
            None => registry = Some(Registry::replay(&entry).unwrap()),
            Some(registry) => registry.apply(&entry).unwrap(),
        }
    }
    let registry = registry.unwrap();
    assert_eq!(registry.tree().root(), checkpoint(&swarm).await.checkpoint().root);
    assert!(registry.oracle(&member.did()).is_some());
}

#[tokio::test]
async fn every_entry_is_proved_to_be_in_the_log() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    Member::active(&swarm).await;
    let head = *checkpoint(&swarm).await.checkpoint();
    for (index, leaf) in (0..).zip(leaves(&swarm).await) {
        let path = proof(&swarm, &format!("/v1/log/inclusion?index={index}")).await;
        assert!(verify_inclusion(&leaf_hash(leaf.as_bytes()), index, head.size, &path, &head.root));
    }
}

#[tokio::test]
async fn a_later_log_is_proved_to_continue_an_earlier_one() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    let old = *checkpoint(&swarm).await.checkpoint();
    Member::active(&swarm).await;
    let new = *checkpoint(&swarm).await.checkpoint();
    assert!(new.size > old.size);
    let path = proof(&swarm, &format!("/v1/log/consistency?old={}", old.size)).await;
    assert!(verify_consistency(old.size, new.size, &old.root, &new.root, &path));
}

#[tokio::test]
async fn pages_and_what_lies_outside() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    let page = get(&swarm.url("/v1/log/entries?first=1&limit=1")).await;
    assert_eq!((page.body["first"].as_u64(), page.body["size"].as_u64()), (Some(1), Some(3)));
    assert_eq!(page.body["entries"].as_array().map(Vec::len), Some(1));
    let beyond = get(&swarm.url("/v1/log/entries?first=99")).await;
    assert_eq!(beyond.body["entries"], Value::Array(Vec::new()));
    for path in [
        "/v1/log/inclusion?index=3",
        "/v1/log/inclusion?index=0&size=4",
        "/v1/log/inclusion?index=18446744073709551615",
        "/v1/log/consistency?old=0",
        "/v1/log/consistency?old=4",
        "/v1/log/consistency?old=2&new=1",
        "/v1/log/consistency?old=1&new=18446744073709551615",
    ] {
        assert_eq!(get(&swarm.url(path)).await.refusal(), (404, "outside-the-log"), "{path}");
    }
    for path in
        ["/v1/log/inclusion", "/v1/log/inclusion?index=x", "/v1/log/entries?first=-1", "/v1/log/entries?x=1"]
    {
        let reply = get(&swarm.url(path)).await;
        assert_eq!((reply.status, reply.kind()), (400, "malformed-request"), "{path}");
    }
}
