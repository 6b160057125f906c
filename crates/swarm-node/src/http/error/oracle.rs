//! What an oracle refuses, as a status and a kind.

use axum::http::StatusCode;
use swarm_protocol::query::AssignmentError;

use super::Problem;
use crate::oracle::SwarmError;
use crate::oracle::runner::RunError;
use crate::oracle::voting::VoteError;

impl From<VoteError> for Problem {
    fn from(error: VoteError) -> Self {
        let (status, kind, hint) = match &error {
            VoteError::NoSwarm => (StatusCode::CONFLICT, "no-swarm", "join a swarm with `oracle join`"),
            VoteError::Assignment(error) => return error.clone().into(),
            VoteError::Replay(replay) => (StatusCode::CONFLICT, "replayed-message", replay.hint()),
            VoteError::BeforeStart => {
                (StatusCode::CONFLICT, "stale-message", "sign a new assignment for a new query")
            }
            VoteError::TooLate => {
                (StatusCode::GATEWAY_TIMEOUT, "deadline-passed", "ask with a later deadline")
            }
            VoteError::UnknownContract { .. } => (
                StatusCode::NOT_FOUND,
                "unknown-contract",
                "put the contract on every oracle, or send its text",
            ),
            VoteError::OtherContract { .. } => {
                (StatusCode::CONFLICT, "other-contract", "bring all oracles to the same release")
            }
            VoteError::NoContract | VoteError::Data => {
                (StatusCode::BAD_REQUEST, "malformed-request", "assign a contract and an object of data")
            }
            VoteError::Run(RunError::Busy) => return Self::busy(error.to_string()),
            VoteError::Run(RunError::Crowded) => return Self::crowded(error.to_string()),
            VoteError::Run(RunError::Timeout(_)) => {
                (StatusCode::GATEWAY_TIMEOUT, "deadline-passed", "ask with a later deadline")
            }
            VoteError::Run(_) => return Self::internal(),
        };
        Self::new(status, kind, error.to_string()).hint(hint)
    }
}

impl From<AssignmentError> for Problem {
    fn from(error: AssignmentError) -> Self {
        let (status, kind) = match &error {
            AssignmentError::Envelope(error) => return error.clone().into(),
            AssignmentError::NotSeated { .. } => (StatusCode::FORBIDDEN, "not-on-committee"),
            AssignmentError::Late { .. } => (StatusCode::GATEWAY_TIMEOUT, "deadline-passed"),
            AssignmentError::OtherContract { .. } => (StatusCode::CONFLICT, "other-contract"),
            _ => (StatusCode::BAD_REQUEST, "malformed-request"),
        };
        Self::new(status, kind, error.to_string()).hint(error.hint())
    }
}

impl From<SwarmError> for Problem {
    fn from(error: SwarmError) -> Self {
        match error {
            SwarmError::Envelope(error) => error.into(),
            SwarmError::Enrolment(error) => error.into(),
            SwarmError::NotJoining => Self::new(StatusCode::CONFLICT, "not-enrolling", error.to_string())
                .hint("start again with a new hello"),
            _ => Self::internal(),
        }
    }
}
