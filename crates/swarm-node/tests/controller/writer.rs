//! The writer of the log over a store that can be made to wait or to fail.

#![allow(
    clippy::await_holding_lock,
    reason = "the gate is held while the writer, on a thread of its own, stands before it"
)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use swarm_node::controller::registrar::{Registrar, RegistrarError};
use swarm_node::controller::{Controller, clock};
use swarm_node::store::memory::MemoryStore;
use swarm_node::store::{Batch, Store, StoreError};
use swarm_protocol::enrolment::{
    Desk, HeldTicket, HelloEntropy, JoinEntropy, Joining, Newcomer, Ticket, TicketSecret,
};
use swarm_protocol::envelope::{Order, Signed, Stamp};
use swarm_protocol::genesis::{Genesis, SignedGenesis};
use swarm_protocol::key::SigningKey;
use swarm_protocol::profile::Profile;
use swarm_protocol::registry::{Announce, Operation, Registry};
use swarm_protocol::service_key::ServiceSecrets;

use crate::get;
use crate::swarm::key;

/// A store in memory that a test can hold up or break.
#[derive(Debug, Default)]
struct TestStore {
    memory: MemoryStore,
    gate: Mutex<()>,
    is_broken: AtomicBool,
    commits: AtomicUsize,
}

impl Store for TestStore {
    fn entries_count(&self) -> Result<u64, StoreError> {
        self.memory.entries_count()
    }

    fn entries(&self, first: u64, count_max: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        self.memory.entries(first, count_max)
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.value(key)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        let _gate = self.gate.lock().unwrap();
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(StoreError::Io { path: "test".into(), cause: "no space left on device".into() });
        }
        self.memory.commit(batch)
    }
}

struct World {
    genesis: SignedGenesis,
    issuer: SigningKey,
    admin: SigningKey,
    store: Arc<TestStore>,
}

impl World {
    fn new() -> Self {
        let (issuer, admin) = (key(), key());
        let record =
            Genesis::new("test".parse().unwrap(), vec![admin.public()], issuer.public(), clock::now());
        let genesis = record.sign(&issuer).unwrap();
        let store = Arc::new(TestStore::default());
        let (_, entry) = Registry::begin(genesis.clone());
        store.commit(&Batch { entries: vec![entry.leaf().into_bytes()], ..Batch::default() }).unwrap();
        Self { genesis, issuer, admin, store }
    }

    fn registrar(&self) -> Registrar {
        Registrar::start(self.store.clone(), self.issuer.clone()).unwrap()
    }

    fn stamp(&self, order: Order) -> Stamp {
        let audience = self.genesis.controller().into();
        Stamp { swarm: self.genesis.swarm(), audience, order, issued_at: clock::now(), validity_ms: 60_000 }
    }

    /// Oracles that are in the log, each with the announcement that it would make next.
    async fn announcements(&self, registrar: &Registrar, count: u32) -> Vec<Operation> {
        let secret = TicketSecret::new(clock::random().unwrap());
        let body =
            Ticket { host: "127.0.0.1".parse().unwrap(), uses: count, claim: secret.claim_key().public() };
        let ticket = Signed::by_admin(&self.admin, self.stamp(Order::Nonce(clock::nonce().unwrap())), body);
        let held = HeldTicket { ticket, secret };
        let mut desk = Desk::new(self.genesis.clone(), self.issuer.clone());
        let mut announcements = Vec::new();
        for _ in 0..count {
            let (key, enrol) = self.enrol(registrar, &mut desk, held.clone());
            registrar.write(enrol).await.unwrap();
            let body = Announce { profile: profile(), lease_ms: 60_000 };
            announcements.push(Operation::Announce(Signed::by_did(
                &key,
                self.stamp(Order::Sequence(1)),
                body,
            )));
        }
        announcements
    }

    fn enrol(&self, registrar: &Registrar, desk: &mut Desk, held: HeldTicket) -> (SigningKey, Operation) {
        let (key, here, now) = (key(), "127.0.0.1".parse().unwrap(), clock::now());
        let secrets = ServiceSecrets::new(clock::random().unwrap(), clock::random().unwrap()).unwrap();
        let (genesis, ticket) = (self.genesis.clone(), Some(held));
        let newcomer = Newcomer { genesis, key: key.clone(), secrets, ticket, profile: profile() };
        let (mut joining, hello) = Joining::start(newcomer, clock::random().unwrap(), now).unwrap();
        let entropy = HelloEntropy {
            session: clock::random().unwrap(),
            nonce: clock::random().unwrap(),
            ephemeral: clock::random().unwrap(),
        };
        let challenge = desk.hello(hello, here, entropy, &registrar.registry(), now).unwrap();
        let entropy = JoinEntropy { nonce: clock::random().unwrap(), ephemeral: clock::random().unwrap() };
        let proof = joining.challenge(challenge, entropy, now).unwrap();
        let order = desk.proof(proof, clock::random().unwrap(), now).unwrap();
        let answer = joining.dial_back(order.message, clock::random().unwrap(), now).unwrap();
        (key, desk.dialed_back(order.session, here, answer, now).unwrap())
    }
}

fn profile() -> Profile {
    Profile::new("http://127.0.0.1:1".parse().unwrap(), "test".parse().unwrap())
}

#[tokio::test]
async fn changes_that_wait_share_one_commit() {
    let world = World::new();
    let registrar = Arc::new(world.registrar());
    let mut announcements = world.announcements(&registrar, 21).await;
    let before = world.store.commits.load(Ordering::SeqCst);
    let mut writes = tokio::task::JoinSet::new();
    {
        let gate = world.store.gate.lock().unwrap();
        let first = announcements.pop().unwrap();
        let writer = registrar.clone();
        writes.spawn(async move { writer.write(first).await.unwrap().index });
        // The first commit has begun, and stands before the gate.
        while world.store.commits.load(Ordering::SeqCst) == before {
            tokio::task::yield_now().await;
        }
        let sent = Arc::new(AtomicUsize::new(0));
        for announce in announcements {
            let (writer, sent) = (registrar.clone(), sent.clone());
            writes.spawn(async move {
                let mut write = Box::pin(writer.write(announce));
                // Polled once, a write is in the queue.
                let polled =
                    std::future::poll_fn(|context| std::task::Poll::Ready(write.as_mut().poll(context)));
                assert!(polled.await.is_pending());
                sent.fetch_add(1, Ordering::SeqCst);
                write.await.unwrap().index
            });
        }
        while sent.load(Ordering::SeqCst) < 20 {
            tokio::task::yield_now().await;
        }
        drop(gate);
    }
    let mut places = writes.join_all().await;
    places.sort_unstable();
    assert_eq!(places, (22..43).collect::<Vec<u64>>());
    assert_eq!(world.store.commits.load(Ordering::SeqCst) - before, 2);
    assert_eq!(registrar.head().size(), 43);
}

#[tokio::test]
async fn no_checkpoint_covers_what_is_not_on_disk() {
    let world = World::new();
    let registrar = Arc::new(world.registrar());
    let announce = world.announcements(&registrar, 1).await.remove(0);
    let write = {
        let _gate = world.store.gate.lock().unwrap();
        let writer = registrar.clone();
        let write = tokio::spawn(async move { writer.write(announce).await });
        while registrar.registry().size() == 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!((registrar.registry().size(), registrar.head().size()), (3, 2));
        write
    };
    assert_eq!(write.await.unwrap().unwrap().index, 2);
    assert_eq!(registrar.head().size(), 3);
}

#[tokio::test]
async fn a_broken_disk_stops_the_writer_for_good_and_reading_goes_on() {
    let world = World::new();
    let controller =
        Controller::new(world.genesis.clone(), world.issuer.clone(), world.store.clone(), None).unwrap();
    let announcements = world.announcements(controller.registrar(), 2).await;
    world.store.is_broken.store(true, Ordering::SeqCst);
    for announce in announcements {
        let refused = controller.registrar().write(announce).await;
        assert!(matches!(refused, Err(RegistrarError::Stopped)), "{refused:?}");
        world.store.is_broken.store(false, Ordering::SeqCst);
    }
    let running = controller.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let health = get(&format!("{}/health", running.url())).await;
    assert_eq!((health.status, &health.body["status"]), (503, &"log stopped".into()));
    let checkpoint = get(&format!("{}/v1/checkpoint", running.url())).await;
    assert_eq!(checkpoint.text.lines().nth(1), Some("3"));
    assert_eq!(world.store.entries_count().unwrap(), 3);
}
