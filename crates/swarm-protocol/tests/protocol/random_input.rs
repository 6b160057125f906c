//! Random octets, random JSON and damaged messages in every parser: an error, never a panic.

use std::str::FromStr;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;
use swarm_protocol::canonical;
use swarm_protocol::certificate::{Certificate, Contents};
use swarm_protocol::did::{Did, Identifier, verify_proof};
use swarm_protocol::enrolment::{
    Challenge, DialBack, DialBackAnswer, HeldTicket, Hello, HostRule, Proof, Receipt, Ticket,
};
use swarm_protocol::envelope::{Audience, Sender, Signed};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::key::{PublicKey, Signature, SigningKey};
use swarm_protocol::log::SignedCheckpoint;
use swarm_protocol::octets::{Digest, Nonce};
use swarm_protocol::profile::{Endpoint, Name};
use swarm_protocol::query::{Answer, Assignment, Policy, Query, Vote};
use swarm_protocol::registry::{Acknowledgement, Admit, Announce, Evict, Goodbye, LogEntry, Renew, Suspend};
use swarm_protocol::service_key::EcdhPublicKey;

use crate::world::World;

/// An enrolment in a log.
static ENTRY: LazyLock<LogEntry> = LazyLock::new(|| World::swarm(1, 1).log[1].clone());

/// How many parsers of messages take these octets.
fn messages_read(octets: &[u8]) -> usize {
    macro_rules! signed {
        ($($kind:ty),*) => { [$(Signed::<$kind>::parse(octets).is_ok()),*] };
    }
    let signed = signed!(
        Acknowledgement,
        Admit,
        Announce,
        Assignment,
        Challenge,
        Contents,
        DialBack,
        DialBackAnswer,
        Evict,
        Goodbye,
        Hello,
        Proof,
        Receipt,
        Renew,
        Suspend,
        Ticket,
        Vote
    );
    let other = [
        Answer::parse(octets).is_ok(),
        Certificate::parse(octets).is_ok(),
        HeldTicket::parse(octets).is_ok(),
        LogEntry::parse(octets).is_ok(),
        Query::parse(octets).is_ok(),
        SignedGenesis::parse(octets).is_ok(),
    ];
    signed.iter().chain(&other).filter(|read| **read).count()
}

/// Reads a text and writes it again: the same value.
fn round_trip<T: FromStr + ToString + PartialEq + std::fmt::Debug>(text: &str) {
    if let Ok(value) = T::from_str(text) {
        assert_eq!(T::from_str(&value.to_string()).ok(), Some(value), "{text}");
    }
}

fn texts_read(text: &str) {
    round_trip::<Audience>(text);
    round_trip::<Did>(text);
    round_trip::<Digest>(text);
    round_trip::<EcdhPublicKey>(text);
    round_trip::<Endpoint>(text);
    round_trip::<HostRule>(text);
    round_trip::<Identifier>(text);
    round_trip::<Name>(text);
    round_trip::<Nonce>(text);
    round_trip::<Policy>(text);
    round_trip::<PublicKey>(text);
    round_trip::<Sender>(text);
    round_trip::<Signature>(text);
    round_trip::<SignedCheckpoint>(text);
}

/// JSON of any shape.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has finite numbers", |number| number.is_finite())
            .prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,9}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn random_octets_are_no_message(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_eq!(messages_read(&octets), 0);
    }

    #[test]
    fn random_json_is_no_message(value in any_json()) {
        prop_assert_eq!(messages_read(value.to_string().as_bytes()), 0);
        prop_assert!(!verify_proof(&value, &SigningKey::from_octets([1; 32]).public()));
    }

    #[test]
    fn random_texts_are_refused_or_read_back(text in "\\PC{0,80}") {
        texts_read(&text);
    }

    #[test]
    fn texts_that_look_right_are_refused_or_read_back(
        text in "(did:dyne:(zenswarm|id)?:?|admin:|http://|bft |full of |10.0.0.0/|\\*)?[1-9A-HJ-NP-Za-km-z./:]{0,60}",
    ) {
        texts_read(&text);
    }

    #[test]
    fn canonical_json_is_read_back_as_itself(value in any_json()) {
        let text = canonical::text(&value);
        if let Ok(read) = canonical::parse(text.as_bytes(), 1 << 20) {
            prop_assert_eq!(canonical::text(&read), text);
        }
    }

    #[test]
    fn what_is_read_reads_the_same_when_it_is_written(octets in "[\\[\\]{}\",:0-9eE.+\\-a\\\\u ]{0,40}") {
        if let Ok(value) = canonical::parse(octets.as_bytes(), 1 << 20) {
            let text = canonical::text(&value);
            let again = canonical::parse(text.as_bytes(), 1 << 20);
            prop_assert_eq!(again.map(|value| canonical::text(&value)), Ok(text));
        }
    }

    #[test]
    fn a_damaged_log_entry_is_refused_or_another(position: prop::sample::Index, octet: u8) {
        let entry = &*ENTRY;
        let mut octets = entry.leaf().into_bytes();
        let position = position.index(octets.len());
        prop_assume!(octets[position] != octet);
        octets[position] = octet;
        prop_assert!(LogEntry::parse(&octets).map_or(true, |read| read != *entry));
    }
}
