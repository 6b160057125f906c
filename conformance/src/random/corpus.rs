//! The committed cases, sorted by the sentences that they use: beginnings that composing would hardly find.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use zencode::Phase;

use super::sentence::{Sentence, sentences_of};
use crate::case::Case;
use crate::suite::committed_cases;

static CASES: LazyLock<Vec<Case>> =
    LazyLock::new(|| committed_cases().map_or_else(|_| Vec::new(), |(cases, _)| cases));

static BY_SENTENCE: LazyLock<BTreeMap<(Phase, &'static str), Vec<&'static Case>>> = LazyLock::new(|| {
    let mut sorted: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for case in CASES.iter() {
        for sentence in sentences_of(&case.script).values() {
            let users = sorted.entry((sentence.phase, sentence.text.as_str())).or_default();
            if !users.contains(&case) {
                users.push(case);
            }
        }
    }
    sorted
});

/// The committed cases that use a sentence.
pub(super) fn cases_with(sentence: &'static Sentence) -> &'static [&'static Case] {
    BY_SENTENCE.get(&(sentence.phase, sentence.text.as_str())).map_or(&[], Vec::as_slice)
}
