//! API keys: who holds one is known by its id; the state folder keeps only digests.
//!
//! A key is `zsk_`, the id, `_`, and 32 random octets in base58. So much entropy cannot be guessed, and needs no slow
//! hash. Keys are made, listed and revoked by the command, while the oracle serves; it looks at the file every second.

mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use swarm_protocol::octets::Digest;
use swarm_protocol::time::Timestamp;
use zeroize::Zeroizing;

use crate::controller::clock;
use crate::controller::keyfile::FileError;
use crate::file_stamp::FileStamp;

/// What every key begins with.
pub const PREFIX: &str = "zsk_";
/// Keys of one oracle.
pub const KEYS_MAX: usize = 10_000;
/// Octets of a key's name.
pub const NAME_OCTETS_MAX: usize = 64;
/// Octets of a key's text, at most.
const TEXT_OCTETS_MAX: usize = 128;
/// How often the file is looked at.
const RELOAD_INTERVAL: Duration = Duration::from_secs(1);
/// What is hashed before the key.
const LABEL: &str = "zenswarm/v1/api-key\n";

/// What is kept of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// Eight or nine characters of base58, the middle of the key's text.
    pub id: String,
    /// The operator's name for who holds it.
    pub name: String,
    /// SHA-256 of the label `zenswarm/v1/api-key`, a newline and the key's text.
    digest: Digest,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

/// Which key was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: String,
}

/// Why a key is not made, found, or accepted.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// The file of the state folder.
    #[error(transparent)]
    File(#[from] FileError),
    /// The name is no name.
    #[error("{0:?} is no name for an API key: 1 to {NAME_OCTETS_MAX} letters, digits, and - _ . are")]
    Name(String),
    /// The name is another key's.
    #[error("there is an API key named {0:?} already")]
    Taken(String),
    /// There are too many.
    #[error("there are {KEYS_MAX} API keys already")]
    Full,
    /// No key has this id or name.
    #[error("there is no API key {0:?}")]
    Missing(String),
    /// The text is no key, or none of this oracle.
    #[error("this API key is not known")]
    Unknown,
    /// The key was revoked.
    #[error("the API key {0} was revoked")]
    Revoked(String),
    /// The key's time is over.
    #[error("the API key {0} has expired")]
    Expired(String),
    /// The system gave no entropy.
    #[error("the system gives no random octets: {0}")]
    Entropy(#[from] getrandom::Error),
}

impl ApiKeyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.hint(),
            Self::Name(_) => "name who will hold it, such as `dashboard`",
            Self::Taken(_) => "choose another name, or revoke that key first",
            Self::Full => "revoke keys that nobody uses, and remove them from api-keys.json",
            Self::Missing(_) => "see `zenswarm oracle api-key list`",
            Self::Unknown => "compare it with what `zenswarm oracle api-key create` printed",
            Self::Revoked(_) | Self::Expired(_) => "ask the operator for a new one",
            Self::Entropy(_) => "check that the system's random generator works",
        }
    }
}

/// The keys of a serving oracle.
#[derive(Debug)]
pub struct ApiKeys {
    path: PathBuf,
    known: RwLock<(FileStamp, BTreeMap<String, ApiKey>)>,
}

impl ApiKeys {
    /// Reads the keys of a state folder.
    ///
    /// # Errors
    /// When the file is damaged, or others may read it.
    pub fn open(state: &Path) -> Result<Self, FileError> {
        let path = file::path(state);
        let known = RwLock::new((FileStamp::of(&path), by_id(file::read(&path)?)));
        Ok(Self { path, known })
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// `Unknown`, `Revoked` and `Expired`.
    pub fn check(&self, text: &str, now: Timestamp) -> Result<KeyName, ApiKeyError> {
        let id = id_of(text).ok_or(ApiKeyError::Unknown)?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let key = known.1.get(id).ok_or(ApiKeyError::Unknown)?;
        if !bool::from(digest(text).octets().ct_eq(key.digest.octets())) {
            return Err(ApiKeyError::Unknown);
        }
        if key.revoked.is_some() {
            return Err(ApiKeyError::Revoked(key.id.clone()));
        }
        if key.expires.is_some_and(|expires| expires <= now) {
            return Err(ApiKeyError::Expired(key.id.clone()));
        }
        Ok(KeyName { id: Arc::from(id), name: key.name.clone() })
    }

    /// Looks whether the file has changed; a damaged one leaves the keys as they were.
    pub fn reload(&self) {
        let stamp = FileStamp::of(&self.path);
        if self.known.read().unwrap_or_else(PoisonError::into_inner).0 == stamp {
            return;
        }
        let read = file::read(&self.path);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.0 = stamp;
        match read {
            Ok(keys) => known.1 = by_id(keys),
            Err(error) => tracing::error!(%error, hint = error.hint(), "keeps the old API keys"),
        }
    }

    /// Looks at the file again and again, until it is dropped.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(RELOAD_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let keys = self.clone();
            if tokio::task::spawn_blocking(move || keys.reload()).await.is_err() {
                tracing::error!("the API keys' file could not be looked at");
            }
        }
    }
}

/// Makes a key and keeps its digest; the text is shown once, here.
///
/// # Errors
/// `Name`, `Taken`, `Full`, `File` and `Entropy`.
pub fn create(
    state: &Path,
    name: &str,
    expires: Option<Timestamp>,
) -> Result<(ApiKey, Zeroizing<String>), ApiKeyError> {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    if name.is_empty() || name.len() > NAME_OCTETS_MAX || !name.bytes().all(is_plain) {
        return Err(ApiKeyError::Name(name.to_owned()));
    }
    let id = bs58::encode(clock::random::<6>()?).into_string();
    let secret = Zeroizing::new(clock::random::<32>()?);
    let secret = Zeroizing::new(bs58::encode(&secret[..]).into_string());
    let text = Zeroizing::new(format!("{PREFIX}{id}_{}", *secret));
    let digest = digest(&text);
    let key = ApiKey { id, name: name.to_owned(), digest, created: clock::now(), expires, revoked: None };
    file::change(state, |keys| {
        if keys.iter().any(|it| it.id == key.id || (it.name == name && it.revoked.is_none())) {
            return Err(ApiKeyError::Taken(name.to_owned()));
        }
        if keys.len() >= KEYS_MAX {
            return Err(ApiKeyError::Full);
        }
        keys.push(key.clone());
        Ok(())
    })?;
    Ok((key, text))
}

/// All keys, revoked ones too.
///
/// # Errors
/// `File`.
pub fn list(state: &Path) -> Result<Vec<ApiKey>, ApiKeyError> {
    Ok(file::read(&file::path(state))?)
}

/// Revokes the key of this id or name; a serving oracle refuses it within a second.
///
/// # Errors
/// `Missing` and `File`.
pub fn revoke(state: &Path, id_or_name: &str) -> Result<ApiKey, ApiKeyError> {
    file::change(state, |keys| {
        let mut live = keys.iter_mut().filter(|it| it.revoked.is_none());
        let key = live.find(|it| it.id == id_or_name || it.name == id_or_name);
        let key = key.ok_or_else(|| ApiKeyError::Missing(id_or_name.to_owned()))?;
        key.revoked = Some(clock::now());
        Ok(key.clone())
    })
}

fn by_id(keys: Vec<ApiKey>) -> BTreeMap<String, ApiKey> {
    keys.into_iter().map(|key| (key.id.clone(), key)).collect()
}

fn id_of(text: &str) -> Option<&str> {
    if text.len() > TEXT_OCTETS_MAX {
        return None;
    }
    text.strip_prefix(PREFIX)?.split_once('_').map(|(id, _)| id)
}

fn digest(text: &str) -> Digest {
    Digest::of(Zeroizing::new(format!("{LABEL}{text}")).as_bytes())
}

#[cfg(test)]
mod tests;
