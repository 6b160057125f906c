//! One process of the swarm: sockets, disk, clock.

pub mod controller;
pub mod store;
