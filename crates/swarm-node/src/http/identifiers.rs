//! DIDs and their documents: `GET /1.0/identifiers/{did}` for the Universal Resolver, `GET /dids` and
//! `GET /dids/{did}` as upstream had them.
//!
//! A deactivated DID answers 410 without a document. Only the present version of a document can be had: `versionId`
//! and `versionTime` that mean another one answer 501.
//!
//! # Source
//! W3C DID Resolution, HTTP(S) binding; errors are RFC 9457 objects of the types listed there.

mod representation;

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use swarm_protocol::did::{Did, DidDocument, DidError, DocumentMetadata, Resolution};
use swarm_protocol::registry::Oracle;
use swarm_protocol::time::Timestamp;

use crate::controller::Controller;
use crate::http::parameter::Parameters;
use representation::Representation;

/// DIDs in one answer, at most.
const PAGE_MAX: usize = 1000;
/// DIDs in one answer when the caller does not say.
const PAGE: usize = 20;
/// Octets of a text to search for, at most.
const SEARCH_OCTETS_MAX: usize = 128;

pub(crate) fn routes() -> Router<Arc<Controller>> {
    Router::new()
        .route("/1.0/identifiers/{did}", get(resolve))
        .route("/dids", get(list))
        .route("/dids/{did}", get(resolve))
}

/// Which version of a document is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    version_id: Option<String>,
    version_time: Option<String>,
}

/// Why a DID is not resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    InvalidDid,
    InvalidOptions,
    NotFound,
    RepresentationNotSupported,
    MethodNotSupported,
    FeatureNotSupported,
}

impl Fault {
    fn status_and_type(self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidDid => (StatusCode::BAD_REQUEST, "INVALID_DID"),
            Self::InvalidOptions => (StatusCode::BAD_REQUEST, "INVALID_OPTIONS"),
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::RepresentationNotSupported => (StatusCode::NOT_ACCEPTABLE, "REPRESENTATION_NOT_SUPPORTED"),
            Self::MethodNotSupported => (StatusCode::NOT_IMPLEMENTED, "METHOD_NOT_SUPPORTED"),
            Self::FeatureNotSupported => (StatusCode::NOT_IMPLEMENTED, "FEATURE_NOT_SUPPORTED"),
        }
    }
}

async fn resolve(
    State(controller): State<Arc<Controller>>,
    Path(text): Path<String>,
    options: Result<Parameters<Options>, crate::http::error::Problem>,
    headers: HeaderMap,
) -> Response {
    let options = match options {
        Ok(Parameters(options)) => options,
        Err(problem) => {
            return refused(Fault::InvalidOptions, &problem.detail, "use versionId or versionTime");
        }
    };
    let did = match text.parse::<Did>() {
        Ok(did) => did,
        Err(error) => return refused(fault_of(&error), &error.to_string(), error.hint()),
    };
    let Some(representation) = accepted(&headers) else {
        return refused(
            Fault::RepresentationNotSupported,
            "none of the accepted media types can be sent",
            "accept application/did-resolution, application/did or application/did+ld+json",
        );
    };
    let Some((document, metadata, updated_at)) = find(&controller, did) else {
        return refused(Fault::NotFound, "no oracle of this swarm has this DID", "list the DIDs at /dids");
    };
    if let Err(fault) = is_present_version(&options, &metadata) {
        return refused(fault, "only the present version can be had", "leave versionId and versionTime out");
    }
    let secured = document.secured(controller.key(), updated_at);
    answer(representation, Resolution::new(secured, metadata))
}

/// What is wrong with a text that is no DID of ours.
fn fault_of(error: &DidError) -> Fault {
    match error {
        DidError::Method { .. } => Fault::MethodNotSupported,
        // A good did:dyne of older software: it could be here, and is not.
        DidError::Context { .. } => Fault::NotFound,
        _ => Fault::InvalidDid,
    }
}

fn accepted(headers: &HeaderMap) -> Option<Representation> {
    let mut accept = String::new();
    for value in headers.get_all(header::ACCEPT) {
        if !accept.is_empty() {
            accept.push(',');
        }
        accept.push_str(value.to_str().ok()?);
    }
    Representation::of(&accept)
}

/// Document, metadata, and when it changed last; the controller has a document too.
fn find(controller: &Controller, did: Did) -> Option<(DidDocument, DocumentMetadata, Timestamp)> {
    let registry = controller.registrar().registry();
    if let Some(oracle) = registry.oracle(&did) {
        return Some((oracle.document(), oracle.document_metadata(), oracle.updated_at));
    }
    let genesis = controller.genesis();
    (genesis.controller() == did).then(|| {
        let created = genesis.genesis().created;
        let text = created.xml_date_time();
        let metadata = DocumentMetadata {
            created: text.clone(),
            updated: text,
            deactivated: false,
            version_id: genesis.swarm(),
        };
        (DidDocument::of_controller(did, &[]), metadata, created)
    })
}

fn is_present_version(options: &Options, metadata: &DocumentMetadata) -> Result<(), Fault> {
    let id = options.version_id.as_ref().is_none_or(|id| *id == metadata.version_id.to_string());
    // Both are XML dateTimes in UTC and whole seconds: text order is time order.
    let time = match &options.version_time {
        Some(time) if !is_xml_date_time(time) => return Err(Fault::InvalidOptions),
        Some(time) => *time >= metadata.updated,
        None => true,
    };
    if id && time { Ok(()) } else { Err(Fault::FeatureNotSupported) }
}

/// `2020-12-20T19:17:47Z`.
fn is_xml_date_time(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(octet, expected)| match expected {
            b'0' => octet.is_ascii_digit(),
            _ => octet == *expected,
        })
}

fn answer(representation: Representation, resolution: Resolution) -> Response {
    let status = if resolution.document_metadata.deactivated { StatusCode::GONE } else { StatusCode::OK };
    let gone = status == StatusCode::GONE;
    // There is no document to send alone: the result says why.
    let (content_type, value) = match representation {
        Representation::Document(name) if !gone => (name, resolution.document),
        Representation::Document(_) => (Representation::DEFAULT.content_type(), json!(resolution)),
        Representation::Result(name) => (name, json!(resolution)),
    };
    (status, [(header::CONTENT_TYPE, content_type)], value.to_string()).into_response()
}

fn refused(fault: Fault, detail: &str, hint: &str) -> Response {
    let (status, name) = fault.status_and_type();
    let result = json!({
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": null,
        "didDocumentMetadata": {},
        "didResolutionMetadata": {
            "contentType": Representation::DEFAULT.content_type(),
            "error": {
                "type": format!("https://www.w3.org/ns/did#{name}"),
                "title": name,
                "status": status.as_u16(),
                "detail": detail,
                "hint": hint,
            },
        },
    });
    (status, [(header::CONTENT_TYPE, Representation::DEFAULT.content_type())], result.to_string())
        .into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    search: Option<String>,
    offset: Option<usize>,
    limit: Option<usize>,
}

/// The DIDs, newest first.
async fn list(
    State(controller): State<Arc<Controller>>,
    Parameters(listing): Parameters<Listing>,
) -> Json<Value> {
    let search: String = listing.search.unwrap_or_default().chars().take(SEARCH_OCTETS_MAX).collect();
    let limit = listing.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let registry = controller.registrar().registry();
    let mut found: Vec<&Oracle> = registry
        .oracles()
        .filter(|oracle| search.is_empty() || oracle.did.to_string().contains(&search))
        .collect();
    found.sort_by_key(|oracle| Reverse((oracle.enrolled_at, oracle.did)));
    let rest = found.get(listing.offset.unwrap_or(0)..).unwrap_or_default();
    let dids: Vec<Did> = rest.iter().take(limit).map(|oracle| oracle.did).collect();
    Json(json!({ "moreDids": rest.len() > limit, "dids": dids }))
}
