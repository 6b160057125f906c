//! What the rules refuse, as a status and a kind.
//!
//! 400: cannot be read. 403: is read, and not believed. 404, 409, 410: contradicts the registry. 429 and 503: later.

use axum::http::StatusCode;
use swarm_protocol::canonical::JsonError;
use swarm_protocol::enrolment::EnrolmentError;
use swarm_protocol::envelope::EnvelopeError;
use swarm_protocol::query::{PolicyError, QueryError};
use swarm_protocol::registry::RegistryError;

use super::Problem;
use crate::controller::registrar::RegistrarError;

fn problem(status: StatusCode, kind: &str, error: &impl ToString, hint: &str) -> Problem {
    Problem::new(status, kind, error.to_string()).hint(hint)
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        let status = match error {
            JsonError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        problem(status, "malformed-message", &error, error.hint())
    }
}

impl From<EnvelopeError> for Problem {
    fn from(error: EnvelopeError) -> Self {
        let kind = match error {
            EnvelopeError::Json(error) => return error.into(),
            EnvelopeError::WrongSwarm { .. } => "wrong-swarm",
            EnvelopeError::WrongSender { .. } => "wrong-sender",
            EnvelopeError::WrongAudience { .. } => "wrong-audience",
            EnvelopeError::Stale { .. } => "stale-message",
            EnvelopeError::Future { .. } => "future-message",
            EnvelopeError::BadSignature { .. } => "bad-signature",
            _ => return problem(StatusCode::BAD_REQUEST, "malformed-message", &error, error.hint()),
        };
        problem(StatusCode::FORBIDDEN, kind, &error, error.hint())
    }
}

impl From<EnrolmentError> for Problem {
    fn from(error: EnrolmentError) -> Self {
        let (status, kind) = match error {
            EnrolmentError::Envelope(error) => return error.into(),
            EnrolmentError::Ticket(_) => (StatusCode::FORBIDDEN, "ticket-refused"),
            EnrolmentError::TicketNeeded => (StatusCode::FORBIDDEN, "ticket-needed"),
            EnrolmentError::NoSession { .. } => (StatusCode::NOT_FOUND, "no-such-enrolment"),
            EnrolmentError::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            EnrolmentError::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many-enrolments"),
            EnrolmentError::Profile(_) | EnrolmentError::NotAMachine { .. } => {
                (StatusCode::BAD_REQUEST, "malformed-message")
            }
            _ => (StatusCode::FORBIDDEN, "not-proved"),
        };
        problem(status, kind, &error, error.hint())
    }
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        let (status, kind) = match error {
            RegistryError::Envelope(error) => return error.into(),
            RegistryError::Enrolment(error) => return error.into(),
            RegistryError::Unknown { .. } => (StatusCode::NOT_FOUND, "unknown-oracle"),
            RegistryError::Enrolled { .. } => (StatusCode::CONFLICT, "already-enrolled"),
            RegistryError::KeysTaken { .. } => (StatusCode::CONFLICT, "keys-taken"),
            RegistryError::Deactivated { .. } => (StatusCode::GONE, "deactivated"),
            RegistryError::NotAnnounced { .. } => (StatusCode::CONFLICT, "not-announced"),
            RegistryError::StaleSequence { .. } => (StatusCode::CONFLICT, "stale-sequence"),
            RegistryError::Repeated { .. } => (StatusCode::CONFLICT, "repeated-command"),
            RegistryError::NotAnAdmin { .. } => (StatusCode::FORBIDDEN, "not-an-admin"),
            RegistryError::Full { .. } => (StatusCode::SERVICE_UNAVAILABLE, "swarm-full"),
            RegistryError::NoGenesis
            | RegistryError::OutOfOrder { .. }
            | RegistryError::NotOverdue { .. } => {
                tracing::error!(%error, "the registry contradicts itself");
                return Self::internal();
            }
            _ => (StatusCode::BAD_REQUEST, "malformed-message"),
        };
        problem(status, kind, &error, error.hint())
    }
}

impl From<RegistrarError> for Problem {
    fn from(error: RegistrarError) -> Self {
        match error {
            RegistrarError::Refused(error) => error.into(),
            RegistrarError::Busy => Self::busy(error.to_string()),
            RegistrarError::Stopped => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "log-stopped", error.to_string())
                    .hint("the controller's operator must look at its log, free the disk, and start it again")
            }
        }
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        match error {
            PolicyError::TooFew { .. } => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "too-few-oracles", &error, error.hint())
            }
            _ => problem(StatusCode::BAD_REQUEST, "malformed-policy", &error, error.hint()),
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Json(error) => error.into(),
            QueryError::Policy(error) => error.into(),
            QueryError::Contract { .. } => {
                problem(StatusCode::PAYLOAD_TOO_LARGE, "contract-too-large", &error, error.hint())
            }
            _ => problem(StatusCode::BAD_REQUEST, "malformed-query", &error, error.hint()),
        }
    }
}

impl From<getrandom::Error> for Problem {
    fn from(error: getrandom::Error) -> Self {
        tracing::error!(%error, "the system gives no random octets");
        Self::internal()
    }
}
