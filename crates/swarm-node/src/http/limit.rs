//! How often callers may ask: a bucket per caller that fills up again with time, in a table of bounded size.
//!
//! When the table is full, whoever has been quiet longest is forgotten, which is to that caller's advantage: what an
//! attacker with many addresses gains is no more than those addresses are worth.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use swarm_protocol::did::Did;

use crate::config::Rate;

/// Callers counted at once.
pub const CALLERS_MAX: usize = 65_536;

/// Who is counted. A caller is known by what it cannot make for itself: an API key, a DID that is expected, or else
/// its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// An address; of IPv6 the first half, which is what one subscriber gets.
    Address(IpAddr),
    /// The id of an API key.
    ApiKey(Arc<str>),
    /// A DID.
    Did(Did),
}

impl Who {
    /// The caller at an address.
    pub(crate) fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
            address => address,
        })
    }
}

/// What is counted: one caller at one contract, or at all of them together.
type Bucket = (Option<Arc<str>>, Who);

/// The buckets of all callers.
#[derive(Debug)]
pub(crate) struct Limiter {
    table: Mutex<Table>,
    callers_max: usize,
}

/// For each bucket the time at which it is full again.
#[derive(Debug, Default)]
struct Table {
    full_at: BTreeMap<Bucket, Instant>,
    by_time: BTreeSet<(Instant, Bucket)>,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(CALLERS_MAX)
    }
}

impl Limiter {
    fn new(callers_max: usize) -> Self {
        Self { table: Mutex::default(), callers_max }
    }

    /// Takes one from a bucket.
    ///
    /// # Errors
    /// The time until there is one, when it is empty.
    ///
    /// # Source
    /// The generic cell rate algorithm, ITU-T I.371, annex A.
    pub(crate) fn take(&self, bucket: Bucket, rate: Rate, now: Instant) -> Result<(), Duration> {
        let table = &mut *self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = table.full_at.get(&bucket).copied();
        let next = full_at.map_or(now, |it| it.max(now)) + rate.period / rate.events;
        let empty = next.saturating_duration_since(now).saturating_sub(rate.period);
        if !empty.is_zero() {
            return Err(empty);
        }
        table.forget_full(now);
        table.put(bucket, next);
        while table.full_at.len() > self.callers_max {
            table.forget_first();
        }
        Ok(())
    }
}

impl Table {
    fn put(&mut self, bucket: Bucket, full_at: Instant) {
        if let Some(before) = self.full_at.insert(bucket.clone(), full_at) {
            self.by_time.remove(&(before, bucket.clone()));
        }
        self.by_time.insert((full_at, bucket));
    }

    /// A full bucket says nothing.
    fn forget_full(&mut self, now: Instant) {
        while self.by_time.first().is_some_and(|(full_at, _)| *full_at <= now) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some((_, bucket)) = self.by_time.pop_first() {
            self.full_at.remove(&bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Rate = Rate { events: 10, period: Duration::from_secs(1) };

    fn bucket(last: u8) -> Bucket {
        (None, Who::at(IpAddr::from([10, 0, 0, last])))
    }

    #[test]
    fn as_many_as_the_rate_come_at_once_and_then_one_in_its_time() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for _ in 0..10 {
            assert_eq!(limiter.take(bucket(1), TEN, now), Ok(()));
        }
        assert_eq!(limiter.take(bucket(1), TEN, now), Err(Duration::from_millis(100)));
        let later = now + Duration::from_millis(100);
        assert_eq!(limiter.take(bucket(1), TEN, later), Ok(()));
        assert_eq!(limiter.take(bucket(1), TEN, later), Err(Duration::from_millis(100)));
    }

    #[test]
    fn one_caller_does_not_use_up_what_another_has() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        while limiter.take(bucket(1), TEN, now).is_ok() {}
        assert_eq!(limiter.take(bucket(2), TEN, now), Ok(()));
        let at_one_contract = (Some(Arc::from("a")), Who::at(IpAddr::from([10, 0, 0, 1])));
        assert_eq!(limiter.take(at_one_contract, TEN, now), Ok(()));
    }

    #[test]
    fn who_was_turned_away_is_not_punished_for_it() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        while limiter.take(bucket(1), TEN, now).is_ok() {}
        for _ in 0..1000 {
            assert!(limiter.take(bucket(1), TEN, now).is_err());
        }
        assert_eq!(limiter.take(bucket(1), TEN, now + Duration::from_millis(100)), Ok(()));
    }

    #[test]
    fn the_table_stays_within_its_bound() {
        let (limiter, now) = (Limiter::new(3), Instant::now());
        for last in 0..200 {
            assert_eq!(limiter.take(bucket(last), TEN, now), Ok(()));
        }
        let table = limiter.table.lock().unwrap();
        assert_eq!((table.full_at.len(), table.by_time.len()), (3, 3));
    }

    #[test]
    fn a_bucket_that_is_full_again_is_forgotten() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.take(bucket(1), TEN, now).unwrap();
        limiter.take(bucket(2), TEN, now + Duration::from_millis(100)).unwrap();
        let table = limiter.table.lock().unwrap();
        assert_eq!((table.full_at.len(), table.by_time.len()), (1, 1));
    }

    #[test]
    fn the_addresses_of_one_subscriber_are_one_caller() {
        let who = |text: &str| Who::at(text.parse().unwrap());
        assert_eq!(who("2001:db8:1:2:3::4"), who("2001:db8:1:2::"));
        assert_ne!(who("2001:db8:1:2::"), who("2001:db8:1:3::"));
        assert_eq!(who("::ffff:10.0.0.1"), who("10.0.0.1"));
    }
}
