//! The reference engine's generator, so that a run under the same `rngseed` gives the same octets.
//!
//! Underneath is a lagged subtract-with-borrow sequence of 32-bit words, `x[n] = x[n-6] - x[n-21] - borrow`,
//! of which 128 words at a time are hashed into 32 octets. Seeding throws away 10 000 words for each of
//! eight seed words. Such a sequence is a multiplicative congruence in disguise (Marsaglia and Zaman 1991):
//! with `b = 2^32` and `m = b^21 - b^6 + 1`, the number
//! `y = sum(x[n-21+i] b^i, i < 21) - sum(x[n-6+i] b^i, i < 6) + borrow` becomes `y / b mod m` with every word.
//! So whole runs of discarded words cost one multiplication here.

use crate::hash;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Words of the sequence that are remembered.
const WORDS: usize = 21;
/// How far back the other operand of the subtraction lies.
const LAG: usize = 6;
/// Words hashed for one pool.
const POOL_DRAWS: usize = 128;
/// Octets of one pool: a SHA-256 digest.
const POOL_OCTETS: usize = 32;
/// Blocks of 21 words that the sequence has moved on when 10 000 words were drawn after a seed word.
const BLOCKS_PER_SEED_WORD: u32 = 476;
/// The same for the last seed word, with the 1 024 words of the eight pools that nobody reads.
const BLOCKS_AFTER_LAST_SEED_WORD: u32 = 524;
/// Words of the block reached after a seed word that count among its 10 000.
const WORDS_INTO_BLOCK: usize = 5;
/// Octets of the ninth pool that nobody reads either: 260 in all.
const OCTETS_SKIPPED: usize = 4;

/// An integer below `m`, least significant word first.
type Residue = [u32; WORDS];

const NEXT_SEED_WORD: Residue = power(block_inverse(), BLOCKS_PER_SEED_WORD - 1);
const START: Residue = power(block_inverse(), BLOCKS_AFTER_LAST_SEED_WORD - 1);

/// The stream of octets.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Stream {
    sequence: Sequence,
    pool: [u8; POOL_OCTETS],
    used: usize,
}

impl Stream {
    /// Starts from seed octets of any number, 260 octets in.
    pub(super) fn new(seed: &[u8]) -> Self {
        let sequence = Sequence::seeded(seed, &START);
        let mut stream = Self { sequence, pool: [0; POOL_OCTETS], used: OCTETS_SKIPPED };
        stream.pool = stream.sequence.pool();
        stream
    }

    /// Fills `octets` with the next octets.
    pub(super) fn fill(&mut self, octets: &mut [u8]) {
        let mut rest = octets;
        while !rest.is_empty() {
            if self.used == POOL_OCTETS {
                self.pool = self.sequence.pool();
                self.used = 0;
            }
            let count = rest.len().min(POOL_OCTETS - self.used);
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(&self.pool[self.used..self.used + count]);
            self.used += count;
            rest = later;
        }
    }
}

/// The sequence of words: the last 21 in order, the borrow, and how many of them were handed out.
#[derive(Clone, Zeroize)]
struct Sequence {
    words: [u32; WORDS],
    borrow: u32,
    drawn: usize,
}

/// The number that the first four octets after seeding write, the low one first. The stream skips them.
pub(super) fn first_number(seed: &[u8]) -> u32 {
    let mut sequence = Sequence::seeded(seed, &NEXT_SEED_WORD);
    sequence.drawn = WORDS_INTO_BLOCK;
    let [a, b, c, d, ..] = sequence.pool();
    sequence.zeroize();
    u32::from_le_bytes([a, b, c, d])
}

impl Sequence {
    /// Takes up the words of a digest of the seed, and moves on by `last` after the last of them.
    fn seeded(seed: &[u8], last: &Residue) -> Self {
        let mut digest = hash::sha256(seed);
        let mut sequence = Self { words: [0; WORDS], borrow: 0, drawn: WORDS };
        let (seed_words, _) = digest.as_chunks::<4>();
        for (index, word) in seed_words.iter().enumerate() {
            sequence.stir(u32::from_le_bytes(*word));
            sequence.jump(if index + 1 < seed_words.len() { &NEXT_SEED_WORD } else { last });
        }
        digest.zeroize();
        sequence
    }

    /// Mixes one seed word into the state.
    fn stir(&mut self, seed: u32) {
        self.words[0] ^= seed;
        let (mut mask, mut other) = (1u32, seed);
        for index in 1..WORDS {
            self.words[8 * index % WORDS] ^= mask;
            (mask, other) = (other.wrapping_sub(mask), mask);
        }
        self.borrow = 0;
    }

    /// Replaces the block of 21 words by the next one.
    fn step(&mut self) {
        for index in 0..WORDS {
            let lagged = self.words[(index + WORDS - LAG) % WORDS];
            let (difference, below) = lagged.overflowing_sub(self.words[index]);
            let (difference, below_again) = difference.overflowing_sub(self.borrow);
            self.words[index] = difference;
            self.borrow = u32::from(below | below_again);
        }
        self.drawn = 0;
    }

    /// Moves on by one block more than `factor`, a power of `b^-21`, stands for. Starts without a borrow.
    fn jump(&mut self, factor: &Residue) {
        let number = multiply(&number_of(&self.words, 0), factor);
        (self.words, self.borrow) = block_of(&number);
        self.drawn = WORDS;
    }

    /// Hashes the low octets of the next 128 words.
    fn pool(&mut self) -> [u8; POOL_OCTETS] {
        let mut octets = [0; POOL_DRAWS];
        let mut filled = 0;
        while filled < POOL_DRAWS {
            if self.drawn == WORDS {
                self.step();
            }
            let count = (WORDS - self.drawn).min(POOL_DRAWS - filled);
            for offset in 0..count {
                octets[filled + offset] = self.words[self.drawn + offset].to_le_bytes()[0];
            }
            self.drawn += count;
            filled += count;
        }
        let pool = hash::sha256(&octets);
        octets.zeroize();
        pool
    }
}

/// The number `y` of a state. It lies within 0 to `m`, because the six newest words are also the top six.
const fn number_of(words: &[u32; WORDS], borrow: u32) -> Residue {
    let mut number = *words;
    let mut carry = borrow as i64;
    let mut index = 0;
    while index < WORDS {
        let taken = if index < LAG { words[WORDS - LAG + index] } else { 0 };
        let value = number[index] as i64 - taken as i64 + carry;
        number[index] = value as u32;
        carry = value >> 32;
        index += 1;
    }
    number
}

/// The 21 words that follow the number `y`, and the borrow after them.
///
/// The words `x` solve `y + x m = 0 mod b^21`; modulo `b^21`, the inverse of `m` is `1 + b^6 + b^12 + b^18`.
const fn block_of(number: &Residue) -> ([u32; WORDS], u32) {
    let mut words = [0; WORDS];
    let (mut carry, mut borrow) = (0u64, 0u64);
    let (mut sum, mut index) = (0u64, 0);
    while index < WORDS {
        let mut column = carry;
        let mut shift = 0;
        while shift <= index {
            column += number[index - shift] as u64;
            shift += LAG;
        }
        carry = column >> 32;
        // The negative of the sum of shifted numbers, and at once its sum with the number itself.
        let negative = (column as u32 as u64).wrapping_add(borrow).wrapping_neg();
        borrow = (negative >> 32) & 1;
        words[index] = negative as u32;
        sum = (sum >> 32) + number[index] as u64 + words[index] as u64;
        index += 1;
    }
    (words, (sum >> 32) as u32)
}

/// `b^-21 mod m`: what one block does to the number 1.
const fn block_inverse() -> Residue {
    let mut one = [0; WORDS];
    one[0] = 1;
    let (words, borrow) = block_of(&one);
    number_of(&words, borrow)
}

const fn power(base: Residue, exponent: u32) -> Residue {
    let mut result = [0; WORDS];
    result[0] = 1;
    let mut bit = u32::BITS - exponent.leading_zeros();
    while bit > 0 {
        bit -= 1;
        result = multiply(&result, &result);
        if (exponent >> bit) & 1 == 1 {
            result = multiply(&result, &base);
        }
    }
    result
}

/// The product modulo `m`.
const fn multiply(left: &Residue, right: &Residue) -> Residue {
    let mut wide = [0u32; 2 * WORDS];
    let mut row = 0;
    while row < WORDS {
        let mut carry = 0u64;
        let mut column = 0;
        while column < WORDS {
            let value = left[row] as u64 * right[column] as u64 + wide[row + column] as u64 + carry;
            wide[row + column] = value as u32;
            carry = value >> 32;
            column += 1;
        }
        wide[row + WORDS] = carry as u32;
        row += 1;
    }
    reduce(wide)
}

/// Folds the upper half down, as `b^21 = b^6 - 1 mod m`, until nothing is left above.
const fn reduce(mut wide: [u32; 2 * WORDS]) -> Residue {
    // The first fold leaves six words and a bit above, the second at most a bit, the third nothing.
    let mut fold = 0;
    while fold < 3 {
        wide = fold_once(&wide);
        fold += 1;
    }
    let mut low = [0; WORDS];
    let mut index = 0;
    while index < WORDS {
        low[index] = wide[index];
        index += 1;
    }
    subtract_modulus_if_reached(low)
}

const fn fold_once(wide: &[u32; 2 * WORDS]) -> [u32; 2 * WORDS] {
    let mut folded = [0; 2 * WORDS];
    let (mut carry, mut index) = (0i64, 0);
    while index < 2 * WORDS {
        let mut value = carry;
        if index < WORDS {
            value += wide[index] as i64 - wide[WORDS + index] as i64;
        }
        if index >= LAG && index < WORDS + LAG {
            value += wide[WORDS + index - LAG] as i64;
        }
        folded[index] = value as u32;
        carry = value >> 32;
        index += 1;
    }
    folded
}

/// Subtracting `m` is adding `b^6 - 1` and dropping `b^21`.
const fn subtract_modulus_if_reached(number: Residue) -> Residue {
    let mut less = number;
    let (mut carry, mut index) = (0u64, 0);
    while index < WORDS {
        let added = if index < LAG { u32::MAX as u64 } else { 0 };
        let value = number[index] as u64 + added + carry;
        less[index] = value as u32;
        carry = value >> 32;
        index += 1;
    }
    if carry == 1 { less } else { number }
}

#[cfg(test)]
mod tests;
