//! Who gets a seat, who comes in, and what is given up.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::admission::Turnstile;
use super::seats::{Seat, Seats};
use super::{Crowd, RunError};

type Waiting<'a> = std::pin::Pin<Box<dyn Future<Output = Seat> + 'a>>;

fn ask<'a>(seats: &'a Seats, contract: &'a Arc<str>) -> Waiting<'a> {
    let mut waiting: Waiting<'a> = Box::pin(seats.take(contract));
    assert!(look(&mut waiting).is_none(), "a seat was free");
    waiting
}

fn sit(seats: &Seats, contract: &Arc<str>) -> Seat {
    look(&mut (Box::pin(seats.take(contract)) as Waiting<'_>)).expect("a seat is free")
}

fn look(waiting: &mut Waiting<'_>) -> Option<Seat> {
    match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(seat) => Some(seat),
        Poll::Pending => None,
    }
}

fn names() -> [Arc<str>; 2] {
    [Arc::from("slow"), Arc::from("fast")]
}

#[test]
fn there_are_as_many_seats_as_there_are() {
    let (seats, [slow, _]) = (Seats::new(2), names());
    let first = sit(&seats, &slow);
    let _second = sit(&seats, &slow);
    let mut third = ask(&seats, &slow);
    drop(first);
    assert!(look(&mut third).is_some());
}

#[test]
fn a_free_seat_goes_to_the_contract_that_has_fewest() {
    let (seats, [slow, fast]) = (Seats::new(2), names());
    let first = sit(&seats, &slow);
    let second = sit(&seats, &slow);
    let mut more = ask(&seats, &slow);
    let mut other = ask(&seats, &fast);
    drop(first);
    assert!(look(&mut more).is_none());
    assert!(look(&mut other).is_some());
    drop(second);
    assert!(look(&mut more).is_some());
}

#[test]
fn seats_go_round_between_contracts_however_many_of_one_wait() {
    let (seats, [slow, fast]) = (Seats::new(1), names());
    let mut seat = sit(&seats, &slow);
    let mut slow_ones: Vec<_> = (0..100).map(|_| ask(&seats, &slow)).collect();
    let mut fast_ones: Vec<_> = (0..3).map(|_| ask(&seats, &fast)).collect();
    let mut order = Vec::new();
    for _ in 0..6 {
        drop(seat);
        let next =
            slow_ones.iter_mut().position(|it| look(it).is_some_and(|it| hold(&mut order, "slow", it)));
        let other =
            fast_ones.iter_mut().position(|it| look(it).is_some_and(|it| hold(&mut order, "fast", it)));
        next.map(|place| slow_ones.remove(place));
        other.map(|place| fast_ones.remove(place));
        seat = order.last_mut().and_then(|(_, seat): &mut (_, Option<Seat>)| seat.take()).unwrap();
    }
    let order: Vec<_> = order.iter().map(|(name, _)| *name).collect();
    assert_eq!(order, ["slow", "fast", "slow", "fast", "slow", "fast"]);
}

fn hold(order: &mut Vec<(&'static str, Option<Seat>)>, name: &'static str, seat: Seat) -> bool {
    order.push((name, Some(seat)));
    true
}

#[test]
fn a_seat_for_somebody_who_went_away_goes_to_the_next() {
    let (seats, [slow, fast]) = (Seats::new(1), names());
    let first = sit(&seats, &slow);
    let gone = ask(&seats, &slow);
    let mut next = ask(&seats, &fast);
    assert!(first.is_wanted());
    drop(gone);
    drop(first);
    let seat = look(&mut next).unwrap();
    drop(next);
    assert!(!seat.is_wanted());
}

#[test]
fn a_seat_that_came_too_late_goes_to_the_next() {
    let (seats, [slow, fast]) = (Seats::new(1), names());
    let first = sit(&seats, &slow);
    let gone = ask(&seats, &slow);
    let mut next = ask(&seats, &fast);
    // It is on its way when its run is given up.
    drop(first);
    drop(gone);
    assert!(look(&mut next).is_some());
}

fn refusal(turnstile: &Turnstile, name: &str, crowd: Crowd) -> Option<RunError> {
    turnstile.enter(name, crowd).err()
}

#[test]
fn one_contract_cannot_take_the_whole_pool() {
    let (turnstile, crowd) = (Turnstile::new(4, 3), Crowd::default());
    let _inside: Vec<_> = (0..3).map(|_| turnstile.enter("slow", crowd).unwrap()).collect();
    assert!(matches!(refusal(&turnstile, "slow", crowd), Some(RunError::Crowded)));
    let other = turnstile.enter("fast", crowd).unwrap();
    assert!(matches!(refusal(&turnstile, "fast", crowd), Some(RunError::Busy)));
    drop(other);
    assert!(refusal(&turnstile, "fast", crowd).is_none());
}

#[test]
fn a_contracts_own_limit_counts_those_that_run_and_those_that_wait() {
    let turnstile = Turnstile::new(100, 100);
    let crowd = Crowd { concurrency: Some(2), queue: 1 };
    let inside: Vec<_> = (0..3).map(|_| turnstile.enter("few", crowd).unwrap()).collect();
    assert!(matches!(refusal(&turnstile, "few", crowd), Some(RunError::Crowded)));
    drop(inside);
    assert!(refusal(&turnstile, "few", crowd).is_none());
}

#[test]
fn as_many_pass_the_gate_as_may_run_at_once() {
    let turnstile = Turnstile::new(100, 100);
    let crowd = Crowd { concurrency: Some(1), queue: 5 };
    let (first, second) = (turnstile.enter("one", crowd).unwrap(), turnstile.enter("one", crowd).unwrap());
    let context = &mut Context::from_waker(Waker::noop());
    let Poll::Ready(passed) = std::pin::pin!(first.pass()).poll(context) else { panic!("the gate is open") };
    let mut waiting = Box::pin(second.pass());
    assert!(waiting.as_mut().poll(context).is_pending());
    drop(passed);
    assert!(waiting.as_mut().poll(context).is_ready());
}
