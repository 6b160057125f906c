//! Requests to a Redis server.

/// One request to a Redis server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisRequest {
    /// The address, as the contract gave it, with its password.
    pub url: String,
    /// What to do.
    pub command: RedisCommand,
}

/// What is asked of a Redis server. Values are JSON texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedisCommand {
    /// The value of a key, which is made with `{}` when it does not exist.
    Read {
        /// The key.
        key: String,
    },
    /// The values of all keys that match a part, in the order of the keys.
    ReadContaining {
        /// Part of a key; `*`, `?` and `[` have the meaning that Redis gives them in patterns.
        part: String,
    },
    /// Adds one to a counter; gives what it was before.
    Increment {
        /// The key.
        key: String,
    },
    /// Stores a value.
    Write {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// Removes a key; gives how many there were.
    Delete {
        /// The key.
        key: String,
    },
}

impl RedisCommand {
    /// Whether the server is another one afterwards. Reading counts, for it makes keys.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::ReadContaining { .. })
    }
}
