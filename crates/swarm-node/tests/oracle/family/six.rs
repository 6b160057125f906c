//! Oracles that ask each other, with a real controller, and callers who would like to say whom.

use std::path::Path;

use axum::Router;
use serde_json::{Value, json};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;

use super::{ask, call, edited, reaching, serve, service, url};
use crate::real::Swarm;
use crate::{get, start};

/// Six oracles of one swarm, with the contracts inside the binary.
async fn six() -> (Swarm, Vec<Oracle>) {
    let swarm = Swarm::found(false).await;
    let ticket = swarm.ticket("127.0.0.1", 6);
    let mut oracles = Vec::new();
    for number in 1..=6 {
        let layer = Layer { operator: Some(format!("operator-{number}")), ..reaching(ticket.clone()) };
        oracles.push(start(&swarm.state(&number.to_string()), layer).await);
    }
    (swarm, oracles)
}

/// The DIDs of oracles, in order.
fn dids(oracles: &[Oracle]) -> Vec<String> {
    let mut dids: Vec<String> = oracles.iter().map(|oracle| oracle.did().to_string()).collect();
    dids.sort();
    dids
}

/// The DIDs in identities, in order.
fn told<'a>(identities: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let mut dids: Vec<String> =
        identities.into_iter().map(|it| it["did"].as_str().unwrap().to_owned()).collect();
    dids.sort();
    dids
}

#[tokio::test]
async fn an_identity_names_the_controller_as_its_tracker() {
    let swarm = Swarm::found(true).await;
    let oracle = start(&swarm.state("1"), swarm.layer()).await;
    let body = ask(&oracle, "zenswarm-oracle-get-identity").await;
    assert_eq!(body["identity"]["tracker"], json!(format!("http://{}/", swarm.controller.local_addr())));
}

#[tokio::test]
async fn six_oracles_tell_who_they_are_and_what_time_it_is() {
    let (_swarm, oracles) = six().await;
    for name in ["consensusroom-get-6-timestamps", "consensusroom-get-6-timestamps.chain"] {
        let body = ask(&oracles[0], name).await;
        let members = body.as_object().unwrap();
        assert_eq!(members.keys().collect::<Vec<_>>(), ["1", "2", "3", "4", "5", "6"]);
        assert_eq!(told(members.values()), dids(&oracles));
        for member in members.values() {
            assert!(member["myTimestamp"].as_str().unwrap().parse::<u64>().is_ok(), "{member}");
        }
    }
}

#[tokio::test]
async fn identities_are_listed_and_picked_as_the_seeds_server_does() {
    let (_swarm, oracles) = six().await;
    let body = ask(&oracles[0], "consensusroom-server-get-listOfIdentities").await;
    assert_eq!(told(body["identities"].as_array().unwrap()), dids(&oracles));
    let body = ask(&oracles[1], "consensusroom-server-get-6RandomIdentities").await;
    let members = body.as_object().unwrap();
    assert_eq!(members.keys().collect::<Vec<_>>(), ["r1", "r2", "r3", "r4", "r5", "r6"]);
    assert_eq!(told(members.values()), dids(&oracles));
    let body = ask(&oracles[2], "consensusroom-get-3RandomIdentities").await;
    let mut three = told(body.as_object().unwrap().values());
    three.dedup();
    assert_eq!(three.len(), 3);
    for count in [3, 6] {
        let name = "consensusroom-server-get-3or6RandomIdentities";
        let (status, body) = call(&oracles[3], name, json!({ "Consensus": count })).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["randomIdentities"].as_object().unwrap().len(), count);
        assert_eq!(body["output"], json!([format!("Consensus_with_{count}_nodes_was_chosen")]));
    }
    let (status, _) =
        call(&oracles[3], "consensusroom-server-get-3or6RandomIdentities", json!({ "Consensus": 4 })).await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn an_identity_is_found_in_a_list_of_the_swarm_and_no_other_is() {
    let (_swarm, oracles) = six().await;
    let list = ask(&oracles[0], "consensusroom-server-get-listOfIdentities").await;
    let own = ask(&oracles[4], "zenswarm-oracle-get-identity").await["identity"].clone();
    let name = "consensusroom-verify-announce";
    let (status, body) = call(&oracles[1], name, json!({ "identity": own, "output": list })).await;
    assert_eq!((status, &body["output"]), (200, &json!(["The_identity_is_announced"])));
    let mut other = own;
    other["port_http"] = json!("1");
    let (status, _) = call(&oracles[1], name, json!({ "identity": other, "output": list })).await;
    assert_eq!(status, 500);
}

const TX: &str = "94d5a744e8a4d8153cda90a900fdeba5b763a945411f3f7ebe33c7d54b91bbf0";

/// The data of a query to six: `post` goes to `endpoint`.
fn query(endpoint: &str, post: &Value) -> Value {
    json!({ "txId": TX, "post": { "data": { "endpoint": endpoint, "post": post } } })
}

#[tokio::test]
async fn six_oracles_post_the_same_object_and_agree() {
    let (_swarm, oracles) = six().await;
    let (service, bodies) = service(false).await;
    let data = query(&url(&service), &json!({ "hello": "swarm" }));
    let (status, body) = call(&oracles[0], "zenswarm-post-6-rand-oracles.chain", data).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["consensus"], json!("all_results_are_equal"));
    let one =
        json!({ "status": 200, "result": { "output": { "status": 200, "result": { "number": "0" } } } });
    assert_eq!(body["result"], json!(vec![one; 6]));
    assert_eq!(*bodies.lock().unwrap(), vec!["{\"hello\":\"swarm\"}"; 6]);
}

#[tokio::test]
async fn what_is_posted_reaches_the_oracles_as_it_was_sent() {
    let (sink, bodies) = service(false).await;
    let rows: Vec<Value> =
        (0..6).map(|_| json!({ "profile": { "endpoints": [url(&sink).trim_end_matches('/')] } })).collect();
    let list = json!({ "oracles": rows });
    let tracker = serve(Router::new().fallback(move || std::future::ready(axum::Json(list.clone())))).await;
    for name in ["zenswarm-post-6-rand-oracles", "consensusroom-parallel-post-from-6random"] {
        let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
        let keys = std::fs::read_to_string(contracts.join(format!("{name}.keys"))).unwrap();
        let keys = format!("{keys}identity: {{ \"tracker\": \"{}\" }}\n", url(&tracker));
        let (_folder, oracle) =
            edited(&[(&format!("{name}.keys"), &keys), (&format!("{name}.metadata.json"), "{}")]).await;
        let post = "{\"data\":{\"number\":1644584971367,\"small\":0.123456789,\"deep\":[{\"b\":1,\"a\":2}]}}";
        let tx = if name.starts_with("zenswarm") { format!("\"txId\":\"{TX}\",") } else { String::new() };
        let body = format!("{{\"data\":{{{tx}\"post\":{post}}}}}");
        let (status, body) = crate::post(oracle.local_addr(), &format!("/api/{name}.chain"), body).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(std::mem::take(&mut *bodies.lock().unwrap()), vec![post; 6]);
    }
}

#[tokio::test]
async fn six_answers_that_differ_are_no_consensus() {
    let (_swarm, oracles) = six().await;
    let (service, _) = service(true).await;
    let name = "zenswarm-post-6-rand-oracles.chain";
    let (_, body) = call(&oracles[0], name, query(&url(&service), &json!({}))).await;
    assert_eq!(body["consensus"], json!("results_are_all_200_but_different"), "{body}");
    let (_, body) = call(&oracles[0], "consensusroom-parallel-post-from-6random.chain", {
        let mut data = query(&url(&service), &json!({}));
        data.as_object_mut().unwrap().remove("txId");
        data
    })
    .await;
    assert_eq!(body["result"].as_array().unwrap().len(), 6, "{body}");
}

#[tokio::test]
async fn the_egress_policy_of_the_six_holds_for_what_a_caller_has_them_post() {
    let (_swarm, oracles) = six().await;
    let data = query("http://169.254.169.254/latest/meta-data", &json!({}));
    let (status, body) = call(&oracles[0], "zenswarm-post-6-rand-oracles.chain", data).await;
    assert_eq!((status, &body["consensus"]), (200, &json!("all_results_are_500")), "{body}");
    assert!(
        body["result"][0]["result"]["zenroom_errors"]["logs"].as_str().unwrap().contains("egress policy")
    );
}

#[tokio::test]
async fn an_oracle_in_no_swarm_has_nobody_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(&folder.path().join("state"), reaching(Layer::default())).await;
    for name in ["consensusroom-get-6-timestamps", "consensusroom-server-get-listOfIdentities"] {
        let (status, body) = get(oracle.local_addr(), &format!("/api/{name}")).await;
        assert_eq!(status, 500);
        assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("tracker"), "{body}");
    }
}

#[tokio::test]
async fn no_caller_says_whom_an_oracle_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (trap, bodies) = service(false).await;
    let oracle = start(&folder.path().join("state"), reaching(Layer::default())).await;
    let asking = [
        "consensusroom-get-3RandomIdentities",
        "consensusroom-get-6-timestamps",
        "consensusroom-get-6-timestamps.chain",
        "consensusroom-parallel-post-from-6random.chain",
        "consensusroom-server-get-3or6RandomIdentities",
        "consensusroom-server-get-6RandomIdentities",
        "consensusroom-server-get-listOfIdentities",
        "zenswarm-post-6-rand-oracles.chain",
    ];
    let trapped = json!([url(&trap)]);
    let tracker = json!({ "tracker": url(&trap) });
    for name in asking {
        for (member, value) in [
            ("registry", json!(url(&trap))),
            ("endpoints", trapped.clone()),
            ("homes", trapped.clone()),
            ("clocks", trapped.clone()),
            ("asked", tracker.clone()),
            ("identity", tracker.clone()),
        ] {
            let mut data = json!({ member: value });
            match name {
                "consensusroom-server-get-3or6RandomIdentities" => data["Consensus"] = json!(3),
                "zenswarm-post-6-rand-oracles.chain" => {
                    data["txId"] = json!(TX);
                    data["post"] = json!({ "data": {} });
                }
                "consensusroom-parallel-post-from-6random.chain" => data["post"] = json!({ "data": {} }),
                _ => {}
            }
            let (status, body) = call(&oracle, name, data).await;
            assert_eq!(status, 422, "{name}, {member}: {body}");
        }
    }
    assert!(bodies.lock().unwrap().is_empty());
}

#[tokio::test]
async fn steps_of_the_chains_are_no_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(&folder.path().join("state"), Layer::default()).await;
    for name in [
        "zenswarm-post-6-rand-oracles",
        "consensusroom-parallel-post-from-6random",
        "zenswarm-oracle-key-issuance-1",
        "zenswarm-oracle-key-issuance-2",
    ] {
        assert_eq!(get(oracle.local_addr(), &format!("/api/{name}")).await.0, 404, "{name}");
    }
}
