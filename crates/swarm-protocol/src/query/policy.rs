//! How many oracles are asked, and how many must agree.

use std::fmt;
use std::str::FromStr;

use crate::limits::COMMITTEE_MAX;
use crate::octets::text_type;

/// The rule by which answers become one. Answers agree when their canonical JSON is equal.
///
/// Its text, in JSON too: `full`, `full of 3`, `5 of 7`, `bft 2`, `majority`, `majority of 5`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody asked must agree; `of` is how many are asked, all eligible oracles when absent.
    Full {
        /// Oracles asked.
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

text_type!(Policy);

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
        let words: Vec<&str> = text.split([' ', '-', ':']).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(policy: &str, eligible: usize) -> Result<(usize, usize), PolicyError> {
        policy.parse::<Policy>()?.seats(eligible).map(|seats| (seats.quorum, seats.of))
    }

    #[test]
    fn each_policy_has_its_seats() {
        assert_eq!(seats("full", 6), Ok((6, 6)));
        assert_eq!(seats("full of 3", 6), Ok((3, 3)));
        assert_eq!(seats("5 of 7", 9), Ok((5, 7)));
        assert_eq!(seats("bft 2", 7), Ok((5, 7)));
        assert_eq!(seats("majority", 6), Ok((4, 6)));
        assert_eq!(seats("majority of 5", 6), Ok((3, 5)));
    }

    #[test]
    fn a_policy_reads_back_from_its_text() {
        for text in ["full", "full of 3", "5 of 7", "bft 2", "majority", "majority of 5"] {
            assert_eq!(text.parse::<Policy>().map(|policy| policy.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_swarm_too_small_for_the_policy_is_told_so() {
        assert_eq!(seats("bft 2", 6), Err(PolicyError::TooFew { eligible: 6, of: 7 }));
        assert_eq!(seats("full", 0), Err(PolicyError::TooFew { eligible: 0, of: 1 }));
    }

    #[test]
    fn a_policy_that_nobody_can_meet_is_refused() {
        for text in ["0 of 3", "4 of 3", "0 of 0", "1 of 1001", "bft 4294967295", "full of 0"] {
            assert!(matches!(text.parse::<Policy>(), Err(PolicyError::OutOfBounds { .. })), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_policy() {
        for text in ["", "most", "3 of", "of 3", "bft", "bft -1", "3 of 4 of 5", "full of x"] {
            assert!(text.parse::<Policy>().is_err(), "{text}");
        }
    }
}
