//! Contracts that the oracle runs by itself: those in the folder `.autorun` of the contracts folder.
//!
//! `"autorun": "startup"` runs at every start, `"install"` until it has ended well once. ncr notes that
//! in the contract's own metadata; here it is noted in the state folder, because contracts may come from
//! a release that nobody may write to. A note of ncr's is heeded.
//!
//! They run before the oracle serves, one after the other, `install` first. A failure is logged, and
//! keeps nothing else from running.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Shared;
use super::call::{self, CallError};
use super::contracts::{Autorun, Contracts, Entry, FolderDefault, Places};
use crate::controller::keyfile::{self, FileError};

/// The folder of contracts that run by themselves.
const FOLDER: &str = ".autorun";
/// What is noted of those that ran.
const FILE: &str = "autorun.json";
/// Octets of the note.
const FILE_OCTETS_MAX: usize = 1024 * 1024;

/// Names of contracts that were installed.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Installed {
    installed: BTreeSet<String>,
}

/// Runs what is to be run at a start.
pub(super) async fn run(oracle: &Arc<Shared>) {
    let Some(folder) = oracle.config.contracts.as_ref().map(|folder| folder.join(FOLDER)) else { return };
    if !folder.is_dir() {
        return;
    }
    let places = Places { contracts: Some(folder), private: oracle.config.folder.private.clone() };
    let contracts = match Contracts::read(&places, FolderDefault::Open, oracle.keys.keyring()) {
        Ok(contracts) => contracts,
        Err(error) => return tracing::error!(%error, "no contract is run at the start"),
    };
    let mut noted = note(&oracle.config.state);
    for moment in [Autorun::Install, Autorun::Startup] {
        let due = contracts.all().filter(|entry| entry.metadata.autorun == Some(moment));
        for entry in due {
            let is_done = entry.metadata.executed || noted.installed.contains(&entry.name);
            if moment == Autorun::Install && is_done {
                continue;
            }
            if one(oracle, entry).await && moment == Autorun::Install {
                noted.installed.insert(entry.name.clone());
                if let Err(error) = write(&oracle.config.state, &noted) {
                    tracing::error!(contract = entry.name, %error, "it will be installed again at the next start");
                }
            }
        }
    }
}

/// Runs one on its example, which is its data here.
async fn one(oracle: &Shared, entry: &Entry) -> bool {
    let data = entry.keys.over(entry.example.clone().unwrap_or_default());
    let ran = match call::admit(oracle, entry) {
        Ok(mut admission) => call::run(oracle, &mut admission, entry, data, None).await,
        Err(error) => Err(CallError::Run(error)),
    };
    match ran {
        Ok(_) => {
            tracing::info!(contract = entry.name, "ran at the start");
            true
        }
        Err(error) => {
            tracing::error!(contract = entry.name, error = error.message(), "failed at the start");
            false
        }
    }
}

fn note(state: &Path) -> Installed {
    let path = state.join(FILE);
    match keyfile::read_text(&path, FILE_OCTETS_MAX) {
        Err(FileError::Missing { .. }) => Installed::default(),
        Ok(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::error!(path = %path.display(), %error, "it is damaged: contracts are installed again");
            Installed::default()
        }),
        Err(error) => {
            tracing::error!(%error, "contracts are installed again");
            Installed::default()
        }
    }
}

/// Written beside and moved into place, so that it is whole at all times.
fn write(state: &Path, noted: &Installed) -> std::io::Result<()> {
    let (path, draft) = (state.join(FILE), state.join("autorun.json.draft"));
    std::fs::write(&draft, serde_json::to_vec_pretty(noted)?)?;
    std::fs::rename(draft, path)
}
