//! One thing that is measured, on our side and on that of its peers.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How long one round of one side lasts, in processor time.
const ROUND: Duration = Duration::from_millis(40);
/// Rounds of each side; the median counts.
const ROUNDS: usize = 7;

/// Something that is done once.
pub type Work = Box<dyn FnMut()>;

/// One operation, done by us and by others.
pub struct Subject {
    /// What is done.
    pub name: String,
    ours: Work,
    /// The others' names, and what they do.
    pub peers: Vec<(&'static str, Work)>,
    /// The crate that the program `clean` measures.
    pub elsewhere: Option<&'static str>,
}

impl Subject {
    /// An operation of ours, so far without a peer.
    pub fn new<T>(name: &str, mut ours: impl FnMut() -> T + 'static) -> Self {
        let ours = Box::new(move || drop(std::hint::black_box(ours())));
        Self { name: name.into(), ours, peers: Vec::new(), elsewhere: None }
    }

    /// The same operation in another crate.
    pub fn beside<T>(mut self, peer: &'static str, mut work: impl FnMut() -> T + 'static) -> Self {
        self.peers.push((peer, Box::new(move || drop(std::hint::black_box(work())))));
        self
    }

    /// The same operation in a crate that the program `clean` beside this one measures.
    pub fn beside_program(mut self, peer: &'static str) -> Self {
        self.elsewhere = Some(peer);
        self
    }

    /// Microseconds of one operation: ours, and each peer's.
    pub fn microseconds(&mut self) -> (f64, Vec<f64>) {
        let mut sides: Vec<&mut Work> = vec![&mut self.ours];
        sides.extend(self.peers.iter_mut().map(|(_, work)| work));
        let mut counts = Vec::new();
        for side in &mut sides {
            round(side, 1); // tables are made
            let once = round(side, 3);
            counts.push((ROUND.as_secs_f64() * 1e6 / once).clamp(3.0, 1e6) as u32);
        }
        let mut times = vec![Vec::new(); sides.len()];
        for _ in 0..ROUNDS {
            for ((side, count), times) in sides.iter_mut().zip(&counts).zip(&mut times) {
                times.push(round(side, *count));
            }
        }
        let mut medians = times.into_iter().map(median);
        (medians.next().unwrap_or(f64::NAN), medians.collect())
    }
}

fn round(work: &mut Work, count: u32) -> f64 {
    let started = processor_seconds();
    for _ in 0..count {
        work();
    }
    (processor_seconds() - started) * 1e6 / f64::from(count)
}

/// Processor time of this thread, to the nanosecond.
fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
