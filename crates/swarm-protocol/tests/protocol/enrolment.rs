//! Who becomes an oracle, and everybody else who does not.

use std::net::IpAddr;

use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{
    Admission, Challenge, DialBackAnswer, DialOrder, EnrolmentError, HeldTicket, Hello, Joining, Newcomer,
    Proof, TicketRefusal,
};
use swarm_protocol::envelope::{EnvelopeError, Signed, Stamp};
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::{HELLOS_PER_MINUTE_MAX, SESSION_MS_MAX, SESSIONS_MAX};
use swarm_protocol::registry::{Admit, Operation, Registry, RegistryError, State};
use swarm_protocol::service_key::{ServiceKeyError, ServiceSecrets};

use crate::world::{HERE, World};

/// An enrolment up to the challenge.
struct Begun {
    world: World,
    newcomer: Newcomer,
    joining: Joining,
    challenge: Signed<Challenge>,
}

fn begin(mut world: World, host: &str) -> Begun {
    let ticket = world.ticket(host, 3);
    let newcomer = world.newcomer(Some(ticket));
    let (joining, hello) = Joining::start(newcomer.clone(), [1; 16], world.now).unwrap();
    let entropy = world.hello_entropy();
    let challenge = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap();
    Begun { world, newcomer, joining, challenge }
}

impl Begun {
    fn new() -> Self {
        begin(World::new(1), "127.0.0.1")
    }

    fn proof(&mut self) -> Signed<Proof> {
        let entropy = self.world.join_entropy();
        self.joining.challenge(self.challenge.clone(), entropy, self.world.now).unwrap()
    }

    /// The proof with another statement, signed again by the DID's key.
    fn changed(&mut self, change: impl FnOnce(&mut Proof)) -> EnrolmentError {
        let mut body = self.proof().body().clone();
        change(&mut body);
        let stamp = self.world.stamp();
        let proof = Signed::by_did(&self.newcomer.key, stamp, body);
        self.world.desk.proof(proof, [2; 16], self.world.now).unwrap_err()
    }

    fn dial(&mut self) -> (DialOrder, Signed<DialBackAnswer>) {
        let proof = self.proof();
        let order = self.world.desk.proof(proof, [2; 16], self.world.now).unwrap();
        let answer = self.joining.dial_back(order.message.clone(), [3; 16], self.world.now).unwrap();
        (order, answer)
    }
}

fn refused(world: &mut World, ticket: Option<HeldTicket>) -> RegistryError {
    let newcomer = world.newcomer(ticket);
    world.join(newcomer).unwrap_err()
}

fn ticket_refusal(error: RegistryError) -> TicketRefusal {
    match error {
        RegistryError::Enrolment(EnrolmentError::Ticket(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_oracle_with_a_ticket_enrols_and_is_active_once_it_announces() {
    let mut world = World::new(1);
    let ticket = world.ticket("127.0.0.0/8", 1);
    let newcomer = world.newcomer(Some(ticket));
    let receipt = world.join(newcomer).unwrap();
    assert_eq!((receipt.body().admission, receipt.body().index), (Admission::Active, 1));
    let did = world.oracles[0].did();
    assert_eq!(world.registry.oracle(&did).unwrap().state(world.now), State::Provisioned);
    world.announce(0).unwrap();
    assert_eq!(world.registry.oracle(&did).unwrap().state(world.now), State::Active);
}

#[test]
fn without_a_ticket_a_permissionless_swarm_quarantines_until_an_admin_admits() {
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    let newcomer = world.newcomer(None);
    let receipt = world.join(newcomer).unwrap();
    assert_eq!(receipt.body().admission, Admission::Quarantined);
    world.announce(0).unwrap();
    let did = world.oracles[0].did();
    assert_eq!(world.registry.oracle(&did).unwrap().state(world.now), State::Quarantined);
    assert_eq!(world.registry.snapshot(world.now).len(), 0);
    let admit = world.command(Admit { oracle: did });
    world.write(Operation::Admit(admit)).unwrap();
    assert_eq!(world.registry.oracle(&did).unwrap().state(world.now), State::Active);
}

#[test]
fn without_a_ticket_other_swarms_refuse() {
    let error = refused(&mut World::new(1), None);
    assert_eq!(error, RegistryError::Enrolment(EnrolmentError::TicketNeeded));
}

#[test]
fn a_ticket_by_somebody_else_is_refused() {
    let mut world = World::new(1);
    world.admin = SigningKey::from_octets([77; 32]);
    let ticket = world.ticket("*", 1);
    assert!(matches!(ticket_refusal(refused(&mut world, Some(ticket))), TicketRefusal::NotAnAdmin { .. }));
}

#[test]
fn an_expired_ticket_is_refused() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 1);
    world.later(100_000);
    let error = refused(&mut world, Some(ticket));
    assert!(matches!(error, RegistryError::Enrolment(EnrolmentError::Envelope(EnvelopeError::Stale { .. }))));
}

#[test]
fn a_ticket_serves_as_often_as_it_says() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 2);
    for _ in 0..2 {
        let newcomer = world.newcomer(Some(ticket.clone()));
        world.join(newcomer).unwrap();
    }
    assert_eq!(ticket_refusal(refused(&mut world, Some(ticket))), TicketRefusal::UsedUp { uses: 2 });
}

#[test]
fn a_ticket_is_not_used_twice_at_once() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 1);
    let mut operations = Vec::new();
    for _ in 0..2 {
        let newcomer = world.newcomer(Some(ticket.clone()));
        let (mut joining, hello) = Joining::start(newcomer, [1; 16], world.now).unwrap();
        let entropy = world.hello_entropy();
        let challenge = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap();
        let entropy = world.join_entropy();
        let proof = joining.challenge(challenge, entropy, world.now).unwrap();
        let order = world.desk.proof(proof, [2; 16], world.now).unwrap();
        let answer = joining.dial_back(order.message, [3; 16], world.now).unwrap();
        operations.push(world.desk.dialed_back(order.session, HERE, answer, world.now).unwrap());
    }
    let second = operations.pop().unwrap();
    world.write(operations.pop().unwrap()).unwrap();
    assert_eq!(ticket_refusal(world.write(second).unwrap_err()), TicketRefusal::UsedUp { uses: 1 });
}

#[test]
fn a_ticket_without_uses_is_refused() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 0);
    assert!(matches!(ticket_refusal(refused(&mut world, Some(ticket))), TicketRefusal::Uses { uses: 0, .. }));
}

#[test]
fn a_ticket_for_another_host_is_refused_at_the_hello() {
    for host in ["10.0.0.0/8", "oracle.example.org", "::1"] {
        let mut world = World::new(1);
        let ticket = world.ticket(host, 1);
        let refusal = ticket_refusal(refused(&mut world, Some(ticket)));
        assert_eq!(refusal, TicketRefusal::OtherHost { host: host.parse().unwrap() });
    }
}

#[test]
fn a_dial_that_reached_another_network_is_refused() {
    let mut begun = begin(World::new(1), "127.0.0.0/8");
    let (order, answer) = begun.dial();
    let elsewhere: IpAddr = "192.0.2.1".parse().unwrap();
    let error = begun.world.desk.dialed_back(order.session, elsewhere, answer, begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::Ticket(TicketRefusal::OtherHost { .. })));
    assert!(begun.world.desk.is_empty());
}

#[test]
fn a_ticket_of_another_swarm_stops_the_oracle_before_it_says_anything() {
    let mut other = World::new(2);
    let ticket = other.ticket("*", 1);
    let mut world = World::new(1);
    let newcomer = world.newcomer(Some(ticket));
    let error = Joining::start(newcomer, [1; 16], world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::OtherSwarm { .. }));
}

#[test]
fn a_proof_without_the_ticket_s_secret_is_refused() {
    let error = Begun::new().changed(|proof| proof.claim = None);
    assert_eq!(error, EnrolmentError::Ticket(TicketRefusal::NotClaimed));
}

#[test]
fn a_claim_over_another_statement_is_refused() {
    let other = Begun::new().proof().body().claim;
    let error = begin(World::new(2), "*").changed(|proof| proof.claim = other);
    assert_eq!(error, EnrolmentError::Ticket(TicketRefusal::NotClaimed));
}

#[test]
fn each_unproved_key_is_refused() {
    let mut begun = Begun::new();
    let foreign = begun.world.newcomer(None).secrets.public();
    let error = begun.changed(|proof| proof.statement.keys.ecdh = foreign.ecdh);
    assert_eq!(error, EnrolmentError::ServiceKey(ServiceKeyError::NotProved { kind: "ecdh" }));
    let error = begun.changed(|proof| proof.statement.keys.eddsa = foreign.eddsa);
    assert_eq!(error, EnrolmentError::ServiceKey(ServiceKeyError::NotProved { kind: "eddsa" }));
}

#[test]
fn a_proof_signed_by_another_did_is_refused() {
    let mut begun = Begun::new();
    let body = begun.proof().body().clone();
    let stamp = begun.world.stamp();
    let proof = Signed::by_did(&SigningKey::from_octets([66; 32]), stamp, body);
    let error = begun.world.desk.proof(proof, [2; 16], begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::Envelope(EnvelopeError::WrongSender { .. })));
}

#[test]
fn possession_proved_in_one_enrolment_serves_no_other() {
    let mut first = Begun::new();
    let earlier = first.proof().body().statement.possession;
    let mut world = first.world;
    let ticket = world.ticket("*", 1);
    // The same machine tries again: same keys, new challenge.
    let newcomer = Newcomer { ticket: Some(ticket), ..first.newcomer };
    let (joining, hello) = Joining::start(newcomer.clone(), [7; 16], world.now).unwrap();
    let entropy = world.hello_entropy();
    let challenge = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap();
    let mut second = Begun { world, newcomer, joining, challenge };
    let error = second.changed(|proof| proof.statement.possession = earlier);
    assert_eq!(error, EnrolmentError::ServiceKey(ServiceKeyError::NotProved { kind: "ecdh" }));
}

#[test]
fn a_statement_changed_under_its_mac_is_refused() {
    // Without a ticket there is no claim that would notice first.
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    let newcomer = world.newcomer(None);
    let (joining, hello) = Joining::start(newcomer.clone(), [1; 16], world.now).unwrap();
    let entropy = world.hello_entropy();
    let challenge = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap();
    let mut begun = Begun { world, newcomer, joining, challenge };
    let other = "other software".parse().unwrap();
    assert_eq!(begun.changed(|proof| proof.statement.profile.software = other), EnrolmentError::BadMac);
    let zero = swarm_protocol::enrolment::Ephemeral::new([0; 32]);
    assert_eq!(begun.changed(|proof| proof.statement.ephemeral = zero), EnrolmentError::BadMac);
}

#[test]
fn a_profile_with_another_first_endpoint_is_refused() {
    let error = Begun::new()
        .changed(|proof| proof.statement.profile.endpoints[0] = "http://127.0.0.1:1".parse().unwrap());
    assert_eq!(error, EnrolmentError::OtherEndpoint);
}

#[test]
fn a_profile_without_endpoint_is_refused() {
    let error = Begun::new().changed(|proof| proof.statement.profile.endpoints.clear());
    assert!(matches!(error, EnrolmentError::Profile(_)));
}

#[test]
fn the_did_s_key_cannot_be_a_service_key() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 1);
    let mut newcomer = world.newcomer(Some(ticket));
    newcomer.key = SigningKey::from_octets([5; 32]);
    newcomer.secrets = ServiceSecrets::new([6; 32], [5; 32]).unwrap();
    assert_eq!(Joining::start(newcomer, [1; 16], world.now).unwrap_err(), EnrolmentError::SharedKey);
}

#[test]
fn a_challenge_by_another_controller_is_not_answered() {
    let mut begun = Begun::new();
    let stamp = Stamp { audience: Did::of(begun.newcomer.key.public()).into(), ..begun.world.stamp() };
    let fake = SigningKey::from_octets([9; 32]);
    begun.challenge = Signed::by_did(&fake, stamp, begun.challenge.body().clone());
    let entropy = begun.world.join_entropy();
    let error = begun.joining.challenge(begun.challenge, entropy, begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::Envelope(EnvelopeError::WrongSender { .. })));
}

#[test]
fn a_challenge_to_an_earlier_hello_is_not_answered() {
    let mut begun = Begun::new();
    let (mut joining, _) = Joining::start(begun.newcomer.clone(), [9; 16], begun.world.now).unwrap();
    let entropy = begun.world.join_entropy();
    let error = joining.challenge(begun.challenge, entropy, begun.world.now).unwrap_err();
    assert_eq!(error, EnrolmentError::OtherEnrolment);
}

#[test]
fn a_challenge_with_a_key_that_forces_the_secret_is_not_answered() {
    let mut begun = Begun::new();
    let mut body = begun.challenge.body().clone();
    body.ephemeral = swarm_protocol::enrolment::Ephemeral::new([0; 32]);
    let stamp = Stamp { audience: Did::of(begun.newcomer.key.public()).into(), ..begun.world.stamp() };
    let challenge = Signed::by_did(&begun.world.controller, stamp, body);
    let entropy = begun.world.join_entropy();
    assert_eq!(begun.joining.challenge(challenge, entropy, begun.world.now), Err(EnrolmentError::BadMac));
}

#[test]
fn a_dial_back_answered_by_another_machine_is_refused() {
    let mut begun = Begun::new();
    let (order, answer) = begun.dial();
    let stamp = begun.world.stamp();
    let other = Signed::by_did(&SigningKey::from_octets([9; 32]), stamp, answer.body().clone());
    let error = begun.world.desk.dialed_back(order.session, HERE, other, begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::Envelope(EnvelopeError::WrongSender { .. })));
}

#[test]
fn an_answer_to_another_dial_back_is_refused() {
    let mut begun = Begun::new();
    let (order, answer) = begun.dial();
    let body = DialBackAnswer { dial_back: order.message.digest(), ..answer.body().clone() };
    assert_eq!(&body, answer.body());
    let stamp = begun.world.stamp();
    let body = DialBackAnswer { dial_back: answer.digest(), ..body };
    let other = Signed::by_did(&begun.newcomer.key, stamp, body);
    let error = begun.world.desk.dialed_back(order.session, HERE, other, begun.world.now).unwrap_err();
    assert_eq!(error, EnrolmentError::OtherEnrolment);
}

#[test]
fn an_endpoint_that_does_not_answer_ends_the_enrolment() {
    let mut begun = Begun::new();
    let (order, answer) = begun.dial();
    begun.world.desk.dial_failed(order.session);
    let error = begun.world.desk.dialed_back(order.session, HERE, answer, begun.world.now).unwrap_err();
    assert_eq!(error, EnrolmentError::NoSession { session: order.session });
}

#[test]
fn nothing_is_written_before_the_dial_back_and_no_receipt_before_the_log() {
    let mut begun = Begun::new();
    let (order, _) = begun.dial();
    let error = begun.world.desk.receipt(order.session, 1, [4; 16], begun.world.now).unwrap_err();
    assert_eq!(error, EnrolmentError::NoSession { session: order.session });
    assert_eq!(begun.world.registry.size(), 1);
}

#[test]
fn a_proof_after_the_end_of_the_session_is_refused() {
    let mut begun = Begun::new();
    let proof = begun.proof();
    begun.world.later(SESSION_MS_MAX);
    let error = begun.world.desk.proof(proof, [2; 16], begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::NoSession { .. }));
}

#[test]
fn a_second_hello_of_one_did_gives_the_first_up() {
    let mut begun = Begun::new();
    let proof = begun.proof();
    let (_, hello) = Joining::start(begun.newcomer.clone(), [9; 16], begun.world.now).unwrap();
    let entropy = begun.world.hello_entropy();
    begun.world.desk.hello(hello, HERE, entropy, &begun.world.registry, begun.world.now).unwrap();
    assert_eq!(begun.world.desk.len(), 1);
    let error = begun.world.desk.proof(proof, [2; 16], begun.world.now).unwrap_err();
    assert!(matches!(error, EnrolmentError::NoSession { .. }));
}

#[test]
fn a_did_enrols_once() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 5);
    let newcomer = world.newcomer(Some(ticket));
    world.join(newcomer.clone()).unwrap();
    let oracle = world.oracles[0].did();
    assert_eq!(world.join(newcomer).unwrap_err(), RegistryError::Enrolled { oracle });
}

#[test]
fn two_oracles_cannot_share_a_service_key() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 5);
    let first = world.newcomer(Some(ticket.clone()));
    let second = Newcomer { secrets: first.secrets.clone(), ..world.newcomer(Some(ticket)) };
    world.join(first).unwrap();
    assert!(matches!(world.join(second).unwrap_err(), RegistryError::KeysTaken { .. }));
}

fn knock(world: &mut World, from: IpAddr) -> Result<Signed<Challenge>, RegistryError> {
    let newcomer = world.newcomer(None);
    let (_, hello) = Joining::start(newcomer, [1; 16], world.now).unwrap();
    let entropy = world.hello_entropy();
    world.desk.hello(hello, from, entropy, &world.registry, world.now)
}

#[test]
fn hellos_without_ticket_are_counted_per_address_and_minute() {
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    for _ in 0..HELLOS_PER_MINUTE_MAX {
        knock(&mut world, HERE).unwrap();
    }
    let error = knock(&mut world, HERE).unwrap_err();
    let per_minute_max = HELLOS_PER_MINUTE_MAX;
    assert_eq!(error, RegistryError::Enrolment(EnrolmentError::TooMany { per_minute_max }));
    knock(&mut world, "192.0.2.1".parse().unwrap()).unwrap();
    world.later(60_000);
    knock(&mut world, HERE).unwrap();
}

#[test]
fn addresses_of_one_ipv6_network_count_as_one() {
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    let knocks = (0..=HELLOS_PER_MINUTE_MAX).map(|host| {
        let from = format!("2001:db8::{host:x}").parse().unwrap();
        knock(&mut world, from).is_ok()
    });
    assert_eq!(knocks.filter(|answered| *answered).count(), HELLOS_PER_MINUTE_MAX as usize);
}

#[test]
fn sessions_are_bounded_and_come_free_with_time() {
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    let address = |number: usize| format!("10.0.{}.{}", number / 256, number % 256).parse().unwrap();
    for number in 0..SESSIONS_MAX {
        knock(&mut world, address(number)).unwrap();
    }
    let error = knock(&mut world, address(SESSIONS_MAX)).unwrap_err();
    assert_eq!(error, RegistryError::Enrolment(EnrolmentError::Busy { sessions_max: SESSIONS_MAX }));
    world.later(SESSION_MS_MAX);
    knock(&mut world, address(SESSIONS_MAX)).unwrap();
    assert_eq!(world.desk.len(), 1);
}

#[test]
fn an_enrolment_in_the_log_is_checked_again_by_its_readers() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 1);
    let newcomer = world.newcomer(Some(ticket));
    world.join(newcomer).unwrap();
    let mut log = world.log.clone();
    let Operation::Enrol(enrol) = &mut log[1].operation else { panic!("not an enrolment") };
    let mut body = enrol.proof.body().clone();
    body.statement.keys.eddsa = SigningKey::from_octets([4; 32]).public();
    let stamp = world.stamp();
    enrol.proof = Signed::by_did(&world.oracles[0].key, stamp, body);
    let mut registry = Registry::replay(&log[0]).unwrap();
    let error = registry.apply(&log[1]).unwrap_err();
    assert!(matches!(error, RegistryError::Enrolment(EnrolmentError::ServiceKey(_))), "{error:?}");
}

#[test]
fn a_controller_cannot_make_an_oracle_active_that_had_no_ticket() {
    let mut world = World::with(1, |genesis| genesis.permissionless = true);
    let newcomer = world.newcomer(None);
    world.join(newcomer).unwrap();
    let mut log = world.log.clone();
    let Operation::Enrol(enrol) = &mut log[1].operation else { panic!("not an enrolment") };
    enrol.admission = Admission::Active;
    let mut registry = Registry::replay(&log[0]).unwrap();
    assert_eq!(registry.apply(&log[1]), Err(RegistryError::Enrolment(EnrolmentError::TicketNeeded)));
}

#[test]
fn a_ticket_file_reads_back_and_keeps_its_secret_out_of_debug() {
    let held = World::new(1).ticket("*", 1);
    let file = held.expose();
    let read = HeldTicket::parse(file.as_bytes()).unwrap();
    assert_eq!(read.ticket, held.ticket);
    assert_eq!(read.secret.claim_key().public(), held.ticket.body().claim);
    assert!(format!("{held:?}").ends_with("secret: TicketSecret(..) }"));
}

#[test]
fn a_ticket_file_with_another_secret_is_refused() {
    let mut world = World::new(1);
    let (one, other) = (world.ticket("*", 1), world.ticket("*", 1));
    let mixed = HeldTicket { ticket: one.ticket, secret: other.secret };
    assert!(HeldTicket::parse(mixed.expose().as_bytes()).is_err());
}

#[test]
fn a_hello_by_an_admin_is_refused() {
    let mut world = World::new(1);
    let stamp = world.stamp();
    let body = Hello { endpoint: "http://127.0.0.1:1".parse().unwrap(), ticket: None };
    let hello = Signed::by_admin(&world.admin, stamp, body);
    let entropy = world.hello_entropy();
    let error = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap_err();
    assert!(matches!(error, RegistryError::Enrolment(EnrolmentError::NotAMachine { .. })));
}

#[test]
fn a_hello_sent_again_does_not_break_the_enrolment_off() {
    let mut world = World::new(1);
    let ticket = world.ticket("*", 1);
    let newcomer = world.newcomer(Some(ticket));
    let (_, hello) = Joining::start(newcomer, [1; 16], world.now).unwrap();
    let entropy = world.hello_entropy();
    world.desk.hello(hello.clone(), HERE, entropy, &world.registry, world.now).unwrap();
    let entropy = world.hello_entropy();
    let error = world.desk.hello(hello, HERE, entropy, &world.registry, world.now).unwrap_err();
    assert!(matches!(error, RegistryError::Enrolment(EnrolmentError::Replay(_))));
    assert_eq!(world.desk.len(), 1);
}
