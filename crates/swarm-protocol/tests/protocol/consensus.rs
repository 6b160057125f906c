//! When answers agree, when they do not, and what is told about it.

use serde_json::{Value, json};
use swarm_protocol::certificate::Evidence;
use swarm_protocol::consensus::{Agreement, Collector, Command, Divergence, Event, Failure, Reason};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::Signed;
use swarm_protocol::query::{
    Answer, Assignment, AssignmentError, ContractFailure, ErrorRule, Outcome, Policy, Query, Vote,
};

use crate::world::{World, query};

/// A query under way.
struct Asked {
    world: World,
    assignment: Signed<Assignment>,
    collector: Collector,
}

impl Asked {
    fn new(oracles: usize, policy: &str) -> Self {
        Self::with(oracles, &query(policy))
    }

    fn with(oracles: usize, query: &Query) -> Self {
        let mut world = World::swarm(3, oracles);
        let evidence: Evidence = world.ask(query);
        let assignment = evidence.assignment().clone();
        let collector = Collector::new(&assignment);
        Self { world, assignment, collector }
    }

    fn member(&self, seat: usize) -> Did {
        self.assignment.body().committee[seat]
    }

    fn answer(&self, seat: usize, outcome: Outcome) -> Answer {
        let did = self.member(seat);
        let accepted =
            Assignment::accept(self.assignment.clone(), did, &self.world.genesis, self.world.now).unwrap();
        Answer::new(&accepted, outcome, self.world.key_of(did), self.world.now)
    }

    fn says(&mut self, seat: usize, value: Value) -> Command {
        let answer = self.answer(seat, Outcome::Result(value));
        self.answered(seat, answer)
    }

    fn answered(&mut self, seat: usize, answer: Answer) -> Command {
        self.collector.handle(Event::Answered { from: self.member(seat), answer }, self.world.now)
    }

    fn errs(&mut self, seat: usize, title: &str) -> Command {
        let failure = ContractFailure { status: 500, title: title.to_owned(), detail: None };
        let answer = self.answer(seat, Outcome::Error(failure));
        self.answered(seat, answer)
    }

    fn fails(&mut self, seat: usize, failure: Failure) -> Command {
        self.collector.handle(Event::Failed { from: self.member(seat), failure }, self.world.now)
    }

    fn waits(&self, command: &Command) -> bool {
        *command == Command::Wait { until: self.assignment.body().deadline }
    }
}

fn agreement(command: Command) -> Agreement {
    match command {
        Command::Certify(agreement) => agreement,
        other => panic!("{other:?}"),
    }
}

fn divergence(command: Command) -> Divergence {
    match command {
        Command::Diverge(divergence) => divergence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_is_returned_as_soon_as_enough_agree() {
    let mut asked = Asked::new(7, "bft 2");
    for seat in 0..4 {
        let command = asked.says(seat, json!({"sum": 3}));
        assert!(asked.waits(&command));
    }
    let agreement = agreement(asked.says(4, json!({"sum": 3})));
    assert_eq!(agreement.outcome, Outcome::Result(json!({"sum": 3})));
    assert_eq!(agreement.votes.len(), 5);
    assert_eq!(agreement.laggards, [asked.member(5), asked.member(6)]);
}

#[test]
fn equal_is_what_has_the_same_canonical_json() {
    let mut asked = Asked::new(2, "full");
    let read = |json: &[u8]| swarm_protocol::canonical::parse(json, 64).unwrap();
    asked.says(0, read(br#"{"a":1.0,"b":[]}"#));
    agreement(asked.says(1, read(br#"{ "b":[], "a":1 }"#)));
}

#[test]
fn dissenters_failures_and_laggards_are_reported() {
    let mut asked = Asked::new(7, "3 of 7");
    asked.says(0, json!(1));
    asked.says(1, json!(2));
    asked.fails(2, Failure::Unreachable);
    asked.says(3, json!(1));
    let agreement = agreement(asked.says(4, json!(1)));
    assert_eq!(agreement.dissenters.len(), 1);
    assert_eq!(agreement.dissenters[0].header().sender, asked.member(1).into());
    assert_eq!(agreement.failures[0].oracle, asked.member(2));
    assert_eq!(agreement.laggards, [asked.member(5), asked.member(6)]);
}

#[test]
fn equal_errors_are_no_answer() {
    let mut asked = Asked::new(6, "full");
    for seat in 0..5 {
        asked.errs(seat, "cannot reach the service");
    }
    let divergence = divergence(asked.errs(5, "cannot reach the service"));
    assert_eq!(divergence.reason, Reason::AllAnswered);
    assert_eq!(divergence.clusters.len(), 1);
    assert_eq!(divergence.clusters[0].members.len(), 6);
    assert_eq!(divergence.would_agree, []);
}

#[test]
fn equal_errors_are_an_answer_when_the_query_says_so() {
    let mut asked = Asked::with(2, &Query { errors: ErrorRule::Allowed, ..query("full") });
    asked.errs(0, "no such block");
    let agreement = agreement(asked.errs(1, "no such block"));
    assert!(matches!(agreement.outcome, Outcome::Error(_)));
}

#[test]
fn under_full_every_answer_is_waited_for_and_every_difference_listed() {
    let mut asked = Asked::new(3, "full");
    let common = json!({"same": 1, "list": [1, 2]});
    let with = |key: &str, value: Value| {
        let mut object = common.clone();
        object[key] = value;
        object
    };
    asked.says(0, with("price", json!({"eur": 1})));
    let second = asked.says(1, with("price", json!({"eur": 2})));
    assert!(asked.waits(&second));
    let divergence = divergence(asked.says(2, with("list", json!([1, 2, 3]))));
    let pointers: Vec<&str> = divergence.differences.iter().map(|place| place.pointer.as_str()).collect();
    assert_eq!(pointers, ["/list/2", "/price"]);
    assert_eq!(divergence.clusters.len(), 3);
    assert_eq!(divergence.would_agree, [Policy::Quorum { k: 1, of: 3 }]);
}

#[test]
fn a_pointer_escapes_what_rfc_6901_says() {
    let mut asked = Asked::new(2, "full");
    asked.says(0, json!({"a/b~c": 1}));
    let divergence = divergence(asked.says(1, json!({"a/b~c": 2})));
    assert_eq!(divergence.differences[0].pointer, "/a~1b~0c");
    let mut said: Vec<&Value> = divergence.differences[0].values.values().collect();
    said.sort_by_key(|value| value.to_string());
    assert_eq!(said, [&json!(1), &json!(2)]);
}

#[test]
fn values_of_different_kinds_differ_at_their_place() {
    let mut asked = Asked::new(2, "full");
    asked.says(0, json!({"a": [1]}));
    let divergence = divergence(asked.says(1, json!({"a": {"0": 1}})));
    assert_eq!(divergence.differences[0].pointer, "/a");
}

#[test]
fn two_clusters_are_told_apart_and_the_rule_that_would_have_agreed_is_named() {
    let mut asked = Asked::new(7, "full");
    for seat in 0..6 {
        asked.says(seat, json!(if seat < 5 { "a" } else { "b" }));
    }
    let divergence = divergence(asked.says(6, json!("b")));
    assert_eq!(divergence.clusters.iter().map(|cluster| cluster.members.len()).collect::<Vec<_>>(), [5, 2]);
    assert_eq!(
        divergence.would_agree,
        [Policy::Bft { f: 2 }, Policy::Majority { of: Some(7) }, Policy::Quorum { k: 5, of: 7 }]
    );
}

#[test]
fn a_quorum_that_cannot_be_reached_ends_the_wait() {
    let mut asked = Asked::new(4, "3 of 4");
    asked.says(0, json!(1));
    asked.says(1, json!(2));
    assert_eq!(divergence(asked.fails(2, Failure::Timeout)).reason, Reason::Impossible);
}

#[test]
fn the_deadline_ends_the_wait() {
    let mut asked = Asked::new(4, "3 of 4");
    asked.says(0, json!(1));
    let early = asked.collector.handle(Event::Tick, asked.world.now);
    assert!(asked.waits(&early));
    let divergence = divergence(asked.collector.handle(Event::Tick, asked.collector.deadline()));
    assert_eq!(divergence.reason, Reason::Deadline);
    assert_eq!(divergence.laggards.len(), 3);
}

#[test]
fn a_vote_after_the_deadline_does_not_count() {
    let mut asked = Asked::new(2, "full");
    asked.says(0, json!(1));
    let answer = asked.answer(1, Outcome::Result(json!(1)));
    let late = asked.collector.deadline().plus(1);
    let divergence =
        divergence(asked.collector.handle(Event::Answered { from: asked.member(1), answer }, late));
    assert_eq!(divergence.failures[0].failure, Failure::Timeout);
}

#[test]
fn what_comes_after_the_decision_changes_nothing() {
    let mut asked = Asked::new(3, "2 of 3");
    asked.says(0, json!(1));
    agreement(asked.says(1, json!(1)));
    assert_eq!(asked.says(2, json!(2)), Command::Ignore);
    assert_eq!(asked.collector.handle(Event::Tick, asked.collector.deadline()), Command::Ignore);
}

#[test]
fn the_same_vote_twice_counts_once() {
    let mut asked = Asked::new(3, "2 of 3");
    let answer = asked.answer(0, Outcome::Result(json!(1)));
    asked.answered(0, answer.clone());
    let again = asked.answered(0, answer.clone());
    assert!(asked.waits(&again));
    // Nor when another member passes it on as his own.
    let borrowed = asked.answered(1, answer);
    assert!(asked.waits(&borrowed));
}

#[test]
fn an_oracle_that_signs_two_answers_counts_for_neither_and_is_shown() {
    let mut asked = Asked::new(4, "2 of 4");
    asked.says(0, json!(1));
    asked.says(0, json!(2));
    let second = asked.says(1, json!(2));
    assert!(asked.waits(&second));
    let third = asked.says(0, json!(2));
    assert!(asked.waits(&third));
    let agreement = agreement(asked.says(2, json!(2)));
    assert_eq!(agreement.votes.len(), 2);
    assert_eq!(agreement.equivocations.len(), 1);
    assert_eq!(agreement.failures[0].failure, Failure::Equivocated);
}

#[test]
fn a_vote_with_another_outcome_than_it_signs_is_unverifiable() {
    let mut asked = Asked::new(2, "full");
    asked.says(0, json!(1));
    let answer = Answer { outcome: Outcome::Result(json!(1)), ..asked.answer(1, Outcome::Result(json!(2))) };
    let divergence = divergence(asked.answered(1, answer));
    assert_eq!(
        divergence.failures[0].failure,
        Failure::Unverifiable { reason: "outcome is not the one that the vote signs".to_owned() }
    );
}

#[test]
fn a_good_vote_after_a_bad_one_counts() {
    let mut asked = Asked::new(2, "full");
    asked.fails(0, Failure::Malformed);
    asked.says(0, json!(1));
    agreement(asked.says(1, json!(1)));
}

#[test]
fn a_vote_on_another_query_does_not_count() {
    let mut asked = Asked::new(2, "full");
    let other = asked.world.ask(&query("full")).assignment().clone();
    let did = asked.member(0);
    let accepted = Assignment::accept(other, did, &asked.world.genesis, asked.world.now).unwrap();
    let key = asked.world.key_of(did);
    let answer = Answer::new(&accepted, Outcome::Result(json!(1)), key, asked.world.now);
    asked.answered(0, answer);
    let report = asked.collector.divergence(Reason::Deadline);
    assert_eq!(
        report.failures[0].failure,
        Failure::Unverifiable { reason: "vote is about another assignment".to_owned() }
    );
}

#[test]
fn a_vote_by_an_oracle_without_seat_does_not_count() {
    let mut asked = Asked::new(3, "2 of 2");
    let seated = &asked.assignment.body().committee;
    let outsider = asked.world.oracles.iter().find(|oracle| !seated.contains(&oracle.did())).unwrap();
    let accepted =
        Assignment::accept(asked.assignment.clone(), outsider.did(), &asked.world.genesis, asked.world.now);
    assert_eq!(accepted.unwrap_err(), AssignmentError::NotSeated { oracle: outsider.did() });
    let mut answer = asked.answer(0, Outcome::Result(json!(1)));
    let stamp = swarm_protocol::envelope::Stamp::once(
        asked.world.genesis.swarm(),
        asked.world.genesis.controller(),
        [0; 16],
        asked.world.now,
    );
    answer.vote = Signed::<Vote>::by_did(&outsider.key, stamp, answer.vote.body().clone());
    let from = outsider.did();
    asked.collector.handle(Event::Answered { from, answer }, asked.world.now);
    let report = asked.collector.divergence(Reason::Deadline);
    assert_eq!((report.failures.len(), report.laggards.len(), report.clusters.len()), (0, 2, 0));
}

#[test]
fn an_assignment_is_refused_late_and_with_another_text() {
    let mut world = World::swarm(3, 1);
    let text = Query {
        contract: swarm_protocol::query::ContractChoice::Text("Given nothing".to_owned()),
        ..query("full")
    };
    // The world assigns the digest of another text than the query's.
    let assignment = world.ask(&text).assignment().clone();
    let did = world.oracles[0].did();
    let error = Assignment::accept(assignment.clone(), did, &world.genesis, world.now).unwrap_err();
    assert!(matches!(error, AssignmentError::OtherContract { .. }));
    let deadline = assignment.body().deadline;
    let error = Assignment::accept(assignment, did, &world.genesis, deadline).unwrap_err();
    assert_eq!(error, AssignmentError::Late { deadline, now: deadline });
}

#[test]
fn a_long_error_is_cut_before_it_is_signed() {
    let mut asked = Asked::with(1, &Query { errors: ErrorRule::Allowed, ..query("full") });
    let agreement = agreement(asked.errs(0, &"é".repeat(10_000)));
    let Outcome::Error(failure) = agreement.outcome else { panic!("not an error") };
    assert_eq!(failure.title.len(), 4096);
}
