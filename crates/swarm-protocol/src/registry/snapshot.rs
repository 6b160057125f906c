//! The oracles that may sit on committees at one time, and the tree that proves it.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::did::Did;
use crate::draw::{self, Seed};
use crate::log::{self, ActiveRoot, Tree};
use crate::octets::Digest;

/// An oracle in a snapshot: a leaf of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The oracle.
    pub did: Did,
    /// The digest of its DID document at that time.
    pub document: Digest,
}

impl Member {
    /// The hash of the leaf.
    pub fn leaf_hash(&self) -> Digest {
        log::leaf_hash(canonical::text_of(self).as_bytes())
    }
}

/// The oracles that may sit on committees at one time, in the order of their DIDs.
#[derive(Debug, Clone)]
pub struct Snapshot {
    members: Vec<Member>,
    tree: Tree,
}

impl Snapshot {
    pub(super) fn new(members: impl Iterator<Item = Member>) -> Self {
        let members: Vec<Member> = members.collect();
        let mut tree = Tree::new();
        members.iter().for_each(|member| tree.append(member.leaf_hash()));
        Self { members, tree }
    }

    /// Oracles in the snapshot.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether no oracle is in it.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The oracles.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Their number and the root over them, as a checkpoint has it.
    pub fn root(&self) -> ActiveRoot {
        ActiveRoot { count: self.tree.len(), root: self.tree.root() }
    }

    /// The position of an oracle.
    pub fn position(&self, did: &Did) -> Option<usize> {
        self.members.binary_search_by_key(did, |member| member.did).ok()
    }

    /// Proves that an oracle is at this position.
    pub fn proof(&self, position: usize) -> Option<Vec<Digest>> {
        self.tree.inclusion_proof(position as u64, self.tree.len())
    }

    /// Draws so many oracles without replacement; all of them when there are fewer.
    pub fn draw(&self, seed: Seed, count: usize) -> Vec<Member> {
        draw::draw(seed, self.members.len(), count)
            .into_iter()
            .map(|position| self.members[position])
            .collect()
    }
}
