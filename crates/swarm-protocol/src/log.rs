//! The append-only log: a Merkle tree over its entries, with proofs that a reader can check alone.

mod checkpoint;
mod proof;

pub use checkpoint::{ActiveRoot, Checkpoint, CheckpointError, SignedCheckpoint};
pub use proof::{verify_consistency, verify_inclusion};

use zencode_crypto::hash::sha256;

use crate::octets::Digest;

/// The hash of a leaf.
///
/// # Source
/// RFC 6962, 2.1: SHA-256(0x00, leaf).
pub fn leaf_hash(leaf: &[u8]) -> Digest {
    let mut input = Vec::with_capacity(leaf.len() + 1);
    input.push(0);
    input.extend_from_slice(leaf);
    Digest::new(sha256(&input))
}

/// The hash of a node over its two halves.
///
/// # Source
/// RFC 6962, 2.1: SHA-256(0x01, left, right).
pub(crate) fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut input = [1; 65];
    input[1..33].copy_from_slice(left.octets());
    input[33..].copy_from_slice(right.octets());
    Digest::new(sha256(&input))
}

/// A Merkle tree that grows by one leaf at a time: 64 octets of memory per leaf, a proof in logarithmic time.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[l][i]` is the hash of the complete subtree over the leaves `i * 2^l .. (i + 1) * 2^l`.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves in the tree.
    pub fn len(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Whether the tree has no leaf.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a leaf by its hash (see [`leaf_hash`]).
    pub fn append(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() % 2 == 1 {
                return;
            }
            hash = node_hash(&hashes[hashes.len() - 2], &hashes[hashes.len() - 1]);
        }
    }

    /// The root over all leaves.
    pub fn root(&self) -> Digest {
        self.range(0, self.len())
    }

    /// The root when the tree had so many leaves; `None` when it has fewer.
    pub fn root_at(&self, size: u64) -> Option<Digest> {
        (size <= self.len()).then(|| self.range(0, size))
    }

    /// Proves that the leaf is in the tree of `size` leaves; `None` when either is not.
    ///
    /// # Source
    /// RFC 6962, 2.1.1.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Option<Vec<Digest>> {
        if index >= size || size > self.len() {
            return None;
        }
        let mut path = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// Proves that the tree of `old` leaves is the beginning of the tree of `new` leaves; `None` when it is not
    /// 1 ≤ old ≤ new ≤ leaves.
    ///
    /// # Source
    /// RFC 6962, 2.1.2.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Option<Vec<Digest>> {
        if old == 0 || old > new || new > self.len() {
            return None;
        }
        let mut path = Vec::new();
        let (mut start, mut end, mut whole) = (0, new, true);
        while old != end {
            let middle = start + split(end - start);
            if old <= middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
                whole = false;
            }
        }
        if !whole {
            path.push(self.range(start, end));
        }
        path.reverse();
        Some(path)
    }

    /// The hash of the leaves `start..end`, where `start` is a multiple of the largest complete subtree in it.
    fn range(&self, start: u64, end: u64) -> Digest {
        let size = end - start;
        if size == 0 {
            // RFC 6962: the root of no leaf is the hash of no octet.
            return Digest::new(sha256(b""));
        }
        if size.is_power_of_two() {
            return self.levels[size.ilog2() as usize][(start / size) as usize];
        }
        let middle = start + split(size);
        node_hash(&self.range(start, middle), &self.range(middle, end))
    }
}

/// The largest power of two below `size`, which is 2 or more.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

#[cfg(test)]
mod tests;
