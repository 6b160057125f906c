//! A swarm in memory: one admin, one controller, oracles that enrol and announce, a clock, and a seed.

use std::net::{IpAddr, Ipv4Addr};

use swarm_protocol::certificate::Evidence;
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{
    Desk, HeldTicket, HelloEntropy, JoinEntropy, Joining, Newcomer, Receipt, Ticket, TicketSecret,
};
use swarm_protocol::envelope::{Message, Order, Signed, Stamp, Verified};
use swarm_protocol::genesis::{Genesis, SignedGenesis};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::{Digest, Nonce};
use swarm_protocol::profile::Profile;
use swarm_protocol::query::{AssignEntropy, Assignment, Query};
use swarm_protocol::registry::{Announce, LogEntry, Operation, Registry, RegistryError};
use swarm_protocol::service_key::ServiceSecrets;
use swarm_protocol::time::Timestamp;

/// Where every oracle of these tests is.
pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The lease that every oracle asks for.
pub(crate) const LEASE_MS: u64 = 30_000;

/// Numbers from a seed.
///
/// # Source
/// Steele, Lea, Flood 2014: splitmix64.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn octets<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// An oracle of the tests.
pub(crate) struct TestOracle {
    pub(crate) key: SigningKey,
    pub(crate) profile: Profile,
}

impl TestOracle {
    pub(crate) fn did(&self) -> Did {
        Did::of(self.key.public())
    }
}

pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) rng: Rng,
    pub(crate) admin: SigningKey,
    pub(crate) controller: SigningKey,
    pub(crate) genesis: SignedGenesis,
    pub(crate) registry: Registry,
    pub(crate) desk: Desk,
    pub(crate) oracles: Vec<TestOracle>,
    /// What is on disk.
    pub(crate) log: Vec<LogEntry>,
}

impl World {
    /// A swarm that enrols with tickets.
    pub(crate) fn new(seed: u64) -> Self {
        Self::with(seed, |_| {})
    }

    /// A swarm whose genesis record was changed before it was signed.
    pub(crate) fn with(seed: u64, change: impl FnOnce(&mut Genesis)) -> Self {
        let mut rng = Rng(seed);
        let admin = SigningKey::from_octets(rng.octets());
        let controller = SigningKey::from_octets(rng.octets());
        let now = Timestamp::from_millis(1_800_000_000_000);
        let mut genesis =
            Genesis::new("test".parse().unwrap(), vec![admin.public()], controller.public(), now);
        change(&mut genesis);
        let genesis = genesis.sign(&controller).unwrap();
        let (registry, first) = Registry::begin(genesis.clone());
        let desk = Desk::new(genesis.clone(), controller.clone());
        Self { now, rng, admin, controller, genesis, registry, desk, oracles: Vec::new(), log: vec![first] }
    }

    /// A swarm of so many active oracles.
    pub(crate) fn swarm(seed: u64, oracles: usize) -> Self {
        let mut world = Self::new(seed);
        let ticket = world.ticket("*", 1000);
        for _ in 0..oracles {
            let newcomer = world.newcomer(Some(ticket.clone()));
            world.join(newcomer).unwrap();
        }
        for oracle in 0..oracles {
            world.announce(oracle).unwrap();
        }
        world
    }

    pub(crate) fn stamp(&mut self) -> Stamp {
        let nonce = self.rng.octets();
        Stamp::once(self.genesis.swarm(), self.genesis.controller(), nonce, self.now)
    }

    pub(crate) fn ordered(&mut self, sequence: u64) -> Stamp {
        Stamp { order: Order::Sequence(sequence), ..self.stamp() }
    }

    pub(crate) fn ticket(&mut self, host: &str, uses: u32) -> HeldTicket {
        let secret = TicketSecret::new(self.rng.octets());
        let ticket = Ticket { host: host.parse().unwrap(), uses, claim: secret.claim_key().public() };
        let stamp = self.stamp();
        HeldTicket { ticket: Signed::by_admin(&self.admin, stamp, ticket), secret }
    }

    /// Keys and profile of an oracle that has not enrolled yet.
    pub(crate) fn newcomer(&mut self, ticket: Option<HeldTicket>) -> Newcomer {
        let endpoint = format!("http://127.0.0.1:{}", 10_000 + self.rng.below(50_000)).parse().unwrap();
        Newcomer {
            genesis: self.genesis.clone(),
            key: SigningKey::from_octets(self.rng.octets()),
            secrets: ServiceSecrets::new(self.rng.octets(), self.rng.octets()).unwrap(),
            ticket,
            profile: Profile::new(endpoint, "zenswarm test".parse().unwrap()),
        }
    }

    pub(crate) fn hello_entropy(&mut self) -> HelloEntropy {
        HelloEntropy { session: self.rng.octets(), nonce: self.rng.octets(), ephemeral: self.rng.octets() }
    }

    pub(crate) fn join_entropy(&mut self) -> JoinEntropy {
        JoinEntropy { nonce: self.rng.octets(), ephemeral: self.rng.octets() }
    }

    /// Enrols from hello to receipt.
    pub(crate) fn join(&mut self, newcomer: Newcomer) -> Result<Verified<Receipt>, RegistryError> {
        let oracle = TestOracle { key: newcomer.key.clone(), profile: newcomer.profile.clone() };
        let now = self.now;
        let (mut joining, hello) = Joining::start(newcomer, self.rng.octets(), now)?;
        let entropy = self.hello_entropy();
        let challenge = self.desk.hello(hello, HERE, entropy, &self.registry, now)?;
        let entropy = self.join_entropy();
        let proof = joining.challenge(challenge, entropy, now)?;
        let order = self.desk.proof(proof, self.rng.octets(), now)?;
        let answer = joining.dial_back(order.message, self.rng.octets(), now)?;
        let operation = self.desk.dialed_back(order.session, HERE, answer, now)?;
        let index = self.write(operation)?;
        let receipt = self.desk.receipt(order.session, index, self.rng.octets(), now)?;
        self.oracles.push(oracle);
        Ok(joining.receipt(receipt, now)?)
    }

    /// Prepares, writes and commits, as the node does.
    pub(crate) fn write(&mut self, operation: Operation) -> Result<u64, RegistryError> {
        let prepared = self.registry.prepare(operation, self.now)?;
        let index = prepared.entry().index;
        self.log.push(LogEntry::parse(prepared.leaf().as_bytes()).unwrap());
        self.registry.commit(prepared)?;
        Ok(index)
    }

    pub(crate) fn announce(&mut self, oracle: usize) -> Result<u64, RegistryError> {
        let stamp = self.ordered(self.now.millis());
        let body = Announce { profile: self.oracles[oracle].profile.clone(), lease_ms: LEASE_MS };
        let announce = Signed::by_did(&self.oracles[oracle].key, stamp, body);
        self.write(Operation::Announce(announce))
    }

    /// An admin's command.
    pub(crate) fn command<B: Message>(&mut self, body: B) -> Signed<B> {
        let stamp = self.stamp();
        Signed::by_admin(&self.admin, stamp, body)
    }

    /// Assigns a query to a committee.
    pub(crate) fn ask(&mut self, query: &Query) -> Evidence {
        let snapshot = self.registry.snapshot(self.now);
        let checkpoint = self.registry.checkpoint(&snapshot, &self.controller, self.now);
        let entropy = AssignEntropy { nonce: self.rng.octets(), draw: self.rng.octets() };
        let contract = Digest::of(b"contract");
        let assignment =
            Assignment::new(query, contract, &snapshot, &checkpoint, entropy, &self.controller, self.now)
                .unwrap();
        Evidence::new(&self.registry, &snapshot, checkpoint, assignment).unwrap()
    }

    pub(crate) fn key_of(&self, did: Did) -> &SigningKey {
        &self.oracles.iter().find(|oracle| oracle.did() == did).unwrap().key
    }

    pub(crate) fn later(&mut self, millis: u64) {
        self.now = self.now.plus(millis);
    }
}

/// A query with this policy.
pub(crate) fn query(policy: &str) -> Query {
    let json = format!(
        r#"{{"contract":{{"name":"zenswarm-oracle-ping"}},"data":{{"a":[1,2.5]}},"policy":"{policy}","deadline_ms":5000}}"#
    );
    Query::parse(json.as_bytes()).unwrap()
}

pub(crate) fn nonce(octet: u8) -> Nonce {
    Nonce::new([octet; 16])
}
