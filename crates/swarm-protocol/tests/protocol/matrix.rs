//! Every kind of message presented as every other, and changed in every field: refused.

use serde_json::{Value, json};
use swarm_protocol::certificate::{Certificate, Contents};
use swarm_protocol::consensus::{Collector, Command, Event};
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{
    Admission, Challenge, DialBack, DialBackAnswer, Hello, Joining, Proof, Receipt, Ticket,
};
use swarm_protocol::envelope::{Audience, EnvelopeError, Expected, Message, Signed, Stamp};
use swarm_protocol::octets::Digest;
use swarm_protocol::query::{Answer, Assignment, Outcome, Vote};
use swarm_protocol::registry::{Acknowledgement, Admit, Announce, Evict, Goodbye, Renew, State, Suspend};

use crate::world::{HERE, World, nonce, query};

/// Reads and verifies one kind of message.
type Reader = Box<dyn Fn(&[u8]) -> Result<(), EnvelopeError>>;

/// A message as JSON, and how its receiver reads that kind.
struct Sample {
    kind: &'static str,
    json: String,
    accepts: Reader,
}

struct Samples {
    world: World,
    list: Vec<Sample>,
}

impl Samples {
    fn add<B: Message + 'static>(&mut self, message: &Signed<B>) {
        let audience = match message.header().audience {
            Audience::Did(did) => did,
            Audience::Everyone => self.world.genesis.controller(),
        };
        let expected = Expected::new(self.world.genesis.swarm(), audience, self.world.now);
        self.list.push(Sample {
            kind: B::TYPE,
            json: message.to_json(),
            accepts: Box::new(move |json| Signed::<B>::parse(json)?.verify(&expected).map(|_| ())),
        });
    }

    fn oracle<B: Message + 'static>(&mut self, body: B) {
        let stamp = self.world.ordered(1);
        let message = Signed::by_did(&self.world.oracles[0].key, stamp, body);
        self.add(&message);
    }

    fn controller<B: Message + 'static>(&mut self, body: B) {
        let did = self.world.oracles[0].did();
        let stamp = Stamp { audience: did.into(), ..self.world.stamp() };
        let message = Signed::by_did(&self.world.controller, stamp, body);
        self.add(&message);
    }

    fn admin<B: Message + 'static>(&mut self, body: B) {
        let message = self.world.command(body);
        self.add(&message);
    }

    fn enrolment(&mut self) {
        let now = self.world.now;
        let ticket = self.world.ticket("*", 2);
        self.add::<Ticket>(&ticket.ticket);
        let newcomer = self.world.newcomer(Some(ticket));
        let (mut joining, hello) = Joining::start(newcomer, [1; 16], now).unwrap();
        self.add::<Hello>(&hello);
        let entropy = self.world.hello_entropy();
        let challenge = self.world.desk.hello(hello, HERE, entropy, &self.world.registry, now).unwrap();
        self.add::<Challenge>(&challenge);
        let entropy = self.world.join_entropy();
        let proof = joining.challenge(challenge, entropy, now).unwrap();
        self.add::<Proof>(&proof);
        let order = self.world.desk.proof(proof, [2; 16], now).unwrap();
        self.add::<DialBack>(&order.message);
        self.add::<DialBackAnswer>(&joining.dial_back(order.message, [3; 16], now).unwrap());
        self.controller(Receipt { session: nonce(1), admission: Admission::Active, index: 3 });
    }

    fn query(&mut self) {
        let evidence = self.world.ask(&query("1 of 1"));
        let assignment = evidence.assignment().clone();
        self.add::<Assignment>(&assignment);
        let did: Did = assignment.body().committee[0];
        let accepted =
            Assignment::accept(assignment.clone(), did, &self.world.genesis, self.world.now).unwrap();
        let answer =
            Answer::new(&accepted, Outcome::Result(json!(1)), self.world.key_of(did), self.world.now);
        self.add::<Vote>(&answer.vote);
        let event = Event::Answered { from: did, answer };
        let Command::Certify(agreement) = Collector::new(&assignment).handle(event, self.world.now) else {
            panic!("one of one agrees")
        };
        let certificate =
            Certificate::new(evidence, agreement, [1; 16], &self.world.controller, self.world.now);
        self.add(&Signed::<Contents>::parse(certificate.to_file().trim_end().as_bytes()).unwrap());
    }
}

fn samples() -> Vec<Sample> {
    let mut samples = Samples { world: World::swarm(1, 2), list: Vec::new() };
    samples.enrolment();
    let oracle = samples.world.oracles[0].did();
    let profile = samples.world.oracles[0].profile.clone();
    samples.oracle(Announce { profile, lease_ms: 1000 });
    samples.oracle(Renew { lease_ms: 1000 });
    samples.oracle(Goodbye {});
    let lease_until = samples.world.now;
    samples.controller(Acknowledgement {
        accepted: Digest::new([1; 32]),
        state: State::Active,
        lease_until,
        index: Some(1),
    });
    samples.admin(Admit { oracle });
    samples.admin(Suspend { oracle, reason: "x".parse().unwrap() });
    samples.admin(Evict { oracle, reason: "x".parse().unwrap() });
    samples.query();
    samples.list
}

#[test]
fn each_kind_of_message_is_accepted_as_itself() {
    for sample in samples() {
        assert_eq!((sample.accepts)(sample.json.as_bytes()), Ok(()), "{}", sample.kind);
    }
}

#[test]
fn no_kind_of_message_is_accepted_as_another() {
    let samples = samples();
    assert_eq!(samples.len(), 17);
    for (from, sample) in samples.iter().enumerate() {
        for (to, other) in samples.iter().enumerate().filter(|(to, _)| *to != from) {
            let error = (other.accepts)(sample.json.as_bytes()).unwrap_err();
            assert!(matches!(error, EnvelopeError::WrongType { .. }), "{from} as {to}: {error:?}");
        }
    }
}

#[test]
fn no_kind_of_message_is_accepted_as_another_whose_type_it_claims() {
    let samples = samples();
    for sample in &samples {
        for other in samples.iter().filter(|other| other.kind != sample.kind) {
            let mut value: Value = serde_json::from_str(&sample.json).unwrap();
            value["body"]["type"] = other.kind.into();
            let refused = (other.accepts)(value.to_string().as_bytes());
            assert!(refused.is_err(), "{} as {}", sample.kind, other.kind);
        }
    }
}

/// The pointers of every value inside.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inside = |key: &str, child: &Value| {
        let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers(child, &pointer, found);
        found.push(pointer);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, child)| inside(key, child)),
        Value::Array(array) => {
            array.iter().enumerate().for_each(|(index, child)| inside(&index.to_string(), child))
        }
        _ => {}
    }
}

/// Other values for a field: near ones, and ones of other kinds.
fn others(value: &Value) -> Vec<Value> {
    let near = match value {
        Value::String(text) => {
            let mut octets = text.clone().into_bytes();
            if let Some(last) = octets.last_mut() {
                *last = if *last == b'2' { b'3' } else { b'2' };
            }
            vec![String::from_utf8(octets).unwrap_or_default().into(), (text.clone() + "2").into(), "".into()]
        }
        Value::Number(number) => vec![(number.as_u64().unwrap_or(0) + 1).into(), 0.5.into(), (-1).into()],
        Value::Bool(flag) => vec![(!flag).into()],
        _ => vec![],
    };
    let kinds = [Value::Null, json!({}), json!([]), json!("x"), json!(7), json!(true)];
    near.into_iter().chain(kinds).filter(|other| other != value).collect()
}

#[test]
fn no_message_is_accepted_with_any_field_changed_missing_or_added() {
    for sample in samples() {
        let value: Value = serde_json::from_str(&sample.json).unwrap();
        let mut found = Vec::new();
        pointers(&value, "", &mut found);
        for pointer in &found {
            for other in others(value.pointer(pointer).unwrap()) {
                let mut changed = value.clone();
                *changed.pointer_mut(pointer).unwrap() = other.clone();
                let refused = (sample.accepts)(changed.to_string().as_bytes());
                assert!(refused.is_err(), "{}{pointer} = {other}", sample.kind);
            }
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let mut changed = value.clone();
            match changed.pointer_mut(parent).unwrap() {
                Value::Object(object) => _ = object.remove(key),
                Value::Array(array) => _ = array.pop(),
                _ => unreachable!("only objects and arrays have children"),
            }
            assert!(
                (sample.accepts)(changed.to_string().as_bytes()).is_err(),
                "{}{pointer} missing",
                sample.kind
            );
            let mut changed = value.clone();
            if let Some(Value::Object(object)) = changed.pointer_mut(pointer) {
                object.insert("zzz".to_owned(), json!(1));
                assert!(
                    (sample.accepts)(changed.to_string().as_bytes()).is_err(),
                    "{}{pointer}/zzz",
                    sample.kind
                );
            }
        }
    }
}
