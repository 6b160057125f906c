//! Zencode and JSON in colours: words that carry a line, quoted names, comments; names, texts and numbers.

use maud::{Markup, html};

/// Words that open a line.
const KEYWORDS: &[&str] = &[
    "given",
    "when",
    "then",
    "if",
    "endif",
    "foreach",
    "endforeach",
    "and",
    "scenario",
    "rule",
    "prepare",
    "compute",
];

/// A contract with numbered lines; the line at fault is marked.
pub(super) fn zencode(text: &str, fault: Option<usize>) -> Markup {
    html! {
        @for line in lines(text) {
            span.line .fault[fault.is_some_and(|fault| line.covers(fault))] id={ "L" (line.number) } {
                span.number aria-hidden="true" { (line.number) }
                span.text { (statement(line.text)) }
            }
        }
    }
}

/// A line as it is shown, with the numbers that the language counts it by.
struct Line<'a> {
    number: usize,
    /// The language counts a carriage return as the end of a line too.
    returns: usize,
    text: &'a str,
}

impl Line<'_> {
    fn covers(&self, number: usize) -> bool {
        (self.number..=self.number + self.returns).contains(&number)
    }
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut next = 1;
    text.trim_end_matches(['\n', '\r']).split('\n').map(move |line| {
        let (number, returns) = (next, line.matches('\r').count());
        next += 1 + returns;
        Line { number, returns, text: line.trim_end_matches('\r') }
    })
}

fn statement(line: &str) -> Markup {
    let start = line.trim_start();
    if start.starts_with('#') {
        return html! { span.comment { (line) } };
    }
    let indent = &line[..line.len() - start.len()];
    let word_end = start.find([' ', '\t', ':']).unwrap_or(start.len());
    let (word, rest) = start.split_at(word_end);
    let is_keyword = KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
    html! {
        (indent)
        @if is_keyword { span.keyword { (word) } (names(rest)) } @else { (names(start)) }
    }
}

/// Every second part stands between quotes.
fn names(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('\'').enumerate() {
            @if index % 2 == 0 { (part) } @else { span.name { "'" (part) "'" } }
        }
    }
}

/// Indented JSON.
pub(super) fn json(text: &str) -> Markup {
    html! { @for (class, part) in parts(text) { span class=[class] { (part) } } }
}

/// Pieces of a JSON text with what they are.
fn parts(text: &str) -> Vec<(Option<&'static str>, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = match first {
            '"' => {
                let length = string_length(rest);
                let is_member = rest[length..].trim_start().starts_with(':');
                (Some(if is_member { "name" } else { "string" }), length)
            }
            _ if is_word(first) => (Some("number"), length_of(rest, is_word)),
            _ => (None, length_of(rest, |letter| letter != '"' && !is_word(letter))),
        };
        parts.push((class, &rest[..length]));
        rest = &rest[length..];
    }
    parts
}

/// Numbers, and the three words of JSON.
fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')
}

/// Octets at the start whose letters are of one kind.
fn length_of(text: &str, is_kind: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_kind(letter)).unwrap_or(text.len())
}

/// Octets of the text that begins here, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, octet) in text.bytes().enumerate().skip(1) {
        match octet {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_numbered_coloured_and_escaped() {
        let page = zencode("Given I have a 'string' named '<b>'\n# <i>\n", Some(1)).into_string();
        assert!(page.contains("class=\"line fault\" id=\"L1\""), "{page}");
        assert!(page.contains("<span class=\"keyword\">Given</span>"), "{page}");
        assert!(page.contains("<span class=\"name\">'&lt;b&gt;'</span>"), "{page}");
        assert!(page.contains("<span class=\"comment\"># &lt;i&gt;</span>"), "{page}");
    }

    #[test]
    fn a_carriage_return_counts_as_a_line_of_its_own() {
        let page = zencode("Given nothing\r\nThen print data\r\n", None).into_string();
        assert!(
            page.contains("id=\"L1\"") && page.contains("id=\"L3\"") && !page.contains("id=\"L2\""),
            "{page}"
        );
    }

    #[test]
    fn json_is_cut_into_names_texts_and_numbers() {
        let text = "{\"a\\\"b\": [\"x\", -1.5e3, true]}";
        let named: Vec<_> =
            parts(text).into_iter().filter_map(|(class, part)| Some((class?, part))).collect();
        let expected =
            [("name", "\"a\\\"b\""), ("string", "\"x\""), ("number", "-1.5e3"), ("number", "true")];
        assert_eq!(named, expected);
    }

    proptest! {
        #[test]
        fn no_text_is_lost(text in "\\PC{0,60}") {
            let joined: String = parts(&text).into_iter().map(|(_, part)| part).collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn no_text_leaves_its_page(text in "[<>&'\"#a \n\r]{0,60}") {
            let page = zencode(&text, None).into_string();
            let inside = page.replace("<span", "").replace("</span>", "");
            prop_assert_eq!(inside.matches('<').count(), 0);
        }
    }
}
