//! The controller: registry, issuer, relay of queries.
