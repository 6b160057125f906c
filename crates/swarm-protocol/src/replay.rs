//! Messages that were seen: a nonce is good once.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{Message, Sender, Verified};
use crate::limits::{CLOCK_SKEW_MS_MAX, REPLAY_NONCES_MAX};
use crate::octets::Nonce;
use crate::time::Timestamp;

/// The nonces seen, each until its message has expired. Bounded: a full cache refuses, it never forgets early.
#[derive(Debug, Clone)]
pub struct Nonces {
    until: BTreeMap<(Sender, &'static str, Nonce), Timestamp>,
    by_time: BTreeSet<(Timestamp, Sender, &'static str, Nonce)>,
    nonces_max: usize,
}

/// Why a verified message is refused all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The message was seen before.
    #[error("message with nonce {nonce} was seen before")]
    Seen {
        /// The nonce.
        nonce: Nonce,
    },
    /// The message has a sequence number where a nonce is needed.
    #[error("message has a sequence number instead of a nonce")]
    NoNonce,
    /// Too many messages at once.
    #[error("{nonces_max} messages are remembered already")]
    Full {
        /// The most remembered.
        nonces_max: usize,
    },
}

impl ReplayError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Seen { .. } => "sign a new message with a fresh nonce",
            Self::NoNonce => "sign this kind of message with a nonce",
            Self::Full { .. } => "try again when earlier messages have expired",
        }
    }
}

impl Default for Nonces {
    fn default() -> Self {
        Self::new(REPLAY_NONCES_MAX)
    }
}

impl Nonces {
    /// An empty cache of at most so many nonces.
    pub fn new(nonces_max: usize) -> Self {
        Self { until: BTreeMap::new(), by_time: BTreeSet::new(), nonces_max }
    }

    /// Takes note of a message.
    ///
    /// # Errors
    /// [`ReplayError`] when it was seen before, has no nonce, or the cache is full.
    pub fn admit<B: Message>(&mut self, message: &Verified<B>, now: Timestamp) -> Result<(), ReplayError> {
        self.forget(now);
        let header = message.header();
        let nonce = header.nonce().ok_or(ReplayError::NoNonce)?;
        if self.until.contains_key(&(header.sender, B::TYPE, nonce)) {
            return Err(ReplayError::Seen { nonce });
        }
        if self.until.len() >= self.nonces_max {
            return Err(ReplayError::Full { nonces_max: self.nonces_max });
        }
        // A message is accepted until its expiry plus the tolerated skew, so it is remembered as long.
        let until = header.expires_at.plus(CLOCK_SKEW_MS_MAX);
        self.until.insert((header.sender, B::TYPE, nonce), until);
        self.by_time.insert((until, header.sender, B::TYPE, nonce));
        Ok(())
    }

    /// Nonces remembered.
    pub fn len(&self) -> usize {
        self.until.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some(&(until, sender, kind, nonce)) = self.by_time.first().filter(|first| first.0 < now) {
            self.by_time.remove(&(until, sender, kind, nonce));
            self.until.remove(&(sender, kind, nonce));
        }
    }
}
