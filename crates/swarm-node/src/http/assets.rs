//! `GET /assets/<file>`: what the pages need, from inside the binary; nothing is fetched from elsewhere.
//!
//! Pages name a file with the tag of its content, so that a client keeps it until the next version.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::http::error::Problem;
use crate::http::unchanged;

/// One file.
struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "zenswarm.css",
        kind: "text/css; charset=utf-8",
        content: include_str!("../../assets/zenswarm.css"),
    },
    Asset {
        name: "zenswarm.js",
        kind: "text/javascript; charset=utf-8",
        content: include_str!("../../assets/zenswarm.js"),
    },
    Asset { name: "zenswarm.svg", kind: "image/svg+xml", content: include_str!("../../assets/zenswarm.svg") },
];

/// The tags of the files, in their order.
static TAGS: LazyLock<Vec<String>> =
    LazyLock::new(|| ASSETS.iter().map(|asset| unchanged::tag(asset.content.as_bytes())).collect());

/// Answers with a file, or that it has not changed.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let place = ASSETS.iter().position(|asset| asset.name == name);
    let place = place.ok_or_else(|| Problem::not_found("there is no such file"))?;
    let (asset, tag) = (&ASSETS[place], &TAGS[place]);
    if unchanged::is_known(&headers, tag) {
        return Ok(unchanged::answer(tag));
    }
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, asset.content).into_response())
}

/// The address of a file, with the tag of its content.
pub(crate) fn address(name: &str) -> String {
    let tag = ASSETS.iter().position(|asset| asset.name == name).map_or("", |place| &TAGS[place]);
    format!("/assets/{name}?{}", tag.trim_matches('"'))
}
