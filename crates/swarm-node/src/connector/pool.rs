//! Connections that wait to be used again, by address. A connection serves one request at a time; one whose
//! request failed is never given back.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

/// Addresses with waiting connections.
const ADDRESSES_MAX: usize = 64;
/// Connections that wait for one address.
const WAITING_MAX: usize = 8;
/// Time for which a connection waits.
const WAITING_TIME: Duration = Duration::from_secs(30);

/// Waiting connections, by the whole address with its password: who does not know it gets none.
pub(crate) struct Pool<C> {
    waiting: Mutex<BTreeMap<String, Vec<(Instant, C)>>>,
}

impl<C> Default for Pool<C> {
    fn default() -> Self {
        Self { waiting: Mutex::default() }
    }
}

/// Addresses hold passwords.
impl<C> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl<C> Pool<C> {
    /// The connection that was used last, if one waits.
    pub(crate) fn take(&self, address: &str) -> Option<C> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        sweep(&mut waiting);
        waiting.get_mut(address)?.pop().map(|(_, connection)| connection)
    }

    /// Keeps a connection for the next request; drops it when enough wait.
    pub(crate) fn give(&self, address: &str, connection: C) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        sweep(&mut waiting);
        if waiting.len() >= ADDRESSES_MAX && !waiting.contains_key(address) {
            return;
        }
        let here = waiting.entry(address.to_owned()).or_default();
        if here.len() < WAITING_MAX {
            here.push((Instant::now(), connection));
        }
    }
}

fn sweep<C>(waiting: &mut BTreeMap<String, Vec<(Instant, C)>>) {
    waiting.retain(|_, here| {
        here.retain(|(since, _)| since.elapsed() < WAITING_TIME);
        !here.is_empty()
    });
}

/// The task that moves a connection's octets; it ends with the connection.
#[derive(Debug)]
pub(crate) struct Driver(JoinHandle<()>);

impl Driver {
    pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    /// Whether the connection is gone.
    pub(crate) fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_used_again_for_its_own_address() {
        let pool = Pool::default();
        pool.give("redis://a", 1);
        assert_eq!(pool.take("redis://b"), None);
        assert_eq!(pool.take("redis://a"), Some(1));
        assert_eq!(pool.take("redis://a"), None);
    }

    #[test]
    fn no_more_wait_than_the_limit() {
        let pool = Pool::default();
        for number in 0..WAITING_MAX + 5 {
            pool.give("redis://a", number);
        }
        let waiting = std::iter::from_fn(|| pool.take("redis://a")).count();
        assert_eq!(waiting, WAITING_MAX);
    }
}
