//! Drawing without replacement from a seed: the same for everyone who has the seed, fair to every seat.

use std::collections::BTreeMap;

use zencode_crypto::hash::sha256;

/// What a draw depends on: 32 octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Wraps the octets.
    pub const fn new(octets: [u8; 32]) -> Self {
        Self(octets)
    }
}

/// Draws `count` different positions of `0..population`, in the order of the draw; all of them when there are fewer.
///
/// The positions are the first ones of a Fisher-Yates shuffle. Its numbers are 64-bit words, big endian, from
/// SHA-256(seed, counter) with a counter of 8 octets from 0; a word that would favour low positions is
/// passed over. The work is in proportion to `count`, not to the population.
pub fn draw(seed: Seed, population: usize, count: usize) -> Vec<usize> {
    let mut words = Words { seed, counter: 0, block: [0; 32], used: 4 };
    // The shuffled array, only where it differs from 0, 1, 2, …
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    (0..count.min(population))
        .map(|place| {
            let other = place + words.below(population - place);
            let at = |moved: &BTreeMap<usize, usize>, index| moved.get(&index).copied().unwrap_or(index);
            let (drawn, left) = (at(&moved, other), at(&moved, place));
            moved.insert(other, left);
            drawn
        })
        .collect()
}

/// The words of a seed, one after the other.
struct Words {
    seed: Seed,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Words {
    fn next(&mut self) -> u64 {
        if self.used == 4 {
            let mut input = [0; 40];
            input[..32].copy_from_slice(&self.seed.0);
            input[32..].copy_from_slice(&self.counter.to_be_bytes());
            self.block = sha256(&input);
            self.counter += 1;
            self.used = 0;
        }
        let start = self.used * 8;
        self.used += 1;
        u64::from_be_bytes(self.block[start..start + 8].try_into().expect("a quarter of 32 octets is 8"))
    }

    /// A number below `bound`, each as likely as any other.
    fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        // 2^64 is not a multiple of every bound: words in the last, incomplete run of `bound` numbers are passed over.
        let surplus = (u64::MAX % bound + 1) % bound;
        loop {
            let word = self.next();
            if word <= u64::MAX - surplus {
                return (word % bound) as usize;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_repeats_nobody_and_misses_nobody() {
        let mut drawn = draw(Seed::new([3; 32]), 50, 99);
        drawn.sort_unstable();
        assert_eq!(drawn, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_seed_draws_the_same_and_a_smaller_count_its_beginning() {
        let all = draw(Seed::new([3; 32]), 1000, 7);
        assert_eq!(draw(Seed::new([3; 32]), 1000, 4), all[..4]);
        assert_ne!(draw(Seed::new([4; 32]), 1000, 7), all);
    }

    #[test]
    fn nobody_is_drawn_from_nobody() {
        assert_eq!(draw(Seed::new([0; 32]), 0, 3), Vec::<usize>::new());
    }

    #[test]
    fn every_seat_is_as_likely_as_any_other() {
        // 20,000 draws of 3 of 10: each position is expected 6,000 times, standard deviation 65.
        let mut counts = [0_i64; 10];
        for number in 0..20_000_u64 {
            let mut octets = [0; 32];
            octets[..8].copy_from_slice(&number.to_be_bytes());
            for position in draw(Seed::new(octets), 10, 3) {
                counts[position] += 1;
            }
        }
        assert!(counts.iter().all(|count| (count - 6_000).abs() < 390), "{counts:?}");
    }
}
