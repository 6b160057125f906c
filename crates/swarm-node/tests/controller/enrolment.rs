//! Enrolment: the way in, and every way that is closed.

use swarm_node::controller::clock;
use swarm_protocol::envelope::{Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::registry::State;
use swarm_protocol::service_key::ServiceSecrets;

use crate::member::{DialBack, Member};
use crate::swarm::Swarm;
use crate::{get, post};

fn state(swarm: &Swarm, member: &Member) -> Option<State> {
    swarm.controller().registrar().registry().oracle(&member.did()).map(|it| it.state(clock::now()))
}

#[tokio::test]
async fn an_oracle_with_a_ticket_is_enrolled_and_active_after_its_announcement() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    let reply = member.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
    assert_eq!((reply.status, swarm.entries()), (200, 2), "{reply:?}");
    assert_eq!(state(&swarm, &member), Some(State::Provisioned));
    assert_eq!(member.announce(&swarm, 1).await.status, 200);
    assert_eq!(state(&swarm, &member), Some(State::Active));
}

#[tokio::test]
async fn an_oracle_without_a_ticket_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, None).await.refusal(), (403, "ticket-needed"));
    assert_eq!(state(&swarm, &member), None);
}

#[tokio::test]
async fn a_permissionless_swarm_quarantines_who_has_no_ticket() {
    let swarm = Swarm::permissionless().await;
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, None).await.status, 200);
    assert_eq!(member.announce(&swarm, 1).await.body["body"]["state"], "quarantined");
    assert!(swarm.controller().registrar().head().snapshot().is_empty());
}

#[tokio::test]
async fn hellos_without_a_ticket_are_limited() {
    let swarm = Swarm::permissionless().await;
    let member = Member::new(&swarm).await;
    for _ in 0..10 {
        assert!(member.prove(&swarm, member.newcomer(&swarm, None)).await.is_ok());
    }
    let refused = member.prove(&swarm, member.newcomer(&swarm, None)).await.unwrap_err();
    assert_eq!(refused.refusal(), (429, "too-many-enrolments"));
}

#[tokio::test]
async fn a_ticket_enrols_as_often_as_it_says() {
    let swarm = Swarm::start().await;
    let ticket = swarm.ticket("127.0.0.0/8", 2);
    for expected in [200, 200, 403] {
        let member = Member::new(&swarm).await;
        assert_eq!(member.enrol(&swarm, Some(ticket.clone())).await.status, expected);
    }
    assert_eq!(swarm.entries(), 3);
}

#[tokio::test]
async fn a_ticket_for_another_host_is_refused() {
    let swarm = Swarm::start().await;
    for host in ["10.0.0.0/8", "127.0.0.2", "oracle.example.org", "::1"] {
        let member = Member::new(&swarm).await;
        let reply = member.enrol(&swarm, Some(swarm.ticket(host, 1))).await;
        assert_eq!(reply.refusal(), (403, "ticket-refused"), "{host}");
    }
}

#[tokio::test]
async fn an_expired_ticket_is_refused() {
    let swarm = Swarm::start().await;
    let an_hour_ago = clock::now().millis() - 3_600_000;
    let issued_at = swarm_protocol::time::Timestamp::from_millis(an_hour_ago);
    let ticket = swarm.ticket_stamped("127.0.0.1", 1, Stamp { issued_at, ..swarm.stamp() });
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, Some(ticket)).await.refusal(), (403, "stale-message"));
}

#[tokio::test]
async fn a_ticket_of_a_stranger_is_refused() {
    let swarm = Swarm::start().await;
    let mut ticket = swarm.ticket("127.0.0.1", 1);
    let body = ticket.ticket.body().clone();
    ticket.ticket = Signed::by_admin(&SigningKey::from_octets([9; 32]), swarm.stamp(), body);
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, Some(ticket)).await.refusal(), (403, "ticket-refused"));
}

#[tokio::test]
async fn a_ticket_without_its_secret_is_refused() {
    let swarm = Swarm::start().await;
    let mut ticket = swarm.ticket("127.0.0.1", 1);
    ticket.secret = swarm.ticket("127.0.0.1", 1).secret;
    let member = Member::new(&swarm).await;
    assert_eq!(member.enrol(&swarm, Some(ticket)).await.refusal(), (403, "ticket-refused"));
}

#[tokio::test]
async fn a_message_for_another_swarm_is_refused() {
    let (swarm, other) = (Swarm::start().await, Swarm::start().await);
    let member = Member::new(&other).await;
    let refused = member.prove(&swarm, member.newcomer(&other, Some(other.ticket("127.0.0.1", 1)))).await;
    assert_eq!(refused.unwrap_err().refusal(), (403, "wrong-swarm"));
}

#[tokio::test]
async fn a_proof_is_good_once() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    let newcomer = member.newcomer(&swarm, Some(swarm.ticket("127.0.0.1", 2)));
    let proof = member.prove(&swarm, newcomer).await.unwrap();
    assert_eq!(member.send_proof(&swarm, &proof).await.status, 200);
    assert_eq!(member.send_proof(&swarm, &proof).await.refusal(), (404, "no-such-enrolment"));
}

#[tokio::test]
async fn a_proof_changed_on_the_way_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    let newcomer = member.newcomer(&swarm, Some(swarm.ticket("127.0.0.1", 1)));
    let proof = member.prove(&swarm, newcomer).await.unwrap();
    let changed = proof.to_json().replace("\"software\":\"test\"", "\"software\":\"best\"");
    let reply = post(&swarm.url("/v1/enrolments/proofs"), changed).await;
    assert_eq!(reply.refusal(), (403, "bad-signature"));
}

#[tokio::test]
async fn service_keys_of_another_oracle_are_refused() {
    let swarm = Swarm::start().await;
    let first = Member::active(&swarm).await;
    let mut second = Member::new(&swarm).await;
    second.secrets = first.secrets.clone();
    let reply = second.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
    assert_eq!(reply.refusal(), (409, "keys-taken"));
}

#[tokio::test]
async fn an_oracle_enrols_once() {
    let swarm = Swarm::start().await;
    let mut member = Member::active(&swarm).await;
    member.secrets = ServiceSecrets::new([3; 32], [4; 32]).unwrap();
    let reply = member.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
    assert_eq!(reply.refusal(), (409, "already-enrolled"));
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_the_dial_back_is_refused() {
    let swarm = Swarm::start().await;
    for how in [DialBack::Refuses, DialBack::Redirects] {
        let member = Member::new(&swarm).await;
        member.answers_dial_backs(how);
        let reply = member.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
        assert_eq!(reply.refusal(), (502, "dial-back-failed"), "{how:?}");
        assert_eq!(state(&swarm, &member), None);
    }
}

#[tokio::test]
async fn an_endpoint_of_somebody_else_is_refused() {
    let swarm = Swarm::start().await;
    let member = Member::new(&swarm).await;
    member.answers_dial_backs(DialBack::AnswersWithAnotherKey);
    let reply = member.enrol(&swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
    assert_eq!(reply.refusal(), (403, "wrong-sender"));
    assert_eq!(state(&swarm, &member), None);
}

#[tokio::test]
async fn without_a_ticket_nobody_elses_door_is_knocked_at() {
    let swarm = Swarm::permissionless().await;
    let member = Member::new(&swarm).await;
    let mut newcomer = member.newcomer(&swarm, None);
    // A documentation address: were it dialled, the test would hang until the timeout.
    newcomer.profile.endpoints = vec!["http://192.0.2.1:9".parse().unwrap()];
    let proof = member.prove(&swarm, newcomer).await.unwrap();
    let reply = member.send_proof(&swarm, &proof).await;
    assert_eq!(reply.refusal(), (403, "endpoint-not-admitted"));
}

#[tokio::test]
async fn forty_oracles_enrol_at_once() {
    let swarm = std::sync::Arc::new(Swarm::start().await);
    let ticket = swarm.ticket("127.0.0.1", 40);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (swarm, ticket) = (swarm.clone(), ticket.clone());
        tasks.spawn(async move {
            let member = Member::new(&swarm).await;
            let enrolled = member.enrol(&swarm, Some(ticket)).await.status;
            (enrolled, member.announce(&swarm, 1).await.status)
        });
    }
    while let Some(statuses) = tasks.join_next().await {
        assert_eq!(statuses.unwrap(), (200, 200));
    }
    assert_eq!(swarm.entries(), 81);
    let listed = get(&swarm.url("/v1/oracles?state=active")).await;
    assert_eq!(listed.body["total"], 40);
}

#[tokio::test]
async fn of_many_who_use_one_ticket_at_once_one_gets_in() {
    let swarm = std::sync::Arc::new(Swarm::start().await);
    let ticket = swarm.ticket("127.0.0.1", 1);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (swarm, ticket) = (swarm.clone(), ticket.clone());
        tasks.spawn(async move {
            let member = Member::new(&swarm).await;
            member.enrol(&swarm, Some(ticket)).await.status
        });
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 403].contains(status)), "{statuses:?}");
}
