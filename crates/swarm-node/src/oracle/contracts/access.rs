//! Who may call a contract.

use serde::Deserialize;

/// How callers say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// Not at all.
    None,
    /// By an API key.
    ApiKey,
    /// By a signature of their DID.
    Did,
    /// By one of the two.
    Any,
}

/// Who may call a contract, as the routes ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access<'a> {
    /// Everybody.
    Anyone,
    /// Nobody, until the metadata opens it.
    Nobody,
    /// Who proves to be somebody.
    Known {
        /// By what.
        auth: Auth,
        /// Names or ids of API keys, and DIDs; all when empty.
        callers: &'a [String],
    },
}
