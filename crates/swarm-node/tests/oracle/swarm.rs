//! An oracle in a swarm: joins, stays, votes, leaves; and what it refuses.

use std::time::Duration;

use serde_json::{Value, json};
use swarm_node::config::{Fault, Layer};
use swarm_node::controller::clock;
use swarm_node::oracle::{Oracle, OracleError, SwarmError};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Audience, Expected, Signed};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::Digest;
use swarm_protocol::query::{
    Answer, AssignedContract, Assignment, ErrorRule, Outcome, OutcomeDigest, Policy,
};
use swarm_protocol::registry::State;

use crate::issuer::Issuer;
use crate::{get, post, start};

const PING: &str = "zenswarm-oracle-ping";

async fn member(issuer: &Issuer) -> (tempfile::TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(folder.path(), issuer.layer()).await;
    (folder, oracle)
}

fn named(name: &str, text: &str) -> AssignedContract {
    AssignedContract { digest: Digest::of(text.as_bytes()), name: Some(name.parse().unwrap()), text: None }
}

fn inline(text: &str) -> AssignedContract {
    AssignedContract { digest: Digest::of(text.as_bytes()), name: None, text: Some(text.to_owned()) }
}

fn ping() -> AssignedContract {
    named(PING, include_str!("../../../../contracts/zenswarm-oracle-ping.zen"))
}

fn assignment(contract: AssignedContract, data: Value, committee: Vec<Did>) -> Assignment {
    Assignment {
        query: Digest::of(b"query"),
        contract,
        data,
        policy: Policy::Full { of: None },
        errors: ErrorRule::Never,
        committee,
        checkpoint: Digest::of(b"checkpoint"),
        draw_nonce: Digest::of(b"nonce"),
        deadline: clock::now().plus(10_000),
    }
}

async fn send(oracle: &Oracle, message: &Signed<Assignment>) -> (u16, Value) {
    post(oracle.local_addr(), "/v1/votes", message.to_json()).await
}

/// What the oracle votes on this contract with this data.
async fn vote(issuer: &Issuer, oracle: &Oracle, contract: AssignedContract, data: Value) -> Answer {
    let message = issuer.sign(Audience::Everyone, assignment(contract, data, vec![oracle.did()]));
    let (status, body) = send(oracle, &message).await;
    assert_eq!(status, 200, "{body}");
    let answer = Answer::parse(body.to_string().as_bytes()).unwrap();
    let expected = Expected::new(issuer.genesis.swarm(), issuer.genesis.controller(), clock::now());
    let vote = answer.vote.clone().verify(&expected.by(oracle.did())).unwrap();
    assert_eq!(vote.body().assignment, message.digest());
    assert_eq!(vote.body().outcome, answer.outcome.digest());
    assert_eq!(vote.header().nonce(), message.header().nonce());
    answer
}

/// The status of the refusal of an assignment.
async fn refusal(issuer: &Issuer, oracle: &Oracle, change: impl FnOnce(&mut Assignment)) -> (u16, Value) {
    let mut body = assignment(ping(), json!({}), vec![oracle.did()]);
    change(&mut body);
    send(oracle, &issuer.sign(Audience::Everyone, body)).await
}

#[tokio::test]
async fn an_oracle_enrols_announces_and_says_goodbye() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    assert_eq!(oracle.standing().unwrap().state, State::Quarantined);
    oracle.stop().await.unwrap();
    assert_eq!(issuer.accepted(), ["enrol", "announce", "goodbye"]);
}

#[tokio::test]
async fn a_restart_keeps_the_did_and_does_not_enrol_again() {
    let issuer = Issuer::start(true, true).await;
    let (folder, oracle) = member(&issuer).await;
    let did = oracle.did();
    oracle.stop().await.unwrap();
    let oracle = start(folder.path(), Layer::default()).await;
    assert_eq!(oracle.did(), did);
    oracle.stop().await.unwrap();
    assert_eq!(issuer.accepted(), ["enrol", "announce", "goodbye", "announce", "goodbye"]);
}

#[tokio::test]
async fn a_contract_that_comes_with_the_query_writes_nothing() {
    let issuer = Issuer::start(true, true).await;
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    std::fs::create_dir(&files).unwrap();
    let layer = Layer { files: Some(files.clone()), ..Layer::default() };
    let oracle = start(&folder.path().join("state"), issuer.layer().over(layer)).await;
    let text = "Given I have a 'string' named 'x'\nThen print the 'x'\n\
                Then I send content 'x' and send path 'x' and store in file\n";
    let answer = vote(&issuer, &oracle, inline(text), json!({ "x": "y" })).await;
    assert!(matches!(answer.outcome, Outcome::Error(_)), "{:?}", answer.outcome);
    assert_eq!(std::fs::read_dir(files).unwrap().count(), 0);
}

#[tokio::test]
async fn a_lease_is_renewed() {
    let issuer = Issuer::start(true, true).await;
    let folder = tempfile::tempdir().unwrap();
    let lease = Layer::from_toml("[oracle]\nlease = \"1s\"\n", "test").unwrap();
    let oracle = start(folder.path(), issuer.layer().over(lease)).await;
    let renewed = async {
        while !issuer.accepted().contains(&"renew") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), renewed).await.unwrap();
    oracle.stop().await.unwrap();
}

#[tokio::test]
async fn a_controller_with_another_key_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let folder = tempfile::tempdir().unwrap();
    let other = SigningKey::from_octets([7; 32]).public();
    let layer = Layer { state: Some(folder.path().into()), issuer_key: Some(other), ..issuer.layer() };
    let error = Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
    assert!(matches!(error, OracleError::Swarm(SwarmError::OtherIssuer { .. })), "{error}");
    assert!(!folder.path().join("membership.json").exists());
}

#[tokio::test]
async fn an_oracle_without_a_ticket_is_told_so() {
    let issuer = Issuer::start(true, false).await;
    let folder = tempfile::tempdir().unwrap();
    let layer = Layer { state: Some(folder.path().into()), ..issuer.layer() };
    let error = Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("no ticket"), "{error}");
}

#[tokio::test]
async fn a_forged_acknowledgement_is_no_acknowledgement() {
    let issuer = Issuer::start(true, true).await;
    issuer.state.lock().unwrap().forges = true;
    let folder = tempfile::tempdir().unwrap();
    let layer = Layer { state: Some(folder.path().into()), ..issuer.layer() };
    let error = Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
    assert!(matches!(error, OracleError::Swarm(SwarmError::Envelope(_))), "{error}");
}

#[tokio::test]
async fn a_goodbye_that_nobody_acknowledges_is_an_error() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    drop(issuer);
    let error = oracle.stop().await.unwrap_err();
    assert!(matches!(error, OracleError::Swarm(SwarmError::Remote(_))), "{error}");
}

#[tokio::test]
async fn a_named_contract_is_voted_on() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let answer = vote(&issuer, &oracle, ping(), json!({})).await;
    assert_eq!(answer.outcome, Outcome::Result(json!({ "output": ["I_am_alive!"] })));
    // SHA-256 of {"output":["I_am_alive!"]}, computed with sha256sum.
    let digest = "EnaHJSgkMty9MLUneSJxf2xGuVCcoRB5rJNVsvNWTwz7".parse().unwrap();
    assert_eq!(answer.outcome.digest(), OutcomeDigest::Result(digest));
}

#[tokio::test]
async fn a_contract_sent_as_text_is_voted_on() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let text = "Given I have a 'string' named 'x'\nThen print the 'x'\n";
    for word in ["one", "two"] {
        let answer = vote(&issuer, &oracle, inline(text), json!({ "x": word })).await;
        assert_eq!(answer.outcome, Outcome::Result(json!({ "x": word })));
    }
}

#[tokio::test]
async fn a_contract_sent_as_text_does_not_see_the_keyring() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let text = "Scenario 'ecdh': x\nGiven I have a 'keyring'\nThen print the 'keyring'\n";
    let answer = vote(&issuer, &oracle, inline(text), json!({})).await;
    assert!(matches!(answer.outcome, Outcome::Error(_)), "{answer:?}");
}

#[tokio::test]
async fn a_failure_is_voted_as_an_error_with_its_line() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let answer = vote(&issuer, &oracle, inline("Given I have a 'string' named 'x'\n"), json!({})).await;
    let Outcome::Error(failure) = answer.outcome else { panic!("{answer:?}") };
    assert_eq!(failure.status, 500);
    assert!(failure.detail.unwrap().starts_with("line 1: "));
}

#[tokio::test]
async fn an_assignment_is_answered_once() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let message = issuer.sign(Audience::Everyone, assignment(ping(), json!({}), vec![oracle.did()]));
    assert_eq!(send(&oracle, &message).await.0, 200);
    let (status, body) = send(&oracle, &message).await;
    assert_eq!(status, 409);
    assert_eq!(body["type"], json!("urn:zenswarm:problem:replayed-message"));
}

#[tokio::test]
async fn an_assignment_of_another_signer_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let body = assignment(ping(), json!({}), vec![oracle.did()]);
    let genuine = issuer.sign(Audience::Everyone, body);
    let mut changed: Value = serde_json::from_str(&genuine.to_json()).unwrap();
    changed["body"]["data"] = json!({ "x": 1 });
    assert_eq!(post(oracle.local_addr(), "/v1/votes", changed.to_string()).await.0, 403);
    let mut other: Value = serde_json::from_str(&genuine.to_json()).unwrap();
    other["body"]["sender"] = json!(Did::of(SigningKey::from_octets([7; 32]).public()));
    assert_eq!(post(oracle.local_addr(), "/v1/votes", other.to_string()).await.0, 403);
    assert_eq!(send(&oracle, &genuine).await.0, 200);
}

#[tokio::test]
async fn an_assignment_to_others_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let other = Did::of(SigningKey::from_octets([7; 32]).public());
    let (status, body) = refusal(&issuer, &oracle, |it| it.committee = vec![other]).await;
    assert_eq!((status, &body["type"]), (403, &json!("urn:zenswarm:problem:not-on-committee")));
    let message = issuer.sign(Audience::Did(other), assignment(ping(), json!({}), vec![oracle.did()]));
    assert_eq!(send(&oracle, &message).await.0, 403);
}

#[tokio::test]
async fn a_deadline_that_has_passed_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let (status, _) = refusal(&issuer, &oracle, |it| it.deadline = clock::now()).await;
    assert_eq!(status, 504);
}

#[tokio::test]
async fn another_text_under_the_same_name_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let (status, body) = refusal(&issuer, &oracle, |it| it.contract = named(PING, "Given nothing\n")).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:zenswarm:problem:other-contract")));
    let (status, _) = refusal(&issuer, &oracle, |it| it.contract = named("nothing", "")).await;
    assert_eq!(status, 404);
    let (status, _) = refusal(&issuer, &oracle, |it| it.contract.name = None).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn an_assignment_from_before_the_start_is_refused() {
    let issuer = Issuer::start(true, true).await;
    let (folder, oracle) = member(&issuer).await;
    let message = issuer.sign(Audience::Everyone, assignment(ping(), json!({}), vec![oracle.did()]));
    oracle.stop().await.unwrap();
    let oracle = start(folder.path(), Layer::default()).await;
    let (status, body) = send(&oracle, &message).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:zenswarm:problem:stale-message")));
}

#[tokio::test]
async fn an_oracle_without_a_swarm_does_not_vote() {
    let issuer = Issuer::start(true, true).await;
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(folder.path(), Layer::default()).await;
    let (status, body) = refusal(&issuer, &oracle, |_| ()).await;
    assert_eq!((status, &body["type"]), (409, &json!("urn:zenswarm:problem:no-swarm")));
}

#[tokio::test]
async fn malformed_messages_are_400() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    for path in ["/v1/votes", "/v1/dial-backs"] {
        for body in ["", "{}", "[]", "{\"body\":{},\"signature\":\"1\"}", "\u{1}", "null"] {
            let (status, _) = post(oracle.local_addr(), path, body).await;
            assert_eq!(status, 400, "{path} {body}");
        }
    }
}

#[tokio::test]
async fn a_fault_is_refused_outside_a_swarm_for_tests() {
    for layer in [Layer::default(), Issuer::start(false, true).await.layer()] {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Layer { state: Some(folder.path().into()), ..layer }.resolve().unwrap();
        config.fault = Some(Fault::Lie);
        assert!(Oracle::start(config).await.is_err());
    }
}

#[tokio::test]
async fn a_liar_signs_its_lie() {
    let issuer = Issuer::start(true, true).await;
    let folder = tempfile::tempdir().unwrap();
    let layer = Layer { state: Some(folder.path().into()), ..issuer.layer() };
    let mut config = layer.resolve().unwrap();
    config.fault = Some(Fault::Lie);
    let oracle = Oracle::start(config).await.unwrap();
    let answer = vote(&issuer, &oracle, ping(), json!({})).await;
    assert_ne!(answer.outcome, Outcome::Result(json!({ "output": ["I_am_alive!"] })));
}

#[tokio::test]
async fn health_tells_the_standing() {
    let issuer = Issuer::start(true, true).await;
    let (_folder, oracle) = member(&issuer).await;
    let (_, body) = get(oracle.local_addr(), "/health").await;
    assert_eq!(body["swarm"]["id"], json!(issuer.genesis.swarm()));
    assert_eq!(body["swarm"]["standing"]["state"], json!("quarantined"));
}
