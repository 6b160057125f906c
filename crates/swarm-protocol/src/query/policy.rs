//! How many oracles are asked, and how many must agree.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits::COMMITTEE_MAX;

/// The rule by which answers become one. Answers agree when their canonical JSON is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Policy {
    /// Everybody asked must agree; `of` is how many are asked, all eligible oracles when absent.
    Full {
        /// Oracles asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<u32>,
    },
    /// Any `k` of `of` must agree.
    Quorum {
        /// Oracles that must agree.
        k: u32,
        /// Oracles asked.
        of: u32,
    },
    /// 2f+1 of 3f+1 must agree: with at most `f` faulty, no two certificates contradict each other.
    Bft {
        /// Faulty oracles tolerated.
        f: u32,
    },
    /// More than half must agree; `of` is how many are asked, all eligible oracles when absent.
    Majority {
        /// Oracles asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<u32>,
    },
}

/// A policy resolved: how many sit on the committee, and how many of them must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// Oracles asked.
    pub of: usize,
    /// Oracles that must agree.
    pub quorum: usize,
}

/// Why a policy cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not between 1 and the largest committee, or a quorum above the committee.
    #[error("{quorum} of {of} is not a quorum of 1 to {committee_max} oracles")]
    OutOfBounds {
        /// Oracles that must agree.
        quorum: u64,
        /// Oracles asked.
        of: u64,
        /// The largest committee.
        committee_max: usize,
    },
    /// Fewer oracles are eligible than the policy asks for.
    #[error("{eligible} oracles are eligible, and the policy asks {of}")]
    TooFew {
        /// Oracles eligible.
        eligible: usize,
        /// Oracles asked for.
        of: usize,
    },
    /// A text that is no policy.
    #[error("`{found}` is not a policy")]
    Syntax {
        /// The text, at most 80 characters of it.
        found: String,
    },
}

impl PolicyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::OutOfBounds { .. } => "ask between 1 and 1000 oracles, and let at most as many agree",
            Self::TooFew { .. } => "ask fewer oracles, or wait until more have announced",
            Self::Syntax { .. } => "write full, full of 3, 5 of 7, bft 2, majority or majority of 5",
        }
    }
}

impl Policy {
    /// Checks that the policy can be met by some swarm.
    ///
    /// # Errors
    /// [`PolicyError::OutOfBounds`].
    pub fn check(&self) -> Result<(), PolicyError> {
        let (quorum, of) = match *self {
            Self::Full { of: None } | Self::Majority { of: None } => return Ok(()),
            Self::Full { of: Some(of) } => (u64::from(of), u64::from(of)),
            Self::Majority { of: Some(of) } => (u64::from(of) / 2 + 1, u64::from(of)),
            Self::Quorum { k, of } => (u64::from(k), u64::from(of)),
            Self::Bft { f } => (2 * u64::from(f) + 1, 3 * u64::from(f) + 1),
        };
        if quorum == 0 || quorum > of || of > COMMITTEE_MAX as u64 {
            return Err(PolicyError::OutOfBounds { quorum, of, committee_max: COMMITTEE_MAX });
        }
        Ok(())
    }

    /// How many sit and how many must agree, in a swarm of so many eligible oracles.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn seats(&self, eligible: usize) -> Result<Seats, PolicyError> {
        self.check()?;
        let of = match *self {
            Self::Full { of: Some(of) } | Self::Majority { of: Some(of) } | Self::Quorum { of, .. } => {
                of as usize
            }
            Self::Bft { f } => 3 * f as usize + 1,
            Self::Full { of: None } | Self::Majority { of: None } => eligible.clamp(1, COMMITTEE_MAX),
        };
        if eligible < of {
            return Err(PolicyError::TooFew { eligible, of });
        }
        Ok(self.seats_of(of))
    }

    /// How many of a committee of this size must agree.
    pub(super) fn seats_of(&self, of: usize) -> Seats {
        let quorum = match *self {
            Self::Full { .. } => of,
            Self::Majority { .. } => of / 2 + 1,
            Self::Quorum { k, .. } => k as usize,
            Self::Bft { f } => 2 * f as usize + 1,
        };
        Seats { of, quorum }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { of: None } => f.write_str("full"),
            Self::Full { of: Some(of) } => write!(f, "full of {of}"),
            Self::Quorum { k, of } => write!(f, "{k} of {of}"),
            Self::Bft { f: faulty } => write!(f, "bft {faulty}"),
            Self::Majority { of: None } => f.write_str("majority"),
            Self::Majority { of: Some(of) } => write!(f, "majority of {of}"),
        }
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let syntax = || PolicyError::Syntax { found: text.chars().take(80).collect() };
        let number = |word: &str| word.parse::<u32>().map_err(|_| syntax());
        let words: Vec<&str> = text.split([' ', '-', ':']).filter(|word| !word.is_empty()).collect();
        let policy = match words[..] {
            ["full"] => Self::Full { of: None },
            ["full", "of", of] => Self::Full { of: Some(number(of)?) },
            ["majority"] => Self::Majority { of: None },
            ["majority", "of", of] => Self::Majority { of: Some(number(of)?) },
            ["bft", f] => Self::Bft { f: number(f)? },
            [k, "of", of] => Self::Quorum { k: number(k)?, of: number(of)? },
            _ => return Err(syntax()),
        };
        policy.check()?;
        Ok(policy)
    }
}
