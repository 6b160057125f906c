//! An oracle's part: take an assignment, answer it with a vote.

use super::{Answer, Assignment, Outcome, Vote};
use crate::did::Did;
use crate::envelope::{Audience, EnvelopeError, Expected, Order, Signed, Stamp, Verified};
use crate::genesis::SignedGenesis;
use crate::key::SigningKey;
use crate::limits::VALIDITY_MS_MAX;
use crate::octets::Digest;
use crate::time::Timestamp;

/// Why an oracle refuses an assignment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssignmentError {
    /// The message is not what it should be.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The oracle is not on the committee.
    #[error("{oracle} is not on the committee")]
    NotSeated {
        /// The oracle.
        oracle: Did,
    },
    /// The deadline is over.
    #[error("deadline was at {}, and it is {}", .deadline.millis(), .now.millis())]
    Late {
        /// When votes stopped to count.
        deadline: Timestamp,
        /// The time at the oracle.
        now: Timestamp,
    },
    /// The assignment's nonce is missing.
    #[error("assignment has no nonce")]
    NoNonce,
    /// The text that came with the assignment is not the one that it names.
    #[error("contract has digest {found}, the assignment names {expected}")]
    OtherContract {
        /// The digest of the text at hand.
        found: Digest,
        /// The digest in the assignment.
        expected: Digest,
    },
}

impl AssignmentError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.hint(),
            Self::NotSeated { .. } => "send the assignment to the members of its committee",
            Self::Late { .. } => "ask again with a longer deadline",
            Self::NoNonce => "sign assignments with a nonce",
            Self::OtherContract { .. } => "bring all oracles to the same release of the contract",
        }
    }
}

impl Assignment {
    /// Takes an assignment, as the oracle with this DID. Repetition is [`crate::replay::Nonces`]'s to refuse.
    ///
    /// # Errors
    /// [`AssignmentError`].
    pub fn accept(
        assignment: Signed<Self>,
        oracle: Did,
        genesis: &SignedGenesis,
        now: Timestamp,
    ) -> Result<Verified<Self>, AssignmentError> {
        let expected = Expected::new(genesis.swarm(), oracle, now).by(genesis.controller());
        let assignment = assignment.verify(&expected)?;
        let body = assignment.body();
        if !body.committee.contains(&oracle) {
            return Err(AssignmentError::NotSeated { oracle });
        }
        if now >= body.deadline {
            return Err(AssignmentError::Late { deadline: body.deadline, now });
        }
        assignment.header().nonce().ok_or(AssignmentError::NoNonce)?;
        if let Some(text) = &body.contract.text {
            body.contract.is_text(text)?;
        }
        Ok(assignment)
    }
}

impl super::AssignedContract {
    /// Checks that a text, of the assignment or of the oracle's own folder, is the one to run.
    ///
    /// # Errors
    /// [`AssignmentError::OtherContract`].
    pub fn is_text(&self, text: &str) -> Result<(), AssignmentError> {
        let found = Digest::of(text.as_bytes());
        if found == self.digest {
            Ok(())
        } else {
            Err(AssignmentError::OtherContract { found, expected: self.digest })
        }
    }
}

impl Answer {
    /// Votes on an assignment with the DID's key.
    ///
    /// # Example
    /// See the crate's root.
    pub fn new(
        assignment: &Verified<Assignment>,
        outcome: Outcome,
        key: &SigningKey,
        now: Timestamp,
    ) -> Self {
        let outcome = outcome.bounded();
        let (header, body) = (assignment.header(), assignment.body());
        let vote = Vote {
            assignment: assignment.digest(),
            query: body.query,
            committee: body.committee_digest(),
            contract: body.contract.digest,
            outcome: outcome.digest(),
            observed_at: now,
        };
        let stamp = Stamp {
            swarm: header.swarm,
            audience: header.sender.did().map_or(Audience::Everyone, Audience::Did),
            // The vote repeats the assignment's nonce: whatever else it says, it answers this query only.
            order: header.order,
            issued_at: now,
            validity_ms: VALIDITY_MS_MAX,
        };
        Self { vote: Signed::by_did(key, stamp, vote), outcome }
    }
}

/// Why a vote does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VoteError {
    /// The message is not what it should be.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The voter is not on the committee.
    #[error("{voter} is not on the committee")]
    NotSeated {
        /// Who voted.
        voter: Did,
    },
    /// The vote is about another assignment, query, committee or contract.
    #[error("vote is about another {what}")]
    OtherSubject {
        /// What differs.
        what: &'static str,
    },
    /// The vote was made before the assignment, or after the deadline.
    #[error("vote was made at {}, outside the time of the assignment", .observed_at.millis())]
    WrongTime {
        /// When the vote says it was made.
        observed_at: Timestamp,
    },
    /// The outcome that came with the vote is not the one that it signs.
    #[error("outcome is not the one that the vote signs")]
    OtherOutcome,
}

impl VoteError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.hint(),
            Self::NotSeated { .. } => "only the members of the committee vote",
            Self::OtherSubject { .. } => "vote on the assignment as it came",
            Self::WrongTime { .. } => "compare the oracle's clock with the controller's",
            Self::OtherOutcome => "send the outcome that the vote's digest was made of",
        }
    }
}

impl Vote {
    /// Checks a vote against its assignment, as of its own time: now at the relay, or years later.
    ///
    /// # Errors
    /// [`VoteError`].
    pub fn check(vote: &Signed<Self>, subject: &Subject) -> Result<Did, VoteError> {
        let (header, body) = (vote.header(), vote.body());
        let sender = header.sender.did();
        let voter = sender.filter(|did| subject.committee.contains(did));
        let Some(voter) = voter else {
            return Err(match sender {
                Some(voter) => VoteError::NotSeated { voter },
                None => VoteError::Envelope(EnvelopeError::WrongSender {
                    found: header.sender,
                    expected: subject.relay.into(),
                }),
            });
        };
        let differs = [
            (body.assignment != subject.assignment, "assignment"),
            (body.query != subject.query, "query"),
            (body.committee != subject.committee_digest, "committee"),
            (body.contract != subject.contract, "contract"),
            (header.order != subject.order, "nonce"),
        ];
        if let Some((_, what)) = differs.into_iter().find(|(differs, _)| *differs) {
            return Err(VoteError::OtherSubject { what });
        }
        let skew = crate::limits::CLOCK_SKEW_MS_MAX;
        let observed_at = body.observed_at;
        if observed_at.plus(skew) < subject.issued_at || observed_at > subject.deadline.plus(skew) {
            return Err(VoteError::WrongTime { observed_at });
        }
        vote.check(&Expected::new(subject.swarm, subject.relay, observed_at).by(voter))?;
        Ok(voter)
    }
}

/// What every vote on an assignment must repeat, computed once.
#[derive(Debug, Clone)]
pub struct Subject {
    pub(crate) swarm: Digest,
    pub(crate) relay: Did,
    pub(crate) assignment: Digest,
    pub(crate) query: Digest,
    pub(crate) committee: Vec<Did>,
    pub(crate) committee_digest: Digest,
    pub(crate) contract: Digest,
    pub(crate) order: Order,
    pub(crate) issued_at: Timestamp,
    pub(crate) deadline: Timestamp,
}

impl Subject {
    /// The subject of an assignment that a controller signed.
    pub fn of(assignment: &Signed<Assignment>, controller: Did) -> Self {
        let (header, body) = (assignment.header(), assignment.body());
        Self {
            swarm: header.swarm,
            relay: controller,
            assignment: assignment.digest(),
            query: body.query,
            committee: body.committee.clone(),
            committee_digest: body.committee_digest(),
            contract: body.contract.digest,
            order: header.order,
            issued_at: header.issued_at,
            deadline: body.deadline,
        }
    }
}
