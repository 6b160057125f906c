//! Every bound of the protocol, with its unit, in one place.

/// Largest message accepted from another machine, in octets of JSON.
pub const MESSAGE_OCTETS_MAX: usize = 1 << 20;

/// Largest query accepted from a user, in octets of JSON.
pub const QUERY_OCTETS_MAX: usize = 512 << 10;

/// Largest result of a contract that a vote may carry, in octets of canonical JSON.
pub const RESULT_OCTETS_MAX: usize = 512 << 10;

/// Largest certificate file, in octets.
pub const CERTIFICATE_OCTETS_MAX: usize = 8 << 20;

/// Largest ticket file, in octets.
pub const TICKET_OCTETS_MAX: usize = 8 << 10;

/// Deepest nesting of arrays and objects in foreign JSON.
pub const NESTING_MAX: usize = 64;

/// Largest integer that JSON carries between all implementations: 2^53 - 1.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Longest validity of an ordinary message, in milliseconds: 10 minutes.
pub const VALIDITY_MS_MAX: u64 = 10 * 60 * 1000;

/// Longest validity of a ticket, in milliseconds: 90 days.
pub const TICKET_VALIDITY_MS_MAX: u64 = 90 * 24 * 3600 * 1000;

/// How far the clocks of two machines may differ, in milliseconds.
pub const CLOCK_SKEW_MS_MAX: u64 = 5_000;

/// Nonces remembered by a replay cache, over all senders.
pub const REPLAY_NONCES_MAX: usize = 65_536;

/// Longest DID, in octets of text.
pub const DID_OCTETS_MAX: usize = 255;

/// Longest endpoint URL, in octets of text.
pub const ENDPOINT_OCTETS_MAX: usize = 256;

/// Most endpoints of one oracle.
pub const ENDPOINTS_MAX: usize = 8;

/// Most service keys of one oracle.
pub const SERVICE_KEYS_MAX: usize = 16;

/// Longest name of a swarm, contract, region or operator, in octets.
pub const NAME_OCTETS_MAX: usize = 128;

/// Most admin keys of one swarm.
pub const ADMINS_MAX: usize = 16;

/// Most uses of one ticket.
pub const TICKET_USES_MAX: u32 = 10_000;

/// Enrolments in progress at once.
pub const SESSIONS_MAX: usize = 256;

/// Time an enrolment may take from hello to receipt, in milliseconds.
pub const SESSION_MS_MAX: u64 = 60_000;

/// Hellos from one address in one minute, without a ticket.
pub const HELLOS_PER_MINUTE_MAX: u32 = 10;

/// Addresses whose hellos are counted at once.
pub const HELLO_ADDRESSES_MAX: usize = 4_096;

/// Oracles in one swarm.
pub const ORACLES_MAX: usize = 100_000;

/// Entries in one log.
pub const LOG_ENTRIES_MAX: u64 = 1 << 40;

/// Shortest lease an oracle may ask for, in milliseconds.
pub const LEASE_MS_MIN: u64 = 1_000;

/// Longest lease an oracle may ask for, in milliseconds: one day.
pub const LEASE_MS_MAX: u64 = 24 * 3600 * 1000;

/// Time from suspect (the lease ran out) to expired, in milliseconds.
pub const SUSPECT_MS: u64 = 60_000;

/// Largest committee.
pub const COMMITTEE_MAX: usize = 1_000;

/// Longest time a query may take, in milliseconds: below the validity of its assignment.
pub const DEADLINE_MS_MAX: u64 = 5 * 60 * 1000;

/// Longest contract sent inline, in octets.
pub const CONTRACT_OCTETS_MAX: usize = 256 << 10;

/// Longest text of an error that an oracle reports, in octets.
pub const ERROR_OCTETS_MAX: usize = 4_096;

/// Differing places listed in a divergence report.
pub const DIFFERENCES_MAX: usize = 256;

/// Longest signed checkpoint, in octets.
pub const CHECKPOINT_OCTETS_MAX: usize = 2_048;
