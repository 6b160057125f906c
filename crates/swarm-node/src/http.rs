//! HTTP routes, one file per resource; every mapping of an error to a status is in [`error`].

pub mod body;
pub(crate) mod contracts;
pub mod error;
pub(crate) mod health;
pub mod identifiers;
mod log;
pub(crate) mod oracle;
pub(crate) mod votes;
