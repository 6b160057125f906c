//! The mathematics of Zencode and of the swarm: octets in, octets out.

pub mod eddsa;
pub mod hash;
pub mod random;
