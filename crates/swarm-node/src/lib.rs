//! One process of a swarm: sockets, disk, clock, HTTP. The rules are in `swarm-protocol`, the
//! language is in `zencode`; this crate introduces them to each other and to the world.

pub mod client;
pub mod config;
pub mod connector;
pub mod controller;
pub(crate) mod file_stamp;
pub mod http;
pub mod metrics;
pub mod oracle;
pub mod server;
pub mod store;
pub mod tls;
