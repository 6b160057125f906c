//! The file of API keys: `api-keys.json` in the state folder, for its owner alone; changed whole, one change at a time.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{ApiKey, ApiKeyError, KEYS_MAX};
use crate::controller::keyfile::{self, FileError};

const FILE: &str = "api-keys.json";
const LOCK: &str = "api-keys.lock";
/// Octets of the file: far more than the keys need.
const OCTETS_MAX: usize = KEYS_MAX * 512;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    keys: Vec<ApiKey>,
}

pub(super) fn path(state: &Path) -> PathBuf {
    state.join(FILE)
}

/// No file is no keys.
pub(super) fn read(path: &Path) -> Result<Vec<ApiKey>, FileError> {
    let damaged = |cause| FileError::Damaged { path: path.to_owned(), cause };
    match keyfile::read_text(path, OCTETS_MAX) {
        Err(FileError::Missing { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(text) => {
            let content: Content = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
            if content.keys.len() > KEYS_MAX {
                return Err(damaged(format!("it holds more than {KEYS_MAX} keys")));
            }
            Ok(content.keys)
        }
    }
}

/// Changes the keys, while nobody else does.
pub(super) fn change<T>(
    state: &Path,
    change: impl FnOnce(&mut Vec<ApiKey>) -> Result<T, ApiKeyError>,
) -> Result<T, ApiKeyError> {
    keyfile::make_folder(state)?;
    let lock = state.join(LOCK);
    let io = |cause| FileError::Io { path: lock.clone(), cause };
    let held = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&lock);
    let held = held.map_err(io)?;
    held.lock().map_err(io)?;
    let path = path(state);
    let mut content = Content { keys: read(&path)? };
    let changed = change(&mut content.keys)?;
    let json = serde_json::to_vec_pretty(&content)
        .map_err(|error| FileError::Damaged { path: path.clone(), cause: error.to_string() })?;
    keyfile::replace(&path, &json, 0o600)?;
    Ok(changed)
}
