//! The workers' seats. Who waits for one waits in the queue of its contract; a free seat goes to the contract that has
//! fewest, and between equals to the one that was served longest ago.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// All seats; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Seats(Arc<Hall>);

/// One seat, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    hall: Option<Arc<Hall>>,
    contract: Arc<str>,
}

#[derive(Debug)]
struct Hall {
    /// Runs that wait; read without the lock.
    waiting: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// Seats taken, by contract.
    taken: BTreeMap<Arc<str>, usize>,
    /// Contracts with runs that wait, those that were served last at the end.
    queues: VecDeque<(Arc<str>, VecDeque<oneshot::Sender<Seat>>)>,
}

impl Seats {
    pub(super) fn new(seats: usize) -> Self {
        let state = State { free: seats, taken: BTreeMap::new(), queues: VecDeque::new() };
        Self(Arc::new(Hall { waiting: AtomicUsize::new(0), state: Mutex::new(state) }))
    }

    /// Waits for a seat.
    pub(super) async fn take(&self, contract: &Arc<str>) -> Seat {
        let coming = {
            let mut state = self.0.lock();
            if state.free > 0 {
                return state.seat(&self.0, contract.clone());
            }
            let (sender, receiver) = oneshot::channel();
            state.wait(contract, sender);
            self.0.waiting.fetch_add(1, Ordering::Relaxed);
            receiver
        };
        // Counted out when it comes, and when its run is given up before.
        let _waiting = Waiting(&self.0.waiting);
        coming.await.expect("a hall outlives those who wait in it, and drops none of them")
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Seat {
    /// Whether somebody waits for a seat.
    pub(super) fn is_wanted(&self) -> bool {
        self.hall.as_ref().is_some_and(|hall| hall.waiting.load(Ordering::Relaxed) > 0)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(hall) = self.hall.take() else { return };
        let mut state = hall.lock();
        state.give_back(&self.contract);
        while state.free > 0
            && let Some((contract, waiting)) = state.next()
        {
            let seat = state.seat(&hall, contract.clone());
            if let Err(mut refused) = waiting.send(seat) {
                // Its run was given up. The seat must not come back here by itself: the lock is held.
                refused.hall = None;
                state.give_back(&contract);
            }
        }
    }
}

impl Hall {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn seat(&mut self, hall: &Arc<Hall>, contract: Arc<str>) -> Seat {
        self.free -= 1;
        *self.taken.entry(contract.clone()).or_default() += 1;
        Seat { hall: Some(hall.clone()), contract }
    }

    fn give_back(&mut self, contract: &Arc<str>) {
        self.free += 1;
        if let Some(taken) = self.taken.get_mut(contract) {
            *taken -= 1;
            if *taken == 0 {
                self.taken.remove(contract);
            }
        }
    }

    fn wait(&mut self, contract: &Arc<str>, sender: oneshot::Sender<Seat>) {
        match self.queues.iter_mut().find(|(name, _)| name == contract) {
            Some((_, queue)) => queue.push_back(sender),
            None => self.queues.push_back((contract.clone(), VecDeque::from([sender]))),
        }
    }

    /// Who is served next; its contract goes to the end.
    fn next(&mut self) -> Option<(Arc<str>, oneshot::Sender<Seat>)> {
        let taken = |contract: &Arc<str>| self.taken.get(contract).copied().unwrap_or(0);
        let place = (0..self.queues.len()).min_by_key(|place| taken(&self.queues[*place].0))?;
        let (contract, mut queue) = self.queues.remove(place)?;
        let sender = queue.pop_front()?;
        if !queue.is_empty() {
            self.queues.push_back((contract.clone(), queue));
        }
        Some((contract, sender))
    }
}
