//! `POST /v1/votes` and `POST /v1/dial-backs`: what the controller asks of an oracle.
//!
//! Both take one message signed by the controller that the oracle pinned, and answer with a signed
//! one. An assignment is answered once: a repeated one is refused, so that an old answer cannot be
//! had twice with two results.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use swarm_protocol::limits::MESSAGE_OCTETS_MAX;

use crate::http::body;
use crate::http::error::Problem;
use crate::oracle::{Shared, enrolment, voting};

/// Votes on an assignment.
pub(crate) async fn vote(State(oracle): State<Arc<Shared>>, body: Body) -> Result<Response, Problem> {
    let octets = body::read(body, MESSAGE_OCTETS_MAX).await?;
    match voting::vote(&oracle, &octets).await {
        Ok(answer) => Ok(json(answer.to_json())),
        Err(error) => {
            oracle.metrics.votes_refused.inc();
            tracing::info!(%error, "did not vote");
            Err(error.into())
        }
    }
}

/// Answers a dial-back.
pub(crate) async fn dial_back(State(oracle): State<Arc<Shared>>, body: Body) -> Result<Response, Problem> {
    let octets = body::read(body, MESSAGE_OCTETS_MAX).await?;
    Ok(json(enrolment::dial_back(&oracle, &octets)?.to_json()))
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
