//! `GET /<path>`: static files of the public folder.
//!
//! A file is served with the media type of its name, or that of `FILE.metadata.json`
//! (`{"contentType": …, "precondition": …}`, as ncr has it), and with an entity tag. No path leaves the
//! folder: not by `..`, not by a link, not by a name that is hidden.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use tokio_util::io::ReaderStream;
use zencode::Limits;
use zeroize::Zeroizing;

use crate::connector::{Scope, Writes};
use crate::http::calling;
use crate::http::contracts::fields;
use crate::http::error::Problem;
use crate::oracle::Shared;
use crate::oracle::contracts::{MediaType, Secret};
use crate::oracle::runner::{self, Crowd, Job};

/// Octets of a path.
const PATH_OCTETS_MAX: usize = 1024;
/// Octets of what is said of a file.
const METADATA_OCTETS_MAX: u64 = 64 * 1024;
/// Endings of files that say something of other files, or hold their keys.
const NOT_SERVED: [&str; 4] = [".metadata.json", ".keys.json", ".keys", ".slang"];
/// The one hidden name that is meant for others: RFC 8615.
const WELL_KNOWN: &str = ".well-known";

/// What was asked.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The path, decoded.
    pub(crate) path: &'a str,
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Option<&'a str>,
}

/// What is said of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct FileMetadata {
    content_type: Option<MediaType>,
    precondition: Option<String>,
}

/// A file that may be served.
struct Found {
    file: std::fs::File,
    octets: u64,
    tag: String,
    media_type: HeaderValue,
    precondition: Option<String>,
}

/// Answers with a file; none when there is none.
pub(crate) async fn answer(oracle: &Shared, folder: &Path, request: Wanted<'_>) -> Option<Response> {
    let inside = inside(request.path)?;
    let root = folder.to_owned();
    let found = tokio::task::spawn_blocking(move || find(&root, &inside)).await.ok()?;
    let found = match found {
        Ok(found) => found?,
        Err(problem) => return Some(problem.into_response()),
    };
    if !matches!(*request.method, Method::GET | Method::HEAD) {
        return Some(calling::not_allowed(request.method, "GET, HEAD"));
    }
    if let Some(path) = &found.precondition
        && let Err(refusal) = holds(oracle, folder, path, request.query).await
    {
        return Some(refusal.into_response());
    }
    Some(send(found, request))
}

/// The path below the folder; none when it is not one of plain names.
fn inside(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let is_name = |name: &str| {
        let is_shown = !name.starts_with('.') || name == WELL_KNOWN;
        !name.is_empty() && is_shown && !name.contains(['\0', '\\'])
    };
    let is_served = path.len() <= PATH_OCTETS_MAX && !NOT_SERVED.iter().any(|ending| path.ends_with(ending));
    (is_served && path.split('/').all(is_name)).then(|| PathBuf::from(path))
}

/// Opens a file and reads what is said of it.
fn find(root: &Path, inside: &Path) -> Result<Option<Found>, Problem> {
    let Some(path) = real(root, inside) else { return Ok(None) };
    let Ok(file) = std::fs::File::open(&path) else { return Ok(None) };
    let Ok(about) = file.metadata() else { return Ok(None) };
    if !about.is_file() {
        return Ok(None);
    }
    let metadata = metadata(root, inside)?;
    let guessed = || mime_guess::from_path(inside).first_or_octet_stream();
    let media_type = match metadata.content_type {
        Some(media_type) => media_type.header().clone(),
        None => HeaderValue::from_str(guessed().essence_str()).map_err(|_| Problem::internal())?,
    };
    let changed =
        about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let tag = format!("W/\"{:x}-{:x}\"", changed.as_nanos(), about.len());
    Ok(Some(Found { file, octets: about.len(), tag, media_type, precondition: metadata.precondition }))
}

/// Where a path really ends, when that is a file below the folder.
fn real(root: &Path, inside: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let real = root.join(inside).canonicalize().ok()?;
    (real.starts_with(&root) && real.is_file()).then_some(real)
}

fn metadata(root: &Path, inside: &Path) -> Result<FileMetadata, Problem> {
    let mut name = inside.as_os_str().to_owned();
    name.push(".metadata.json");
    let Some(path) = real(root, Path::new(&name)) else { return Ok(FileMetadata::default()) };
    let text = read(&path).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| {
        tracing::warn!(path = %path.display(), %error, "what is said of a public file is not understood");
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unprocessable-data",
            "what is said of this file is not understood",
        )
        .hint("the oracle's log says why")
    })
}

fn read(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(path)?.take(METADATA_OCTETS_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Runs the contract that must end well on the parameters of the address.
async fn holds(oracle: &Shared, folder: &Path, path: &str, query: Option<&str>) -> Result<(), Problem> {
    let forbidden =
        || Problem::new(StatusCode::FORBIDDEN, "forbidden", "the precondition of this file is not met");
    let texts = {
        let (root, path) = (folder.to_owned(), path.to_owned());
        tokio::task::spawn_blocking(move || precondition(&root, &path))
            .await
            .map_err(|_| Problem::internal())?
    };
    let Some((contract, keys)) = texts else {
        tracing::warn!(path, "the precondition of a public file is not there, and so it is not served");
        return Err(forbidden());
    };
    let data = fields(query.unwrap_or_default().as_bytes())?;
    let data = if data.is_empty() { String::new() } else { Value::Object(data).to_string() };
    let contract = oracle.runner.compile(Arc::from(contract)).await;
    let run = async {
        let job = Job {
            contract: contract?,
            data: keys.over(data),
            keys,
            timeout: oracle.config.runs.timeout,
            scope: Arc::new(Scope { writes: Writes::Allowed, ..Scope::default() }),
            seed: None,
            limits: Limits::default(),
        };
        oracle.runner.run(runner::PRECONDITION, Crowd::default(), job).await
    };
    match run.await {
        Ok(_) => Ok(()),
        Err(error) => Err(calling::turned_away(&error).unwrap_or_else(|| {
            tracing::debug!(path, %error, "the precondition of a public file is not met");
            forbidden()
        })),
    }
}

/// The contract and the keys of a precondition, which may be hidden files of the folder.
fn precondition(root: &Path, path: &str) -> Option<(String, Secret)> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let file = |ending: &str| is_plain.then(|| real(root, Path::new(&format!("{path}{ending}")))).flatten();
    let contract = read(&file(".slang")?).ok()?;
    let keys = file(".keys.json").map(|path| read(&path).map(Zeroizing::new)).transpose().ok()?;
    Some((contract, Secret::new(keys, None).ok()?))
}

fn send(found: Found, request: Wanted<'_>) -> Response {
    let tag = HeaderValue::from_str(&found.tag).unwrap_or_else(|_| HeaderValue::from_static("W/\"\""));
    let common = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    if is_known(request.headers, &found.tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let length =
        [(header::CONTENT_TYPE, found.media_type), (header::CONTENT_LENGTH, HeaderValue::from(found.octets))];
    let body = match *request.method {
        Method::HEAD => Body::empty(),
        // A file that grows meanwhile is cut where the announced length ends.
        _ => Body::from_stream(ReaderStream::new(tokio::io::AsyncReadExt::take(
            tokio::fs::File::from_std(found.file),
            found.octets,
        ))),
    };
    (common, length, body).into_response()
}

/// Whether the caller has this version already.
///
/// # Source
/// RFC 9110, 13.1.2: a list of tags, compared weakly, or a star.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| known.trim() == "*" || plain(known) == plain(tag))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_names_lead_inside() {
        assert_eq!(inside("/a/b.txt"), Some("a/b.txt".into()));
        assert_eq!(inside("/.well-known/security.txt"), Some(".well-known/security.txt".into()));
    }

    #[test]
    fn nothing_else_does() {
        for path in [
            "",
            "/",
            "a",
            "//a",
            "/a//b",
            "/a/",
            "/..",
            "/../a",
            "/a/../b",
            "/a/..",
            "/.",
            "/./a",
            "/.git/config",
            "/a/.env",
            "/a\0b",
            "/a\\..\\b",
            "/x.metadata.json",
            "/x.keys.json",
            "/x.keys",
            "/check.slang",
        ] {
            assert_eq!(inside(path), None, "{path:?}");
        }
        assert_eq!(inside(&format!("/{}", "a".repeat(PATH_OCTETS_MAX + 1))), None);
    }

    #[test]
    fn tags_are_compared_weakly() {
        let known = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            is_known(&headers, "W/\"1-2\"")
        };
        assert!(known("W/\"1-2\"") && known("\"1-2\"") && known("\"x\", W/\"1-2\"") && known("*"));
        assert!(!known("\"1-3\"") && !known("1-2") && !known(""));
    }

    proptest! {
        #[test]
        fn no_path_leaves_the_folder(path in "(/|\\.|\\.\\.|%2e|a|\0|\\\\|\\PC){0,20}") {
            if let Some(inside) = inside(&path) {
                prop_assert!(inside.components().all(|part| matches!(part, std::path::Component::Normal(_))), "{path:?}");
            }
        }
    }
}
