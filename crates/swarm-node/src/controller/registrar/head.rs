//! The latest checkpoint, and what it is over.

use swarm_protocol::key::SigningKey;
use swarm_protocol::log::SignedCheckpoint;
use swarm_protocol::octets::Digest;
use swarm_protocol::registry::{Registry, Snapshot};
use swarm_protocol::time::Timestamp;

/// A signed checkpoint with the oracles that may sit on committees as of it.
#[derive(Debug)]
pub struct Head {
    checkpoint: SignedCheckpoint,
    digest: Digest,
    snapshot: Snapshot,
}

impl Head {
    /// Signs the head of a registry.
    pub(super) fn of(registry: &Registry, key: &SigningKey, now: Timestamp) -> Self {
        let snapshot = registry.snapshot(now);
        let checkpoint = registry.checkpoint(&snapshot, key, now);
        Self { digest: checkpoint.digest(), checkpoint, snapshot }
    }

    /// Whether a new one would say the same, but for the time.
    pub(super) fn is_of(&self, registry: &Registry, now: Timestamp) -> bool {
        self.checkpoint.checkpoint().size == registry.size()
            && self
                .snapshot
                .members()
                .iter()
                .map(|member| member.did)
                .eq(registry.active(now).map(|it| it.did))
    }

    /// When it was signed.
    pub(super) fn at(&self) -> Timestamp {
        self.checkpoint.checkpoint().at
    }

    /// The checkpoint.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The digest by which assignments name the checkpoint.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The oracles that may sit on committees.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size
    }
}
