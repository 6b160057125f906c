//! What the author of a line that matches nothing may have meant.

use super::{INDEX, LIBRARY, Load, Loaded, legacy};
use crate::statement::Phase;

impl Loaded {
    /// What the author may have meant by a sentence that matches nothing.
    pub(crate) fn suggest(&self, phase: Phase, sentence: &str, connectors: bool) -> Option<String> {
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
