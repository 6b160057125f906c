//! `zenswarm did sign-request`, and the key for it.

use std::io::Read as _;
use std::path::Path;

use axum::http::Uri;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use swarm_node::controller::clock;
use swarm_node::controller::keyfile::{self, FileError};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Message as _, Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::Digest;
use swarm_protocol::request::{NO_SWARM, Request};

use crate::args::did::{Keygen, SignRequest};
use crate::report::{Console, Exit, Failure};

/// Octets of a body that is signed, at most.
const BODY_OCTETS_MAX: u64 = 64 * 1024 * 1024;

pub(super) fn keygen(arguments: &Keygen, console: &Console) -> Result<Exit, Failure> {
    let octets = zeroize::Zeroizing::new(clock::random::<32>().map_err(Failure::internal)?);
    keyfile::write_key(&arguments.out, &octets).map_err(|error| file(&error, "--out"))?;
    let did = Did::of(SigningKey::from_octets(*octets).public());
    let human = format!("{did}\nits secret key is in {}", arguments.out.display());
    console.print(&human, &json!({ "did": did, "file": arguments.out }));
    Ok(Exit::Done)
}

pub(super) fn run(arguments: &SignRequest, console: &Console) -> Result<Exit, Failure> {
    let key = keyfile::read_key(&arguments.key).map_err(|error| file(&error, "--key"))?;
    let key = SigningKey::from_octets(*key);
    let nonce = clock::random().map_err(Failure::internal)?;
    let stamp = Stamp {
        validity_ms: validity_ms(arguments)?,
        ..Stamp::once(swarm(arguments)?, oracle(arguments)?, nonce, clock::now())
    };
    let signed = Signed::by_did(&key, stamp, request(arguments)?);
    let value = format!("Zenswarm {}", BASE64URL_NOPAD.encode(signed.to_json().as_bytes()));
    console.print(&format!("Authorization: {value}"), &json!({ "authorization": value }));
    Ok(Exit::Done)
}

fn request(arguments: &SignRequest) -> Result<Request, Failure> {
    let uri: Uri = arguments.url.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("{:?} is not an address: {error}", arguments.url))
            .at("URL")
            .hint("write it as you give it to curl")
    })?;
    let target = uri.path_and_query().map_or("/", |it| it.as_str());
    let body = match &arguments.body {
        Some(path) => read(path)?,
        None => Vec::new(),
    };
    let usual = if arguments.body.is_some() { "POST" } else { "GET" };
    let method = arguments.method.as_deref().unwrap_or(usual).to_ascii_uppercase();
    Ok(Request::new(&method, target, &body))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = match path.to_str() {
        Some("-") => std::io::stdin().take(BODY_OCTETS_MAX + 1).read_to_end(&mut body),
        _ => std::fs::File::open(path).and_then(|it| it.take(BODY_OCTETS_MAX + 1).read_to_end(&mut body)),
    };
    let fault =
        |message: String| Failure::new(Exit::Usage, message).at("--body").hint("check the path and its size");
    let octets = read.map_err(|error| fault(format!("{} cannot be read: {error}", path.display())))?;
    match octets as u64 > BODY_OCTETS_MAX {
        true => Err(fault(format!("{} is larger than {BODY_OCTETS_MAX} octets", path.display()))),
        false => Ok(body),
    }
}

fn oracle(arguments: &SignRequest) -> Result<Did, Failure> {
    arguments.oracle.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("{error}"))
            .at("--oracle")
            .hint("give the `did` of the oracle's /health")
    })
}

fn swarm(arguments: &SignRequest) -> Result<Digest, Failure> {
    let Some(swarm) = &arguments.swarm else { return Ok(NO_SWARM) };
    swarm.parse().map_err(|error: swarm_protocol::octets::OctetsError| {
        Failure::new(Exit::Usage, error.to_string()).at("--swarm").hint(error.hint())
    })
}

fn validity_ms(arguments: &SignRequest) -> Result<u64, Failure> {
    let ms = u64::try_from(arguments.expires.as_millis()).unwrap_or(u64::MAX);
    if (1..=Request::VALIDITY_MS_MAX).contains(&ms) {
        return Ok(ms);
    }
    Err(Failure::new(Exit::Usage, "a signed request holds for more than nothing and at most 5 minutes")
        .at("--expires")
        .hint("write 30s or 1m"))
}

fn file(error: &FileError, flag: &str) -> Failure {
    Failure::new(Exit::Usage, error.to_string()).at(flag).hint(error.hint())
}
