//! Queries: what a user asks, whom the controller assigns, what an oracle votes.

mod assign;
mod member;
mod policy;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use assign::AssignEntropy;
pub use member::{AssignmentError, Subject, VoteError};
pub use policy::{Policy, PolicyError, Seats};

use crate::canonical::{self, JsonError};
use crate::did::Did;
use crate::draw;
use crate::envelope::{Message, Signed};
use crate::limits::{
    CONTRACT_OCTETS_MAX, DEADLINE_MS_MAX, ERROR_OCTETS_MAX, QUERY_OCTETS_MAX, RESULT_OCTETS_MAX,
};
use crate::octets::Digest;
use crate::profile::Name;
use crate::time::Timestamp;

/// What a user asks of the swarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Which contract.
    pub contract: ContractChoice,
    /// The contract's data: an object.
    #[serde(default)]
    pub data: Value,
    /// How many must agree.
    pub policy: Policy,
    /// How long the user waits, in milliseconds: 1 to 300,000.
    pub deadline_ms: u64,
    /// Whether an error may be the answer.
    #[serde(default)]
    pub errors: ErrorRule,
}

/// A contract by its name on the oracles, or in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContractChoice {
    /// A contract that the oracles serve.
    Name(Name),
    /// A contract sent with the query.
    Text(String),
}

/// Whether a contract's failure may be agreed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorRule {
    /// Equal errors are no answer: six oracles that cannot reach a service have not answered.
    #[default]
    Never,
    /// Equal errors are an answer like any other.
    Allowed,
}

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Not strict JSON, or other fields.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The policy cannot be met by this swarm, or by any.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The time to wait is out of bounds.
    #[error("deadline of {deadline_ms} ms is not between 1 and {deadline_ms_max}")]
    Deadline {
        /// The deadline found.
        deadline_ms: u64,
        /// The longest allowed.
        deadline_ms_max: u64,
    },
    /// The contract's text is too long.
    #[error("contract of {octets} octets is longer than {octets_max}")]
    Contract {
        /// Octets found.
        octets: usize,
        /// Octets allowed.
        octets_max: usize,
    },
    /// The data is not an object.
    #[error("data is not a JSON object")]
    Data,
}

impl QueryError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Policy(error) => error.hint(),
            Self::Deadline { .. } => "set deadline_ms to at most five minutes",
            Self::Contract { .. } => "send a shorter contract, or put it on the oracles and send its name",
            Self::Data => "send the data as an object: {\"data\":{…}}",
        }
    }
}

impl Query {
    /// Reads and checks a user's query.
    ///
    /// # Errors
    /// [`QueryError`], `Policy` only where the policy contradicts itself.
    pub fn parse(json: &[u8]) -> Result<Self, QueryError> {
        let mut query: Self = canonical::parse_as(json, QUERY_OCTETS_MAX, "query")?;
        if query.data.is_null() {
            query.data = Value::Object(serde_json::Map::new());
        }
        query.check()?;
        Ok(query)
    }

    /// Checks a query made here.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn check(&self) -> Result<(), QueryError> {
        if !(1..=DEADLINE_MS_MAX).contains(&self.deadline_ms) {
            return Err(QueryError::Deadline {
                deadline_ms: self.deadline_ms,
                deadline_ms_max: DEADLINE_MS_MAX,
            });
        }
        if let ContractChoice::Text(text) = &self.contract
            && text.len() > CONTRACT_OCTETS_MAX
        {
            return Err(QueryError::Contract { octets: text.len(), octets_max: CONTRACT_OCTETS_MAX });
        }
        if !self.data.is_object() {
            return Err(QueryError::Data);
        }
        Ok(self.policy.check()?)
    }

    /// The digest of the canonical query: what the draw of the committee is keyed with.
    pub fn digest(&self) -> Digest {
        Digest::of(canonical::text_of(self).as_bytes())
    }
}

/// A contract as assigned: every member must run the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignedContract {
    /// SHA-256 of the contract's text. An oracle whose text under this name differs refuses to vote.
    pub digest: Digest,
    /// The name under which the oracles serve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The text, when the query brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Controller to the committee: run this. The header's nonce is the query's; its audience is everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The digest of the user's query.
    pub query: Digest,
    /// What to run.
    pub contract: AssignedContract,
    /// On what data.
    pub data: Value,
    /// How many must agree.
    pub policy: Policy,
    /// Whether an error may be the answer.
    pub errors: ErrorRule,
    /// The committee, in the order of the draw.
    pub committee: Vec<Did>,
    /// The digest of the signed checkpoint that names the eligible oracles.
    pub checkpoint: Digest,
    /// What the draw is keyed with besides query and checkpoint.
    pub draw_nonce: Digest,
    /// When votes stop to count.
    pub deadline: Timestamp,
}

impl Message for Assignment {
    const TYPE: &'static str = "assignment";
    const TO_EVERYONE: bool = true;
}

impl Assignment {
    /// The digest of the committee, which every vote repeats.
    pub fn committee_digest(&self) -> Digest {
        Digest::of(canonical::text_of(&self.committee).as_bytes())
    }

    /// How many sit, and how many must agree.
    pub fn seats(&self) -> Seats {
        self.policy.seats_of(self.committee.len())
    }
}

/// The seed of a committee's draw: nobody who knows only two of the three can tell the committee.
pub fn draw_seed(query: &Digest, checkpoint_root: &Digest, nonce: &Digest) -> draw::Seed {
    let mut octets = b"zenswarm/v1/draw\n".to_vec();
    for digest in [query, checkpoint_root, nonce] {
        octets.extend_from_slice(digest.octets());
    }
    draw::Seed::new(*Digest::of(&octets).octets())
}

/// What came out of a contract, by digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeDigest {
    /// The digest of the canonical JSON of the result.
    Result(Digest),
    /// The digest of the canonical JSON of the error.
    Error(Digest),
}

/// Oracle to the relay: this came out. The header's nonce repeats the assignment's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The digest of the assignment, which contains the query, policy, data and deadline.
    pub assignment: Digest,
    /// The digest of the user's query.
    pub query: Digest,
    /// The digest of the committee.
    pub committee: Digest,
    /// The digest of the contract's text.
    pub contract: Digest,
    /// What came out.
    pub outcome: OutcomeDigest,
    /// When the run ended.
    pub observed_at: Timestamp,
}

impl Message for Vote {
    const TYPE: &'static str = "vote";
}

/// Why a contract failed, in words that do not differ between oracles without reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractFailure {
    /// The HTTP status that the same failure has at `/api/…`.
    pub status: u16,
    /// What failed.
    pub title: String,
    /// Where and why, when it is the same on every oracle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What came out of a contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The printed object.
    Result(Value),
    /// The failure.
    Error(ContractFailure),
}

impl Outcome {
    /// The outcome by digest.
    pub fn digest(&self) -> OutcomeDigest {
        match self {
            Self::Result(value) => OutcomeDigest::Result(canonical::digest(value)),
            Self::Error(failure) => OutcomeDigest::Error(Digest::of(canonical::text_of(failure).as_bytes())),
        }
    }

    /// Cuts an error's texts to their limit, for who makes one.
    #[must_use]
    pub fn bounded(self) -> Self {
        let cut = |text: String| match text.len() > ERROR_OCTETS_MAX {
            true => text[..text.floor_char_boundary(ERROR_OCTETS_MAX)].to_owned(),
            false => text,
        };
        match self {
            Self::Error(ContractFailure { status, title, detail }) => {
                Self::Error(ContractFailure { status, title: cut(title), detail: detail.map(cut) })
            }
            result @ Self::Result(_) => result,
        }
    }

    /// The outcome as JSON, for reports.
    pub fn value(&self) -> Value {
        match self {
            Self::Result(value) => value.clone(),
            Self::Error(failure) => serde_json::to_value(failure).expect("a failure is an object of texts"),
        }
    }
}

/// A vote with what it is about: the answer of an oracle to an assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The signed vote.
    pub vote: Signed<Vote>,
    /// The outcome that the vote's digest is of.
    pub outcome: Outcome,
}

impl Answer {
    /// Reads an answer from another machine.
    ///
    /// # Errors
    /// [`JsonError`].
    pub fn parse(json: &[u8]) -> Result<Self, JsonError> {
        // The vote itself is small: a quarter more than the result covers it.
        canonical::parse_as(json, RESULT_OCTETS_MAX + RESULT_OCTETS_MAX / 4, "answer")
    }

    /// The answer on the wire: canonical JSON.
    pub fn to_json(&self) -> String {
        canonical::text_of(self)
    }
}
