//! Random swarms with random faults: no two certificates contradict each other, and f faulty oracles block nothing.

use serde_json::json;
use swarm_protocol::certificate::Certificate;
use swarm_protocol::consensus::{Collector, Command, Event, Failure};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::Signed;
use swarm_protocol::key::SigningKey;
use swarm_protocol::query::{Answer, Assignment, Outcome};

use crate::world::{Rng, World, query};

/// Random swarms per test; each failure prints its seed.
const SEEDS: u64 = 60;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// Says what all liars have agreed to say.
    Colludes,
    /// Says something of its own.
    Lies,
    /// Says nothing.
    Silent,
    /// Cannot be reached.
    Unreachable,
    /// Answers with what is no vote.
    Malformed,
    /// Says the truth and the lie.
    Equivocates,
    /// Signs with a key that is not its own.
    Forges,
    /// Says the lie with an outcome that it did not sign.
    Swaps,
    /// Answers the truth after the deadline.
    Late,
}

const FAULTS: [Fault; 9] = [
    Fault::Colludes,
    Fault::Lies,
    Fault::Silent,
    Fault::Unreachable,
    Fault::Malformed,
    Fault::Equivocates,
    Fault::Forges,
    Fault::Swaps,
    Fault::Late,
];

fn truth() -> Outcome {
    Outcome::Result(json!({"block": "0xabc", "height": 7}))
}

fn lie() -> Outcome {
    Outcome::Result(json!({"block": "0xdef", "height": 7}))
}

/// What one member makes happen.
fn events(
    world: &World,
    assignment: &Signed<Assignment>,
    did: Did,
    fault: Option<Fault>,
    number: usize,
) -> Vec<Event> {
    let accepted = Assignment::accept(assignment.clone(), did, &world.genesis, world.now).unwrap();
    let answer = |outcome| Answer::new(&accepted, outcome, world.key_of(did), world.now);
    let said = |answer| vec![Event::Answered { from: did, answer }];
    match fault {
        // Honest machines may answer twice: the network repeats.
        None => [said(answer(truth())), said(answer(truth()))].concat(),
        Some(Fault::Colludes) => said(answer(lie())),
        Some(Fault::Lies) => said(answer(Outcome::Result(json!(number)))),
        Some(Fault::Silent | Fault::Late) => vec![],
        Some(Fault::Unreachable) => vec![Event::Failed { from: did, failure: Failure::Unreachable }],
        Some(Fault::Malformed) => vec![Event::Failed { from: did, failure: Failure::Malformed }],
        Some(Fault::Equivocates) => [said(answer(truth())), said(answer(lie()))].concat(),
        Some(Fault::Forges) => {
            said(Answer::new(&accepted, lie(), &SigningKey::from_octets([number as u8; 32]), world.now))
        }
        Some(Fault::Swaps) => said(Answer { outcome: lie(), ..answer(truth()) }),
    }
}

struct Round {
    world: World,
    command: Command,
    evidence: swarm_protocol::certificate::Evidence,
}

/// One query in one random swarm.
fn round(seed: u64, faulty: usize, of: usize, policy: &str) -> Round {
    let mut rng = Rng(seed ^ 0x5eed);
    let extra = rng.below(3);
    let mut world = World::swarm(seed, of + extra);
    let evidence = world.ask(&query(policy));
    let assignment = evidence.assignment().clone();
    let mut faults: Vec<Option<Fault>> =
        (0..of).map(|seat| (seat < faulty).then(|| FAULTS[rng.below(FAULTS.len())])).collect();
    rng.shuffle(&mut faults);
    let mut queue: Vec<Event> = Vec::new();
    for (number, (did, fault)) in assignment.body().committee.iter().zip(&faults).enumerate() {
        queue.extend(events(&world, &assignment, *did, *fault, number));
    }
    rng.shuffle(&mut queue);
    let mut collector = Collector::new(&assignment);
    let mut decided = None;
    for event in queue {
        match collector.handle(event, world.now) {
            Command::Wait { .. } => {}
            Command::Ignore => assert!(decided.is_some(), "seed {seed}: ignored before a decision"),
            command => {
                assert!(decided.is_none(), "seed {seed}: decided twice");
                decided = Some(command);
            }
        }
    }
    world.now = collector.deadline();
    let command = decided.unwrap_or_else(|| collector.handle(Event::Tick, world.now));
    Round { world, command, evidence }
}

#[test]
fn with_at_most_f_faulty_the_truth_is_always_certified() {
    for seed in 0..SEEDS {
        let f = 1 + (seed % 2) as usize;
        let faulty = Rng(seed).below(f + 1);
        let Round { world, command, evidence } = round(seed, faulty, 3 * f + 1, &format!("bft {f}"));
        let Command::Certify(agreement) = command else { panic!("seed {seed}: {command:?}") };
        assert_eq!(agreement.outcome, truth(), "seed {seed}");
        let certificate = Certificate::new(evidence, agreement, [1; 16], &world.controller, world.now);
        let read = Certificate::parse(certificate.to_file().as_bytes());
        let report = read.unwrap().verify(Some(world.genesis.swarm()));
        assert_eq!(report.map(|report| report.outcome), Ok(truth()), "seed {seed}");
    }
}

#[test]
fn with_more_than_f_faulty_there_is_never_a_lie_below_a_quorum_of_liars() {
    for seed in 0..SEEDS {
        // Up to 2f faulty: 2f+1 votes for a lie cannot come together, so the truth or nothing is certified.
        let f = 2;
        let faulty = f + 1 + Rng(seed).below(f);
        let Round { command, .. } = round(seed, faulty, 3 * f + 1, "bft 2");
        match command {
            Command::Certify(agreement) => assert_eq!(agreement.outcome, truth(), "seed {seed}"),
            Command::Diverge(report) => {
                assert!(report.clusters.len() + report.failures.len() > 0, "seed {seed}")
            }
            other => panic!("seed {seed}: {other:?}"),
        }
    }
}

#[test]
fn under_full_one_faulty_member_is_enough_to_be_told() {
    for seed in 0..SEEDS {
        let Round { command, .. } = round(seed, 1, 5, "full of 5");
        match command {
            Command::Diverge(report) => {
                let told =
                    report.failures.len() + report.laggards.len() + usize::from(report.clusters.len() > 1);
                assert_eq!(told, 1, "seed {seed}: {report:?}");
            }
            // Who signs the truth first and the lie after everybody else has signed is too late to be told.
            Command::Certify(agreement) => assert_eq!(agreement.outcome, truth(), "seed {seed}"),
            other => panic!("seed {seed}: {other:?}"),
        }
    }
}
