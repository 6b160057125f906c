//! HTTP routes, one file per resource; every mapping of an error to a status is in [`error`].

pub mod body;
pub mod error;
