//! The life of an oracle in the registry, and what the log proves.

use swarm_protocol::did::{DidDocument, Resolution, verify_proof};
use swarm_protocol::envelope::{EnvelopeError, Expected, Order, Signed, Stamp, Verified};
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::SUSPECT_MS;
use swarm_protocol::log::{leaf_hash, verify_consistency, verify_inclusion};
use swarm_protocol::registry::{
    Acknowledgement, Admit, Announce, Evict, Goodbye, LogEntry, Operation, Registry, RegistryError, Renew,
    State, Suspend,
};

use crate::world::{LEASE_MS, World};

fn state(world: &World) -> State {
    world.registry.oracle(&world.oracles[0].did()).unwrap().state(world.now)
}

fn one() -> World {
    World::swarm(1, 1)
}

fn goodbye(world: &mut World, key: &SigningKey) -> Operation {
    let stamp = world.ordered(world.now.millis() + 1);
    Operation::Goodbye(Signed::by_did(key, stamp, Goodbye {}))
}

fn renewal(world: &mut World, sequence: u64) -> Verified<Renew> {
    let stamp = world.ordered(sequence);
    let renew = Signed::by_did(&world.oracles[0].key, stamp, Renew { lease_ms: LEASE_MS });
    renew.verify(&Expected::new(world.genesis.swarm(), world.genesis.controller(), world.now)).unwrap()
}

fn renew(world: &mut World, sequence: u64) -> Result<(), RegistryError> {
    let renewal = renewal(world, sequence);
    world.registry.renew(&renewal, world.now).map(|_| ())
}

#[test]
fn a_silent_oracle_is_suspect_and_then_expired() {
    let mut world = one();
    world.later(LEASE_MS);
    assert_eq!(state(&world), State::Active);
    world.later(1);
    assert_eq!(state(&world), State::Suspect);
    assert_eq!(world.registry.snapshot(world.now).len(), 0);
    world.later(SUSPECT_MS);
    assert_eq!(state(&world), State::Expired);
}

#[test]
fn a_renewed_lease_lasts_on_and_is_not_logged() {
    let mut world = one();
    let size = world.registry.size();
    world.later(LEASE_MS);
    let sequence = world.now.millis();
    renew(&mut world, sequence).unwrap();
    world.later(LEASE_MS);
    assert_eq!(state(&world), State::Active);
    assert_eq!(world.registry.size(), size);
}

#[test]
fn a_renewal_with_an_old_sequence_is_refused() {
    let mut world = one();
    let latest = world.now.millis();
    let oracle = world.oracles[0].did();
    let stale = RegistryError::StaleSequence { oracle, found: latest, latest };
    assert_eq!(renew(&mut world, latest), Err(stale));
}

#[test]
fn an_oracle_that_expired_must_announce_again() {
    let mut world = one();
    world.later(LEASE_MS + SUSPECT_MS + 1);
    let oracle = world.oracles[0].did();
    let sequence = world.now.millis();
    assert_eq!(renew(&mut world, sequence), Err(RegistryError::NotAnnounced { oracle }));
    world.announce(0).unwrap();
    assert_eq!(state(&world), State::Active);
}

#[test]
fn the_end_of_a_lease_is_logged_when_it_is_due_and_not_before() {
    let mut world = one();
    let oracle = world.oracles[0].did();
    assert!(matches!(world.write(Operation::Expire { oracle }), Err(RegistryError::NotOverdue { .. })));
    assert_eq!(world.registry.next_change(world.now), Some(world.now.plus(LEASE_MS + 1)));
    world.later(LEASE_MS + SUSPECT_MS + 1);
    assert_eq!(world.registry.overdue(world.now), [oracle]);
    world.write(Operation::Expire { oracle }).unwrap();
    assert_eq!(world.registry.overdue(world.now), []);
    assert_eq!(state(&world), State::Expired);
}

#[test]
fn a_controller_that_was_away_gives_time_to_renew() {
    let mut world = one();
    world.later(LEASE_MS + SUSPECT_MS + 1);
    world.registry.resume(world.now.plus(10_000));
    assert_eq!(world.registry.overdue(world.now), []);
    assert_eq!(state(&world), State::Active);
}

#[test]
fn an_announcement_with_an_old_sequence_is_refused() {
    let mut world = one();
    assert!(matches!(world.announce(0), Err(RegistryError::StaleSequence { .. })));
}

#[test]
fn an_announcement_without_a_sequence_is_refused() {
    let mut world = one();
    let stamp = world.stamp();
    let body = Announce { profile: world.oracles[0].profile.clone(), lease_ms: LEASE_MS };
    let announce = Signed::by_did(&world.oracles[0].key, stamp, body);
    assert_eq!(world.write(Operation::Announce(announce)), Err(RegistryError::NoSequence));
}

#[test]
fn an_announcement_by_a_stranger_is_refused() {
    let mut world = one();
    let stamp = world.ordered(1);
    let body = Announce { profile: world.oracles[0].profile.clone(), lease_ms: LEASE_MS };
    let announce = Signed::by_did(&SigningKey::from_octets([9; 32]), stamp, body);
    assert!(matches!(world.write(Operation::Announce(announce)), Err(RegistryError::Unknown { .. })));
}

#[test]
fn a_lease_out_of_bounds_is_refused() {
    let mut world = one();
    for lease_ms in [0, 999, 86_400_001] {
        let stamp = world.ordered(world.now.millis() + 1);
        let body = Announce { profile: world.oracles[0].profile.clone(), lease_ms };
        let announce = Signed::by_did(&world.oracles[0].key, stamp, body);
        assert!(matches!(world.write(Operation::Announce(announce)), Err(RegistryError::Lease { .. })));
    }
}

#[test]
fn an_oracle_that_said_goodbye_sits_on_no_committee_and_may_come_back() {
    let mut world = one();
    let key = world.oracles[0].key.clone();
    let operation = goodbye(&mut world, &key);
    world.write(operation).unwrap();
    assert_eq!(state(&world), State::Expired);
    world.later(10);
    world.announce(0).unwrap();
    assert_eq!(state(&world), State::Active);
}

#[test]
fn nobody_says_goodbye_for_another() {
    let mut world = one();
    let operation = goodbye(&mut world, &SigningKey::from_octets([9; 32]));
    assert!(matches!(world.write(operation), Err(RegistryError::Unknown { .. })));
    assert_eq!(state(&world), State::Active);
}

#[test]
fn a_suspended_oracle_stays_so_until_it_is_admitted() {
    let mut world = one();
    let oracle = world.oracles[0].did();
    let suspend = world.command(Suspend { oracle, reason: "drill".parse().unwrap() });
    world.write(Operation::Suspend(suspend)).unwrap();
    world.later(1);
    world.announce(0).unwrap();
    assert_eq!(state(&world), State::Suspended);
    let admit = world.command(Admit { oracle });
    world.write(Operation::Admit(admit)).unwrap();
    assert_eq!(state(&world), State::Active);
}

#[test]
fn an_evicted_oracle_is_over() {
    let mut world = one();
    let oracle = world.oracles[0].did();
    let evict = world.command(Evict { oracle, reason: "stolen".parse().unwrap() });
    world.write(Operation::Evict(evict)).unwrap();
    assert_eq!(state(&world), State::Deactivated);
    world.later(1);
    assert_eq!(world.announce(0), Err(RegistryError::Deactivated { oracle }));
    let admit = world.command(Admit { oracle });
    assert_eq!(world.write(Operation::Admit(admit)), Err(RegistryError::Deactivated { oracle }));
}

#[test]
fn a_command_by_nobody_of_importance_is_refused() {
    let mut world = one();
    let oracle = world.oracles[0].did();
    let stamp = world.stamp();
    let body = Evict { oracle, reason: "x".parse().unwrap() };
    let own = Signed::by_did(&world.oracles[0].key, stamp, body.clone());
    assert!(matches!(world.write(Operation::Evict(own)), Err(RegistryError::NotAnAdmin { .. })));
    let stranger = Signed::by_admin(&SigningKey::from_octets([9; 32]), stamp, body.clone());
    assert!(matches!(world.write(Operation::Evict(stranger)), Err(RegistryError::NotAnAdmin { .. })));
    // The admin's key as a DID is another sender.
    let disguised = Signed::by_did(&world.admin, stamp, body);
    assert!(matches!(world.write(Operation::Evict(disguised)), Err(RegistryError::NotAnAdmin { .. })));
}

#[test]
fn a_command_is_carried_out_once() {
    let mut world = one();
    let oracle = world.oracles[0].did();
    let suspend = world.command(Suspend { oracle, reason: "drill".parse().unwrap() });
    let admit = world.command(Admit { oracle });
    world.write(Operation::Suspend(suspend.clone())).unwrap();
    world.write(Operation::Admit(admit)).unwrap();
    assert!(matches!(world.write(Operation::Suspend(suspend.clone())), Err(RegistryError::Repeated { .. })));
    world.later(600_000);
    let error = world.write(Operation::Suspend(suspend)).unwrap_err();
    assert!(matches!(error, RegistryError::Envelope(EnvelopeError::Stale { .. })));
}

#[test]
fn a_command_without_a_nonce_is_refused() {
    let mut world = one();
    let stamp = Stamp { order: Order::Sequence(1), ..world.stamp() };
    let admit = Signed::by_admin(&world.admin, stamp, Admit { oracle: world.oracles[0].did() });
    assert_eq!(world.write(Operation::Admit(admit)), Err(RegistryError::NoNonce));
}

#[test]
fn what_is_refused_leaves_the_registry_as_it_was() {
    let mut world = one();
    let before = (world.registry.size(), world.registry.tree().root());
    assert!(world.announce(0).is_err());
    assert_eq!((world.registry.size(), world.registry.tree().root()), before);
}

#[test]
fn of_two_changes_prepared_at_once_the_second_is_not_made() {
    let mut world = World::swarm(1, 2);
    world.later(1);
    let prepare = |world: &mut World, oracle: usize| {
        let stamp = world.ordered(world.now.millis());
        let body = Announce { profile: world.oracles[oracle].profile.clone(), lease_ms: LEASE_MS };
        let announce = Signed::by_did(&world.oracles[oracle].key, stamp, body);
        world.registry.prepare(Operation::Announce(announce), world.now).unwrap()
    };
    let (first, second) = (prepare(&mut world, 0), prepare(&mut world, 1));
    world.registry.commit(first).unwrap();
    assert!(matches!(world.registry.commit(second), Err(RegistryError::OutOfOrder { .. })));
}

#[test]
fn a_clock_that_went_back_writes_the_time_of_the_entry_before() {
    let mut world = one();
    let written = world.log.last().unwrap().at;
    world.now = swarm_protocol::time::Timestamp::from_millis(written.millis() - 3_000);
    let stamp = world.ordered(written.millis() + 1);
    let body = Announce { profile: world.oracles[0].profile.clone(), lease_ms: LEASE_MS };
    let announce = Signed::by_did(&world.oracles[0].key, stamp, body);
    world.write(Operation::Announce(announce)).unwrap();
    assert_eq!(world.log.last().unwrap().at, written);
}

fn replay(world: &World) -> Registry {
    let mut registry = Registry::replay(&world.log[0]).unwrap();
    for entry in &world.log[1..] {
        registry.apply(entry).unwrap();
    }
    registry
}

#[test]
fn the_log_read_again_gives_the_same_registry() {
    let mut world = World::swarm(7, 5);
    world.later(5);
    let key = world.oracles[2].key.clone();
    let operation = goodbye(&mut world, &key);
    world.write(operation).unwrap();
    let oracle = world.oracles[3].did();
    let evict = world.command(Evict { oracle, reason: "drill".parse().unwrap() });
    world.write(Operation::Evict(evict)).unwrap();
    let again = replay(&world);
    assert_eq!(again.tree().root(), world.registry.tree().root());
    assert!(again.oracles().eq(world.registry.oracles()));
}

#[test]
fn a_log_with_an_entry_left_out_repeated_or_swapped_is_refused() {
    let world = World::swarm(7, 3);
    let changes: [fn(&mut Vec<LogEntry>); 3] =
        [|log| _ = log.remove(2), |log| log.insert(2, log[2].clone()), |log| log.swap(1, 2)];
    for change in changes {
        let mut log = world.log.clone();
        change(&mut log);
        let mut registry = Registry::replay(&log[0]).unwrap();
        assert!(log[1..].iter().any(|entry| registry.apply(entry).is_err()));
    }
}

#[test]
fn a_log_without_genesis_or_with_two_is_refused() {
    let world = one();
    assert_eq!(Registry::replay(&world.log[1]).unwrap_err(), RegistryError::NoGenesis);
    let operation = Operation::Genesis(world.genesis.clone());
    assert_eq!(world.registry.prepare(operation, world.now).unwrap_err(), RegistryError::NoGenesis);
}

#[test]
fn every_entry_is_proved_in_every_later_checkpoint() {
    let mut world = World::swarm(7, 4);
    let snapshot = world.registry.snapshot(world.now);
    let old = world.registry.checkpoint(&snapshot, &world.controller, world.now);
    let key = world.oracles[0].key.clone();
    let operation = goodbye(&mut world, &key);
    world.write(operation).unwrap();
    let new = world.registry.checkpoint(&world.registry.snapshot(world.now), &world.controller, world.now);
    let new = new.verify(world.genesis.swarm(), world.genesis.controller()).unwrap();
    let old = old.checkpoint();
    for entry in &world.log {
        let path = world.registry.tree().inclusion_proof(entry.index, new.size).unwrap();
        assert!(verify_inclusion(
            &leaf_hash(entry.leaf().as_bytes()),
            entry.index,
            new.size,
            &path,
            &new.root
        ));
    }
    let path = world.registry.tree().consistency_proof(old.size, new.size).unwrap();
    assert!(verify_consistency(old.size, new.size, &old.root, &new.root, &path));
    assert_eq!((old.active.count, new.active.count), (4, 3));
}

#[test]
fn a_snapshot_is_in_the_order_of_the_dids_and_draws_each_member_once() {
    let world = World::swarm(7, 9);
    let snapshot = world.registry.snapshot(world.now);
    assert!(snapshot.members().windows(2).all(|pair| pair[0].did < pair[1].did));
    let mut drawn = snapshot.draw(swarm_protocol::draw::Seed::new([1; 32]), 9);
    drawn.sort_by_key(|member| member.did);
    assert_eq!(drawn, snapshot.members());
}

#[test]
fn a_document_follows_the_announcement_and_carries_the_controller_s_proof() {
    let mut world = one();
    world.later(1);
    world.oracles[0].profile.endpoints = vec!["https://moved.example.org".parse().unwrap()];
    world.announce(0).unwrap();
    let oracle = world.registry.oracle(&world.oracles[0].did()).unwrap();
    let document = oracle.document();
    assert_eq!(document.service[0].service_endpoint.as_str(), "https://moved.example.org");
    assert_eq!(document.digest(), oracle.document_digest);
    let secured = document.secured(&world.controller, oracle.updated_at);
    assert!(verify_proof(&secured, &world.controller.public()));
    let resolution = serde_json::to_value(Resolution::new(secured, oracle.document_metadata())).unwrap();
    assert_eq!(resolution["didDocumentMetadata"]["deactivated"], false);
    assert_eq!(resolution["didDocument"]["id"], world.oracles[0].did().to_string());
}

#[test]
fn a_controller_has_a_document_without_service_keys() {
    let world = one();
    let document = DidDocument::of_controller(world.genesis.controller(), &[]);
    assert_eq!(document.verification_method.len(), 1);
    assert!(document.service.is_empty());
}

#[test]
fn an_acknowledgement_names_the_message_and_the_lease() {
    let mut world = one();
    let sequence = world.now.millis() + 1;
    let renewal = renewal(&mut world, sequence);
    let oracle = world.registry.renew(&renewal, world.now).unwrap();
    let acknowledgement = Acknowledgement::of(&renewal, oracle, None, world.now);
    assert_eq!(acknowledgement.accepted, renewal.digest());
    assert_eq!(acknowledgement.lease_until, world.now.plus(LEASE_MS));
    assert_eq!(acknowledgement.state, State::Active);
}
