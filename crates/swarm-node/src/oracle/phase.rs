//! Whether an oracle starts, serves or stops.

use std::sync::atomic::{AtomicU8, Ordering};

/// A part of an oracle's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It answers, and is not where it should be yet.
    Starting = 0,
    /// It is there.
    Serving = 1,
    /// It finishes what is under way.
    Draining = 2,
}

/// Where it is; it starts with starting.
#[derive(Debug, Default)]
pub(super) struct Phases(AtomicU8);

impl Phases {
    pub(super) fn get(&self) -> Phase {
        match self.0.load(Ordering::Relaxed) {
            0 => Phase::Starting,
            1 => Phase::Serving,
            _ => Phase::Draining,
        }
    }

    pub(super) fn set(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Relaxed);
    }
}
