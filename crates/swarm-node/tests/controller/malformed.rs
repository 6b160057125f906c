//! Bodies and addresses that are not what they should be: always a problem with a hint, never a change.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use swarm_node::client::{self, Tls};

use crate::member::Member;
use crate::swarm::Swarm;
use crate::{get, post, request};

const POSTS: [&str; 7] = [
    "/v1/enrolments",
    "/v1/enrolments/proofs",
    "/v1/announcements",
    "/v1/renewals",
    "/v1/goodbyes",
    "/v1/admin",
    "/v1/queries",
];

#[tokio::test]
async fn a_body_that_is_no_message_is_malformed() {
    let swarm = Swarm::start().await;
    for path in POSTS {
        for body in
            ["", "{", "null", "[]", "{}", "{\"body\":{},\"signature\":\"\"}", "\u{0}", "{\"a\":1,\"a\":2}"]
        {
            let reply = post(&swarm.url(path), body).await;
            assert_eq!(reply.refusal(), (400, "malformed-message"), "{path} {body:?}");
        }
    }
    assert_eq!(swarm.entries(), 1);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_its_limit() {
    let swarm = Swarm::start().await;
    for path in POSTS {
        let reply = post(&swarm.url(path), vec![b' '; 3 * 1024 * 1024]).await;
        assert_eq!(reply.refusal(), (413, "body-too-large"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_verb_are_told_apart() {
    let swarm = Swarm::start().await;
    for path in ["/", "/v1", "/v1/nothing", "/v2/genesis", "/1.0/identifiers", "/dids/a/b"] {
        let reply = get(&swarm.url(path)).await;
        assert_eq!((reply.status, reply.kind()), (404, "not-found"), "{path}");
    }
    for path in POSTS {
        let reply = get(&swarm.url(path)).await;
        assert_eq!((reply.status, reply.kind()), (405, "method-not-allowed"), "{path}");
    }
    for path in ["/v1/genesis", "/v1/oracles", "/v1/checkpoint", "/health", "/dids"] {
        let reply = request(client::new(Tls::Off).unwrap().delete(swarm.url(path))).await;
        assert_eq!((reply.status, reply.kind()), (405, "method-not-allowed"), "{path}");
    }
}

#[tokio::test]
async fn health_tells_role_and_size() {
    let swarm = Swarm::start().await;
    Member::active(&swarm).await;
    let reply = get(&swarm.url("/health")).await;
    assert_eq!((reply.status, &reply.body["status"]), (200, &"ok".into()));
    assert_eq!((&reply.body["entries"], &reply.body["active_oracles"]), (&3.into(), &1.into()));
}

/// A message with some of its octets changed, cut out, or doubled.
fn mangled(original: &str, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut octets = original.as_bytes().to_vec();
    for (place, octet, how) in changes {
        let place = place.index(octets.len());
        match how % 3 {
            0 => octets[place] = *octet,
            1 => drop(octets.remove(place)),
            _ => octets.insert(place, *octet),
        }
    }
    octets
}

#[test]
fn mangled_messages_are_refused_and_change_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (swarm, member) = runtime.block_on(async {
        let swarm = Swarm::start().await;
        let member = Member::active(&swarm).await;
        (swarm, member)
    });
    let announce = member.sign(
        &swarm,
        9,
        swarm_protocol::registry::Announce { profile: member.profile(), lease_ms: 60_000 },
    );
    let text = announce.to_json();
    let original: serde_json::Value = serde_json::from_str(&text).unwrap();
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<u8>()), 1..4);
    let paths = prop::sample::select(POSTS.to_vec());
    let mut runner = TestRunner::new(Config::with_cases(300));
    runner
        .run(&(changes, paths), |(changes, path)| {
            let octets = mangled(&text, &changes);
            // Blanks between the members leave the message as it was.
            let unchanged =
                serde_json::from_slice::<serde_json::Value>(&octets).is_ok_and(|it| it == original);
            prop_assume!(!unchanged);
            let reply = runtime.block_on(post(&swarm.url(path), octets));
            prop_assert!((400..500).contains(&reply.status), "{:?}", reply);
            reply.refusal();
            Ok(())
        })
        .unwrap();
    runner
        .run(
            &(proptest::collection::vec(any::<u8>(), 0..300), prop::sample::select(POSTS.to_vec())),
            |(octets, path)| {
                let reply = runtime.block_on(post(&swarm.url(path), octets));
                prop_assert_eq!(reply.refusal(), (400, "malformed-message"));
                Ok(())
            },
        )
        .unwrap();
    assert_eq!(swarm.entries(), 3);
}

#[test]
fn any_did_and_any_parameters_give_an_answer_that_is_no_fault() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let swarm = runtime.block_on(Swarm::start());
    let mut runner = TestRunner::new(Config::with_cases(200));
    runner
        .run(&("[a-zA-Z0-9:._%-]{1,60}", "[a-z]{1,8}=[a-zA-Z0-9%+-]{0,20}"), |(did, parameters)| {
            for path in [format!("/1.0/identifiers/{did}?{parameters}"), format!("/dids?{parameters}")] {
                let reply = runtime.block_on(get(&swarm.url(&path)));
                prop_assert!(reply.status < 500 || reply.status == 501, "{path}: {:?}", reply);
            }
            Ok(())
        })
        .unwrap();
}
