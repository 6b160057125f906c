//! How a fault or a warning is shown: message, place, the line with the words underlined, hint.

use zencode::{Cause, Diagnostic, Warning};

/// What is shown of a remark.
pub(super) struct Excerpt<'a> {
    /// `error` or `warning`.
    pub(super) title: &'static str,
    /// What was found.
    pub(super) message: String,
    /// The line, as an editor counts.
    pub(super) line: Option<usize>,
    source: Option<&'a str>,
    /// First column and length of the words to blame, in characters of `source`.
    words: (usize, usize),
    hint: Option<&'a str>,
}

impl<'a> Excerpt<'a> {
    /// A fault in a text.
    pub(super) fn of_fault(fault: &'a Diagnostic, text: &'a str) -> Self {
        let line = fault.line;
        let source = fault.source.as_deref().or_else(|| line.and_then(|line| source_line(text, line)));
        let message = in_short(&fault.message, source);
        let words = source.map_or((0, 0), |source| words_to_blame(fault.cause, &fault.message, source));
        let line = line.map(|line| editor_line(text, line));
        Self { title: "error", message, line, source, words, hint: fault.hint.as_deref() }
    }

    /// A warning about a text.
    pub(super) fn of_warning(warning: &'a Warning, text: &str) -> Self {
        let source = warning.source.as_deref();
        let words = source.map_or((0, 0), |source| {
            quoted_in(&warning.message, source).unwrap_or_else(|| behind_prefix(source))
        });
        let line = warning.line.map(|line| editor_line(text, line));
        let hint = warning.hint.as_deref();
        Self { title: "warning", message: in_short(&warning.message, source), line, source, words, hint }
    }

    /// As text, with the name of its file.
    pub(super) fn draw(&self, file: &str) -> String {
        let mut text = format!("{}: {}", self.title, printable(&self.message));
        let place = self.line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
        text.push_str(&format!("\n  --> {place}"));
        if let (Some(line), Some(source)) = (self.line, self.source) {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let (start, length) = self.words;
            let (before, carets) = (" ".repeat(start), "^".repeat(length.max(1)));
            text.push_str(&format!(
                "\n {margin} |\n {number} | {}\n {margin} | {before}{carets}",
                printable(source)
            ));
        }
        if let Some(hint) = self.hint {
            text.push_str(&format!("\n hint: {}", printable(hint)));
        }
        text
    }

    /// As a JSON document.
    pub(super) fn document(&self) -> serde_json::Value {
        let (start, length) = self.words;
        let columns = self.source.map(|_| serde_json::json!({ "start": start + 1, "length": length }));
        serde_json::json!({
            "message": self.message,
            "line": self.line,
            "source": self.source,
            "words": columns,
            "hint": self.hint,
        })
    }
}

/// A message without the line that stands below it; the reference's words repeat number and source.
fn in_short(message: &str, source: Option<&str>) -> String {
    let Some(source) = source else { return message.to_owned() };
    let rest =
        message.strip_prefix("Zencode line ").and_then(|rest| rest.split_once(' ')).map(|(_, rest)| rest);
    let rest = rest.unwrap_or(message);
    let rest = rest.strip_suffix(source).map_or(rest, |rest| rest.trim_end_matches([':', ' ']));
    match rest {
        "pattern ignored" => "this line matches nothing, and is ignored".to_owned(),
        rest if rest.starts_with("pattern not found") => "no statement reads like this".to_owned(),
        rest if rest.starts_with("Invalid Zencode prefix") => "no line begins with this word".to_owned(),
        rest => rest
            .strip_prefix("DEPRECATED: ")
            .map_or_else(|| rest.to_owned(), |rest| format!("deprecated: {rest}")),
    }
}

/// A terminal obeys control characters, and a contract may come from anywhere.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The line that an editor counts, of the line that the language counts: a carriage return and a newline are
/// two ends there, and one here.
fn editor_line(text: &str, line: usize) -> usize {
    let mut ends = text.match_indices(['\n', '\r']).take(line.saturating_sub(1));
    let pairs = ends.by_ref().filter(|(at, _)| text[*at..].starts_with("\r\n")).count();
    line - pairs
}

fn source_line(text: &str, line: usize) -> Option<&str> {
    text.split(['\n', '\r']).nth(line.checked_sub(1)?).map(str::trim)
}

/// First column and length of the words to blame: a quoted name that the message speaks of, the first word
/// where that is wrong, else the sentence.
fn words_to_blame(cause: Cause, message: &str, source: &str) -> (usize, usize) {
    let first = source.split_whitespace().next().unwrap_or_default().chars().count();
    if cause == Cause::Syntax && message.starts_with("Invalid Zencode") {
        return (0, first);
    }
    let named = if cause == Cause::UnknownStatement { None } else { quoted_in(message, source) };
    named.unwrap_or_else(|| behind_prefix(source))
}

/// The quoted part of a line that a message names.
fn quoted_in(message: &str, source: &str) -> Option<(usize, usize)> {
    let mut column = 0;
    let parts: Vec<&str> = source.split('\'').collect();
    for (index, part) in parts.iter().enumerate() {
        let length = part.chars().count();
        let closed = index + 1 < parts.len();
        let name = part.replace(' ', "_");
        let words = message.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c));
        if index % 2 == 1 && closed && !name.is_empty() && (words.into_iter().any(|word| word == name)) {
            return Some((column - 1, length + 2));
        }
        column += length + 1;
    }
    None
}

/// Everything behind the first word, or all of a line of one word.
fn behind_prefix(source: &str) -> (usize, usize) {
    let whole = source.chars().count();
    match source.split_once(char::is_whitespace) {
        Some((first, rest)) => {
            let blanks = rest.chars().take_while(|c| c.is_whitespace()).count();
            let start = first.chars().count() + 1 + blanks;
            (start, whole - start)
        }
        None => (0, whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(cause: Cause, message: &str, source: &str) -> Diagnostic {
        Diagnostic {
            cause,
            message: message.to_owned(),
            line: Some(2),
            source: Some(source.to_owned()),
            hint: Some("look again".to_owned()),
        }
    }

    #[track_caller]
    fn check(fault: &Diagnostic, expected: &str) {
        assert_eq!(Excerpt::of_fault(fault, "").draw("a.zen"), expected);
    }

    #[test]
    fn an_unknown_sentence_is_underlined_behind_its_first_word() {
        check(
            &fault(
                Cause::UnknownStatement,
                "Zencode line 2 pattern not found (when): When I foo",
                "When I foo",
            ),
            "error: no statement reads like this\n  --> a.zen:2\n   |\n 2 | When I foo\n   |      ^^^^^\n hint: look again",
        );
    }

    #[test]
    fn a_missing_object_is_underlined_where_it_is_named() {
        check(
            &fault(Cause::Statement, "Cannot find object: my_hat", "When I move 'x' in 'my hat'"),
            "error: Cannot find object: my_hat\n  --> a.zen:2\n   |\n 2 | When I move 'x' in 'my hat'\n   |                    ^^^^^^^^\n hint: look again",
        );
    }

    #[test]
    fn a_wrong_first_word_is_underlined_alone() {
        check(
            &fault(Cause::Syntax, "Invalid Zencode prefix 2: 'Foo bar'", "Foo bar"),
            "error: no line begins with this word\n  --> a.zen:2\n   |\n 2 | Foo bar\n   | ^^^\n hint: look again",
        );
    }

    #[test]
    fn a_control_character_does_not_reach_the_terminal() {
        let fault = fault(Cause::Statement, "no\u{1b}[2J", "When \u{7}");
        let drawn = Excerpt::of_fault(&fault, "").draw("a.zen");
        assert!(!drawn.contains(['\u{1b}', '\u{7}']), "{drawn:?}");
    }

    #[test]
    fn a_carriage_return_and_a_newline_end_one_line() {
        assert_eq!(editor_line("a\r\nb\r\nc", 5), 3);
    }

    proptest::proptest! {
        #[test]
        fn any_fault_is_drawn(message in "\\PC{0,60}", source in "\\PC{0,60}", text in "[a-z\\r\\n]{0,30}", line in 0_usize..40) {
            for cause in [Cause::Syntax, Cause::UnknownStatement, Cause::Statement] {
                let fault = Diagnostic { line: Some(line), ..fault(cause, &message, &source) };
                drop(Excerpt::of_fault(&fault, &text).draw("a.zen"));
                let fault = Diagnostic { source: None, ..fault };
                drop(Excerpt::of_fault(&fault, &text).document());
            }
        }
    }
}
