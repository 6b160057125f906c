//! What no route of the node's own has: contracts in ncr's convention, static files, nothing.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::http::auth::Caller;
use crate::http::calling::{self, Asked};
use crate::http::error::Problem;
use crate::http::ncr::{self, Meaning};
use crate::http::request_log::Called;
use crate::http::static_files;
use crate::oracle::Shared;

/// Answers whatever comes here.
pub(crate) async fn answer(State(oracle): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let (method, uri) = (&head.method, &head.uri);
    // Decoded once: what is encoded twice is a name with a percent sign.
    let path = percent_decode_str(uri.path()).decode_utf8().ok();
    if let Some(path) = &path {
        if oracle.config.folder.convention.has_ncr() {
            let contracts = oracle.contracts();
            if let Some(meaning) = ncr::meaning(&contracts, path) {
                return match meaning {
                    Meaning::Run(entry) => {
                        let mut caller = Caller::Anyone;
                        let ran = ncr::run(&oracle, Asked { entry, head: &head }, body, &mut caller).await;
                        let mut response = ran.unwrap_or_else(|refusal| refusal);
                        response.extensions_mut().insert(Called::new(&entry.name, &caller));
                        response
                    }
                    _ if !matches!(*method, Method::GET | Method::HEAD) => {
                        calling::not_allowed(method, "GET, HEAD")
                    }
                    Meaning::List => ncr::list(&oracle),
                    Meaning::Greeting => "Hi".into_response(),
                    Meaning::Raw(entry) => ncr::raw(&oracle, Asked { entry, head: &head }),
                };
            }
        }
        if let Some(folder) = &oracle.config.folder.public {
            let wanted = static_files::Wanted { path, method, headers: &head.headers, query: uri.query() };
            if let Some(response) = static_files::answer(&oracle, folder, wanted).await {
                return response;
            }
        }
    }
    let shown: String = uri.path().chars().take(256).collect();
    missing(&oracle, Problem::not_found(format!("there is nothing at {shown}")))
}

/// 404, in the operator's words where there are some.
pub(crate) fn missing(oracle: &Shared, problem: Problem) -> Response {
    let Some(page) = &oracle.config.folder.not_found else { return problem.into_response() };
    let media_type = HeaderValue::from_str(&page.media_type);
    let media_type = media_type.unwrap_or_else(|_| HeaderValue::from_static("text/plain; charset=utf-8"));
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, media_type)], page.content.clone()).into_response()
}
