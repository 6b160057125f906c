//! The normal form of a contract's text: what `fmt` writes. It never changes what the contract means.
//!
//! Words in front are written as in the manual, what stands inside a branch or loop is indented, phases are
//! set apart by one blank line, and blanks that mean nothing go. Comments stay, word for word.

use crate::contract::Library;
use crate::diagnostic::{Cause, Diagnostic};
use crate::limits::Limits;
use crate::syntax::{Deed, Parsed, survey};
use crate::words;

/// Blanks per level.
const INDENT: usize = 4;

/// How each first word is written.
const PREFIXES: &[(&str, &str, Group)] = &[
    ("rule", "Rule", Group::Head),
    ("scenario", "Scenario", Group::Head),
    ("given", "Given", Group::Given),
    ("when", "When", Group::Middle),
    ("if", "If", Group::Middle),
    ("endif", "EndIf", Group::Middle),
    ("foreach", "Foreach", Group::Middle),
    ("endforeach", "EndForeach", Group::Middle),
    ("then", "Then", Group::Then),
];

/// What one blank line separates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Head,
    Given,
    Middle,
    Then,
}

/// The normal form of a contract.
///
/// # Errors
/// Every fault of the text; or one that says that its normal form would mean something else, which is a
/// fault of this function.
pub fn normal_form(text: &str, library: Library, limits: &Limits) -> Result<String, Vec<Diagnostic>> {
    crate::contract::short_enough(text, limits).map_err(|fault| vec![fault])?;
    let connectors = library == Library::Connectors;
    let (before, faults) = survey(text, connectors);
    if !faults.is_empty() {
        return Err(faults);
    }
    let formed = lay_out(text);
    let (after, faults) = survey(&formed, connectors);
    if faults.is_empty() && same(&before, &after) {
        return Ok(formed);
    }
    Err(vec![Diagnostic {
        cause: Cause::Syntax,
        message: "the normal form of this contract would not mean the same".to_owned(),
        line: None,
        source: None,
        hint: Some("it is left as it is; please report it".to_owned()),
    }])
}

/// Whether two texts are the same contract: the same statements with the same words in quotes.
fn same(left: &Parsed, right: &Parsed) -> bool {
    let settings = |parsed: &Parsed| format!("{:?} {:?}", parsed.rules, parsed.loaded);
    let deed = |deed: &Deed| match deed {
        Deed::Close => "close".to_owned(),
        Deed::Declare(declaration) => format!("{declaration:?}"),
        Deed::Statement(found) => format!("{} {:?}", found.statement.name, found.scheme),
        Deed::Order(order) => {
            format!("{} {:?} {:?} {:?}", order.phrase, order.address, order.sent, order.target)
        }
    };
    settings(left) == settings(right)
        && left.lines.len() == right.lines.len()
        && left.warnings.len() == right.warnings.len()
        && left.lines.iter().zip(&right.lines).all(|(one, other)| {
            one.role == other.role && one.arguments == other.arguments && deed(&one.deed) == deed(&other.deed)
        })
}

/// One line of the result.
struct Row {
    blank_before: bool,
    indent: usize,
    text: String,
    /// None for a comment.
    group: Option<Group>,
}

fn lay_out(text: &str) -> String {
    let mut rows = Vec::new();
    let mut walk = Walk::default();
    let mut blank = false;
    // A carriage return before a newline leaves an empty line, which is no blank line of the author's.
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        let line = words::trimmed(line);
        if line.is_empty() {
            blank = true;
            continue;
        }
        let mut row = walk.row(line);
        row.blank_before = std::mem::take(&mut blank) && !rows.is_empty();
        rows.push(row);
    }
    indent_comments(&mut rows);
    set_apart(&mut rows);
    let mut out = String::with_capacity(text.len());
    for row in rows {
        if row.blank_before {
            out.push('\n');
        }
        out.push_str(&" ".repeat(row.indent * INDENT));
        out.push_str(&row.text);
        out.push('\n');
    }
    out
}

/// Where the text stands: how deep, and in which phase.
#[derive(Default)]
struct Walk {
    depth: usize,
    last_prefix: String,
    group: Option<Group>,
}

impl Walk {
    fn row(&mut self, line: &str) -> Row {
        let first = words::first(line);
        let prefix = first.to_ascii_lowercase();
        if prefix.starts_with('#') {
            return Row { blank_before: false, indent: self.depth, text: line.to_owned(), group: None };
        }
        let goes_on = prefix == "and";
        let opens = |word: &str| prefix == word || (goes_on && self.last_prefix == word);
        let (opens_if, opens_foreach) = (opens("if"), opens("foreach"));
        let closes = matches!(prefix.as_str(), "endif" | "endforeach");
        let known = PREFIXES.iter().find(|(word, ..)| *word == prefix);
        if closes {
            self.depth = self.depth.saturating_sub(1);
        }
        let indent = self.depth;
        // Inside a branch a Then belongs to the branch.
        match known {
            Some((_, _, Group::Then)) if indent > 0 => {}
            Some((_, _, group)) => self.group = Some(*group),
            None => {}
        }
        if opens_if || opens_foreach {
            self.depth += 1;
            self.last_prefix = if opens_if { "if" } else { "foreach" }.to_owned();
        } else {
            self.last_prefix.clone_from(&prefix);
        }
        let rest = &line[first.len()..];
        let text = match known {
            // Two blanks hide the name of a scenario from the reference engine: they mean something.
            Some((_, "Scenario", _)) => format!("Scenario{rest}"),
            Some((_, word, _)) => format!("{word}{}", collapsed(rest)),
            None if goes_on => format!("And{}", collapsed(rest)),
            None => line.to_owned(),
        };
        Row { blank_before: false, indent, text, group: Some(self.group.unwrap_or(Group::Head)) }
    }
}

/// Runs of blanks outside quotes become one blank.
fn collapsed(text: &str) -> String {
    let quotes = text.matches('\'').count() / 2 * 2;
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.splitn(quotes + 1, '\'').enumerate() {
        if index > 0 {
            out.push('\'');
        }
        // Behind the last pair a single quote may be left over: nothing is known of what follows it.
        if index % 2 == 1 || part.contains('\'') {
            out.push_str(part);
            continue;
        }
        let mut in_blanks = false;
        for letter in part.chars() {
            if letter != ' ' || !in_blanks {
                out.push(letter);
            }
            in_blanks = letter == ' ';
        }
    }
    out
}

/// A comment stands as deep as the line it is about: the next one, or what an End closes.
fn indent_comments(rows: &mut [Row]) {
    let mut deep = 0;
    for row in rows.iter_mut().rev() {
        match row.group {
            None => row.indent = row.indent.max(deep),
            Some(_) => deep = row.indent,
        }
    }
}

/// Puts a blank line where another group begins, before the comments that lead to it.
fn set_apart(rows: &mut [Row]) {
    let mut last: Option<(usize, Group)> = None;
    for index in 0..rows.len() {
        let Some(group) = rows[index].group else { continue };
        if let Some((before, other)) = last
            && other != group
            && !rows[before + 1..=index].iter().any(|row| row.blank_before)
        {
            rows[before + 1].blank_before = true;
        }
        last = Some((index, group));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let formed = normal_form(text, Library::Language, &Limits::default());
        assert_eq!(formed.as_deref(), Ok(expected));
    }

    #[test]
    fn phases_are_set_apart_and_words_written_alike() {
        check(
            "rule check version 5.0.0\nSCENARIO 'eddsa': x\ngiven nothing  \nwhen   done\nAND done\nthen print data",
            "Rule check version 5.0.0\nScenario 'eddsa': x\n\nGiven nothing\n\nWhen done\nAnd done\n\nThen print data\n",
        );
    }

    #[test]
    fn branches_and_loops_are_indented() {
        check(
            "Given I have a 'string array' named 'l'\nForeach 'x' in 'l'\nIf I verify 'x' is found\nand I verify 'l' is found\nWhen done\nEndif\nEndIf\nEndForeach\nThen print data\n",
            "Given I have a 'string array' named 'l'\n\nForeach 'x' in 'l'\n    If I verify 'x' is found\n        And I verify 'l' is found\n            When done\n        EndIf\n    EndIf\nEndForeach\n\nThen print data\n",
        );
    }

    #[test]
    fn a_comment_stays_with_the_line_it_is_about() {
        check(
            "#  top\n\n\n\nGiven nothing\n# about what follows\nIf I verify 'x' is found\n#inner\nWhen done\n# last\nEndIf\nThen print data\n# end",
            "#  top\n\nGiven nothing\n\n# about what follows\nIf I verify 'x' is found\n    #inner\n    When done\n    # last\nEndIf\n\nThen print data\n# end\n",
        );
    }

    #[test]
    fn what_is_quoted_stays() {
        check("Given nothing\nThen  print  string 'a  b'\n", "Given nothing\n\nThen print string 'a  b'\n");
    }

    #[test]
    fn two_blanks_before_a_scenario_stay() {
        check(
            "Scenario  'eddsa'\nGiven nothing\nThen print data\n",
            "Scenario  'eddsa'\n\nGiven nothing\n\nThen print data\n",
        );
    }

    #[test]
    fn line_ends_become_newlines() {
        check("Given nothing\r\n\r\nThen print data\r\n", "Given nothing\n\nThen print data\n");
    }

    #[test]
    fn a_text_at_fault_is_refused() {
        assert!(normal_form("Given nothing\nWhen foo\n", Library::Language, &Limits::default()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn the_normal_form_of_a_normal_form_is_itself(
            lines in proptest::collection::vec(proptest::sample::select(vec![
                "rule unknown ignore", "  Scenario  'eddsa'", "Scenario 'ecdh': x", "given nothing", "Given I  have a 'x y' named 'z'",
                "and the  'a' is  valid", "# note", "#", "", "   ", "when  done", "and done", "If I verify 'a' is  found", "Foreach 'a' in 'b'",
                "EndIf", "endforeach", "then print  data", "Then print string 'it''s'", "foo bar", "and  foo  'x", "\r", "When I  write string 'a' in 'b'",
            ]), 0..24),
            end in proptest::sample::select(vec!["\n", "\r\n"]),
        ) {
            let text = lines.join(end);
            if let Ok(formed) = normal_form(&text, Library::Language, &Limits::default()) {
                let again = normal_form(&formed, Library::Language, &Limits::default());
                proptest::prop_assert_eq!(again, Ok(formed));
            }
        }

        #[test]
        fn a_text_without_fault_always_has_a_normal_form(
            given in proptest::collection::vec(proptest::sample::select(vec!["Given nothing", "and  nothing", "# c", "", "GIVEN  nothing"]), 0..6),
            middle in proptest::collection::vec(proptest::sample::select(vec![
                "When done", "when  done", "# c", "", "If 'a' is found\nWhen done\nendif", "If 'a' is found\nand 'b' is found\n#x\nThen print data\nEndIf\n\nEndIf",
                "Foreach 'x' in 'y'\nWhen done\nEndForeach",
            ]), 0..8),
        ) {
            let text = format!("Given nothing\n{}\nWhen done\n{}\nThen print  data", given.join("\n"), middle.join("\n"));
            proptest::prop_assert!(normal_form(&text, Library::Language, &Limits::default()).is_ok(), "{}", text);
        }
    }
}
