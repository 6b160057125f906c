//! The clock of this machine and its entropy: what the rules take as parameters.

use std::time::{SystemTime, UNIX_EPOCH};

use swarm_protocol::octets::Nonce;
use swarm_protocol::time::Timestamp;

/// The present time.
pub fn now() -> Timestamp {
    // A clock before 1970 makes every message stale, which is what such a machine deserves.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Fresh random octets.
///
/// # Errors
/// When the system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut octets = [0; N];
    getrandom::fill(&mut octets)?;
    Ok(octets)
}

/// A fresh nonce.
///
/// # Errors
/// When the system gives no random octets.
pub fn nonce() -> Result<Nonce, getrandom::Error> {
    random().map(Nonce::new)
}
