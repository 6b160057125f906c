//! A member of a swarm that keeps the rules, or breaks one on purpose.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use swarm_node::controller::clock;
use swarm_node::server::{Server, Socket};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{HeldTicket, JoinEntropy, Joining, Newcomer, Proof};
use swarm_protocol::envelope::{Message, Order, Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::profile::Profile;
use swarm_protocol::query::{Answer, Assignment, Outcome};
use swarm_protocol::registry::{Announce, Goodbye, Renew};
use swarm_protocol::service_key::ServiceSecrets;

use crate::swarm::Swarm;
use crate::{Reply, post as send, try_post};

/// What a member does with an assignment.
#[derive(Debug, Clone)]
pub(crate) enum Vote {
    /// Votes for this result.
    For(Value),
    /// Votes for a contract's failure.
    Error,
    /// Never answers.
    Never,
    /// Answers with this status.
    Status(u16),
    /// Answers with something else.
    Garbage,
    /// Votes with another key.
    Forged,
    /// Votes for one result, and sends another along.
    Swapped,
}

/// What a member does when it is dialled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DialBack {
    Answers,
    AnswersWithAnotherKey,
    Refuses,
    Redirects,
}

pub(crate) struct Member {
    pub(crate) key: SigningKey,
    pub(crate) secrets: ServiceSecrets,
    shared: Arc<Shared>,
    server: Server,
}

struct Shared {
    key: SigningKey,
    genesis: swarm_protocol::genesis::SignedGenesis,
    joining: Mutex<Option<Joining>>,
    dial_back: Mutex<DialBack>,
    vote: Mutex<Vote>,
    asked: Mutex<u32>,
}

fn random<const N: usize>() -> [u8; N] {
    clock::random().unwrap()
}

impl Member {
    /// A member that is served and not enrolled.
    pub(crate) async fn new(swarm: &Swarm) -> Self {
        let key = SigningKey::from_octets(random());
        let secrets = ServiceSecrets::new(random(), random()).unwrap();
        let shared = Arc::new(Shared {
            key: key.clone(),
            genesis: swarm.genesis.clone(),
            joining: Mutex::default(),
            dial_back: Mutex::new(DialBack::Answers),
            vote: Mutex::new(Vote::For(json!({"output": ["yes"]}))),
            asked: Mutex::default(),
        });
        let router = Router::new()
            .route("/v1/dial-backs", post(dial_back))
            .route("/v1/votes", post(vote))
            .with_state(shared.clone());
        let server = Socket::bind("127.0.0.1:0".parse().unwrap()).await.unwrap().serve(router);
        Self { key, secrets, shared, server }
    }

    /// A member that is enrolled with a ticket, and announced.
    pub(crate) async fn active(swarm: &Swarm) -> Self {
        let member = Self::new(swarm).await;
        let reply = member.enrol(swarm, Some(swarm.ticket("127.0.0.1", 1))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = member.announce(swarm, 1).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        member
    }

    /// Active members with one vote each.
    pub(crate) async fn committee(swarm: &Swarm, votes: &[Vote]) -> Vec<Self> {
        let mut members = Vec::new();
        for vote in votes {
            let member = Self::active(swarm).await;
            member.votes(vote.clone());
            members.push(member);
        }
        members
    }

    pub(crate) fn did(&self) -> Did {
        Did::of(self.key.public())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    pub(crate) fn votes(&self, vote: Vote) {
        *self.shared.vote.lock().unwrap() = vote;
    }

    pub(crate) fn answers_dial_backs(&self, dial_back: DialBack) {
        *self.shared.dial_back.lock().unwrap() = dial_back;
    }

    /// How often it was asked to vote.
    pub(crate) fn asked(&self) -> u32 {
        *self.shared.asked.lock().unwrap()
    }

    pub(crate) fn profile(&self) -> Profile {
        let endpoint = format!("http://{}", self.address()).parse().unwrap();
        Profile::new(endpoint, "test".parse().unwrap())
    }

    pub(crate) fn newcomer(&self, swarm: &Swarm, ticket: Option<HeldTicket>) -> Newcomer {
        Newcomer {
            genesis: swarm.genesis.clone(),
            key: self.key.clone(),
            secrets: self.secrets.clone(),
            ticket,
            profile: self.profile(),
        }
    }

    /// Says hello, proves, and returns the last reply.
    pub(crate) async fn enrol(&self, swarm: &Swarm, ticket: Option<HeldTicket>) -> Reply {
        match self.prove(swarm, self.newcomer(swarm, ticket)).await {
            Ok(proof) => self.send_proof(swarm, &proof).await,
            Err(refused) => refused,
        }
    }

    /// Says hello, and makes the proof.
    pub(crate) async fn prove(&self, swarm: &Swarm, newcomer: Newcomer) -> Result<Signed<Proof>, Reply> {
        let (mut joining, hello) = Joining::start(newcomer, random(), clock::now()).unwrap();
        let reply = send(&swarm.url("/v1/enrolments"), hello.to_json()).await;
        if reply.status != 201 {
            return Err(reply);
        }
        let challenge = Signed::parse(reply.text.as_bytes()).unwrap();
        let entropy = JoinEntropy { nonce: random(), ephemeral: random() };
        let proof = joining.challenge(challenge, entropy, clock::now()).unwrap();
        *self.shared.joining.lock().unwrap() = Some(joining);
        Ok(proof)
    }

    /// Sends a proof; a receipt must be the controller's.
    pub(crate) async fn send_proof(&self, swarm: &Swarm, proof: &Signed<Proof>) -> Reply {
        let reply = send(&swarm.url("/v1/enrolments/proofs"), proof.to_json()).await;
        if reply.status == 200 {
            let receipt = Signed::parse(reply.text.as_bytes()).unwrap();
            self.shared.joining.lock().unwrap().take().unwrap().receipt(receipt, clock::now()).unwrap();
        }
        reply
    }

    pub(crate) fn sign<B: Message>(&self, swarm: &Swarm, sequence: u64, body: B) -> Signed<B> {
        let stamp = Stamp { order: Order::Sequence(sequence), ..swarm.stamp() };
        Signed::by_did(&self.key, stamp, body)
    }

    pub(crate) async fn announce(&self, swarm: &Swarm, sequence: u64) -> Reply {
        self.announce_for(swarm, sequence, 60_000).await
    }

    pub(crate) async fn announce_for(&self, swarm: &Swarm, sequence: u64, lease_ms: u64) -> Reply {
        let body = Announce { profile: self.profile(), lease_ms };
        send(&swarm.url("/v1/announcements"), self.sign(swarm, sequence, body).to_json()).await
    }

    /// The status of an enrolment's last step; `None` when the controller is gone.
    pub(crate) async fn try_enrol(&self, swarm: &Swarm, ticket: HeldTicket) -> Option<u16> {
        let (mut joining, hello) =
            Joining::start(self.newcomer(swarm, Some(ticket)), random(), clock::now()).unwrap();
        let reply = try_post(&swarm.url("/v1/enrolments"), hello.to_json()).await?;
        assert_eq!(reply.status, 201, "{reply:?}");
        let challenge = Signed::parse(reply.text.as_bytes()).unwrap();
        let entropy = JoinEntropy { nonce: random(), ephemeral: random() };
        let proof = joining.challenge(challenge, entropy, clock::now()).unwrap();
        *self.shared.joining.lock().unwrap() = Some(joining);
        try_post(&swarm.url("/v1/enrolments/proofs"), proof.to_json()).await.map(|reply| reply.status)
    }

    /// The status of an announcement; `None` when the controller is gone.
    pub(crate) async fn try_announce(&self, swarm: &Swarm, sequence: u64) -> Option<u16> {
        let announce = self.sign(swarm, sequence, Announce { profile: self.profile(), lease_ms: 60_000 });
        try_post(&swarm.url("/v1/announcements"), announce.to_json()).await.map(|reply| reply.status)
    }

    pub(crate) async fn renew(&self, swarm: &Swarm, sequence: u64) -> Reply {
        let renewal = self.sign(swarm, sequence, Renew { lease_ms: 60_000 });
        send(&swarm.url("/v1/renewals"), renewal.to_json()).await
    }

    pub(crate) async fn goodbye(&self, swarm: &Swarm, sequence: u64) -> Reply {
        send(&swarm.url("/v1/goodbyes"), self.sign(swarm, sequence, Goodbye {}).to_json()).await
    }
}

type Said = Result<(StatusCode, String), (StatusCode, [(&'static str, &'static str); 1])>;

async fn dial_back(State(shared): State<Arc<Shared>>, body: String) -> Said {
    let how = *shared.dial_back.lock().unwrap();
    let dial_back = Signed::parse(body.as_bytes()).unwrap();
    let joining = shared.joining.lock().unwrap();
    let answer = joining.as_ref().unwrap().dial_back(dial_back, random(), clock::now()).unwrap();
    match how {
        DialBack::Answers => Ok((StatusCode::OK, answer.to_json())),
        DialBack::AnswersWithAnotherKey => {
            let header = *answer.header();
            let stamp = Stamp {
                swarm: header.swarm,
                audience: header.audience,
                order: header.order,
                issued_at: header.issued_at,
                validity_ms: 1000,
            };
            let forged = Signed::by_did(&SigningKey::from_octets(random()), stamp, answer.body().clone());
            Ok((StatusCode::OK, forged.to_json()))
        }
        DialBack::Refuses => Ok((StatusCode::NOT_FOUND, String::new())),
        DialBack::Redirects => Err((StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")])),
    }
}

async fn vote(State(shared): State<Arc<Shared>>, body: String) -> (StatusCode, String) {
    *shared.asked.lock().unwrap() += 1;
    let how = shared.vote.lock().unwrap().clone();
    let did = Did::of(shared.key.public());
    let assignment = Signed::<Assignment>::parse(body.as_bytes()).unwrap();
    let accepted = Assignment::accept(assignment, did, &shared.genesis, clock::now()).unwrap();
    let answer = |outcome, key: &SigningKey| Answer::new(&accepted, outcome, key, clock::now());
    let ok = |answer: Answer| (StatusCode::OK, answer.to_json());
    match how {
        Vote::For(value) => ok(answer(Outcome::Result(value), &shared.key)),
        Vote::Error => {
            let failure = json!({"status": 500, "title": "a statement failed"});
            ok(answer(Outcome::Error(serde_json::from_value(failure).unwrap()), &shared.key))
        }
        Vote::Never => std::future::pending().await,
        Vote::Status(status) => (StatusCode::from_u16(status).unwrap(), String::new()),
        Vote::Garbage => (StatusCode::OK, "{\"vote\":1}".to_owned()),
        Vote::Forged => {
            ok(answer(Outcome::Result(json!({"output": ["yes"]})), &SigningKey::from_octets(random())))
        }
        Vote::Swapped => {
            let signed = answer(Outcome::Result(json!({"output": ["no"]})), &shared.key);
            ok(Answer { vote: signed.vote, outcome: Outcome::Result(json!({"output": ["yes"]})) })
        }
    }
}
