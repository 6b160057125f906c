//! The oracle and the real controller, in one process: enrolment by ticket, restarts, eviction by
//! time, all over HTTP.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use swarm_node::config::Layer;
use swarm_node::controller::folder::{self, Founding};
use swarm_node::controller::{Controller, Running, clock, keyfile};
use swarm_node::oracle::{Oracle, OracleError};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{HeldTicket, Ticket, TicketSecret};
use swarm_protocol::envelope::{Order, Signed, Stamp};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::key::SigningKey;
use swarm_protocol::registry::State;

use crate::start;

/// A controller, and what oracles need to join it.
pub(crate) struct Swarm {
    folder: tempfile::TempDir,
    genesis: SignedGenesis,
    pub(crate) controller: Running,
}

impl Swarm {
    pub(crate) async fn found(is_permissionless: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let founding = Founding {
            name: "test".parse().unwrap(),
            admin: admin().public(),
            permissionless: is_permissionless,
            test: true,
        };
        let state = folder.path().join("controller");
        let genesis = folder::found(&state, &founding, clock::now()).unwrap();
        let controller = serve(&state, 0).await;
        Self { folder, genesis, controller }
    }

    pub(crate) fn layer(&self) -> Layer {
        Layer {
            controller: Some(self.controller.url().parse().unwrap()),
            issuer_key: Some(self.genesis.genesis().controller),
            ..Layer::default()
        }
    }

    /// A ticket file for these hosts.
    pub(crate) fn ticket(&self, host: &str, uses: u32) -> Layer {
        let secret = TicketSecret::new([3; 32]);
        let body = Ticket { host: host.parse().unwrap(), uses, claim: secret.claim_key().public() };
        let stamp = Stamp {
            swarm: self.genesis.swarm(),
            audience: self.genesis.controller().into(),
            order: Order::Nonce(clock::nonce().unwrap()),
            issued_at: clock::now(),
            validity_ms: 60_000,
        };
        let ticket = Signed::by_admin(&admin(), stamp, body);
        let path = self.folder.path().join("ticket.json");
        let text = HeldTicket { ticket, secret }.expose();
        keyfile::write_new(&path, text.as_bytes(), 0o600).unwrap();
        Layer { ticket: Some(path), ..self.layer() }
    }

    pub(crate) fn state(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn stands(&self, did: Did) -> State {
        self.controller.controller().registrar().registry().oracle(&did).unwrap().state(clock::now())
    }
}

fn admin() -> SigningKey {
    SigningKey::from_octets([2; 32])
}

async fn serve(state: &Path, port: u16) -> Running {
    let controller = Controller::open(state, None).unwrap();
    controller.serve(SocketAddr::from(([127, 0, 0, 1], port))).await.unwrap()
}

async fn refused(state: &Path, layer: Layer) -> OracleError {
    let layer = Layer { state: Some(state.into()), ..layer };
    Oracle::start(layer.resolve().unwrap()).await.unwrap_err()
}

#[tokio::test]
async fn an_oracle_with_a_ticket_is_active_until_it_says_goodbye() {
    let swarm = Swarm::found(false).await;
    let oracle = start(&swarm.state("1"), swarm.ticket("127.0.0.1", 1)).await;
    let did = oracle.did();
    assert_eq!(swarm.stands(did), State::Active);
    oracle.stop().await.unwrap();
    assert_eq!(swarm.stands(did), State::Expired);
    let oracle = start(&swarm.state("1"), Layer::default()).await;
    assert_eq!((oracle.did(), swarm.stands(did)), (did, State::Active));
}

#[tokio::test]
async fn an_oracle_without_a_ticket_is_quarantined_where_that_is_allowed() {
    let swarm = Swarm::found(true).await;
    let oracle = start(&swarm.state("1"), swarm.layer()).await;
    assert_eq!(swarm.stands(oracle.did()), State::Quarantined);
}

#[tokio::test]
async fn a_ticket_is_good_for_its_uses_and_its_hosts() {
    let swarm = Swarm::found(false).await;
    let layer = swarm.ticket("127.0.0.0/8", 1);
    let _first = start(&swarm.state("1"), layer.clone()).await;
    let error = refused(&swarm.state("2"), layer).await;
    assert!(error.to_string().contains("has been used 1 times"), "{error}");

    let swarm = Swarm::found(false).await;
    let error = refused(&swarm.state("1"), swarm.ticket("10.0.0.0/8", 1)).await;
    assert!(error.to_string().contains("is for 10.0.0.0/8"), "{error}");
}

#[tokio::test]
async fn an_endpoint_that_is_not_the_oracle_is_not_enrolled() {
    let swarm = Swarm::found(false).await;
    let elsewhere = format!("http://{}", swarm.controller.local_addr());
    let layer = Layer { endpoint: Some(elsewhere.parse().unwrap()), ..swarm.ticket("127.0.0.1", 1) };
    let error = refused(&swarm.state("1"), layer).await;
    assert!(error.to_string().contains("could not be dialled back"), "{error}");
    assert!(!swarm.state("1").join("membership.json").exists());
}

#[tokio::test]
async fn a_lost_receipt_does_not_lock_an_oracle_out() {
    let swarm = Swarm::found(false).await;
    let layer = swarm.ticket("127.0.0.1", 1);
    let oracle = start(&swarm.state("1"), layer.clone()).await;
    let did = oracle.did();
    oracle.stop().await.unwrap();
    std::fs::remove_file(swarm.state("1").join("membership.json")).unwrap();
    let oracle = start(&swarm.state("1"), layer).await;
    assert_eq!((oracle.did(), swarm.stands(did)), (did, State::Active));
}

#[tokio::test]
async fn an_oracle_comes_back_after_the_controller_was_restarted() {
    let swarm = Swarm::found(false).await;
    let lease = Layer::from_toml("[oracle]\nlease = \"1s\"\n", "test").unwrap();
    let oracle = start(&swarm.state("1"), swarm.ticket("127.0.0.1", 1).over(lease)).await;
    let port = swarm.controller.local_addr().port();
    let Swarm { folder, controller, .. } = swarm;
    controller.shutdown();
    controller.join().await.unwrap();
    let since = clock::now();
    let controller = serve(&folder.path().join("controller"), port).await;
    let renewed = async {
        while oracle.standing().unwrap().lease_until <= since.plus(1_100) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), renewed).await.unwrap();
    let stands =
        controller.controller().registrar().registry().oracle(&oracle.did()).unwrap().state(clock::now());
    assert_eq!(stands, State::Active);
    oracle.stop().await.unwrap();
}
