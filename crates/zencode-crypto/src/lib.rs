//! The mathematics of Zencode and of the swarm: octets in, octets out.

pub mod aes;
pub mod ecdh;
pub mod eddsa;
pub mod encoding;
pub mod hash;
pub mod random;
pub mod secret;
pub mod x25519;
