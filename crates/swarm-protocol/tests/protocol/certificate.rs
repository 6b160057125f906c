//! What a certificate proves, and that nothing else passes for one.

use serde_json::json;
use swarm_protocol::canonical::JsonError;
use swarm_protocol::certificate::{Certificate, CertificateError, Contents};
use swarm_protocol::consensus::{Collector, Command, Event, Failure};
use swarm_protocol::envelope::{Audience, EnvelopeError, Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::Digest;
use swarm_protocol::query::{Answer, Assignment, Outcome};

use crate::world::{World, query};

/// A certificate of three votes of five, with a dissenter, a failure, an equivocation and a laggard.
fn certificate() -> (World, Certificate) {
    certified("3 of 7", 9)
}

fn certified(policy: &str, oracles: usize) -> (World, Certificate) {
    let mut world = World::swarm(11, oracles);
    let evidence = world.ask(&query(policy));
    let assignment = evidence.assignment().clone();
    let mut collector = Collector::new(&assignment);
    let committee = assignment.body().committee.clone();
    let mut events = Vec::new();
    if committee.len() > 3 {
        events.push(Event::Failed { from: committee[0], failure: Failure::Refused { status: 503 } });
        events.push(said(&world, &assignment, 1, 8));
        events.push(said(&world, &assignment, 2, 8));
        events.push(said(&world, &assignment, 2, 9));
    }
    let first = events.len().min(3);
    events.extend((first..committee.len()).map(|seat| said(&world, &assignment, seat, 3)));
    for event in events {
        if let Command::Certify(agreement) = collector.handle(event, world.now) {
            let nonce = world.rng.octets();
            let certificate = Certificate::new(evidence, agreement, nonce, &world.controller, world.now);
            return (world, certificate);
        }
    }
    panic!("no agreement");
}

fn said(world: &World, assignment: &Signed<Assignment>, seat: usize, sum: u32) -> Event {
    let did = assignment.body().committee[seat];
    let accepted = Assignment::accept(assignment.clone(), did, &world.genesis, world.now).unwrap();
    let outcome = Outcome::Result(json!({"sum": sum, "text": "è\n"}));
    Event::Answered { from: did, answer: Answer::new(&accepted, outcome, world.key_of(did), world.now) }
}

/// What a lying controller makes of it: changed contents, sealed again with the right key.
fn resealed(change: impl FnOnce(&World, &mut Contents)) -> CertificateError {
    let (world, certificate) = certificate();
    let mut contents = certificate.contents().clone();
    change(&world, &mut contents);
    let stamp = Stamp {
        audience: Audience::Everyone,
        ..Stamp::once(world.genesis.swarm(), world.genesis.controller(), [5; 16], world.now)
    };
    let sealed = Signed::by_did(&world.controller, stamp, contents);
    let file = sealed.to_json() + "\n";
    Certificate::parse(file.as_bytes()).and_then(|read| read.verify(None)).unwrap_err()
}

#[test]
fn a_certificate_reads_back_and_tells_who_signed_what() {
    let (world, certificate) = certificate();
    let read = Certificate::parse(certificate.to_file().as_bytes()).unwrap();
    assert_eq!(read, certificate);
    let report = read.verify(Some(world.genesis.swarm())).unwrap();
    assert_eq!((report.quorum, report.of), (3, 7));
    assert_eq!((report.signers.len(), report.dissenters.len(), report.equivocators.len()), (3, 1, 1));
    assert_eq!(report.outcome, Outcome::Result(json!({"sum": 3, "text": "è\n"})));
    assert_eq!(report.checkpoint_size, 19);
    assert_eq!(report.assigned_at, world.now);
    assert!(report.swarm_is_pinned);
}

#[test]
fn without_a_pinned_swarm_the_report_says_so() {
    let (_, certificate) = certificate();
    assert!(!certificate.verify(None).unwrap().swarm_is_pinned);
}

#[test]
fn another_swarm_s_certificate_is_refused() {
    let (world, certificate) = certificate();
    let expected = Digest::new([1; 32]);
    let error = CertificateError::OtherSwarm { found: world.genesis.swarm(), expected };
    assert_eq!(certificate.verify(Some(expected)), Err(error));
}

/// Every position, several other octets: nothing is a certificate but the certificate.
fn any_changed_octet_is_refused(part: usize, parts: usize) {
    let (_, certificate) = certified("1 of 1", 2);
    let file = certificate.to_file().into_bytes();
    for position in (part..file.len()).step_by(parts) {
        for change in [0x01, 0x02, 0x20] {
            let mut octets = file.clone();
            octets[position] ^= change;
            let verified = Certificate::parse(&octets).and_then(|read| read.verify(None));
            assert!(verified.is_err(), "octet {position} ^ {change:#x}");
        }
    }
}

#[test]
fn any_changed_octet_is_refused_first_third() {
    any_changed_octet_is_refused(0, 3);
}

#[test]
fn any_changed_octet_is_refused_second_third() {
    any_changed_octet_is_refused(1, 3);
}

#[test]
fn any_changed_octet_is_refused_last_third() {
    any_changed_octet_is_refused(2, 3);
}

#[test]
fn a_certificate_cut_or_lengthened_anywhere_is_refused() {
    let (_, certificate) = certified("1 of 1", 2);
    let file = certificate.to_file();
    for length in (0..file.len()).step_by(97).chain([file.len() - 1]) {
        assert!(Certificate::parse(&file.as_bytes()[..length]).is_err(), "{length} octets");
    }
    assert!(Certificate::parse((file.clone() + "\n").as_bytes()).is_err());
    assert!(Certificate::parse((" ".to_owned() + &file).as_bytes()).is_err());
}

#[test]
fn another_form_of_the_same_json_is_refused_with_the_place() {
    let (_, certificate) = certificate();
    let pretty = serde_json::to_string_pretty(
        &serde_json::from_str::<serde_json::Value>(&certificate.to_file()).unwrap(),
    );
    let error = Certificate::parse(pretty.unwrap().as_bytes()).unwrap_err();
    assert_eq!(
        error,
        CertificateError::Envelope(EnvelopeError::Json(JsonError::NotCanonical { position: 1 }))
    );
}

#[test]
fn another_text_of_the_same_policy_is_refused() {
    let (_, certificate) = certificate();
    let file = certificate.to_file().replace("3 of 7", "3-of-7");
    let error = Certificate::parse(file.as_bytes()).and_then(|read| read.verify(None)).unwrap_err();
    assert!(matches!(error, CertificateError::Envelope(EnvelopeError::BadSignature { .. })));
}

#[test]
fn a_seal_by_another_key_is_refused() {
    let (world, certificate) = certificate();
    let stamp = Stamp {
        audience: Audience::Everyone,
        ..Stamp::once(world.genesis.swarm(), world.genesis.controller(), [5; 16], world.now)
    };
    let sealed = Signed::by_did(&SigningKey::from_octets([9; 32]), stamp, certificate.contents().clone());
    let read = Certificate::parse((sealed.to_json() + "\n").as_bytes()).unwrap();
    assert!(matches!(read.verify(None), Err(CertificateError::Envelope(EnvelopeError::WrongSender { .. }))));
}

#[test]
fn an_outcome_that_nobody_voted_for_is_refused() {
    let error = resealed(|_, contents| contents.outcome = Outcome::Result(json!({"sum": 4})));
    assert!(matches!(error, CertificateError::Misplaced { .. }));
}

#[test]
fn too_few_votes_are_refused() {
    let error = resealed(|_, contents| _ = contents.votes.pop());
    assert_eq!(error, CertificateError::NoQuorum { votes: 2, quorum: 3 });
}

#[test]
fn a_vote_counted_twice_is_refused() {
    let error = resealed(|_, contents| {
        contents.votes[1] = contents.votes[0].clone();
        contents.documents[1] = contents.documents[0].clone();
    });
    assert_eq!(error, CertificateError::Accounts);
}

#[test]
fn a_vote_of_another_query_is_refused() {
    let error = resealed(|world, contents| {
        let mut body = contents.votes[0].body().clone();
        body.query = Digest::new([1; 32]);
        let voter = contents.votes[0].header().sender.did().unwrap();
        let header = *contents.votes[0].header();
        let stamp = Stamp {
            swarm: header.swarm,
            audience: header.audience,
            order: header.order,
            issued_at: header.issued_at,
            validity_ms: 60_000,
        };
        contents.votes[0] = Signed::by_did(world.key_of(voter), stamp, body);
    });
    assert!(matches!(error, CertificateError::Vote { .. }));
}

#[test]
fn a_dissenter_left_out_is_noticed() {
    assert_eq!(resealed(|_, contents| contents.dissenters.clear()), CertificateError::Accounts);
}

#[test]
fn a_dissenter_who_agreed_is_refused() {
    let error = resealed(|_, contents| contents.dissenters.push(contents.votes[0].clone()));
    assert!(matches!(error, CertificateError::Misplaced { .. }));
}

#[test]
fn an_equivocation_of_two_equal_votes_is_refused() {
    let error = resealed(|_, contents| contents.equivocations[0][1] = contents.equivocations[0][0].clone());
    assert!(matches!(error, CertificateError::Misplaced { .. }));
}

#[test]
fn another_document_of_a_voter_is_refused() {
    let error = resealed(|_, contents| {
        contents.documents[0].service[0].service_endpoint = "https://evil.example.org".parse().unwrap();
    });
    assert_eq!(error, CertificateError::Document { number: 0 });
    assert_eq!(
        resealed(|_, contents| _ = contents.documents.pop()),
        CertificateError::Document { number: 2 }
    );
    let error = resealed(|_, contents| contents.documents.swap(0, 1));
    assert_eq!(error, CertificateError::Document { number: 0 });
}

#[test]
fn a_seat_at_another_position_is_refused() {
    let error = resealed(|_, contents| contents.seats[2].position += 1);
    assert_eq!(error, CertificateError::Seat { seat: 2 });
    assert_eq!(resealed(|_, contents| contents.seats.swap(0, 1)), CertificateError::Seat { seat: 0 });
}

/// The assignment changed and signed again, as only the controller can.
fn reassigned(change: impl FnOnce(&mut Assignment)) -> CertificateError {
    resealed(|world, contents| {
        let header = *contents.assignment.header();
        let mut body = contents.assignment.body().clone();
        change(&mut body);
        let stamp = Stamp {
            swarm: header.swarm,
            audience: header.audience,
            order: header.order,
            issued_at: header.issued_at,
            validity_ms: 60_000,
        };
        contents.assignment = Signed::by_did(&world.controller, stamp, body);
    })
}

#[test]
fn a_committee_of_the_controller_s_choice_is_refused() {
    assert_eq!(reassigned(|body| body.committee.swap(0, 1)), CertificateError::Seat { seat: 0 });
    assert!(matches!(
        reassigned(|body| body.draw_nonce = Digest::new([1; 32])),
        CertificateError::Seat { .. }
    ));
    let error = reassigned(|body| _ = body.committee.pop());
    assert_eq!(error, CertificateError::Mismatch { what: "policy" });
}

#[test]
fn an_assignment_that_is_not_the_query_s_is_refused() {
    let query = CertificateError::Mismatch { what: "query" };
    assert_eq!(reassigned(|body| body.data = json!({"a": 2})), query);
    assert_eq!(reassigned(|body| body.policy = "2 of 7".parse().unwrap()), query);
    assert_eq!(reassigned(|body| body.contract.name = Some("other".parse().unwrap())), query);
    assert_eq!(reassigned(|body| body.query = Digest::new([1; 32])), query);
    let error = reassigned(|body| body.contract.text = Some("Given nothing".to_owned()));
    assert_eq!(error, CertificateError::Mismatch { what: "contract" });
    let error = reassigned(|body| body.checkpoint = Digest::new([1; 32]));
    assert_eq!(error, CertificateError::Mismatch { what: "checkpoint" });
}

#[test]
fn a_checkpoint_by_another_controller_is_refused() {
    let error = resealed(|_, contents| {
        contents.checkpoint = contents.checkpoint.checkpoint().sign(&SigningKey::from_octets([9; 32]));
    });
    assert!(matches!(error, CertificateError::Checkpoint(_)));
}

#[test]
fn a_checkpoint_after_the_assignment_is_refused() {
    let error = resealed(|world, contents| {
        let mut checkpoint = *contents.checkpoint.checkpoint();
        checkpoint.at = world.now.plus(60_000);
        contents.checkpoint = checkpoint.sign(&world.controller);
    });
    assert_eq!(error, CertificateError::Mismatch { what: "checkpoint" });
}

#[test]
fn an_error_is_no_answer_unless_the_query_allowed_it() {
    let error = resealed(|_, contents| {
        contents.outcome = Outcome::Error(swarm_protocol::query::ContractFailure {
            status: 500,
            title: "x".to_owned(),
            detail: None,
        });
    });
    assert_eq!(error, CertificateError::ErrorAsAnswer);
}

#[test]
fn what_no_policy_could_seat_is_refused() {
    assert!(matches!(
        resealed(|world, contents| {
            let mut checkpoint = *contents.checkpoint.checkpoint();
            checkpoint.active.count = 3;
            contents.checkpoint = checkpoint.sign(&world.controller);
        }),
        CertificateError::Mismatch { .. }
    ));
}
