//! `w3c`: tokens and documents of the web. Each part is a scenario of its own too.

pub(crate) mod did;
pub(crate) mod jwk;
pub(crate) mod jws;
pub(crate) mod jwt;
mod proof;
pub(crate) mod vc;
