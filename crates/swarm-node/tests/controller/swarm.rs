//! A swarm for one test: a controller over a store in memory, an admin, tickets.

use std::sync::Arc;

use swarm_node::controller::{Controller, Running, clock};
use swarm_node::store::memory::MemoryStore;
use swarm_node::store::{Batch, Store};
use swarm_protocol::enrolment::{HeldTicket, Ticket, TicketSecret};
use swarm_protocol::envelope::{Message, Order, Signed, Stamp};
use swarm_protocol::genesis::{Genesis, SignedGenesis};
use swarm_protocol::key::SigningKey;
use swarm_protocol::registry::Registry;

use crate::{Reply, post};

pub(crate) struct Swarm {
    pub(crate) genesis: SignedGenesis,
    pub(crate) issuer: SigningKey,
    pub(crate) admin: SigningKey,
    pub(crate) store: Arc<MemoryStore>,
    /// The address of the controller, without a path.
    pub(crate) base: String,
    running: Option<Running>,
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_octets(clock::random().unwrap())
}

impl Swarm {
    /// A swarm that asks for tickets.
    pub(crate) async fn start() -> Self {
        Self::of(|_| {}).await
    }

    pub(crate) async fn permissionless() -> Self {
        Self::of(|genesis| genesis.permissionless = true).await
    }

    async fn of(change: impl FnOnce(&mut Genesis)) -> Self {
        let (issuer, admin) = (key(), key());
        let mut record =
            Genesis::new("test".parse().unwrap(), vec![admin.public()], issuer.public(), clock::now());
        record.test = true;
        change(&mut record);
        let genesis = record.sign(&issuer).unwrap();
        let store = Arc::new(MemoryStore::new());
        let (_, entry) = Registry::begin(genesis.clone());
        store.commit(&Batch { entries: vec![entry.leaf().into_bytes()], ..Batch::default() }).unwrap();
        let running = serve(&genesis, &issuer, store.clone()).await;
        Self { genesis, issuer, admin, store, base: running.url(), running: Some(running) }
    }

    /// A swarm whose controller is another process.
    pub(crate) fn elsewhere(
        genesis: SignedGenesis,
        issuer: SigningKey,
        admin: SigningKey,
        base: String,
    ) -> Self {
        Self { genesis, issuer, admin, store: Arc::default(), base, running: None }
    }

    /// Stops the controller, and returns its log.
    pub(crate) async fn stopped(self) -> Arc<MemoryStore> {
        let running = self.running.unwrap();
        running.shutdown();
        running.join().await.unwrap();
        self.store
    }

    /// The same swarm, served by a new controller over the same log.
    pub(crate) async fn restarted(self) -> Self {
        let Self { genesis, issuer, admin, store, running, .. } = self;
        let running = running.unwrap();
        running.shutdown();
        running.join().await.unwrap();
        let running = serve(&genesis, &issuer, store.clone()).await;
        Self { genesis, issuer, admin, store, base: running.url(), running: Some(running) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp {
            swarm: self.genesis.swarm(),
            audience: self.genesis.controller().into(),
            order: Order::Nonce(clock::nonce().unwrap()),
            issued_at: clock::now(),
            validity_ms: 60_000,
        }
    }

    /// A ticket for oracles of a host.
    pub(crate) fn ticket(&self, host: &str, uses: u32) -> HeldTicket {
        self.ticket_stamped(host, uses, self.stamp())
    }

    pub(crate) fn ticket_stamped(&self, host: &str, uses: u32, stamp: Stamp) -> HeldTicket {
        let secret = TicketSecret::new(clock::random().unwrap());
        let body = Ticket { host: host.parse().unwrap(), uses, claim: secret.claim_key().public() };
        HeldTicket { ticket: Signed::by_admin(&self.admin, stamp, body), secret }
    }

    /// An order of the admin.
    pub(crate) async fn order<B: Message>(&self, body: B) -> Reply {
        let order = Signed::by_admin(&self.admin, self.stamp(), body);
        post(&self.url("/v1/admin"), order.to_json()).await
    }

    pub(crate) fn controller(&self) -> &Arc<Controller> {
        self.running.as_ref().unwrap().controller()
    }

    /// Entries in the log on the store.
    pub(crate) fn entries(&self) -> u64 {
        self.store.entries_count().unwrap()
    }
}

async fn serve(genesis: &SignedGenesis, issuer: &SigningKey, store: Arc<MemoryStore>) -> Running {
    let controller = Controller::new(genesis.clone(), issuer.clone(), store, None).unwrap();
    controller.serve("127.0.0.1:0".parse().unwrap()).await.unwrap()
}
