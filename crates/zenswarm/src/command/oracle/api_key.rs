//! `zenswarm oracle api-key`.

use serde_json::{Value, json};
use swarm_node::controller::clock;
use swarm_node::oracle::api_keys::{self, ApiKey as Key, ApiKeyError};

use super::config;
use crate::args::oracle::{ApiKey, CreateKey, RevokeKey, Settings};
use crate::report::{Console, Exit, Failure};

pub(super) fn run(arguments: ApiKey, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        ApiKey::Create(it) => create(it, console),
        ApiKey::List(it) => list(it, console),
        ApiKey::Revoke(it) => revoke(it, console),
    }
}

fn create(arguments: CreateKey, console: &Console) -> Result<Exit, Failure> {
    let state = config(arguments.settings, None)?.state;
    let validity_ms = arguments.expires.map(|it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX));
    let expires = validity_ms.map(|ms| clock::now().plus(ms));
    let (key, text) = api_keys::create(&state, &arguments.name, expires).map_err(|error| failure(&error))?;
    let human = format!(
        "{}\n\nThis is the only time that the key {} ({}) is shown. Callers send it as\n  Authorization: Bearer {}…",
        *text,
        key.id,
        key.name,
        api_keys::PREFIX
    );
    let mut document = row(&key);
    document["key"] = text.as_str().into();
    console.print(&human, &document);
    Ok(Exit::Done)
}

fn list(settings: Settings, console: &Console) -> Result<Exit, Failure> {
    let state = config(settings, None)?.state;
    let keys = api_keys::list(&state).map_err(|error| failure(&error))?;
    let human = match keys.len() {
        0 => format!("There are no API keys in {}.", state.display()),
        _ => table(&keys),
    };
    console.print(&human, &json!({ "keys": keys.iter().map(row).collect::<Vec<_>>() }));
    Ok(Exit::Done)
}

fn revoke(arguments: RevokeKey, console: &Console) -> Result<Exit, Failure> {
    let state = config(arguments.settings, None)?.state;
    let key = api_keys::revoke(&state, &arguments.key).map_err(|error| failure(&error))?;
    console.print(&format!("The key {} ({}) is revoked.", key.id, key.name), &row(&key));
    Ok(Exit::Done)
}

fn table(keys: &[Key]) -> String {
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or(0).max(4);
    let head = format!("{:<10} {:<width$} {:<21} STATE", "ID", "NAME", "CREATED");
    let rows = keys.iter().map(|key| {
        let created = key.created.xml_date_time();
        format!("{:<10} {:<width$} {created:<21} {}", key.id, key.name, state(key))
    });
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

fn state(key: &Key) -> String {
    match (key.revoked, key.expires) {
        (Some(revoked), _) => format!("revoked {}", revoked.xml_date_time()),
        (None, Some(expires)) if expires <= clock::now() => format!("expired {}", expires.xml_date_time()),
        (None, Some(expires)) => format!("good until {}", expires.xml_date_time()),
        (None, None) => "good".to_owned(),
    }
}

/// All but the digest, which is nobody's business.
fn row(key: &Key) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "created": key.created,
        "expires": key.expires,
        "revoked": key.revoked,
    })
}

fn failure(error: &ApiKeyError) -> Failure {
    let exit = match error {
        ApiKeyError::Entropy(_) => Exit::Internal,
        _ => Exit::Usage,
    };
    let place = match error {
        ApiKeyError::Name(_) | ApiKeyError::Taken(_) => "NAME",
        ApiKeyError::Missing(_) => "KEY",
        _ => "--state",
    };
    Failure::new(exit, error.to_string()).at(place).hint(error.hint())
}
