//! What a receiver refuses, and that a nonce is good once.

use swarm_protocol::canonical::JsonError;
use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Audience, EnvelopeError, Expected, Message, Order, Signed, Stamp, Verified};
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::{CLOCK_SKEW_MS_MAX, VALIDITY_MS_MAX};
use swarm_protocol::octets::Digest;
use swarm_protocol::query::Vote;
use swarm_protocol::registry::Renew;
use swarm_protocol::replay::{Nonces, ReplayError};
use swarm_protocol::time::Timestamp;

use crate::world::nonce;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn key(octet: u8) -> SigningKey {
    SigningKey::from_octets([octet; 32])
}

fn did(octet: u8) -> Did {
    Did::of(key(octet).public())
}

fn stamp() -> Stamp {
    Stamp::once(Digest::new([1; 32]), did(2), [3; 16], NOW)
}

fn signed(stamp: Stamp) -> Signed<Renew> {
    Signed::by_did(&key(1), stamp, Renew { lease_ms: 1000 })
}

fn expected() -> Expected {
    Expected::new(Digest::new([1; 32]), did(2), NOW)
}

fn refusal(stamp: Stamp) -> EnvelopeError {
    signed(stamp).verify(&expected()).unwrap_err()
}

/// A message as text, changed before it is read.
fn read(change: impl Fn(&mut serde_json::Value)) -> Result<Verified<Renew>, EnvelopeError> {
    let mut value = serde_json::to_value(signed(stamp())).unwrap();
    change(&mut value);
    Signed::<Renew>::parse(value.to_string().as_bytes())?.verify(&expected())
}

#[test]
fn a_message_is_the_label_a_newline_and_canonical_json() {
    let message = signed(stamp());
    let text = message.text();
    let (label, body) = text.split_once('\n').unwrap();
    assert_eq!(label, "zenswarm/v1/renew");
    let key = key(1).public();
    let to = key_text(2);
    assert_eq!(
        body,
        format!(
            "{{\"audience\":\"did:dyne:zenswarm:{to}\",\"expires_at\":1800000060000,\"issued_at\":1800000000000,\
             \"lease_ms\":1000,\"nonce\":\"PNQsbXZyAkHf2UHHbGYBz\",\"sender\":\"did:dyne:zenswarm:{key}\",\
             \"suite\":\"eddsa\",\"swarm\":\"4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi\",\"type\":\"renew\"}}"
        )
        .replace("PNQsbXZyAkHf2UHHbGYBz", &nonce(3).to_string())
    );
}

fn key_text(octet: u8) -> String {
    key(octet).public().to_string()
}

#[test]
fn a_good_message_is_verified() {
    assert_eq!(read(|_| {}).unwrap().body(), &Renew { lease_ms: 1000 });
}

#[test]
fn a_message_of_another_swarm_is_refused() {
    let other = Digest::new([9; 32]);
    assert!(matches!(refusal(Stamp { swarm: other, ..stamp() }), EnvelopeError::WrongSwarm { .. }));
}

#[test]
fn a_message_by_somebody_else_is_refused() {
    let error = signed(stamp()).verify(&expected().by(did(7))).unwrap_err();
    assert_eq!(error, EnvelopeError::WrongSender { found: did(1).into(), expected: did(7).into() });
}

#[test]
fn a_message_to_somebody_else_is_refused() {
    let error = refusal(Stamp { audience: did(7).into(), ..stamp() });
    assert_eq!(error, EnvelopeError::WrongAudience { found: did(7).into(), expected: did(2) });
}

#[test]
fn a_message_to_everyone_is_refused_where_its_kind_has_one_addressee() {
    let error = refusal(Stamp { audience: Audience::Everyone, ..stamp() });
    assert!(matches!(error, EnvelopeError::WrongAudience { found: Audience::Everyone, .. }));
}

#[test]
fn a_message_is_stale_after_its_expiry_and_the_skew() {
    let expires_at = NOW.plus(60_000);
    let check = |now: Timestamp| signed(stamp()).verify(&Expected { now, ..expected() });
    assert!(check(expires_at.plus(CLOCK_SKEW_MS_MAX)).is_ok());
    let now = expires_at.plus(CLOCK_SKEW_MS_MAX + 1);
    assert_eq!(check(now), Err(EnvelopeError::Stale { expires_at, now }));
}

#[test]
fn a_message_is_of_the_future_before_its_issue_and_the_skew() {
    let check = |issued_at: Timestamp| signed(Stamp { issued_at, ..stamp() }).verify(&expected());
    assert!(check(NOW.plus(CLOCK_SKEW_MS_MAX)).is_ok());
    let issued_at = NOW.plus(CLOCK_SKEW_MS_MAX + 1);
    assert_eq!(check(issued_at), Err(EnvelopeError::Future { issued_at, now: NOW }));
}

#[test]
fn a_message_that_holds_too_long_is_refused() {
    let validity_ms = VALIDITY_MS_MAX + 1;
    let error = refusal(Stamp { validity_ms, ..stamp() });
    assert_eq!(error, EnvelopeError::TooLong { validity_ms, validity_ms_max: VALIDITY_MS_MAX });
}

#[test]
fn a_message_that_never_holds_is_refused() {
    assert!(matches!(refusal(Stamp { validity_ms: 0, ..stamp() }), EnvelopeError::NoValidity { .. }));
}

#[test]
fn a_message_of_another_type_is_refused() {
    let error = Signed::<Vote>::parse(signed(stamp()).to_json().as_bytes()).unwrap_err();
    assert_eq!(error, EnvelopeError::WrongType { found: "renew".to_owned(), expected: "vote" });
}

#[test]
fn a_message_in_another_suite_is_refused() {
    let error = read(|value| value["body"]["suite"] = "rsa".into()).unwrap_err();
    assert_eq!(error, EnvelopeError::WrongSuite { found: "rsa".to_owned() });
}

#[test]
fn an_unknown_field_is_refused_outside_and_inside_the_body() {
    let is_field = |error| matches!(error, EnvelopeError::Json(JsonError::Fields { .. }));
    assert!(is_field(read(|value| value["extra"] = 1.into()).unwrap_err()));
    assert!(is_field(read(|value| value["body"]["extra"] = 1.into()).unwrap_err()));
    assert!(is_field(read(|value| value["body"]["sequence"] = 1.into()).unwrap_err()));
}

#[test]
fn a_missing_field_is_named() {
    let error = read(|value| _ = value["body"].as_object_mut().unwrap().remove("audience")).unwrap_err();
    assert!(error.to_string().contains("missing field `audience`"), "{error}");
}

#[test]
fn a_changed_body_has_a_bad_signature() {
    let error = read(|value| value["body"]["lease_ms"] = 1001.into()).unwrap_err();
    assert_eq!(error, EnvelopeError::BadSignature { sender: did(1).into() });
}

#[test]
fn an_admin_is_not_the_machine_with_the_same_key() {
    let value = Signed::by_admin(&key(1), stamp(), Renew { lease_ms: 1 });
    assert!(value.clone().verify(&expected().by(did(1))).is_err());
    assert_eq!(value.header().sender.to_string(), format!("admin:{}", key_text(1)));
}

#[test]
fn a_message_longer_than_its_kind_allows_is_refused_unread() {
    let octets = Renew::OCTETS_MAX + 1;
    let error = Signed::<Renew>::parse(&vec![b' '; octets]).unwrap_err();
    assert_eq!(error, EnvelopeError::Json(JsonError::TooLarge { octets, octets_max: Renew::OCTETS_MAX }));
}

fn verified(nonce_octet: u8, issued_at: Timestamp) -> Verified<Renew> {
    let stamp = Stamp { order: Order::Nonce(nonce(nonce_octet)), issued_at, ..stamp() };
    signed(stamp).verify(&Expected { now: issued_at, ..expected() }).unwrap()
}

#[test]
fn a_nonce_is_good_once_for_as_long_as_the_message_is_accepted() {
    let mut nonces = Nonces::default();
    let message = verified(1, NOW);
    assert_eq!(nonces.admit(&message, NOW), Ok(()));
    let last = NOW.plus(60_000 + CLOCK_SKEW_MS_MAX);
    assert_eq!(nonces.admit(&message, last), Err(ReplayError::Seen { nonce: nonce(1) }));
    assert_eq!(nonces.admit(&verified(2, last), last), Ok(()));
}

#[test]
fn a_full_cache_refuses_and_forgets_only_what_expired() {
    let mut nonces = Nonces::new(2);
    assert_eq!(nonces.admit(&verified(1, NOW), NOW), Ok(()));
    assert_eq!(nonces.admit(&verified(2, NOW), NOW), Ok(()));
    assert_eq!(nonces.admit(&verified(3, NOW), NOW), Err(ReplayError::Full { nonces_max: 2 }));
    let later = NOW.plus(60_000 + CLOCK_SKEW_MS_MAX + 1);
    assert_eq!(nonces.admit(&verified(3, later), later), Ok(()));
    assert_eq!(nonces.len(), 1);
}

#[test]
fn a_sequence_number_is_no_nonce() {
    let message = signed(Stamp { order: Order::Sequence(1), ..stamp() }).verify(&expected()).unwrap();
    assert_eq!(Nonces::default().admit(&message, NOW), Err(ReplayError::NoNonce));
}
