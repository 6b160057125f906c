//! HTTP routes, one file per resource; every mapping of an error to a status is in [`error`].

pub(crate) mod auth;
pub mod body;
pub(crate) mod contracts;
pub(crate) mod cors;
pub(crate) mod enrolments;
pub mod error;
pub(crate) mod genesis;
pub(crate) mod health;
pub(crate) mod identifiers;
pub mod limit;
pub(crate) mod oracle;
pub(crate) mod parameter;
pub(crate) mod queries;
pub(crate) mod registry;
pub(crate) mod request_log;
pub(crate) mod transparency;
pub(crate) mod votes;
