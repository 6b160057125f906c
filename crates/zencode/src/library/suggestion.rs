//! What the author of a line that matches nothing may have meant.

use super::connector::absent;
use super::index::INDEX;
use super::{LIBRARY, Load, Loaded, legacy};
use crate::order::{self, Parts};
use crate::statement::Phase;

impl Loaded {
    /// What the author may have meant by a sentence that matches nothing.
    pub(crate) fn suggest(&self, phase: Phase, sentence: &str, connectors: bool) -> Option<String> {
        self.near(phase, sentence, connectors)
            .or_else(|| if connectors { absent::reason(sentence) } else { None })
    }

    fn near(&self, phase: Phase, sentence: &str, connectors: bool) -> Option<String> {
        if let Some(found) = INDEX.sentences.get(&(phase, sentence.to_owned())) {
            let row = &LIBRARY[found.scenario];
            return Some(match row.load {
                Load::Connectors => {
                    "this sentence talks to the world: run the contract on an oracle".to_owned()
                }
                _ => format!("add the line: Scenario '{}'", row.name),
            });
        }
        if let Some(hint) = legacy::gone(phase, sentence) {
            return Some(hint.to_owned());
        }
        if connectors && let Some(hint) = order(phase, sentence) {
            return Some(hint);
        }
        let candidates = INDEX.sentences.range((phase, String::new())..);
        let candidates = candidates
            .take_while(|((found, _), _)| *found == phase)
            .filter(|(_, found)| self.has(found.scenario, connectors));
        let best = candidates
            .map(|((_, candidate), _)| (distance(sentence, candidate), candidate))
            .min_by_key(|(distance, _)| *distance)?;
        let (distance, candidate) = best;
        (distance * 3 <= sentence.len()).then(|| format!("did you mean: {candidate}"))
    }
}

/// The phrase that is nearest to that of a sentence put together of parts.
fn order(phase: Phase, sentence: &str) -> Option<String> {
    // What is quoted does not matter here, only that it is.
    let parts = order::read(sentence, &sentence.replace("''", "'x'")).filter(Parts::is_evident)?;
    if !matches!(phase, Phase::Given | Phase::Then) {
        return Some("a sentence of this kind begins with Given, to come before the run, or Then".to_owned());
    }
    let here = INDEX.orders.iter().filter(|((found, ..), _)| *found == phase);
    let nearest = here.map(|((_, door, phrase), row)| {
        // Another beginning weighs as much as a wrong word.
        let other = if *door == parts.door { 0 } else { 8 };
        (distance(&parts.phrase, phrase) + other, row)
    });
    let (distance, row) = nearest.min_by_key(|(distance, _)| *distance)?;
    (distance * 2 <= parts.phrase.len().max(16))
        .then(|| format!("did you mean: {}", row.form.written(row.text)))
}

/// Edits between two texts (Levenshtein).
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_sentence_finds_its_neighbour() {
        let hint = Loaded::default().suggest(Phase::When, "create rendom ''", false);
        assert_eq!(hint.as_deref(), Some("did you mean: create random ''"));
    }
}
