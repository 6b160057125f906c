//! What a contract says about itself, and what it may do: `NAME.metadata.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::connector::egress::Rule;

/// Aliases of one contract.
const ALIASES_MAX: usize = 64;

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
    /// Destinations that the contract may reach although they are not public, beside those of the oracle.
    #[serde(default)]
    pub egress: Vec<Rule>,
    /// Whether nobody may call it.
    #[serde(default)]
    pub private: bool,
    /// Other names under which callers may send a member of DATA, with the name that the contract
    /// knows it by.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
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
        Ok(metadata)
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
