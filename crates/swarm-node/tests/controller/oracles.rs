//! The same controller with real oracles: enrolment, votes, a liar, a stop.

use std::path::Path;

use serde_json::json;
use swarm_node::config::{Fault, Layer};
use swarm_node::oracle::Oracle;
use swarm_protocol::certificate::{Certificate, Report};

use crate::swarm::Swarm;
use crate::{Reply, get, post};

/// An oracle of a swarm, on a free port.
async fn start(swarm: &Swarm, folder: &Path, fault: Option<Fault>) -> Oracle {
    std::fs::write(folder.join("ticket.json"), swarm.ticket("127.0.0.1", 1).expose().as_bytes()).unwrap();
    let layer = Layer {
        state: Some(folder.join("state")),
        controller: Some(swarm.base.parse().unwrap()),
        issuer_key: Some(swarm.issuer.public()),
        ticket: Some(folder.join("ticket.json")),
        ..Layer::default()
    };
    let mut config = layer.resolve().unwrap();
    config.fault = fault;
    Oracle::start(config).await.unwrap()
}

async fn ask(swarm: &Swarm, contract: serde_json::Value, policy: &str) -> Reply {
    let query = json!({"contract": contract, "data": {}, "policy": policy, "deadline_ms": 10_000});
    post(&swarm.url("/v1/queries"), query.to_string()).await
}

fn verified(swarm: &Swarm, reply: &Reply) -> Report {
    assert_eq!(reply.status, 200, "{reply:?}");
    Certificate::parse(reply.text.as_bytes()).unwrap().verify(Some(swarm.genesis.swarm())).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_oracles_answer_outvote_a_liar_and_leave() {
    let swarm = Swarm::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut oracles = Vec::new();
    for number in 0..4 {
        let home = folder.path().join(number.to_string());
        std::fs::create_dir(&home).unwrap();
        oracles.push(start(&swarm, &home, (number == 3).then_some(Fault::Lie)).await);
    }
    let ping = || json!({"name": "zenswarm-oracle-ping"});
    let report = verified(&swarm, &ask(&swarm, ping(), "bft 1").await);
    assert_eq!(report.outcome.value(), json!({"output": ["I_am_alive!"]}));
    assert!(!report.signers.contains(&oracles[3].did()));
    let text = json!({"text": "Given I have a 'string' named 'nothing'\nThen print all data\n"});
    assert_eq!(ask(&swarm, text, "3 of 4").await.refusal(), (409, "no-agreement"));
    let reply = ask(&swarm, ping(), "full").await;
    assert_eq!(reply.refusal(), (409, "no-agreement"));
    assert_eq!(reply.body["divergence"]["clusters"][1]["members"], json!([oracles[3].did()]));
    oracles.pop().unwrap().stop().await.unwrap();
    assert_eq!(verified(&swarm, &ask(&swarm, ping(), "full").await).signers.len(), 3);
    for oracle in oracles {
        oracle.stop().await.unwrap();
    }
    assert_eq!(get(&swarm.url("/v1/oracles?state=expired")).await.body["total"], 4);
}
