//! One process of the swarm: sockets, disk, clock.

pub mod store;
