//! Facts about the protocol, told through its public face: a swarm in memory, with a clock that the test moves.

#![expect(clippy::unwrap_used, reason = "helpers of tests unwrap as the tests do")]

mod certificate;
mod consensus;
mod enrolment;
mod envelope;
mod matrix;
mod random_input;
mod registry;
mod request;
mod simulation;
mod world;
