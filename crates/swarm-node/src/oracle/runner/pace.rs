//! Whether the turns of a contract are short, as far as those before it tell.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A turn that answers nobody later than a change of threads would.
pub(super) const SHORT: Duration = Duration::from_micros(500);
/// What one long turn adds; a short one takes one away.
const LONG: u32 = 4;
/// Below it turns are taken to be short: a turn in five may be long, as when another process has the core.
const TRUSTED: u32 = 8;
/// The most that is held against a contract, so that it may become a short one.
const MOST: u32 = 64;

/// The account of one contract's turns.
#[derive(Debug)]
pub(crate) struct Pace(AtomicU32);

impl Default for Pace {
    /// A contract is not trusted before it has shown some short turns.
    fn default() -> Self {
        Self(AtomicU32::new(2 * TRUSTED))
    }
}

impl Pace {
    /// Whether the next turn is expected to be short.
    pub(super) fn is_short(&self) -> bool {
        self.0.load(Ordering::Relaxed) < TRUSTED
    }

    /// Notes a turn.
    pub(super) fn took(&self, time: Duration) {
        let account =
            |held: u32| Some(if time > SHORT { (held + LONG).min(MOST) } else { held.saturating_sub(1) });
        // It always gives a value.
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, account).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_is_trusted_after_short_turns_and_not_after_long_ones() {
        let pace = Pace::default();
        let turns = |count: u32, time| (0..count).for_each(|_| pace.took(time));
        assert!(!pace.is_short());
        turns(20, Duration::from_micros(50));
        assert!(pace.is_short());
        turns(1, Duration::from_millis(30));
        assert!(pace.is_short(), "one long turn may be the machine's");
        turns(2, Duration::from_millis(30));
        assert!(!pace.is_short());
        turns(1000, Duration::from_millis(30));
        turns(100, SHORT);
        assert!(pace.is_short());
    }
}
