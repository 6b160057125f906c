//! Which words carry no meaning: the road from a line to the sentence it is looked up by.

use crate::statement::Phase;

/// The sentence of a trimmed line, in the exact order of replacements of the reference engine.
///
/// Quoted parts become `''`; case, articles and filler words go.
///
/// # Source
/// Zenroom `zen_parse.c`, `lua_normalize_statement`.
pub(crate) fn sentence(line: &str, phase: Phase) -> String {
    let mut text = replace_first(&unquote(line), " I ", " ").to_ascii_lowercase();
    if phase == Phase::Then {
        text = replace_first(&text, " the ", " ");
    }
    if phase == Phase::Given {
        for filler in [" the ", " a ", " an ", " have ", " known as ", " valid "] {
            text = replace_first(&text, filler, " ");
        }
    }
    let mut rest = text.as_str();
    for prefix in ["when ", "then ", "given ", "if ", "foreach ", "and ", "that "] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    let mut text = replace_onwards(rest, " the ", " ");
    if let Some(rest) = text.strip_prefix("an ") {
        text = format!("a {rest}");
    }
    text = replace_first(&text, " valid ", " ");
    text = replace_first(&text, " all ", " ");
    text = replace_first(&text, " inside ", " in ");
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Blanks, as C's `isspace` knows them.
fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

/// A line without the blanks around it.
pub(crate) fn trimmed(line: &str) -> &str {
    line.trim_matches(is_blank)
}

/// The first word of a trimmed line.
pub(crate) fn first(line: &str) -> &str {
    line.split(is_blank).next().unwrap_or_default()
}

/// The quoted parts of a line, spaces turned into underscores.
pub(crate) fn arguments(line: &str) -> Vec<Box<str>> {
    let mut parts = line.split('\'').skip(1);
    let mut found = Vec::new();
    let mut pairs = line.matches('\'').count() / 2;
    while let Some(part) = parts.next() {
        if pairs == 0 {
            break;
        }
        pairs -= 1;
        found.push(part.replace(' ', "_").into_boxed_str());
        parts.next();
    }
    found
}

/// The quoted parts of a line, as they are written.
pub(crate) fn quoted(line: &str) -> Vec<Box<str>> {
    let pairs = line.matches('\'').count() / 2;
    line.split('\'').skip(1).step_by(2).take(pairs).map(Into::into).collect()
}

fn unquote(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\'') {
        text.push_str(before);
        match after.split_once('\'') {
            Some((_, next)) => {
                text.push_str("''");
                rest = next;
            }
            None => {
                text.push('\'');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

fn replace_first(text: &str, from: &str, to: &str) -> String {
    text.replacen(from, to, 1)
}

/// Replaces every occurrence, going on behind what was put in: of `the the` the second stays.
fn replace_onwards(text: &str, from: &str, to: &str) -> String {
    text.replace(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, phase: Phase, expected: &str) {
        assert_eq!(sentence(line, phase), expected);
    }

    #[test]
    fn articles_go_in_given() {
        check("Given I have a valid 'string' named 'x'", Phase::Given, "'' named ''");
    }

    #[test]
    fn an_article_stays_in_when() {
        check("When I verify 'x' is a email", Phase::When, "verify '' is a email");
    }

    #[test]
    fn a_doubled_article_leaves_one_behind() {
        check("When I create the the random 'x'", Phase::When, "create the random ''");
    }

    #[test]
    fn a_lone_quote_stays() {
        check("When I done'", Phase::When, "done'");
    }

    #[test]
    fn spaces_of_quoted_parts_become_underscores() {
        assert_eq!(arguments("I write string 'a b' in 'c'"), ["a_b".into(), "c".into()]);
    }

    #[test]
    fn an_unclosed_quote_is_no_argument() {
        assert_eq!(arguments("'a' and 'b"), ["a".into()]);
    }
}
