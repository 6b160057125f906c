//! Why a store gave nothing: one error for Redis, SQL, git and InfluxDB. The contract's run ends with its text.

use std::fmt;
use std::time::Duration;

use super::egress::Refusal;

/// Where a request goes, as far as it may be shown: never a password, never a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    /// What listens there, such as `Redis`.
    pub(crate) kind: &'static str,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", self.kind, self.host, self.port)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The address or another value is not what it has to be.
    #[error("{0}")]
    Input(String),
    #[error(
        "the egress policy forbids {target}: {refusal}; the operator can allow it with egress_allow = [\"{}:{}\"]",
        target.host, target.port
    )]
    Forbidden { target: Target, refusal: Refusal },
    #[error("{0} cannot be found: no such name; is its address right?")]
    Unknown(Target),
    #[error("{target} cannot be reached: {reason}; is it running, and is its address right?")]
    Unreachable { target: Target, reason: String },
    #[error("{0} refused the user or the password in its address")]
    Denied(Target),
    #[error("{what} did not end within {} ms; ask for less, or let the operator raise egress_timeout", limit.as_millis())]
    Timeout { what: String, limit: Duration },
    #[error("{what} gave more than {limit} octets; ask for less, or let the operator raise egress_reply_max")]
    Oversized { what: String, limit: usize },
    #[error("{target} broke the connection off: {reason}")]
    Broken { target: Target, reason: String },
    /// The server's own words.
    #[error("{what} refused: {reason}")]
    Refused { what: String, reason: String },
}

impl Fault {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input(message.into())
    }

    pub(crate) fn refused(what: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self::Refused { what: what.to_string(), reason: shown(&reason.to_string()) }
    }
}

/// Octets of foreign words in an error.
const WORDS_MAX: usize = 400;

/// The first of somebody else's words, on one line.
fn shown(words: &str) -> String {
    let mut line: String =
        words.chars().map(|it| if it.is_control() { ' ' } else { it }).take(WORDS_MAX + 1).collect();
    if line.chars().count() > WORDS_MAX {
        line = line.chars().take(WORDS_MAX).collect::<String>() + "…";
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_words_are_one_line_with_an_end() {
        assert_eq!(shown("a\nb\u{1b}[31m"), "a b [31m");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), WORDS_MAX + 1);
    }
}
