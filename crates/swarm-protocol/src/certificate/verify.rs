//! Checking a certificate, link by link.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Contents;
use crate::did::{Did, DidDocument, multikey};
use crate::draw;
use crate::envelope::{EnvelopeError, Expected, Signed};
use crate::limits::{CLOCK_SKEW_MS_MAX, INTEGER_MAX};
use crate::log::{Checkpoint, CheckpointError, verify_inclusion};
use crate::octets::Digest;
use crate::profile::Name;
use crate::query::{
    Assignment, ContractChoice, ErrorRule, Outcome, Policy, PolicyError, Query, Seats, Subject, Vote,
    VoteError, draw_seed,
};
use crate::registry::Member;
use crate::time::Timestamp;

/// Why a certificate proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The file, or the relay's signature, is not what it should be.
    #[error("certificate: {0}")]
    Envelope(#[from] EnvelopeError),
    /// It is another swarm's.
    #[error("certificate of swarm {found}, expected {expected}")]
    OtherSwarm {
        /// The swarm found.
        found: Digest,
        /// The swarm that is trusted.
        expected: Digest,
    },
    /// The checkpoint is not the controller's.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The assignment is not what it should be.
    #[error("assignment: {0}")]
    Assignment(EnvelopeError),
    /// The assignment names another checkpoint, or contradicts itself.
    #[error("assignment does not fit its {what}")]
    Mismatch {
        /// What it does not fit.
        what: &'static str,
    },
    /// The policy cannot be met by the eligible oracles.
    #[error("policy: {0}")]
    Policy(#[from] PolicyError),
    /// The committee is not the one that is drawn.
    #[error("seat {seat} of the committee is not proved")]
    Seat {
        /// The seat, from 0.
        seat: usize,
    },
    /// A vote does not count.
    #[error("vote of {voter}: {reason}")]
    Vote {
        /// Who voted, as the vote says.
        voter: String,
        /// Why it does not count.
        reason: VoteError,
    },
    /// A vote is for something else than its place in the certificate says.
    #[error("vote of {voter} is in the wrong place")]
    Misplaced {
        /// Who voted.
        voter: Did,
    },
    /// A DID document is not the voter's at the time of the checkpoint.
    #[error("DID document {number} is not its voter's")]
    Document {
        /// The document, from 0.
        number: usize,
    },
    /// Fewer votes than the policy asks for.
    #[error("{votes} votes, and the policy asks for {quorum}")]
    NoQuorum {
        /// Votes found.
        votes: usize,
        /// Votes asked for.
        quorum: usize,
    },
    /// The answer is an error, and the query did not allow that.
    #[error("answer is an error, which the query did not allow")]
    ErrorAsAnswer,
    /// The committee's members are not each listed once.
    #[error("members of the committee are not each listed once")]
    Accounts,
}

impl CertificateError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Envelope(error) | Self::Assignment(error) => error.hint(),
            Self::OtherSwarm { .. } => "compare the fingerprint with the swarm that you trust",
            Self::Checkpoint(error) => error.hint(),
            Self::Policy(error) => error.hint(),
            Self::Vote { reason, .. } => reason.hint(),
            Self::Mismatch { .. }
            | Self::Seat { .. }
            | Self::Misplaced { .. }
            | Self::Document { .. }
            | Self::NoQuorum { .. }
            | Self::ErrorAsAnswer
            | Self::Accounts => {
                "do not rely on this certificate, and tell the swarm's admins where it came from"
            }
        }
    }
}

/// What a certificate proves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The swarm.
    pub swarm: Digest,
    /// Its name, which proves nothing.
    pub swarm_name: Name,
    /// Whether the reader had pinned the swarm.
    pub swarm_is_pinned: bool,
    /// Whether it is a swarm for tests.
    pub swarm_is_test: bool,
    /// The relay, which is the controller.
    pub relay: Did,
    /// The digest of the query.
    pub query: Digest,
    /// The name of the contract, when the query named one.
    pub contract_name: Option<Name>,
    /// The digest of the contract's text.
    pub contract: Digest,
    /// The policy.
    pub policy: Policy,
    /// Votes that the policy asks for.
    pub quorum: usize,
    /// Members of the committee.
    pub of: usize,
    /// Who signed the answer.
    pub signers: Vec<Did>,
    /// Who signed something else.
    pub dissenters: Vec<Did>,
    /// Who signed two different answers.
    pub equivocators: Vec<Did>,
    /// The answer.
    pub outcome: Outcome,
    /// Entries of the log that the checkpoint covers.
    pub checkpoint_size: u64,
    /// When the checkpoint was signed.
    pub checkpoint_at: Timestamp,
    /// When the query was assigned.
    pub assigned_at: Timestamp,
    /// When the earliest and the latest vote were made.
    pub observed: (Timestamp, Timestamp),
    /// When the certificate was sealed.
    pub sealed_at: Timestamp,
}

pub(super) fn verify(sealed: &Signed<Contents>, trust: Option<Digest>) -> Result<Report, CertificateError> {
    let contents = sealed.body();
    let genesis = &contents.genesis;
    let (swarm, controller) = (genesis.swarm(), genesis.controller());
    if let Some(expected) = trust.filter(|expected| *expected != swarm) {
        return Err(CertificateError::OtherSwarm { found: swarm, expected });
    }
    let sealed_at = sealed.header().issued_at;
    sealed.check(&Expected::new(swarm, controller, sealed_at).by(controller))?;
    let checkpoint = contents.checkpoint.verify(swarm, controller)?;
    let seats = check_assignment(contents, checkpoint)?;
    check_seats(contents, checkpoint)?;
    let subject = Subject::of(&contents.assignment, controller);
    let signers = check_votes(contents, &subject, seats)?;
    let dissenters = check_dissenters(contents, &subject)?;
    let equivocators = check_equivocations(contents, &subject)?;
    check_accounts(contents, &signers, &dissenters, &equivocators)?;
    let assignment = contents.assignment.body();
    let times = || contents.votes.iter().map(|vote| vote.body().observed_at);
    let assigned_at = contents.assignment.header().issued_at;
    Ok(Report {
        swarm,
        swarm_name: genesis.genesis().name.clone(),
        swarm_is_pinned: trust.is_some(),
        swarm_is_test: genesis.genesis().test,
        relay: controller,
        query: assignment.query,
        contract_name: assignment.contract.name.clone(),
        contract: assignment.contract.digest,
        policy: assignment.policy,
        quorum: seats.quorum,
        of: seats.of,
        signers,
        dissenters,
        equivocators,
        outcome: contents.outcome.clone(),
        checkpoint_size: checkpoint.size,
        checkpoint_at: checkpoint.at,
        assigned_at,
        observed: (times().min().unwrap_or(assigned_at), times().max().unwrap_or(assigned_at)),
        sealed_at,
    })
}

/// The assignment is the controller's, as of its own time, over this checkpoint, for the query that it names.
fn check_assignment(contents: &Contents, checkpoint: &Checkpoint) -> Result<Seats, CertificateError> {
    let Contents { genesis, assignment, .. } = contents;
    let (header, body) = (assignment.header(), assignment.body());
    let controller = genesis.controller();
    let expected = Expected::new(genesis.swarm(), controller, header.issued_at).by(controller);
    assignment.check(&expected).map_err(CertificateError::Assignment)?;
    let fits = |fits: bool, what| if fits { Ok(()) } else { Err(CertificateError::Mismatch { what }) };
    fits(body.checkpoint == contents.checkpoint.digest(), "checkpoint")?;
    fits(checkpoint.at <= header.issued_at.plus(CLOCK_SKEW_MS_MAX), "checkpoint's time")?;
    let text = body.contract.text.as_deref();
    fits(text.is_none_or(|text| body.contract.is_text(text).is_ok()), "contract")?;
    fits(query(body, header.issued_at).is_some_and(|query| query.digest() == body.query), "query")?;
    let count = usize::try_from(checkpoint.active.count.min(INTEGER_MAX)).unwrap_or(usize::MAX);
    let seats = body.policy.seats(count)?;
    fits(seats.of == body.committee.len() && seats.of == contents.seats.len(), "policy")?;
    Ok(seats)
}

/// The query that an assignment answers, from the assignment alone.
fn query(body: &Assignment, issued_at: Timestamp) -> Option<Query> {
    let contract = match (&body.contract.name, &body.contract.text) {
        (Some(name), None) => ContractChoice::Name(name.clone()),
        (None, Some(text)) => ContractChoice::Text(text.clone()),
        _ => return None,
    };
    let deadline_ms = body.deadline.since(issued_at);
    Some(Query { contract, data: body.data.clone(), policy: body.policy, deadline_ms, errors: body.errors })
}

/// Each seat is the one that the draw gives, and its oracle is at that place of the checkpoint's tree.
fn check_seats(contents: &Contents, checkpoint: &Checkpoint) -> Result<(), CertificateError> {
    let body = contents.assignment.body();
    let seed = draw_seed(&body.query, &checkpoint.root, &body.draw_nonce);
    let count = checkpoint.active.count;
    let drawn = draw::draw(seed, usize::try_from(count).unwrap_or(usize::MAX), body.committee.len());
    for (seat, ((did, proof), position)) in body.committee.iter().zip(&contents.seats).zip(drawn).enumerate()
    {
        let leaf = Member { did: *did, document: proof.document }.leaf_hash();
        let is_there = proof.position == position as u64
            && verify_inclusion(&leaf, proof.position, count, &proof.path, &checkpoint.active.root);
        if !is_there {
            return Err(CertificateError::Seat { seat });
        }
    }
    Ok(())
}

/// Enough members signed the outcome, each with its document of that time.
fn check_votes(contents: &Contents, subject: &Subject, seats: Seats) -> Result<Vec<Did>, CertificateError> {
    let Contents { outcome, votes, documents, .. } = contents;
    if matches!(outcome, Outcome::Error(_)) && contents.assignment.body().errors == ErrorRule::Never {
        return Err(CertificateError::ErrorAsAnswer);
    }
    if votes.len() < seats.quorum {
        return Err(CertificateError::NoQuorum { votes: votes.len(), quorum: seats.quorum });
    }
    let digest = outcome.digest();
    let mut signers = Vec::new();
    for vote in votes {
        let voter = check_vote(vote, subject)?;
        if vote.body().outcome != digest {
            return Err(CertificateError::Misplaced { voter });
        }
        signers.push(voter);
    }
    if documents.len() != signers.len() {
        return Err(CertificateError::Document { number: documents.len() });
    }
    for (number, (document, signer)) in documents.iter().zip(&signers).enumerate() {
        if !is_document_of(document, *signer, contents) {
            return Err(CertificateError::Document { number });
        }
    }
    Ok(signers)
}

fn is_document_of(document: &DidDocument, signer: Did, contents: &Contents) -> bool {
    let committee = &contents.assignment.body().committee;
    let seat = committee.iter().position(|did| *did == signer).and_then(|seat| contents.seats.get(seat));
    let key = document.verification_method.first().and_then(|method| method.public_key_multibase.as_ref());
    document.id == signer
        && key == Some(&multikey(&signer.key()))
        && seat.is_some_and(|seat| seat.document == document.digest())
}

fn check_dissenters(contents: &Contents, subject: &Subject) -> Result<Vec<Did>, CertificateError> {
    let digest = contents.outcome.digest();
    let dissent = |vote: &Signed<Vote>| {
        let voter = check_vote(vote, subject)?;
        if vote.body().outcome == digest { Err(CertificateError::Misplaced { voter }) } else { Ok(voter) }
    };
    contents.dissenters.iter().map(dissent).collect()
}

fn check_equivocations(contents: &Contents, subject: &Subject) -> Result<Vec<Did>, CertificateError> {
    let equivocation = |[first, second]: &[Signed<Vote>; 2]| {
        let voter = check_vote(first, subject)?;
        let same = check_vote(second, subject)? == voter;
        let differ = first.body().outcome != second.body().outcome;
        if same && differ { Ok(voter) } else { Err(CertificateError::Misplaced { voter }) }
    };
    contents.equivocations.iter().map(equivocation).collect()
}

fn check_vote(vote: &Signed<Vote>, subject: &Subject) -> Result<Did, CertificateError> {
    Vote::check(vote, subject)
        .map_err(|reason| CertificateError::Vote { voter: vote.header().sender.to_string(), reason })
}

/// Signers, dissenters, failures and laggards are the committee, each member once, each list in its order.
fn check_accounts(
    contents: &Contents,
    signers: &[Did],
    dissenters: &[Did],
    equivocators: &[Did],
) -> Result<(), CertificateError> {
    let is_sorted = |dids: &[Did]| dids.windows(2).all(|pair| pair[0] < pair[1]);
    let failed: Vec<Did> = contents.failures.iter().map(|failed| failed.oracle).collect();
    let laggards = &contents.laggards;
    let listed: Vec<Did> = [signers, dissenters, &failed, laggards].concat();
    let committee = &contents.assignment.body().committee;
    let each_once = listed.iter().copied().collect::<BTreeSet<Did>>() == committee.iter().copied().collect()
        && listed.len() == committee.len();
    let equivocated = equivocators.iter().all(|did| failed.contains(did));
    let sorted = [signers, dissenters, &failed, equivocators].into_iter().all(is_sorted);
    if each_once && equivocated && sorted { Ok(()) } else { Err(CertificateError::Accounts) }
}
