//! Why a message is refused.

use super::{Audience, Sender};
use crate::canonical::JsonError;
use crate::did::Did;
use crate::octets::Digest;
use crate::time::Timestamp;

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not strict JSON, too large, or not the fields of this kind of message.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A message of another kind.
    #[error("message type `{found}`, expected `{expected}`")]
    WrongType {
        /// The type found.
        found: String,
        /// The type expected.
        expected: &'static str,
    },
    /// A signature suite that is not spoken here.
    #[error("signature suite `{found}`, expected `eddsa`")]
    WrongSuite {
        /// The suite found.
        found: String,
    },
    /// A message of another swarm.
    #[error("message of swarm {found}, expected {expected}")]
    WrongSwarm {
        /// The swarm found.
        found: Digest,
        /// The receiver's swarm.
        expected: Digest,
    },
    /// A message by somebody else.
    #[error("message by {found}, expected {expected}")]
    WrongSender {
        /// The sender found.
        found: Sender,
        /// The only sender accepted.
        expected: Sender,
    },
    /// A message to somebody else.
    #[error("message for {found}, expected {expected}")]
    WrongAudience {
        /// The audience found.
        found: Audience,
        /// The receiver.
        expected: Did,
    },
    /// The message expired.
    #[error("message expired at {}, and it is {}", .expires_at.millis(), .now.millis())]
    Stale {
        /// When it expired.
        expires_at: Timestamp,
        /// The time at the receiver.
        now: Timestamp,
    },
    /// The message is of a time that has not come.
    #[error("message issued at {}, and it is {}", .issued_at.millis(), .now.millis())]
    Future {
        /// When it claims to be signed.
        issued_at: Timestamp,
        /// The time at the receiver.
        now: Timestamp,
    },
    /// The message expires when or before it is issued.
    #[error("message issued at {} expires at {}", .issued_at.millis(), .expires_at.millis())]
    NoValidity {
        /// When it was signed.
        issued_at: Timestamp,
        /// When it expires.
        expires_at: Timestamp,
    },
    /// The message would hold for too long.
    #[error("message holds for {validity_ms} ms, more than {validity_ms_max}")]
    TooLong {
        /// From issue to expiry.
        validity_ms: u64,
        /// The most for this kind.
        validity_ms_max: u64,
    },
    /// The signature is not the sender's over this text.
    #[error("signature is not {sender}'s over this message")]
    BadSignature {
        /// Who is said to have signed.
        sender: Sender,
    },
}

impl EnvelopeError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::WrongType { .. } => "send this kind of message to its own endpoint",
            Self::WrongSuite { .. } => "sign with Ed25519 and write suite `eddsa`",
            Self::WrongSwarm { .. } => "compare the fingerprints of the two swarms' genesis records",
            Self::WrongSender { .. } => "check which controller, oracle or admin this machine was set up for",
            Self::WrongAudience { .. } => "address the message to the DID of the machine that receives it",
            Self::Stale { .. } => "sign a new message; if it was new, compare the clocks of the two machines",
            Self::Future { .. } => "compare the clocks of the two machines",
            Self::NoValidity { .. } => "set expires_at after issued_at, both in milliseconds",
            Self::TooLong { .. } => "sign with a shorter validity",
            Self::BadSignature { .. } => {
                "the message was changed after it was signed, or signed with another key"
            }
        }
    }
}
