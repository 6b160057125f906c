//! What a contract says about itself, and what it may do: `NAME.metadata.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::access::{Access, Auth};
use super::limits::Limits;

/// Aliases of one contract.
const ALIASES_MAX: usize = 64;
/// Callers of one contract.
const CALLERS_MAX: usize = 1024;

/// A contract's metadata. An unknown key is an error: a misspelt `private` must not publish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// What the contract is for, in a sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// Short for `"grants": ["keyring"]`.
    #[serde(default)]
    keyring: bool,
    /// What of the oracle's the contract gets as KEYS.
    #[serde(default)]
    grants: Vec<Grant>,
    /// What of the oracle's the contract gets as DATA.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// Whether nobody may call it.
    #[serde(default)]
    pub private: bool,
    /// Other names under which callers may send a member of DATA, with the name that the contract
    /// knows it by.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// What one run, and all of them, may take.
    #[serde(default)]
    pub limits: Limits,
    /// How callers say who they are.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// Who may call: names or ids of API keys, and DIDs. Empty: everybody who says so in that way.
    #[serde(default)]
    pub callers: Vec<String>,
}

/// Something of the oracle's that is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// The service keyring.
    Keyring,
}

/// Something of the oracle's that is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Who the oracle is.
    Identity,
    /// Which ledgers it watches.
    Subscriptions,
    /// Which events of ledgers it watches.
    EventsSubscriptions,
}

impl Input {
    /// The member of DATA.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Subscriptions => "subscriptions",
            Self::EventsSubscriptions => "events_subscriptions",
        }
    }
}

impl Metadata {
    /// Reads the file.
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        // Serde would read an array as the members in their order.
        if json.trim_start().starts_with('[') {
            return Err("it is an array, not an object".to_owned());
        }
        let metadata: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if metadata.aliases.len() > ALIASES_MAX {
            return Err(format!("it has more than {ALIASES_MAX} aliases"));
        }
        metadata.access_is_sound()?;
        Ok(metadata)
    }

    fn access_is_sound(&self) -> Result<(), String> {
        if self.callers.len() > CALLERS_MAX {
            return Err(format!("it names more than {CALLERS_MAX} callers"));
        }
        match self.auth {
            None if !self.callers.is_empty() => {
                Err("it names callers, and not how they say who they are: add \"auth\"".to_owned())
            }
            Some(Auth::None) if !self.callers.is_empty() => {
                Err("it names callers, and \"auth\" lets everybody in: one must go".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Who may call; `closed` says whether nobody may unless the metadata says so.
    pub fn access(&self, closed: bool) -> Access<'_> {
        match self.auth {
            None if closed => Access::Nobody,
            None | Some(Auth::None) => Access::Anyone,
            Some(auth) => Access::Known { auth, callers: &self.callers },
        }
    }

    /// Whether the contract gets this.
    pub fn is_granted(&self, grant: Grant) -> bool {
        self.grants.contains(&grant) || (grant == Grant::Keyring && self.keyring)
    }

    /// Whether its DATA are not simply what the caller sent.
    pub(crate) fn shapes_data(&self) -> bool {
        !self.inputs.is_empty() || !self.aliases.is_empty()
    }
}
