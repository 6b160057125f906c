//! The generator of runs that nobody repeats: a keystream whose key is replaced with every block.
//!
//! Replacing the key first means that a state found in memory tells nothing about earlier octets
//! ("fast key erasure"), and that there is no counter to run out of.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::{Zeroize, ZeroizeOnDrop};

const KEY_OCTETS: usize = 32;
/// Octets of keystream made at once: eight ChaCha blocks, which vector units make in one go.
const BLOCK_OCTETS: usize = 512;

/// The stream of octets.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Stream {
    key: [u8; KEY_OCTETS],
    block: [u8; BLOCK_OCTETS],
    used: usize,
}

impl Stream {
    pub(super) fn new(seed: &[u8; KEY_OCTETS]) -> Self {
        Self { key: *seed, block: [0; BLOCK_OCTETS], used: BLOCK_OCTETS }
    }

    /// Fills `octets` with the next octets, and forgets them.
    pub(super) fn fill(&mut self, octets: &mut [u8]) {
        let mut rest = octets;
        while !rest.is_empty() {
            if self.used == BLOCK_OCTETS {
                self.refill();
            }
            let count = rest.len().min(BLOCK_OCTETS - self.used);
            let (now, later) = rest.split_at_mut(count);
            let source = &mut self.block[self.used..self.used + count];
            now.copy_from_slice(source);
            source.zeroize();
            self.used += count;
            rest = later;
        }
    }

    fn refill(&mut self) {
        self.block.zeroize();
        ChaCha20::new(&self.key.into(), &[0; 12].into()).apply_keystream(&mut self.block);
        let (key, _) = self.block.split_at_mut(KEY_OCTETS);
        self.key.copy_from_slice(key);
        key.zeroize();
        self.used = KEY_OCTETS;
    }
}
