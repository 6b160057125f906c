//! Who is in the swarm: announcements, goodbyes, the admin's orders, lists and random picks.
//!
//! Announcements, renewals and goodbyes carry a sequence number that only goes up: a message that comes twice or
//! late is refused with 409 and changes nothing. Everything but renewals is in the log before it is acknowledged.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use swarm_protocol::canonical;
use swarm_protocol::did::Did;
use swarm_protocol::draw::Seed;
use swarm_protocol::envelope::{EnvelopeError, Signed};
use swarm_protocol::octets::Digest;
use swarm_protocol::query::PolicyError;
use swarm_protocol::registry::{
    Acknowledgement, Admit, Announce, Evict, Goodbye, Operation, Oracle, Renew, State as OracleState, Suspend,
};
use swarm_protocol::time::Timestamp;

use crate::controller::{Controller, clock};
use crate::http::body::{self, MESSAGE_OCTETS_MAX};
use crate::http::enrolments::message;
use crate::http::error::Problem;
use crate::http::parameter::Parameters;

/// Oracles in one answer, at most, and unless fewer are asked for.
const PAGE_MAX: usize = 1000;

pub(crate) fn routes() -> Router<Arc<Controller>> {
    Router::new()
        .route("/v1/announcements", post(announce))
        .route("/v1/renewals", post(renew))
        .route("/v1/goodbyes", post(goodbye))
        .route("/v1/admin", post(order))
        .route("/v1/oracles", get(list))
        .route("/v1/oracles/random", get(random))
}

async fn announce(State(controller): State<Arc<Controller>>, body: Body) -> Result<Response, Problem> {
    let announce = Signed::<Announce>::parse(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let (sender, digest) = (announce.header().sender, announce.digest());
    let written = controller.registrar().write(Operation::Announce(announce)).await?;
    let did = sender.did().ok_or_else(Problem::internal)?;
    acknowledge(&controller, did, digest, Some(written.index))
}

async fn renew(State(controller): State<Arc<Controller>>, body: Body) -> Result<Response, Problem> {
    let renewal = Signed::<Renew>::parse(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let digest = renewal.digest();
    let renewal = renewal.verify(&controller.expected())?;
    let did = controller.registrar().renew(&renewal)?.did;
    acknowledge(&controller, did, digest, None)
}

async fn goodbye(State(controller): State<Arc<Controller>>, body: Body) -> Result<Response, Problem> {
    let goodbye = Signed::<Goodbye>::parse(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let (sender, digest) = (goodbye.header().sender, goodbye.digest());
    let written = controller.registrar().write(Operation::Goodbye(goodbye)).await?;
    let did = sender.did().ok_or_else(Problem::internal)?;
    acknowledge(&controller, did, digest, Some(written.index))
}

/// Says, signed, what became of an oracle's message.
fn acknowledge(
    controller: &Controller,
    did: Did,
    accepted: Digest,
    index: Option<u64>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let (state, lease_until) = {
        let registry = controller.registrar().registry();
        let oracle = registry.oracle(&did).ok_or_else(Problem::internal)?;
        (oracle.state(now), oracle.lease_until.unwrap_or(Timestamp::ZERO))
    };
    let answer = controller.sign(did, Acknowledgement { accepted, state, lease_until, index })?;
    Ok(message(StatusCode::OK, answer.to_json()))
}

/// An order of an admin.
async fn order(State(controller): State<Arc<Controller>>, body: Body) -> Result<Json<Value>, Problem> {
    let (kind, value) = envelope(&body::read(body, MESSAGE_OCTETS_MAX).await?)?;
    let (operation, oracle) = match kind.as_str() {
        "admit" => {
            let order = Signed::<Admit>::from_value(value)?;
            let oracle = order.body().oracle;
            (Operation::Admit(order), oracle)
        }
        "suspend" => {
            let order = Signed::<Suspend>::from_value(value)?;
            let oracle = order.body().oracle;
            (Operation::Suspend(order), oracle)
        }
        "evict" => {
            let order = Signed::<Evict>::from_value(value)?;
            let oracle = order.body().oracle;
            (Operation::Evict(order), oracle)
        }
        _ => return Err(wrong_kind(&kind, "admit, suspend or evict")),
    };
    let written = controller.registrar().write(operation).await?;
    let state = controller.registrar().registry().oracle(&oracle).map(|it| it.state(clock::now()));
    tracing::info!(%oracle, order = kind, index = written.index, "an admin's order is carried out");
    Ok(Json(json!({ "oracle": oracle, "state": state, "index": written.index })))
}

/// A message whose kind is not known yet.
fn envelope(octets: &Bytes) -> Result<(String, Value), Problem> {
    let value = canonical::parse(octets, MESSAGE_OCTETS_MAX)?;
    let kind = value.pointer("/body/type").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok((kind, value))
}

fn wrong_kind(found: &str, expected: &'static str) -> Problem {
    EnvelopeError::WrongType { found: found.chars().take(80).collect(), expected }.into()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    state: Option<OracleState>,
    offset: Option<usize>,
    limit: Option<usize>,
}

async fn list(
    State(controller): State<Arc<Controller>>,
    Parameters(listing): Parameters<Listing>,
) -> Json<Value> {
    let now = clock::now();
    let registry = controller.registrar().registry();
    let wanted = |oracle: &&Oracle| listing.state.is_none_or(|state| oracle.state(now) == state);
    let total = registry.oracles().filter(wanted).count();
    let page: Vec<Value> = registry
        .oracles()
        .filter(wanted)
        .skip(listing.offset.unwrap_or(0))
        .take(listing.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX))
        .map(|oracle| row(&controller, oracle, now))
        .collect();
    Json(json!({ "oracles": page, "total": total, "at": now }))
}

/// An oracle in a list.
fn row(controller: &Controller, oracle: &Oracle, now: Timestamp) -> Value {
    json!({
        "did": oracle.did,
        "state": oracle.state(now),
        "profile": oracle.profile,
        "lease_until": oracle.lease_until,
        "enrolled_at": oracle.enrolled_at,
        "updated_at": oracle.updated_at,
        "record": controller.relay().record(&oracle.did),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pick {
    count: Option<usize>,
}

/// Picks without replacement, all of those that may sit on committees being equally likely.
async fn random(
    State(controller): State<Arc<Controller>>,
    Parameters(pick): Parameters<Pick>,
) -> Result<Json<Value>, Problem> {
    let count = pick.count.unwrap_or(1);
    let head = controller.registrar().head();
    let eligible = head.snapshot().len();
    if count > eligible {
        return Err(PolicyError::TooFew { eligible, of: count }.into());
    }
    let drawn = head.snapshot().draw(Seed::new(clock::random()?), count.min(PAGE_MAX));
    let now = clock::now();
    let registry = controller.registrar().registry();
    let oracles: Vec<Value> = drawn
        .iter()
        .filter_map(|member| registry.oracle(&member.did))
        .map(|it| row(&controller, it, now))
        .collect();
    Ok(Json(json!({ "oracles": oracles, "eligible": eligible })))
}
