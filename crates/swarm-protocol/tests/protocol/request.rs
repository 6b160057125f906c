//! Signed requests: what an oracle refuses.

use swarm_protocol::did::Did;
use swarm_protocol::envelope::{EnvelopeError, Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::octets::Digest;
use swarm_protocol::replay::{Nonces, ReplayError};
use swarm_protocol::request::{Line, NO_SWARM, Receiver, Request, RequestError};
use swarm_protocol::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const LINE: Line<'_> = Line { method: "POST", target: "/api/sum?x=1" };
const BODY: &[u8] = b"{\"data\":{}}";

fn key(octet: u8) -> SigningKey {
    SigningKey::from_octets([octet; 32])
}

fn did(octet: u8) -> Did {
    Did::of(key(octet).public())
}

fn receiver() -> Receiver {
    Receiver { swarm: NO_SWARM, did: did(2), since: Timestamp::from_millis(NOW.millis() - 60_000) }
}

fn signed(stamp: Stamp) -> Signed<Request> {
    Signed::by_did(&key(1), stamp, Request::new(LINE.method, LINE.target, BODY))
}

fn stamp() -> Stamp {
    Stamp::once(NO_SWARM, did(2), [3; 16], NOW)
}

fn refusal(signed: Signed<Request>, line: Line<'_>) -> RequestError {
    Request::accept(signed, line, receiver(), NOW).unwrap_err()
}

#[test]
fn a_request_as_it_was_signed_is_accepted_and_names_its_caller() {
    let (caller, verified) = Request::accept(signed(stamp()), LINE, receiver(), NOW).unwrap();
    assert_eq!(caller, did(1));
    assert_eq!(verified.body().matches(BODY), Ok(()));
}

#[test]
fn another_verb_path_or_query_is_refused() {
    for line in [
        Line { method: "GET", ..LINE },
        Line { target: "/api/other?x=1", ..LINE },
        Line { target: "/api/sum?x=2", ..LINE },
        Line { target: "/api/sum", ..LINE },
    ] {
        let error = refusal(signed(stamp()), line);
        assert!(matches!(error, RequestError::OtherRequest { .. }), "{line:?}: {error}");
    }
}

#[test]
fn another_body_is_refused() {
    let (_, verified) = Request::accept(signed(stamp()), LINE, receiver(), NOW).unwrap();
    for body in [&b"{\"data\":{ }}"[..], b"", b"{\"data\":{}}\n"] {
        assert!(matches!(verified.body().matches(body), Err(RequestError::OtherBody { .. })));
    }
}

#[test]
fn a_request_to_another_oracle_or_swarm_is_refused() {
    let error = refusal(signed(Stamp::once(NO_SWARM, did(4), [3; 16], NOW)), LINE);
    assert!(matches!(error, RequestError::Envelope(EnvelopeError::WrongAudience { .. })), "{error}");
    let error = refusal(signed(Stamp::once(Digest::new([9; 32]), did(2), [3; 16], NOW)), LINE);
    assert!(matches!(error, RequestError::Envelope(EnvelopeError::WrongSwarm { .. })), "{error}");
}

#[test]
fn a_stale_request_and_one_of_the_future_are_refused() {
    let at = |millis| Stamp { issued_at: Timestamp::from_millis(millis), ..stamp() };
    let error = refusal(signed(Stamp { validity_ms: 1_000, ..at(NOW.millis() - 2_001) }), LINE);
    assert!(matches!(error, RequestError::Envelope(EnvelopeError::Stale { .. })), "{error}");
    let error = refusal(signed(at(NOW.millis() + 1_001)), LINE);
    assert!(matches!(error, RequestError::Envelope(EnvelopeError::Future { .. })), "{error}");
}

#[test]
fn a_request_that_holds_for_more_than_five_minutes_is_refused() {
    let error = refusal(signed(Stamp { validity_ms: 300_001, ..stamp() }), LINE);
    assert!(matches!(error, RequestError::Envelope(EnvelopeError::TooLong { .. })), "{error}");
}

#[test]
fn a_request_by_an_admin_is_refused() {
    let signed = Signed::by_admin(&key(1), stamp(), Request::new(LINE.method, LINE.target, BODY));
    assert_eq!(refusal(signed, LINE), RequestError::NotADid);
}

#[test]
fn what_may_have_been_seen_before_a_restart_is_refused_after_it() {
    // Accepted at the last moment of the first life, with a clock that is ahead as far as it may be.
    let ahead = Stamp { issued_at: NOW.plus(1_000), ..stamp() };
    assert!(Request::accept(signed(ahead), LINE, receiver(), NOW).is_ok());
    let restarted = Receiver { since: NOW, ..receiver() };
    let error = Request::accept(signed(ahead), LINE, restarted, NOW.plus(500)).unwrap_err();
    assert!(matches!(error, RequestError::BeforeStart { .. }), "{error}");
    let later = Stamp { issued_at: NOW.plus(1_001), ..stamp() };
    assert!(Request::accept(signed(later), LINE, restarted, NOW.plus(1_001)).is_ok());
}

#[test]
fn a_nonce_is_good_once_for_as_long_as_its_request_is() {
    let mut nonces = Nonces::default();
    let mut admit = |now| {
        let (_, verified) = Request::accept(signed(stamp()), LINE, receiver(), now).unwrap();
        nonces.admit(&verified, now)
    };
    assert_eq!(admit(NOW), Ok(()));
    // 60 seconds of validity and one of skew.
    for later in [0, 1, 60_000, 61_000] {
        assert!(matches!(admit(NOW.plus(later)), Err(ReplayError::Seen { .. })), "{later}");
    }
}
