//! The one source of randomness of this crate: the same seed gives the same throws on every machine.

/// A generator of numbers from a seed.
///
/// # Source
/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    /// The dice of one case: neighbouring seeds and numbers share nothing.
    pub(super) fn of_case(seed: u64, number: u64) -> Self {
        let mut dice = Self { state: seed };
        let mixed = dice.word();
        Self { state: mixed ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03) }
    }

    /// 64 random bits.
    pub(super) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.word() % bound.max(1) as u64).expect("a remainder is below a usize")
    }

    /// True in so many of a hundred throws.
    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of the choices.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
