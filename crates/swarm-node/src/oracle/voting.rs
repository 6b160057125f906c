//! Votes: the controller assigns, the oracle checks, runs, and signs what came out.
//!
//! An oracle votes only for the controller that it pinned, only as a member of the committee, only
//! on a contract whose text has the assigned digest, and only in time. A contract sent as text runs
//! without grants: no key of the oracle's is in its reach.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use swarm_protocol::canonical;
use swarm_protocol::envelope::{Signed, Verified};
use swarm_protocol::limits::RESULT_OCTETS_MAX;
use swarm_protocol::octets::Digest;
use swarm_protocol::query::{Answer, Assignment, AssignmentError, ContractFailure, Outcome};
use swarm_protocol::replay::ReplayError;
use zencode::{Cause, Contract, Limits};

use super::Shared;
use super::contracts::Secret;
use super::membership::Membership;
use super::runner::{self, Crowd, Job, RunError};
use crate::config::Fault;
use crate::controller::clock;
use crate::http::contracts::shape;

/// Compiled contracts that came as text, kept for the next query.
const TEXTS_MAX: usize = 256;
/// The HTTP status of a contract's failure, as at `/api/…`.
const FAILED: u16 = 500;

/// Why an oracle does not vote.
#[derive(Debug, thiserror::Error)]
pub enum VoteError {
    /// It belongs to no swarm.
    #[error("this oracle belongs to no swarm")]
    NoSwarm,
    /// The assignment is not one to vote on.
    #[error(transparent)]
    Assignment(#[from] AssignmentError),
    /// The assignment was seen before.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The assignment is older than this process.
    #[error("the assignment was signed before this oracle was started")]
    BeforeStart,
    /// The time is over.
    #[error("the deadline has passed")]
    TooLate,
    /// The contract is not served here.
    #[error("there is no contract {name:?} here")]
    UnknownContract {
        /// The name assigned.
        name: String,
    },
    /// The contract is served here with another text.
    #[error("the contract {name:?} has the digest {found} here, {expected} is assigned")]
    OtherContract {
        /// The name assigned.
        name: String,
        /// The digest here.
        found: Digest,
        /// The digest assigned.
        expected: Digest,
    },
    /// The assignment has neither name nor text.
    #[error("the assignment names no contract and brings none")]
    NoContract,
    /// The data is no object.
    #[error("the assignment's data is no object")]
    Data,
    /// The contract could not be run to its end here; that says nothing about the query.
    #[error(transparent)]
    Run(RunError),
}

/// Compiled contracts by the digest of their text.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<BTreeMap<Digest, Contract>>);

impl Texts {
    fn get(&self, digest: &Digest) -> Option<Contract> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn put(&self, digest: Digest, contract: Contract) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.len() >= TEXTS_MAX {
            // Digests are as good as random: whichever goes, it is nobody's choice.
            texts.pop_first();
        }
        texts.insert(digest, contract);
    }
}

/// Checks an assignment, runs its contract, and signs the vote.
///
/// # Errors
/// [`VoteError`].
pub(crate) async fn vote(oracle: &Shared, octets: &[u8]) -> Result<Answer, VoteError> {
    let member = oracle.member().ok_or(VoteError::NoSwarm)?;
    let assignment = accept(oracle, &member, octets)?;
    let left = Duration::from_millis(assignment.body().deadline.since(clock::now()));
    let outcome = match oracle.config.fault {
        None => run(oracle, assignment.body(), left).await?,
        Some(fault) => misbehave(oracle, fault, left).await?,
    };
    oracle.metrics.votes.inc();
    Ok(Answer::new(&assignment, outcome, oracle.keys.did_key(), clock::now()))
}

fn accept(oracle: &Shared, member: &Membership, octets: &[u8]) -> Result<Verified<Assignment>, VoteError> {
    let (now, did) = (clock::now(), oracle.keys.did());
    let signed = Signed::parse(octets).map_err(AssignmentError::from)?;
    let assignment = Assignment::accept(signed, did, &member.genesis, now)?;
    if member.since().is_none_or(|since| assignment.header().issued_at < since) {
        return Err(VoteError::BeforeStart);
    }
    member.seen().admit(&assignment, now)?;
    Ok(assignment)
}

async fn run(oracle: &Shared, assignment: &Assignment, left: Duration) -> Result<Outcome, VoteError> {
    let (name, crowd, job) = match job(oracle, assignment, left).await {
        Ok(job) => job,
        Err(VoteError::Run(error @ RunError::Contract(_))) => return Ok(failure(&error)),
        Err(error) => return Err(error),
    };
    match oracle.runner.run(name, crowd, job).await {
        Ok(output) => Ok(result(&output.json)),
        Err(error @ RunError::Contract(_)) => Ok(failure(&error)),
        Err(error) => Err(VoteError::Run(error)),
    }
}

/// What is run, under which name, and how many of it there may be.
async fn job<'a>(
    oracle: &'a Shared,
    assignment: &Assignment,
    timeout: Duration,
) -> Result<(&'a str, Crowd, Job), VoteError> {
    let assigned = &assignment.contract;
    let data = data(&assignment.data)?;
    if let Some(name) = &assigned.name {
        let entry = oracle
            .contracts
            .public(name.as_str())
            .ok_or_else(|| VoteError::UnknownContract { name: name.to_string() })?;
        same(name.as_str(), entry.digest, assigned.digest)?;
        let contract = entry.contract.clone().map_err(|it| VoteError::Run(it.into()))?;
        let data = shape(oracle, entry, data).map_err(|_| VoteError::Data)?;
        let limits = &entry.metadata.limits;
        let timeout = timeout.min(limits.timeout(&oracle.config.runs));
        let job = Job { contract, data, keys: entry.keys.clone(), timeout, limits: limits.language() };
        return Ok((&entry.name, limits.crowd(), job));
    }
    let text = assigned.text.as_deref().ok_or(VoteError::NoContract)?;
    let contract = match oracle.texts.get(&assigned.digest) {
        Some(contract) => contract,
        None => {
            let contract = oracle.runner.compile(Arc::from(text)).await.map_err(VoteError::Run)?;
            oracle.texts.put(assigned.digest, contract.clone());
            contract
        }
    };
    let job = Job { contract, data, keys: Secret::default(), timeout, limits: Limits::default() };
    Ok((runner::TEXT, Crowd::default(), job))
}

fn same(name: &str, found: Digest, expected: Digest) -> Result<(), VoteError> {
    if found == expected {
        Ok(())
    } else {
        Err(VoteError::OtherContract { name: name.to_owned(), found, expected })
    }
}

fn data(data: &Value) -> Result<String, VoteError> {
    match data {
        Value::Null => Ok(String::new()),
        Value::Object(members) if members.is_empty() => Ok(String::new()),
        // The canonical text: all members run on the same octets.
        Value::Object(_) => Ok(canonical::text(data)),
        _ => Err(VoteError::Data),
    }
}

/// What a contract printed, or why it cannot be carried by a vote.
fn result(json: &str) -> Outcome {
    match canonical::parse(json.as_bytes(), RESULT_OCTETS_MAX) {
        Ok(value) => Outcome::Result(value),
        Err(error) => Outcome::Error(ContractFailure {
            status: FAILED,
            title: "the result cannot be voted on".to_owned(),
            detail: Some(error.to_string()),
        })
        .bounded(),
    }
}

/// A contract's failure in words that every oracle uses: what the host said may differ from one to
/// the next, and is left out.
fn failure(error: &RunError) -> Outcome {
    let diagnostic = error.diagnostic();
    let (title, is_common) = match diagnostic.cause {
        Cause::Syntax => ("the contract is not Zencode", true),
        Cause::UnknownStatement => ("the contract uses an unknown statement", true),
        Cause::Input => ("the input does not fit the contract", true),
        Cause::Statement => ("a statement failed", true),
        Cause::Limit => ("a limit was exceeded", true),
        Cause::Host => ("the oracle refused a request", false),
    };
    let detail = is_common.then(|| diagnostic.to_string());
    Outcome::Error(ContractFailure { status: FAILED, title: title.to_owned(), detail }).bounded()
}

/// What an oracle does that was told to be faulty. Every liar tells its own lie: the swarm is shown
/// against faults, not against a conspiracy.
async fn misbehave(oracle: &Shared, fault: Fault, left: Duration) -> Result<Outcome, VoteError> {
    match fault {
        Fault::Lie => Ok(Outcome::Result(json!({ "output": [format!("a lie by {}", oracle.keys.did())] }))),
        Fault::Error => Ok(Outcome::Error(ContractFailure {
            status: FAILED,
            title: "a failure on purpose".to_owned(),
            detail: None,
        })),
        Fault::Silent => {
            tokio::time::sleep(left).await;
            Err(VoteError::TooLate)
        }
    }
}
