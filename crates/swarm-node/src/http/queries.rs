//! `POST /v1/queries`: a question to the swarm.
//!
//! 200 is the certificate file, octet for octet: save it as it is. No agreement is 409, or 504 when the deadline came
//! first; the problem's `divergence` says who said what. A repeated query is a new one, with a new committee.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Serialize;
use swarm_protocol::consensus::{Divergence, Reason};
use swarm_protocol::limits::QUERY_OCTETS_MAX;
use swarm_protocol::query::{Policy, Query};

use crate::controller::Controller;
use crate::controller::relay::{Answered, RelayError};
use crate::http::body;
use crate::http::error::{PROBLEM_JSON, Problem};

pub(crate) fn routes() -> Router<Arc<Controller>> {
    Router::new().route("/v1/queries", post(ask))
}

async fn ask(State(controller): State<Arc<Controller>>, body: Body) -> Result<Response, Problem> {
    let query = Query::parse(&body::read(body, QUERY_OCTETS_MAX).await?)?;
    match controller.ask(&query).await? {
        Answered::Certified(file) => Ok(([(header::CONTENT_TYPE, "application/json")], file).into_response()),
        Answered::Diverged(divergence) => Ok(no_agreement(*divergence)),
    }
}

/// A problem with the report in it.
#[derive(Serialize)]
struct NoAgreement {
    #[serde(flatten)]
    problem: Problem,
    divergence: Divergence,
}

fn no_agreement(divergence: Divergence) -> Response {
    let largest = divergence.clusters.first().map_or(0, |cluster| cluster.members.len());
    let (status, why) = match divergence.reason {
        Reason::Deadline => (StatusCode::GATEWAY_TIMEOUT, "the deadline came first"),
        Reason::AllAnswered => (StatusCode::CONFLICT, "everybody has answered"),
        Reason::Impossible => (StatusCode::CONFLICT, "too few are left to change that"),
    };
    let detail = format!("at most {largest} oracles agree, {} are needed, and {why}", divergence.quorum);
    // A smaller quorum would always have agreed: that is no advice.
    let looser = divergence.would_agree.iter().find(|policy| !matches!(policy, Policy::Quorum { .. }));
    let hint = match looser {
        Some(policy) => {
            format!("the policy \"{policy}\" would have agreed; see who differs, and where, in `divergence`")
        }
        None => "see in `divergence` who differs, and where, or why each oracle gave no result".to_owned(),
    };
    let problem = Problem::new(status, "no-agreement", detail).hint(hint);
    let body = axum::Json(NoAgreement { problem, divergence });
    (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
}

impl From<RelayError> for Problem {
    fn from(error: RelayError) -> Self {
        match error {
            RelayError::Query(error) => error.into(),
            RelayError::UnknownContract { ref nearest, .. } => {
                let hint = match nearest {
                    Some(name) => format!("did you mean {name}?"),
                    None => {
                        "send the contract along as text, or ask for one that the swarm serves".to_owned()
                    }
                };
                Self::new(StatusCode::NOT_FOUND, "unknown-contract", error.to_string()).hint(hint)
            }
            RelayError::Busy | RelayError::Unsettled => Self::busy(error.to_string()),
            RelayError::Fault(_) => {
                tracing::error!(%error, "a query failed");
                Self::internal()
            }
        }
    }
}
