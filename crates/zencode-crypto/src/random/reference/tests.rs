//! The jump against the steps it replaces, one word at a time as the reference describes them.

use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;

/// The state as the reference's description has it: 21 words, a borrow, a position.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    words: [u32; WORDS],
    borrow: u32,
    position: usize,
}

impl Model {
    fn draw(&mut self) {
        self.position += 1;
        if self.position < WORDS {
            return;
        }
        self.position = 0;
        let mut lagged = 15;
        for index in 0..WORDS {
            if lagged == WORDS {
                lagged = 0;
            }
            let before = self.words[lagged];
            let after = before.wrapping_sub(self.words[index]).wrapping_sub(self.borrow);
            match after.cmp(&before) {
                Ordering::Less => self.borrow = 0,
                Ordering::Greater => self.borrow = 1,
                Ordering::Equal => {}
            }
            self.words[index] = after;
            lagged += 1;
        }
    }
}

fn check(words: [u32; WORDS]) {
    for (factor, draws, position) in [(&NEXT_SEED_WORD, 10_000, 4), (&START, 10_000 + 1_024, 20)] {
        let mut model = Model { words, borrow: 0, position: 0 };
        (0..draws).for_each(|_| model.draw());
        let mut sequence = Sequence { words, borrow: 0, drawn: 0 };
        sequence.jump(factor);
        let jumped = Model { words: sequence.words, borrow: sequence.borrow, position };
        assert_eq!(jumped, model);
    }
}

#[test]
fn a_state_of_zeros_stays() {
    check([0; WORDS]);
}

#[test]
fn a_state_of_ones_is_the_largest_number() {
    check([u32::MAX; WORDS]);
}

#[test]
fn a_state_with_one_word_set_is_jumped_over_as_it_is_stepped() {
    for index in 0..WORDS {
        for word in [1, u32::MAX] {
            let mut words = [0; WORDS];
            words[index] = word;
            check(words);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_state_is_jumped_over_as_it_is_stepped(words in any::<[u32; WORDS]>()) {
        check(words);
    }

    #[test]
    fn a_step_is_twenty_one_words(words in any::<[u32; WORDS]>(), borrow in 0u32..2) {
        let mut model = Model { words, borrow, position: WORDS - 1 };
        (0..WORDS).for_each(|_| model.draw());
        let mut sequence = Sequence { words, borrow, drawn: WORDS };
        sequence.step();
        prop_assert_eq!(sequence.words, model.words);
        prop_assert_eq!(sequence.borrow, model.borrow);
    }
}

#[test]
fn the_first_number_is_followed_by_the_octets_that_are_skipped() {
    let seed = [0x5a; 64];
    let mut sequence = Sequence::seeded(&seed, &NEXT_SEED_WORD);
    sequence.drawn = WORDS_INTO_BLOCK;
    let first = sequence.pool();
    assert_eq!(first_number(&seed).to_le_bytes(), first[..4]);
    let ninth = (0..8).fold(first, |_, _| sequence.pool());
    let mut octets = [0; POOL_OCTETS - OCTETS_SKIPPED];
    Stream::new(&seed).fill(&mut octets);
    assert_eq!(octets, ninth[OCTETS_SKIPPED..]);
}
