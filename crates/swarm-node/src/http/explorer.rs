//! `GET /docs` and `GET|POST /docs/<contract>`: the contracts, for people.
//!
//! Pages are made here, complete; a script adds comfort and nothing that is needed. The form of a contract, its *applet*,
//! sends one field per input, or all data as JSON, and shows what came back: the same run, by the same rules, as
//! `/api/<contract>`. A page says what it may load: files of this oracle and nothing else.

mod applet;
mod catalogue;
mod form;
mod highlight;
mod page;
mod sheet;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::contracts::find;
use crate::http::openapi::described;
use crate::http::openapi::route::Route;
use crate::oracle::Shared;
use applet::Applet;

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
    let search = Search::of(query.as_deref().unwrap_or_default());
    match described(&oracle).await {
        Ok(description) => {
            page::answer(StatusCode::OK, &catalogue::page(&description.cards, &search, &oracle.keys.did()))
        }
        Err(problem) => page::problem(&problem),
    }
}

/// One contract.
pub(crate) async fn show(State(oracle): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    match find(&oracle, &name) {
        Ok(entry) => {
            let route = Route::of(entry);
            let applet = Applet::fresh(&route);
            page::answer(StatusCode::OK, &sheet::page(&route, &entry.text, &applet, &oracle.endpoint))
        }
        Err(problem) => page::problem(&problem),
    }
}

/// One contract, run with what the form holds.
pub(crate) async fn run(State(oracle): State<Arc<Shared>>, Path(name): Path<String>, body: Body) -> Response {
    match find(&oracle, &name) {
        Ok(entry) => {
            let route = Route::of(entry);
            let applet = applet::run(&oracle, entry, &route, body).await;
            let sheet = sheet::page(&route, &entry.text, &applet, &oracle.endpoint);
            page::answer(applet.status(), &sheet)
        }
        Err(problem) => page::problem(&problem),
    }
}
