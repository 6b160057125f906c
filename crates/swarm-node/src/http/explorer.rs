//! `GET /docs` and `GET|POST /docs/<contract>`: the contracts, for people.
//!
//! Pages are made here, complete; a script adds comfort and nothing that is needed. The form of a contract, its *applet*,
//! sends one field per input, or all data as JSON, and shows what came back: the same run, by the same rules, as
//! `/api/<contract>`. A page says what it may load: files of this oracle and nothing else. The page of a contract is for who may
//! call it.

mod applet;
mod catalogue;
mod form;
mod highlight;
mod page;
mod sheet;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::auth::Caller;
use crate::http::calling::Asked;
use crate::http::error::Problem;
use crate::http::openapi::described;
use crate::http::openapi::route::{Envelope, Route};
use crate::http::request_log::Called;
use crate::http::{auth, contracts};
use crate::oracle::Shared;
use crate::oracle::contracts::{Contracts, Entry};
use applet::{Applet, Visit};
use page::Site;

/// What the list is narrowed to.
#[derive(Debug, Default)]
struct Search {
    /// Words that a contract has to hold.
    words: String,
    /// A tag that it has to have; empty when any will do.
    tag: String,
}

impl Search {
    fn of(query: &str) -> Self {
        let mut search = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => search.words = value.into_owned(),
                "tag" => search.tag = value.into_owned(),
                _ => {}
            }
        }
        search
    }
}

/// The list of contracts.
pub(crate) async fn list(State(oracle): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let site = Site::of(&oracle);
    let search = Search::of(query.as_deref().unwrap_or_default());
    match described(&oracle).await {
        Ok(description) => {
            let page = catalogue::page(site, &description.cards, &search, &oracle.keys.did());
            page::answer(site, StatusCode::OK, &page)
        }
        Err(problem) => page::problem(site, &problem),
    }
}

/// One contract.
pub(crate) async fn show(
    State(oracle): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let site = Site::of(&oracle);
    let (head, _) = request.into_parts();
    let found = find(&oracle.contracts(), &name);
    match found.and_then(|entry| auth::look(&oracle, &head, &entry).map(|()| entry)) {
        Ok(entry) => {
            let route = Route::of(&entry, envelope(&oracle));
            let applet = Applet::fresh(&route);
            page::answer(site, StatusCode::OK, &sheet::page(&oracle, &entry, &route, &applet))
        }
        Err(problem) => page::problem(site, &problem),
    }
}

/// One contract, run with what the form holds.
pub(crate) async fn run(
    State(oracle): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let site = Site::of(&oracle);
    let (head, body) = request.into_parts();
    let found = find(&oracle.contracts(), &name);
    match found.and_then(|entry| auth::admit(&oracle, &head, &entry).map(|visitor| (entry, visitor))) {
        Ok((entry, visitor)) => {
            let route = Route::of(&entry, envelope(&oracle));
            let mut caller = Caller::Anyone;
            let visit = Visit { asked: Asked { entry: &entry, head: &head }, visitor, body };
            let mut response = match applet::run(&oracle, &route, visit, &mut caller).await {
                Ok(applet) => {
                    page::answer(site, applet.status(), &sheet::page(&oracle, &entry, &route, &applet))
                }
                Err(problem) => page::problem(site, &problem),
            };
            response.extensions_mut().insert(Called::new(&entry.name, &caller));
            response
        }
        Err(problem) => page::problem(site, &problem),
    }
}

/// A contract that exists for callers.
fn find(contracts: &Contracts, name: &str) -> Result<Arc<Entry>, Problem> {
    contracts.public(name).cloned().ok_or_else(|| contracts::unknown(contracts, name))
}

/// The form of address that pages tell of.
fn envelope(oracle: &Shared) -> Envelope {
    if oracle.config.folder.convention.has_restroom() { Envelope::Data } else { Envelope::Bare }
}
