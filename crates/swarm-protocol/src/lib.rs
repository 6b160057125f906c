//! The rules between machines of a swarm: who is who, what was said, what was agreed, and how to prove it.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time, random octets and settings are
//! parameters. State machines have one method, `handle(event, now) -> commands`; the node obeys.

pub mod canonical;
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
pub mod service_key;
pub mod time;
