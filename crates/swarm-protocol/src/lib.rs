//! The rules between machines of a swarm: who is who, what was said, what was agreed, and how to prove it.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time, random octets and settings are
//! parameters. State machines take what came and tell what to do; the node obeys. So a test runs a whole swarm in
//! memory, with a clock that it moves, from a seed that it prints.
//!
//! | module | its subject |
//! |---|---|
//! | [`genesis`] | how a swarm begins; its digest is the swarm's name |
//! | [`key`], [`service_key`], [`did`] | who is who |
//! | [`canonical`], [`envelope`], [`replay`] | what a signed message is, and which are refused |
//! | [`enrolment`] | how a machine becomes an oracle |
//! | [`registry`], [`log`] | which oracles there are, and the log that proves it |
//! | [`query`], [`consensus`] | what is asked, who votes, whether they agree |
//! | [`certificate`] | the answer that anybody can verify without us |
//!
//! # Example
//!
//! Three oracles enrol, announce, and answer a query; the certificate is verified by somebody who knows nothing
//! but the swarm's fingerprint.
//!
//! ```
//! use serde_json::json;
//! use swarm_protocol::certificate::{Certificate, Evidence};
//! use swarm_protocol::consensus::{Collector, Command, Event};
//! use swarm_protocol::did::Did;
//! use swarm_protocol::enrolment::{
//!     Desk, HeldTicket, HelloEntropy, HostRule, JoinEntropy, Joining, Newcomer, Ticket, TicketSecret,
//! };
//! use swarm_protocol::envelope::{Audience, Order, Signed, Stamp};
//! use swarm_protocol::genesis::Genesis;
//! use swarm_protocol::key::SigningKey;
//! use swarm_protocol::octets::{Digest, Nonce};
//! use swarm_protocol::profile::Profile;
//! use swarm_protocol::query::{Answer, AssignEntropy, Assignment, Outcome, Query};
//! use swarm_protocol::registry::{Announce, Operation, Registry};
//! use swarm_protocol::service_key::ServiceSecrets;
//! use swarm_protocol::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The node has a clock and entropy; the example has constants.
//! let now = Timestamp::from_millis(1_800_000_000_000);
//! let admin = SigningKey::from_octets([1; 32]);
//! let controller = SigningKey::from_octets([2; 32]);
//!
//! // The swarm begins.
//! let genesis = Genesis::new("example".parse()?, vec![admin.public()], controller.public(), now);
//! let genesis = genesis.sign(&controller)?;
//! let (mut registry, _first_entry) = Registry::begin(genesis.clone());
//! let mut desk = Desk::new(genesis.clone(), controller.clone());
//!
//! // The admin issues a ticket for three oracles on this machine.
//! let secret = TicketSecret::new([3; 32]);
//! let ticket = Ticket { host: "127.0.0.0/8".parse()?, uses: 3, claim: secret.claim_key().public() };
//! let stamp = |order, audience| Stamp { swarm: genesis.swarm(), audience, order, issued_at: now, validity_ms: 60_000 };
//! let to_controller = Audience::Did(genesis.controller());
//! let ticket = Signed::by_admin(&admin, stamp(Order::Nonce(Nonce::new([4; 16])), to_controller), ticket);
//! let held = HeldTicket { ticket, secret };
//!
//! // Each oracle enrols and announces itself.
//! let mut keys = Vec::new();
//! for number in 10..13 {
//!     let key = SigningKey::from_octets([number; 32]);
//!     let endpoint: swarm_protocol::profile::Endpoint = format!("http://127.0.0.1:80{number}").parse()?;
//!     let profile = Profile::new(endpoint, "zenswarm 0.1.0".parse()?);
//!     let secrets = ServiceSecrets::new([number + 50; 32], [number + 100; 32])?;
//!     let newcomer = Newcomer {
//!         genesis: genesis.clone(), key: key.clone(), secrets, ticket: Some(held.clone()), profile: profile.clone(),
//!     };
//!     let here = "127.0.0.1".parse()?;
//!
//!     let (mut joining, hello) = Joining::start(newcomer, [number; 16], now)?;
//!     let entropy = HelloEntropy { session: [number; 16], nonce: [number; 16], ephemeral: [number; 32] };
//!     let challenge = desk.hello(hello, here, entropy, &registry, now)?;
//!     let proof = joining.challenge(challenge, JoinEntropy { nonce: [number + 1; 16], ephemeral: [number; 32] }, now)?;
//!     let order = desk.proof(proof, [number + 1; 16], now)?;
//!     let answer = joining.dial_back(order.message, [number + 2; 16], now)?;
//!     let operation = desk.dialed_back(order.session, here, answer, now)?;
//!
//!     let prepared = registry.prepare(operation, now)?; // … prepared.leaf() goes to disk …
//!     let index = prepared.entry().index;
//!     registry.commit(prepared)?;
//!     joining.receipt(desk.receipt(order.session, index, [number + 3; 16], now)?, now)?;
//!
//!     let announce = Announce { profile, lease_ms: 30_000 };
//!     let announce = Signed::by_did(&key, stamp(Order::Sequence(1), to_controller), announce);
//!     let prepared = registry.prepare(Operation::Announce(announce), now)?;
//!     registry.commit(prepared)?;
//!     keys.push(key);
//! }
//!
//! // A user asks; the controller draws the committee and signs the assignment.
//! let query = Query::parse(br#"{"contract":{"name":"add"},"data":{"a":1,"b":2},"policy":"2 of 3","deadline_ms":5000}"#)?;
//! let snapshot = registry.snapshot(now);
//! let checkpoint = registry.checkpoint(&snapshot, &controller, now);
//! let entropy = AssignEntropy { nonce: [5; 16], draw: [6; 32] };
//! let contract = Digest::of(b"the text of the contract");
//! let assignment = Assignment::new(&query, contract, &snapshot, &checkpoint, entropy, &controller, now)?;
//! let evidence = Evidence::new(&registry, &snapshot, checkpoint, assignment.clone()).expect("drawn from this snapshot");
//!
//! // Each member runs the contract and votes. One is wrong, and two are enough.
//! let mut collector = Collector::new(&assignment);
//! let mut certificate = None;
//! for (key, sum) in keys.iter().zip([3, 4, 3]) {
//!     let did = Did::of(key.public());
//!     let accepted = Assignment::accept(assignment.clone(), did, &genesis, now)?;
//!     let answer = Answer::new(&accepted, Outcome::Result(json!({"sum": sum})), key, now);
//!     match collector.handle(Event::Answered { from: did, answer }, now) {
//!         Command::Certify(agreement) => {
//!             certificate = Some(Certificate::new(evidence.clone(), agreement, [7; 16], &controller, now));
//!         }
//!         Command::Wait { .. } => {}
//!         other => panic!("{other:?}"),
//!     }
//! }
//!
//! // Anybody verifies the file, offline.
//! let file = certificate.expect("two agree").to_file();
//! let report = Certificate::parse(file.as_bytes())?.verify(Some(genesis.swarm()))?;
//! assert_eq!(report.outcome, Outcome::Result(json!({"sum": 3})));
//! assert_eq!((report.signers.len(), report.dissenters.len()), (2, 1));
//! # Ok(())
//! # }
//! ```

pub mod canonical;
pub mod certificate;
pub mod consensus;
pub mod did;
pub mod draw;
pub mod enrolment;
pub mod envelope;
pub mod genesis;
pub mod key;
pub mod limits;
pub mod log;
pub mod octets;
pub mod profile;
pub mod query;
pub mod registry;
pub mod replay;
pub mod request;
pub mod service_key;
pub mod time;
