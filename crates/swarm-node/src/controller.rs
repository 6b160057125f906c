//! The controller: the issuer's key, the registry, the relay of queries.

pub mod clock;
pub mod folder;
pub mod keyfile;
pub mod remote;
