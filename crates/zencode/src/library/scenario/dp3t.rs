//! `dp3t`: proximity tracing with names that change all day long.
//!
//! # Source
//! Decentralized Privacy-Preserving Proximity Tracing, white paper of May 2020, section 3.1.

use std::collections::BTreeMap;

use zencode_crypto::aes;
use zencode_crypto::hash::{hmac_sha256, sha256};
use zencode_macros::when;

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[RENEW_KEY, CREATE_IDS, CREATE_TRACING];

const SECRET_DAY_KEY: &str = "secret_day_key";
const BROADCAST_KEY: &str = "broadcast_key";
const EPHEMERAL_IDS: &str = "ephemeral_ids";
const PROXIMITY_TRACING: &str = "proximity_tracing";

/// Minutes of a day.
const DAY: f32 = 24.0 * 60.0;

/// Replaces `secret_day_key` by that of the next day: its SHA-256 digest.
///
/// # Example
/// ```zencode
/// Scenario 'dp3t': a new day
/// Given I have a 'hex' named 'secret day key'
/// When I renew the secret day key to a new day
/// Then print the 'secret day key'
/// ```
/// ```json data
/// { "secret_day_key": "5dd8c0623f9163de7ebb260c23c7d1dfe7e63f92f241a379e2fc934d52b16720" }
/// ```
#[when("renew secret day key to a new day")]
fn renew_key(machine: &mut Machine) -> Result<(), Error> {
    let key = machine.octets(SECRET_DAY_KEY)?;
    machine.replace(SECRET_DAY_KEY, Value::Octet(sha256(&key).to_vec()))
}

/// Makes `ephemeral_ids`, the names of one day, of `secret_day_key`, `broadcast_key` and `epoch`.
///
/// The epoch is the number of minutes that a name is used; there is a name more than fits into the day.
///
/// # Example
/// ```zencode
/// Scenario 'dp3t': the names of today
/// Given I have a 'hex' named 'secret day key'
/// When I write number '360' in 'epoch'
/// When I write string 'Broadcast key' in 'broadcast key'
/// When I create the ephemeral ids for today
/// Then print the 'ephemeral ids' as 'hex'
/// ```
/// ```json data
/// { "secret_day_key": "78d41911d3f217ec19045930c452734e0fa5e29388f0bc6789ac46f5be907c09" }
/// ```
#[when("create ephemeral ids for today")]
fn create_ids(machine: &mut Machine) -> Result<(), Error> {
    let key = machine.octets(SECRET_DAY_KEY)?;
    let broadcast = machine.octets(BROADCAST_KEY)?;
    let count = count_of_ids(machine)?;
    let stream = Stream::new(&key, &broadcast);
    machine.afford(count * aes::BLOCK_OCTETS)?;
    let ids = (0..count).map(|epoch| Value::Octet(stream.id(epoch).to_vec())).collect();
    machine.create(EPHEMERAL_IDS, Value::Table(Table::Array(ids)), Traits::default())
}

/// Makes `proximity_tracing`: the keys in `list_of_infected` that one has met.
///
/// A key is in it as often as one of its names is in `ephemeral_ids`.
///
/// # Example
/// ```zencode
/// Scenario 'dp3t': whom did I meet?
/// Given I have a 'hex array' named 'list of infected'
/// Given I have a 'hex array' named 'ephemeral ids'
/// When I write number '180' in 'epoch'
/// When I write string 'Broadcast key' in 'broadcast key'
/// When I create the proximity tracing of infected ids
/// Then print the 'proximity tracing' as 'hex'
/// ```
/// ```json data
/// {
///   "list_of_infected": ["78d41911d3f217ec19045930c452734e0fa5e29388f0bc6789ac46f5be907c09"],
///   "ephemeral_ids": ["4e0b8aa0fb1c9648698955efa255c5aa", "00000000000000000000000000000000"]
/// }
/// ```
#[when("create proximity tracing of infected ids")]
fn create_tracing(machine: &mut Machine) -> Result<(), Error> {
    let count = count_of_ids(machine)?;
    let infected = match machine.table("list_of_infected")? {
        Table::Array(keys) => keys.clone(),
        Table::Dictionary(_) => Vec::new(),
    };
    let broadcast = machine.octets(BROADCAST_KEY)?;
    let mut met: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for id in machine.table(EPHEMERAL_IDS)?.values() {
        if let Value::Octet(id) = id {
            *met.entry(id.clone()).or_default() += 1;
        }
    }
    let mut traced = Vec::new();
    for key in infected {
        // Each name is work, and the limit of memory is the one that bounds work.
        machine.charge(count * aes::BLOCK_OCTETS)?;
        let secret = key.octets().ok_or_else(|| Error::failed("a key of the infected has no octets"))?;
        let stream = Stream::new(&secret, &broadcast);
        for times in (0..count).filter_map(|epoch| met.get(stream.id(epoch).as_slice())) {
            machine.charge(times.saturating_mul(key.weight()))?;
            traced.extend(std::iter::repeat_n(key.clone(), *times));
        }
    }
    machine.create(PROXIMITY_TRACING, Value::Table(Table::Array(traced)), Traits::default())
}

/// How many names a day has: one more than epochs fit into it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the count is checked to be a small positive number"
)]
fn count_of_ids(machine: &Machine) -> Result<usize, Error> {
    /// Names of one day, at most: what the reference engine's longest octet has room for.
    const IDS_MAX: f32 = 256.0 * 1024.0;
    let Value::Float(epoch) = machine.value("epoch")? else {
        return Err(Error::failed("Epoch length (minutes) not found"));
    };
    let epochs = DAY / epoch;
    ensure((1.0..IDS_MAX).contains(&epochs), || {
        format!("an epoch of {epoch} minutes found, expected at most a day and at least {}", DAY / IDS_MAX)
    })?;
    Ok(epochs as usize + 1)
}

/// The names of one key, in order.
struct Stream(aes::Block);

impl Stream {
    fn new(key: &[u8], broadcast: &[u8]) -> Self {
        Self(aes::Block::new(&hmac_sha256(key, broadcast)))
    }

    fn id(&self, epoch: usize) -> [u8; aes::BLOCK_OCTETS] {
        let mut counter = [0; aes::BLOCK_OCTETS];
        counter[size_of::<u64>()..].copy_from_slice(&(epoch as u64).to_be_bytes());
        self.0.encrypt(counter)
    }
}
