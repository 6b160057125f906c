//! Which statements a search means, best first.

use super::Listed;

/// The words of a search that carry meaning.
#[derive(Debug)]
pub(super) struct Query {
    words: Vec<String>,
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Statements whose sentence holds every word, or is what was asked for.
    pub(super) by_sentence: Vec<&'a Listed>,
    /// Statements whose sentence and documentation hold every word together.
    pub(super) by_documentation: Vec<&'a Listed>,
}

/// Words that the language itself drops, and the phases.
const FILLER: &[&str] =
    &["i", "the", "a", "an", "that", "valid", "have", "given", "when", "then", "if", "foreach", "and"];

/// Statements that are named when nothing is found, at most.
const NEAREST_MAX: usize = 5;

impl Query {
    /// Reads what a person typed; what stands between quotes is no word.
    pub(super) fn new(typed: &[String]) -> Self {
        Self { words: words(&typed.join(" ")) }
    }

    /// Whether everything is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}

/// The statements that a search means.
///
/// A whole sentence means its statement and no other. Else whole words come before beginnings of words,
/// and short sentences before long ones.
pub(super) fn find<'a>(listed: &'a [Listed], query: &Query) -> Found<'a> {
    let exact: Vec<&Listed> =
        listed.iter().filter(|it| sentences(it).any(|words| words == query.words)).collect();
    if !exact.is_empty() && !query.is_empty() {
        return Found { by_sentence: exact, by_documentation: Vec::new() };
    }
    let mut ranked: Vec<((usize, usize), &Listed)> =
        listed.iter().filter_map(|it| Some((rank(it, query)?, it))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let by_sentence: Vec<&Listed> = ranked.into_iter().map(|(_, it)| it).collect();
    let in_documentation = |it: &&Listed| {
        let text = text_of(it);
        query.words.iter().all(|word| text.contains(word.as_str()))
    };
    let is_new = |it: &&Listed| !by_sentence.iter().any(|known| std::ptr::eq(*known, *it));
    let by_documentation = listed.iter().filter(is_new).filter(in_documentation).collect();
    Found { by_sentence, by_documentation }
}

/// The statements whose sentence is nearest to a search that found nothing; none where more than half of its
/// letters would have to change.
pub(super) fn nearest<'a>(listed: &'a [Listed], query: &Query) -> Vec<&'a Listed> {
    let letters: usize = query.words.iter().map(|word| word.chars().count()).sum();
    let nearest_sentence = |it| sentences(it).map(|sentence| distance(&query.words, &sentence)).min();
    let mut near: Vec<((usize, usize), &Listed)> =
        listed.iter().filter_map(|it| Some((nearest_sentence(it)?, it))).collect();
    near.retain(|((edits, _), _)| edits * 2 <= letters);
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(NEAREST_MAX).map(|(_, it)| it).collect()
}

/// How well a sentence holds the words: words that are only beginnings, then the length of the sentence.
fn rank(listed: &Listed, query: &Query) -> Option<(usize, usize)> {
    let ranks = sentences(listed).filter_map(|sentence| {
        let mut beginnings = 0;
        for word in &query.words {
            if !sentence.contains(word) {
                sentence.iter().find(|it| it.starts_with(word.as_str()))?;
                beginnings += 1;
            }
        }
        Some((beginnings, if query.is_empty() { 0 } else { sentence.len() }))
    });
    ranks.min()
}

/// The words of each sentence.
fn sentences(listed: &Listed) -> impl Iterator<Item = Vec<String>> {
    listed.sentences.iter().map(|(_, sentence)| words(sentence))
}

fn text_of(listed: &Listed) -> String {
    let sentences: String = listed.sentences.iter().flat_map(|(_, sentence)| [sentence, " "]).collect();
    format!("{} {sentences}{}", listed.scenario.name, listed.statement.documentation()).to_lowercase()
}

/// The words of a sentence that carry meaning.
fn words(text: &str) -> Vec<String> {
    // A quote that is not closed belongs to a word.
    let unquoted: String = match text.matches('\'').count() % 2 {
        0 => text.split('\'').step_by(2).collect::<Vec<_>>().join(" "),
        _ => text.to_owned(),
    };
    let words = unquoted.split_whitespace().map(str::to_lowercase);
    words.filter(|word| !FILLER.contains(&word.as_str())).collect()
}

/// How far the words of a search are from those of a sentence: the edits that lead each word to the one
/// nearest to it, then the words to spare.
fn distance(query: &[String], sentence: &[String]) -> (usize, usize) {
    let edits = |word: &String| {
        let near = sentence.iter().map(|it| zencode::distance(word, it)).min().unwrap_or(usize::MAX);
        near.min(word.chars().count())
    };
    (query.iter().map(edits).sum(), sentence.len().saturating_sub(query.len()))
}

#[cfg(test)]
mod tests {
    use super::super::listed;
    use super::*;

    fn names(found: &[&Listed]) -> Vec<&'static str> {
        found.iter().map(|it| it.statement.name).collect()
    }

    fn query(typed: &str) -> Query {
        Query::new(&[typed.to_owned()])
    }

    #[test]
    fn a_whole_sentence_finds_its_statement_alone() {
        let listed = listed(None, None);
        for typed in ["create hash of ''", "When I create the hash of 'letter'", "Create the hash of"] {
            let found = find(&listed, &query(typed));
            assert_eq!(names(&found.by_sentence), ["create_hash"], "{typed}");
            assert!(found.by_documentation.is_empty());
        }
    }

    #[test]
    fn whole_words_come_before_beginnings() {
        let listed = listed(None, None);
        let found = names(&find(&listed, &query("create hash")).by_sentence);
        let place = |name| found.iter().position(|it| *it == name).unwrap();
        assert!(place("create_hash_using") < place("create_hashes"));
    }

    #[test]
    fn short_sentences_come_before_long_ones() {
        let listed = listed(None, Some("pack"));
        assert_eq!(
            names(&find(&listed, &query("mpack create")).by_sentence),
            ["create_mpack", "create_decoded_from_mpack"]
        );
    }

    #[test]
    fn words_are_found_in_any_order() {
        let listed = listed(None, None);
        assert_eq!(
            names(&find(&listed, &query("multihash using create")).by_sentence),
            ["create_multihash_using"]
        );
    }

    #[test]
    fn a_word_of_the_documentation_comes_after_the_sentences() {
        let listed = listed(None, None);
        let found = find(&listed, &query("digest"));
        assert!(found.by_sentence.is_empty());
        assert!(names(&found.by_documentation).contains(&"create_hash"));
    }

    #[test]
    fn nothing_asked_finds_everything_in_its_order() {
        let listed = listed(None, None);
        let found = find(&listed, &query(""));
        assert_eq!(found.by_sentence.len(), listed.len());
        assert_eq!(found.by_sentence[0].statement.name, listed[0].statement.name);
    }

    #[test]
    fn a_slip_of_the_pen_finds_its_neighbour() {
        let listed = listed(None, None);
        assert!(find(&listed, &query("create rendom")).by_sentence.is_empty());
        assert_eq!(names(&nearest(&listed, &query("create rendom")))[0], "create_random");
        assert_eq!(names(&nearest(&listed, &query("verfy is equel to")))[0], "is_equal_to");
    }

    #[test]
    fn what_is_near_to_nothing_finds_nothing() {
        assert!(nearest(&listed(None, None), &query("xyzzy")).is_empty());
    }

    #[test]
    fn every_sentence_finds_its_own_statement() {
        let listed = listed(None, None);
        for it in &listed {
            for (_, sentence) in &it.sentences {
                let found = find(&listed, &query(sentence)).by_sentence;
                assert!(found.iter().any(|other| std::ptr::eq(*other, it)), "{sentence}");
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_can_be_looked_for(typed in "\\PC{1,40}") {
            let listed = listed(None, Some("hash"));
            let query = query(&typed);
            let found = find(&listed, &query);
            proptest::prop_assert!(found.by_sentence.len() + found.by_documentation.len() <= listed.len());
            proptest::prop_assert!(nearest(&listed, &query).len() <= NEAREST_MAX);
        }
    }
}
