//! Enrolment: a machine becomes an oracle.
//!
//! Two requests of the newcomer, and one of the controller in between. `POST /v1/enrolments` takes a hello and gives
//! the challenge. `POST /v1/enrolments/proofs` takes the proof; before it answers with the receipt, the controller
//! dials the claimed endpoint back and writes the log. A session lives one minute; a second hello of the same DID
//! ends the first. A receipt that was lost on the way is not given again: the DID is enrolled, and may announce.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use swarm_protocol::enrolment::{DialOrder, Hello, HelloEntropy, Proof};
use swarm_protocol::envelope::Signed;

use crate::controller::dial::{self, DialError};
use crate::controller::{Controller, clock};
use crate::http::body::{self, MESSAGE_OCTETS_MAX};
use crate::http::error::Problem;

pub(crate) fn routes() -> Router<Arc<Controller>> {
    Router::new().route("/v1/enrolments", post(hello)).route("/v1/enrolments/proofs", post(proof))
}

async fn hello(
    State(controller): State<Arc<Controller>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Body,
) -> Result<Response, Problem> {
    let hello = Signed::<Hello>::parse(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let entropy =
        HelloEntropy { session: clock::random()?, nonce: clock::random()?, ephemeral: clock::random()? };
    let challenge = {
        let registry = controller.registrar().registry();
        controller.desk().hello(hello, peer.ip(), entropy, &registry, clock::now())?
    };
    Ok(message(StatusCode::CREATED, challenge.to_json()))
}

async fn proof(
    State(controller): State<Arc<Controller>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Body,
) -> Result<Response, Problem> {
    let proof = Signed::<Proof>::parse(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let order = controller.desk().proof(proof, clock::random()?, clock::now())?;
    let index = dial_and_write(&controller, &order, peer).await?;
    let receipt = controller.desk().receipt(order.session, index, clock::random()?, clock::now())?;
    Ok(message(StatusCode::OK, receipt.to_json()))
}

/// Dials back, and puts the oracle into the log.
async fn dial_and_write(
    controller: &Controller,
    order: &DialOrder,
    proof_from: SocketAddr,
) -> Result<u64, Problem> {
    let (reached_at, answer) = match dial::dial(order, proof_from.ip()).await {
        Ok(answered) => answered,
        Err(error) => {
            controller.desk().dial_failed(order.session);
            return Err(dial_problem(&error, order));
        }
    };
    let operation = controller.desk().dialed_back(order.session, reached_at, answer, clock::now())?;
    match controller.registrar().write(operation).await {
        Ok(written) => {
            tracing::info!(endpoint = %order.endpoint, index = written.index, "enrolled");
            Ok(written.index)
        }
        Err(error) => {
            controller.desk().dial_failed(order.session);
            Err(error.into())
        }
    }
}

fn dial_problem(error: &DialError, order: &DialOrder) -> Problem {
    let (status, kind, hint) = match error {
        DialError::NotAdmitted { .. } => (
            StatusCode::FORBIDDEN,
            "endpoint-not-admitted",
            "enrol with an endpoint whose host the ticket names; without a ticket, with the address you call from",
        ),
        _ => (
            StatusCode::BAD_GATEWAY,
            "dial-back-failed",
            "the controller must be able to reach the oracle at its endpoint: check firewall, port and name",
        ),
    };
    Problem::new(status, kind, format!("{} could not be dialled back: {error}", order.endpoint)).hint(hint)
}

/// A signed message as the answer.
pub(crate) fn message(status: StatusCode, json: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], json).into_response()
}
