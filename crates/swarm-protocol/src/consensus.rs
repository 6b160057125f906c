//! Consensus: collects the answers of a committee and tells, as early as possible, whether enough of them agree.
//!
//! Safety rests on three rules. Only verified votes of seated oracles count. An oracle that signs two different
//! votes on one assignment counts for neither. Answers agree when their canonical JSON is the same text.

mod divergence;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use divergence::{Cluster, Difference, Divergence, Reason};

use crate::did::Did;
use crate::envelope::Signed;
use crate::query::{
    Answer, Assignment, ErrorRule, Outcome, OutcomeDigest, Policy, Seats, Subject, Vote, VoteError,
};
use crate::time::Timestamp;

/// What happens to a collector.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "events are handled one at a time, never kept")]
pub enum Event {
    /// An answer came from the member that was asked.
    Answered {
        /// The member asked.
        from: Did,
        /// What it answered.
        answer: Answer,
    },
    /// A member could not be asked, or did not answer properly.
    Failed {
        /// The member asked.
        from: Did,
        /// What went wrong.
        failure: Failure,
    },
    /// Time has passed: call this at [`Collector::deadline`].
    Tick,
}

/// What the node is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Enough members agree: build the certificate.
    Certify(Agreement),
    /// Enough members can no longer agree, or the deadline is over: report it.
    Diverge(Divergence),
    /// Wait for more answers, at most until then.
    Wait {
        /// The deadline.
        until: Timestamp,
    },
    /// The query is decided already; what came late was noted.
    Ignore,
}

/// What went wrong with a member, as seen by the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Failure {
    /// No connection.
    Unreachable,
    /// No answer within the time given to the member.
    Timeout,
    /// The oracle refused, with this HTTP status.
    Refused {
        /// The status.
        status: u16,
    },
    /// What came is not an answer.
    Malformed,
    /// The vote does not count.
    Unverifiable {
        /// Why.
        reason: String,
    },
    /// The oracle signed two different votes.
    Equivocated,
}

/// A member that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// The member.
    pub oracle: Did,
    /// What went wrong.
    pub failure: Failure,
}

/// Enough members agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// What they agree on.
    pub outcome: Outcome,
    /// Their votes, in the order of the DIDs.
    pub votes: Vec<Signed<Vote>>,
    /// The votes for something else, in the order of the DIDs.
    pub dissenters: Vec<Signed<Vote>>,
    /// Pairs of different votes by one oracle: proof that it lied to somebody.
    pub equivocations: Vec<[Signed<Vote>; 2]>,
    /// Members that failed.
    pub failures: Vec<Failed>,
    /// Members that had not answered yet.
    pub laggards: Vec<Did>,
}

/// Collects the answers to one assignment.
#[derive(Debug, Clone)]
pub struct Collector {
    subject: Subject,
    policy: Policy,
    seats: Seats,
    errors: ErrorRule,
    votes: BTreeMap<Did, Answer>,
    equivocations: BTreeMap<Did, [Signed<Vote>; 2]>,
    failures: BTreeMap<Did, Failure>,
    is_decided: bool,
}

impl Collector {
    /// A collector for an assignment of ours, or one that was verified.
    pub fn new(assignment: &Signed<Assignment>) -> Self {
        let body = assignment.body();
        let controller =
            assignment.header().sender.did().unwrap_or_else(|| Did::of(assignment.header().sender.key()));
        Self {
            subject: Subject::of(assignment, controller),
            policy: body.policy,
            seats: body.seats(),
            errors: body.errors,
            votes: BTreeMap::new(),
            equivocations: BTreeMap::new(),
            failures: BTreeMap::new(),
            is_decided: false,
        }
    }

    /// When votes stop to count: the node calls [`Self::handle`] with [`Event::Tick`] then.
    pub fn deadline(&self) -> Timestamp {
        self.subject.deadline
    }

    /// Takes note of an event and tells what to do. After the decision it only takes notes.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Command {
        match event {
            Event::Answered { from, answer } if now <= self.subject.deadline => self.answered(from, answer),
            Event::Answered { from, .. } => self.failed(from, Failure::Timeout),
            Event::Failed { from, failure } => self.failed(from, failure),
            Event::Tick => {}
        }
        if self.is_decided {
            return Command::Ignore;
        }
        let command = self.decide(now);
        self.is_decided = !matches!(command, Command::Wait { .. });
        command
    }

    /// What can be told so far, as if time were over: for progress reports and late evidence.
    pub fn divergence(&self, reason: Reason) -> Divergence {
        divergence::report(self, reason)
    }

    fn answered(&mut self, from: Did, answer: Answer) {
        let checked = Vote::check(&answer.vote, &self.subject).and_then(|voter| {
            let agrees = answer.outcome.digest() == answer.vote.body().outcome;
            if agrees { Ok(voter) } else { Err(VoteError::OtherOutcome) }
        });
        match checked {
            Ok(voter) => self.voted(voter, answer),
            Err(error) => self.failed(from, Failure::Unverifiable { reason: error.to_string() }),
        }
    }

    /// Counts a vote under the name of who signed it, whoever brought it.
    fn voted(&mut self, voter: Did, answer: Answer) {
        if self.equivocations.contains_key(&voter) {
            return;
        }
        self.failures.remove(&voter);
        match self.votes.get(&voter) {
            Some(first) if first.vote.body().outcome != answer.vote.body().outcome => {
                let pair = [first.vote.clone(), answer.vote];
                self.votes.remove(&voter);
                self.equivocations.insert(voter, pair);
                self.failures.insert(voter, Failure::Equivocated);
            }
            Some(_) => {}
            None => {
                self.votes.insert(voter, answer);
            }
        }
    }

    /// Notes the failure of a member that has not voted; strangers leave no trace.
    fn failed(&mut self, from: Did, failure: Failure) {
        let is_open = !self.votes.contains_key(&from) && !self.equivocations.contains_key(&from);
        if is_open && self.subject.committee.contains(&from) {
            self.failures.entry(from).or_insert(failure);
        }
    }

    fn decide(&self, now: Timestamp) -> Command {
        let sizes = self.sizes();
        let best = sizes.iter().max_by_key(|(_, size)| **size);
        if let Some((outcome, _)) = best.filter(|(_, size)| **size >= self.seats.quorum) {
            return self.agreement(outcome).map_or(Command::Ignore, Command::Certify);
        }
        let missing = self.seats.of - self.votes.len() - self.failures.len();
        if missing == 0 {
            return Command::Diverge(self.divergence(Reason::AllAnswered));
        }
        if now >= self.subject.deadline {
            return Command::Diverge(self.divergence(Reason::Deadline));
        }
        let possible = best.map_or(0, |(_, size)| *size) + missing;
        // Under `full` the user is owed the list of everything that differs, so every answer is waited for.
        if possible < self.seats.quorum && !matches!(self.policy, Policy::Full { .. }) {
            return Command::Diverge(self.divergence(Reason::Impossible));
        }
        Command::Wait { until: self.subject.deadline }
    }

    /// How many votes each outcome has that may be the answer.
    fn sizes(&self) -> BTreeMap<OutcomeDigest, usize> {
        let mut sizes = BTreeMap::new();
        for answer in self.votes.values() {
            let outcome = answer.vote.body().outcome;
            if self.errors == ErrorRule::Allowed || matches!(outcome, OutcomeDigest::Result(_)) {
                *sizes.entry(outcome).or_insert(0) += 1;
            }
        }
        sizes
    }

    fn agreement(&self, outcome: &OutcomeDigest) -> Option<Agreement> {
        let (agreeing, other): (Vec<&Answer>, Vec<&Answer>) =
            self.votes.values().partition(|answer| answer.vote.body().outcome == *outcome);
        let votes = |answers: &[&Answer]| answers.iter().map(|answer| answer.vote.clone()).collect();
        Some(Agreement {
            outcome: agreeing.first()?.outcome.clone(),
            votes: votes(&agreeing),
            dissenters: votes(&other),
            equivocations: self.equivocations.values().cloned().collect(),
            failures: self.failed_members(),
            laggards: self.laggards(),
        })
    }

    fn failed_members(&self) -> Vec<Failed> {
        let failed =
            |(oracle, failure): (&Did, &Failure)| Failed { oracle: *oracle, failure: failure.clone() };
        self.failures.iter().map(failed).collect()
    }

    /// Members of whom nothing is known yet, in the order of the draw.
    fn laggards(&self) -> Vec<Did> {
        let is_late = |did: &&Did| !self.votes.contains_key(did) && !self.failures.contains_key(did);
        self.subject.committee.iter().filter(is_late).copied().collect()
    }
}
