//! Enrolment: how a machine becomes an oracle of the swarm.
//!
//! ```text
//! oracle ── hello (endpoint, ticket) ─────────────────────► controller
//! oracle ◄─ challenge (session, ePK) ────────────────────── controller
//! oracle ── proof (every key proved, mac, claim) ─────────► controller
//! oracle ◄─ dial-back (to the claimed endpoint) ─────────── controller
//! oracle ── dial-back answer ─────────────────────────────► controller ── writes the log
//! oracle ◄─ receipt (place in the log) ──────────────────── controller
//! ```
//!
//! No secret travels: the ephemeral keys of both sides give a shared secret that is only used for a MAC, and the
//! ticket's secret only signs. Everything is bound to the digest of hello and challenge, so a proof serves one
//! enrolment.

mod check;
mod desk;
mod joining;
mod mac;
mod message;
mod ticket;

pub use check::EnrolmentError;
pub(crate) use check::{check_proof, ticket_id};
pub use desk::{Desk, DialOrder, HelloEntropy};
pub use joining::{JoinEntropy, Joining, Newcomer};
pub use message::{
    Admission, Challenge, DialBack, DialBackAnswer, Ephemeral, Hello, Proof, Receipt, Statement,
};
pub use ticket::{HeldTicket, HostRule, HostRuleError, Ticket, TicketError, TicketRefusal, TicketSecret};
