//! The oracle: contracts served, keys kept, a place in a swarm held.

pub mod contracts;
pub mod keys;
pub mod runner;
