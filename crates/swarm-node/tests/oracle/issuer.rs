//! A stand-in for the controller: the protocol's own desk and registry behind the routes that an
//! oracle calls. It keeps nothing on disk.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::controller::clock;
use swarm_node::http::error::Problem;
use swarm_node::server::{Server, Socket};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{Desk, DialBackAnswer, HelloEntropy};
use swarm_protocol::envelope::{Audience, Expected, Message, Order, Signed, Stamp};
use swarm_protocol::genesis::{Genesis, SignedGenesis};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::Digest;
use swarm_protocol::registry::{Acknowledgement, Operation, Registry, Renew};

/// A controller for one test.
pub(crate) struct Issuer {
    pub(crate) key: SigningKey,
    pub(crate) genesis: SignedGenesis,
    pub(crate) state: Arc<Mutex<Rules>>,
    server: Server,
}

/// What the routes share.
pub(crate) struct Rules {
    key: SigningKey,
    genesis: SignedGenesis,
    desk: Desk,
    pub(crate) registry: Registry,
    /// The types of the messages accepted, in their order.
    pub(crate) accepted: Vec<&'static str>,
    /// Whether announcements, renewals and goodbyes are acknowledged by another key.
    pub(crate) forges: bool,
}

type Shared = State<Arc<Mutex<Rules>>>;

impl Issuer {
    /// Starts one; `is_test` and permissionless as given.
    pub(crate) async fn start(is_test: bool, is_permissionless: bool) -> Self {
        let key = SigningKey::from_octets([1; 32]);
        let admin = SigningKey::from_octets([2; 32]);
        let name = "test".parse().unwrap();
        let mut genesis = Genesis::new(name, vec![admin.public()], key.public(), clock::now());
        genesis.permissionless = is_permissionless;
        genesis.test = is_test;
        let genesis = genesis.sign(&key).unwrap();
        let (registry, _) = Registry::begin(genesis.clone());
        let state = Arc::new(Mutex::new(Rules {
            key: key.clone(),
            desk: Desk::new(genesis.clone(), key.clone()),
            genesis: genesis.clone(),
            registry,
            accepted: Vec::new(),
            forges: false,
        }));
        let router = Router::new()
            .route(
                "/v1/genesis",
                get(|State(it): Shared| async move { Json(it.lock().unwrap().genesis.clone()) }),
            )
            .route("/v1/enrolments", post(hello))
            .route("/v1/enrolments/proofs", post(proof))
            .route("/v1/announcements", post(announce))
            .route("/v1/renewals", post(renew))
            .route("/v1/goodbyes", post(goodbye))
            .with_state(state.clone());
        let server = Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router);
        Self { key, genesis, state, server }
    }

    /// The settings by which an oracle joins it.
    pub(crate) fn layer(&self) -> Layer {
        Layer {
            controller: Some(format!("http://{}", self.server.local_addr()).parse().unwrap()),
            issuer_key: Some(self.key.public()),
            ..Layer::default()
        }
    }

    /// Signs a message to an oracle or to everyone, with a fresh nonce.
    pub(crate) fn sign<B: Message>(&self, audience: Audience, body: B) -> Signed<B> {
        let stamp = Stamp {
            swarm: self.genesis.swarm(),
            audience,
            order: Order::Nonce(clock::nonce().unwrap()),
            issued_at: clock::now(),
            validity_ms: 60_000,
        };
        Signed::by_did(&self.key, stamp, body)
    }

    pub(crate) fn accepted(&self) -> Vec<&'static str> {
        self.state.lock().unwrap().accepted.clone()
    }
}

async fn hello(State(rules): Shared, body: String) -> Response {
    let mut rules = rules.lock().unwrap();
    let rules = &mut *rules;
    let entropy = HelloEntropy {
        session: clock::random().unwrap(),
        nonce: clock::random().unwrap(),
        ephemeral: clock::random().unwrap(),
    };
    let hello = Signed::parse(body.as_bytes()).unwrap();
    answer(rules.desk.hello(hello, [127, 0, 0, 1].into(), entropy, &rules.registry, clock::now()))
}

async fn proof(State(rules): Shared, body: String) -> Response {
    let proof = Signed::parse(body.as_bytes()).unwrap();
    let order = rules.lock().unwrap().desk.proof(proof, clock::random().unwrap(), clock::now());
    let order = match order {
        Ok(order) => order,
        Err(error) => return answer::<Value>(Err(error)),
    };
    let url = format!("{}/v1/dial-backs", order.endpoint);
    let client = client::new(Tls::Off).unwrap();
    let reply = client.post(url).body(order.message.to_json()).send().await.unwrap();
    let reply: Signed<DialBackAnswer> = Signed::parse(&reply.bytes().await.unwrap()).unwrap();
    let mut rules = rules.lock().unwrap();
    let operation = rules.desk.dialed_back(order.session, [127, 0, 0, 1].into(), reply, clock::now());
    let index = match operation {
        Ok(operation) => rules.commit(operation),
        Err(error) => return answer::<Value>(Err(error)),
    };
    rules.accepted.push("enrol");
    answer(rules.desk.receipt(order.session, index, clock::random().unwrap(), clock::now()))
}

async fn announce(State(rules): Shared, body: String) -> Response {
    let message = Signed::parse(body.as_bytes()).unwrap();
    let mut rules = rules.lock().unwrap();
    rules.log(
        "announce",
        message.digest(),
        message.header().sender.did().unwrap(),
        Operation::Announce(message),
    )
}

async fn goodbye(State(rules): Shared, body: String) -> Response {
    let message = Signed::parse(body.as_bytes()).unwrap();
    let mut rules = rules.lock().unwrap();
    rules.log(
        "goodbye",
        message.digest(),
        message.header().sender.did().unwrap(),
        Operation::Goodbye(message),
    )
}

async fn renew(State(rules): Shared, body: String) -> Response {
    let mut rules = rules.lock().unwrap();
    let message: Signed<Renew> = Signed::parse(body.as_bytes()).unwrap();
    let (digest, did) = (message.digest(), message.header().sender.did().unwrap());
    let expected = Expected::new(rules.genesis.swarm(), rules.genesis.controller(), clock::now());
    let message = message.verify(&expected).unwrap();
    match rules.registry.renew(&message, clock::now()) {
        Ok(_) => {
            rules.accepted.push("renew");
            rules.acknowledge(digest, did, None)
        }
        Err(error) => answer::<Value>(Err(error)),
    }
}

impl Rules {
    fn commit(&mut self, operation: Operation) -> u64 {
        let prepared = self.registry.prepare(operation, clock::now()).unwrap();
        let index = prepared.entry().index;
        self.registry.commit(prepared).unwrap();
        index
    }

    fn log(&mut self, kind: &'static str, digest: Digest, did: Did, operation: Operation) -> Response {
        match self.registry.prepare(operation, clock::now()) {
            Ok(prepared) => {
                let index = prepared.entry().index;
                self.registry.commit(prepared).unwrap();
                self.accepted.push(kind);
                self.acknowledge(digest, did, Some(index))
            }
            Err(error) => answer::<Value>(Err(error)),
        }
    }

    fn acknowledge(&self, accepted: Digest, did: Did, index: Option<u64>) -> Response {
        let oracle = self.registry.oracle(&did).unwrap();
        let body = Acknowledgement {
            accepted,
            state: oracle.state(clock::now()),
            lease_until: oracle.lease_until.unwrap_or(clock::now()),
            index,
        };
        let stamp = Stamp {
            swarm: self.genesis.swarm(),
            audience: did.into(),
            order: Order::Nonce(clock::nonce().unwrap()),
            issued_at: clock::now(),
            validity_ms: 60_000,
        };
        let key = if self.forges { SigningKey::from_octets([9; 32]) } else { self.key.clone() };
        Json(Signed::by_did(&key, stamp, body)).into_response()
    }
}

fn answer<T: serde::Serialize>(result: Result<T, impl std::fmt::Display>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => Problem::new(StatusCode::FORBIDDEN, "refused", error.to_string()).into_response(),
    }
}
