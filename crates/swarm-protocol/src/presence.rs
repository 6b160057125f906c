//! An oracle's presence in the registry: announce, renew in time, come back after a loss, say goodbye.

use crate::did::Did;
use crate::envelope::{Audience, EnvelopeError, Expected, Order, Signed, Stamp};
use crate::genesis::SignedGenesis;
use crate::key::SigningKey;
use crate::limits::{INTEGER_MAX, VALIDITY_MS_MAX};
use crate::octets::Digest;
use crate::profile::Profile;
use crate::registry::{Acknowledgement, Announce, Goodbye, Renew, State};
use crate::time::Timestamp;

/// Tries within one lease before it runs out: the first after a third of it.
const RENEWALS_PER_LEASE: u64 = 3;

/// The shortest and longest wait after the controller could not be reached, in milliseconds.
const RETRY_MS: (u64, u64) = (500, 30_000);

/// An oracle's presence.
#[derive(Debug)]
pub struct Presence {
    genesis: SignedGenesis,
    key: SigningKey,
    profile: Profile,
    lease_ms: u64,
    sequence: u64,
    stage: Stage,
    pending: Option<Digest>,
    retry_ms: u64,
    due: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Absent,
    Present,
    Leaving,
    Gone,
}

/// What happens to an oracle's presence.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "events are handled one at a time, never kept")]
pub enum Event {
    /// Time has passed, or the process has started.
    Tick,
    /// The controller answered.
    Acknowledged(Signed<Acknowledgement>),
    /// The controller refused: it does not know of a live announcement, or of this sequence.
    Refused,
    /// The controller could not be reached, or did not answer.
    Unreachable,
    /// The process is asked to stop.
    Stop,
}

/// What the node is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Send the announcement.
    Announce(Signed<Announce>),
    /// Send the renewal.
    Renew(Signed<Renew>),
    /// Send the goodbye. If it is not acknowledged, exit with an error.
    Goodbye(Signed<Goodbye>),
    /// Send nothing; give a [`Event::Tick`] then.
    Wait {
        /// When.
        until: Timestamp,
    },
    /// The goodbye was acknowledged, or there was nothing to say goodbye to.
    Left,
}

impl Presence {
    /// The presence of an enrolled oracle. `sequence` is the latest number it used, which the node keeps on disk;
    /// numbers start above it and above the time in milliseconds, so that a lost file does no harm.
    pub fn new(
        genesis: SignedGenesis,
        key: SigningKey,
        profile: Profile,
        lease_ms: u64,
        sequence: u64,
    ) -> Self {
        Self {
            genesis,
            key,
            profile,
            lease_ms,
            sequence,
            stage: Stage::Absent,
            pending: None,
            retry_ms: RETRY_MS.0,
            due: Timestamp::ZERO,
        }
    }

    /// The latest sequence number used.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether the controller has acknowledged the latest announcement.
    pub fn is_present(&self) -> bool {
        self.stage == Stage::Present
    }

    /// Takes note of an event and tells what to do.
    ///
    /// # Errors
    /// [`EnvelopeError`] when an acknowledgement is not the controller's to this oracle; the presence is as before.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Result<Command, EnvelopeError> {
        match event {
            Event::Tick => Ok(self.tick(now)),
            Event::Acknowledged(acknowledgement) => self.acknowledged(acknowledgement, now),
            Event::Refused => {
                // Whatever the controller has forgotten or never knew, an announcement says it anew.
                if self.stage == Stage::Present {
                    self.stage = Stage::Absent;
                }
                Ok(self.retry(now))
            }
            Event::Unreachable => Ok(self.retry(now)),
            Event::Stop if self.stage == Stage::Absent && self.pending.is_none() => {
                self.stage = Stage::Gone;
                Ok(Command::Left)
            }
            Event::Stop => {
                self.stage = Stage::Leaving;
                self.due = now;
                Ok(self.tick(now))
            }
        }
    }

    fn tick(&mut self, now: Timestamp) -> Command {
        if self.stage == Stage::Gone {
            return Command::Left;
        }
        if now < self.due {
            return Command::Wait { until: self.due };
        }
        let stamp = self.stamp(now);
        // If neither an answer nor a failure comes, the next tick tries again.
        self.due = now.plus(self.lease_ms / RENEWALS_PER_LEASE);
        match self.stage {
            Stage::Absent => {
                let body = Announce { profile: self.profile.clone(), lease_ms: self.lease_ms };
                let announce = Signed::by_did(&self.key, stamp, body);
                self.pending = Some(announce.digest());
                Command::Announce(announce)
            }
            Stage::Present => {
                let renew = Signed::by_did(&self.key, stamp, Renew { lease_ms: self.lease_ms });
                self.pending = Some(renew.digest());
                Command::Renew(renew)
            }
            Stage::Leaving | Stage::Gone => {
                let goodbye = Signed::by_did(&self.key, stamp, Goodbye {});
                self.pending = Some(goodbye.digest());
                Command::Goodbye(goodbye)
            }
        }
    }

    fn acknowledged(
        &mut self,
        acknowledgement: Signed<Acknowledgement>,
        now: Timestamp,
    ) -> Result<Command, EnvelopeError> {
        let own = Did::of(self.key.public());
        let expected = Expected::new(self.genesis.swarm(), own, now).by(self.genesis.controller());
        let acknowledgement = acknowledgement.verify(&expected)?;
        if self.pending != Some(acknowledgement.body().accepted) {
            return Ok(Command::Wait { until: self.due });
        }
        self.pending = None;
        self.retry_ms = RETRY_MS.0;
        if self.stage == Stage::Leaving {
            self.stage = Stage::Gone;
            return Ok(Command::Left);
        }
        let is_over = matches!(acknowledgement.body().state, State::Expired | State::Deactivated);
        self.stage = if is_over { Stage::Absent } else { Stage::Present };
        let lease_ms = acknowledgement.body().lease_until.since(now).min(self.lease_ms);
        self.due = now.plus(lease_ms / RENEWALS_PER_LEASE);
        Ok(Command::Wait { until: self.due })
    }

    /// Waits twice as long after each failure.
    fn retry(&mut self, now: Timestamp) -> Command {
        self.due = now.plus(self.retry_ms);
        self.retry_ms = (2 * self.retry_ms).min(RETRY_MS.1);
        Command::Wait { until: self.due }
    }

    fn stamp(&mut self, now: Timestamp) -> Stamp {
        self.sequence = (self.sequence + 1).max(now.millis()).min(INTEGER_MAX);
        Stamp {
            swarm: self.genesis.swarm(),
            audience: Audience::Did(self.genesis.controller()),
            order: Order::Sequence(self.sequence),
            issued_at: now,
            validity_ms: VALIDITY_MS_MAX / 10,
        }
    }
}
