//! Statements for a person: grouped by scenario, or best match first; one alone is shown whole.

use std::fmt::Write;
use std::io::{IsTerminal, stdout};

use zencode::Load;

use super::Listed;
use super::search::{Query, find, nearest};

/// Columns of a text that no terminal limits.
const COLUMNS_UNLIMITED: usize = usize::MAX;
/// Columns of a terminal that are used, at least and at most: long lines are hard to read.
const COLUMNS: (usize, usize) = (40, 100);
/// How far documentation is set in.
const INDENT: &str = "      ";

/// The columns to write in: those of the terminal, or as many as a line needs where it goes to a file or a program.
pub(super) fn width() -> usize {
    if !stdout().is_terminal() {
        return COLUMNS_UNLIMITED;
    }
    let (least, most) = COLUMNS;
    rustix::termios::tcgetwinsize(stdout()).map_or(most, |size| usize::from(size.ws_col).clamp(least, most))
}

/// What a search gives, in at most as many columns.
pub(super) fn of(listed: &[Listed], query: &Query, columns: usize) -> String {
    if query.is_empty() {
        return by_scenario(listed, columns);
    }
    let found = find(listed, query);
    match (found.by_sentence.as_slice(), found.by_documentation.as_slice()) {
        ([], []) => {
            let near = nearest(listed, query);
            let hint = if near.is_empty() { ", and none is near" } else { "; the nearest:" };
            format!("no statement has these words: {query}{hint}\n\n{}", lines(&near, columns))
        }
        ([one], []) | ([], [one]) => whole(one, columns),
        (sentences, []) => lines(sentences, columns),
        ([], documentations) => {
            format!(
                "no sentence has these words: {query}; documentation that has them:\n\n{}",
                lines(documentations, columns)
            )
        }
        (sentences, documentations) => {
            let more = "Further statements whose documentation has these words:";
            let first = match sentences {
                [one] => whole(one, columns),
                several => lines(several, columns),
            };
            format!("{first}{more}\n\n{}", lines(documentations, columns))
        }
    }
}

fn by_scenario(listed: &[Listed], columns: usize) -> String {
    let mut text = String::new();
    let mut rest = listed;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|it| it.scenario.name == first.scenario.name).count();
        let (group, others) = rest.split_at(count);
        writeln!(text, "{}{}\n", first.scenario.name, how_loaded(first)).expect("a String takes any text");
        text.push_str(&lines(&group.iter().collect::<Vec<_>>(), columns));
        rest = others;
    }
    text
}

/// One entry after the other: its sentences and the first line of its documentation.
fn lines(listed: &[&Listed], columns: usize) -> String {
    let mut text = String::new();
    for it in listed {
        for sentence in sentences(it) {
            writeln!(text, "  {sentence}").expect("a String takes any text");
        }
        if let Some(instead) = it.statement.deprecated {
            text.push_str(&wrapped(&format!("Deprecated; write: {instead}."), INDENT, columns));
        }
        text.push_str(&wrapped(it.statement.summary(), INDENT, columns));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The sentences of a statement; a condition is written once for `When` and `If`.
fn sentences(listed: &Listed) -> Vec<String> {
    let condition = |sentence: &str| sentence.strip_prefix("When ").map(|rest| format!("If {rest}"));
    let is_said = |sentence: &str| listed.sentences.iter().any(|(_, known)| known == sentence);
    let all = listed.sentences.iter().filter_map(|(_, sentence)| {
        let twin = sentence.strip_prefix("If ").map(|rest| format!("When {rest}"));
        if twin.is_some_and(|twin| is_said(&twin)) {
            return None;
        }
        let or_if = condition(sentence).is_some_and(|twin| is_said(&twin));
        Some(if or_if { sentence.replacen("When ", "When/If ", 1) } else { sentence.clone() })
    });
    all.collect()
}

/// Everything about one statement.
fn whole(listed: &Listed, columns: usize) -> String {
    let mut text = String::new();
    for (_, sentence) in &listed.sentences {
        writeln!(text, "{sentence}").expect("a String takes any text");
    }
    writeln!(text, "\nscenario: {}{}\n", listed.scenario.name, how_loaded(listed))
        .expect("a String takes any text");
    if let Some(instead) = listed.statement.deprecated {
        text.push_str(&wrapped(&format!("Deprecated; write: {instead}."), "", columns));
    }
    for paragraph in listed.statement.documentation().split("\n\n") {
        text.push_str(&wrapped(paragraph.trim_start_matches("# "), "", columns));
        text.push('\n');
    }
    for (title, kind) in [
        ("Example:", "zencode"),
        ("Data:", "json data"),
        ("Keys:", "json keys"),
        ("The host answers:", "json answer"),
    ] {
        if let Some(block) = listed.statement.example(kind) {
            writeln!(text, "{title}\n").expect("a String takes any text");
            for line in block.lines() {
                writeln!(text, "  {line}").expect("a String takes any text");
            }
            text.push('\n');
        }
    }
    text
}

fn how_loaded(listed: &Listed) -> String {
    match listed.scenario.load {
        Load::Always => String::new(),
        Load::OnDemand => format!(" (after the line: Scenario '{}')", listed.scenario.name),
        Load::Connectors => " (on an oracle)".to_owned(),
    }
}

/// A paragraph set in and broken between words.
fn wrapped(paragraph: &str, indent: &str, columns: usize) -> String {
    let mut text = String::new();
    let mut line = indent.to_owned();
    for word in paragraph.split_whitespace() {
        let needed = line.chars().count() + 1 + word.chars().count();
        if line.len() > indent.len() && needed > columns {
            text.push_str(&line);
            text.push('\n');
            indent.clone_into(&mut line);
        }
        if line.len() > indent.len() {
            line.push(' ');
        }
        line.push_str(word);
    }
    text + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::listed;
    use super::*;

    fn shown(typed: &str) -> String {
        of(&listed(None, None), &Query::new(&[typed.to_owned()]), 60)
    }

    #[test]
    fn one_statement_alone_shows_its_example() {
        let text = shown("create hash of ''");
        assert!(text.starts_with("When I create the hash of 'source'\n\nscenario: hash\n"), "{text}");
        assert!(text.contains("\nExample:\n\n  Given I have a 'string' named 'letter'\n"), "{text}");
        assert!(text.contains("\nData:\n\n  { \"letter\""), "{text}");
    }

    #[test]
    fn the_only_sentence_is_shown_whole_before_mere_mentions() {
        let text = shown("json escaped");
        assert!(
            text.starts_with("When I create the json escaped string of 'name'\n\nscenario: when\n"),
            "{text}"
        );
    }

    #[test]
    fn several_statements_are_lines() {
        let text = shown("multihash");
        assert!(
            text.starts_with("  When I create the multihash of 'source'\n      Makes `multihash`"),
            "{text}"
        );
        assert!(!text.contains("Example:"), "{text}");
    }

    #[test]
    fn a_condition_is_one_line_for_when_and_if() {
        let text = shown("verify number");
        assert!(
            text.contains("  When/If I verify number 'left' is less than 'right'\n      Requires"),
            "{text}"
        );
    }

    #[test]
    fn documentation_keeps_within_the_columns() {
        let texts = shown("");
        let long = texts.lines().find(|line| line.starts_with(INDENT) && line.chars().count() > 60);
        assert_eq!(long, None);
    }

    #[test]
    fn everything_is_grouped_by_scenario() {
        let text = shown("");
        assert!(text.starts_with("given\n\n  Given nothing\n"), "{text}");
        assert!(text.contains("\nconnector_http (on an oracle)\n"), "{text}");
    }

    #[test]
    fn nothing_found_names_the_nearest() {
        let text = shown("create rendom");
        assert!(text.starts_with("no statement has these words: create rendom; the nearest:\n\n  When I create the random 'name'\n"), "{text}");
    }

    #[test]
    fn a_deprecated_statement_says_what_to_write() {
        assert!(
            shown("pick the random object in").contains("Deprecated; write: create random pick from ''.")
        );
    }

    #[test]
    fn a_line_is_broken_between_words() {
        assert_eq!(wrapped("one two three", "  ", 9), "  one two\n  three\n");
    }

    #[test]
    fn a_word_longer_than_the_line_stays_whole() {
        assert_eq!(wrapped("one incomprehensible", "", 6), "one\nincomprehensible\n");
    }
}
