//! Placeholders of statements: contracts write `?` or `:name`, PostgreSQL knows `$1` only.
//!
//! A placeholder counts where SQL has one: not in texts, quoted names and comments, and `::` is a cast.

use zencode::{SqlParameters, SqlValue};

use super::Fault;

/// A statement with `$1`, `$2` … and what is bound to them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) statement: String,
    pub(super) values: Vec<SqlValue>,
}

/// Writes the placeholders as PostgreSQL reads them.
pub(super) fn number(statement: &str, parameters: SqlParameters) -> Result<Numbered, Fault> {
    match parameters {
        SqlParameters::Positional(values) => positional(statement, values),
        SqlParameters::Named(pairs) => named(statement, &pairs),
    }
}

fn positional(statement: &str, values: Vec<SqlValue>) -> Result<Numbered, Fault> {
    let mut marks = 0;
    let numbered = rewrite(statement, |rest| {
        // Without parameters it is an operator of PostgreSQL's JSON.
        if values.is_empty() || !rest.starts_with('?') {
            return Ok(None);
        }
        marks += 1;
        Ok(Some((1, marks)))
    })?;
    if marks > 0 && marks != values.len() {
        return Err(count(marks, values.len()));
    }
    Ok(Numbered { statement: numbered, values })
}

fn named(statement: &str, pairs: &[(String, SqlValue)]) -> Result<Numbered, Fault> {
    let mut used: Vec<usize> = Vec::new();
    let numbered = rewrite(statement, |rest| {
        let Some(name) = rest.strip_prefix(':').map(word).filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let place = pairs.iter().position(|(it, _)| it == name).ok_or_else(|| absent(name))?;
        let mark = used.iter().position(|it| *it == place).unwrap_or_else(|| {
            used.push(place);
            used.len() - 1
        });
        Ok(Some((1 + name.len(), mark + 1)))
    })?;
    Ok(Numbered {
        statement: numbered,
        values: used.into_iter().map(|place| pairs[place].1.clone()).collect(),
    })
}

/// The parameters are as many as the placeholders, or it is an error.
pub(super) fn count(marks: usize, values: usize) -> Fault {
    Fault::input(format!("the statement has {marks} placeholders, and {values} parameters are given"))
}

/// A placeholder has a parameter of its name, or it is an error.
pub(super) fn absent(name: &str) -> Fault {
    Fault::input(format!("no parameter is named {name:?}, and the statement has the placeholder :{name}"))
}

fn word(text: &str) -> &str {
    let starts = text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    let end = text.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(text.len());
    if starts { &text[..end] } else { "" }
}

/// Walks over a statement and asks at each place outside texts and comments whether a placeholder stands
/// there: its length and its number.
fn rewrite(
    statement: &str,
    mut placeholder: impl FnMut(&str) -> Result<Option<(usize, usize)>, Fault>,
) -> Result<String, Fault> {
    let mut out = String::with_capacity(statement.len() + 8);
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let length = match opaque(rest) {
            Some(length) => length,
            None => match placeholder(rest)? {
                Some((length, number)) => {
                    out.push('$');
                    out.push_str(&number.to_string());
                    rest = &rest[length..];
                    continue;
                }
                None => first.len_utf8(),
            },
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Ok(out)
}

/// The length of what begins here and holds no placeholder.
///
/// # Source
/// PostgreSQL manual, section 4.1, Lexical Structure.
fn opaque(rest: &str) -> Option<usize> {
    let end = |found: Option<usize>| found.unwrap_or(rest.len());
    if rest.starts_with("E'") || rest.starts_with("e'") {
        return Some(1 + escaped_text(&rest[1..]));
    }
    if rest.starts_with('\'') || rest.starts_with('"') {
        let quote = if rest.starts_with('"') { '"' } else { '\'' };
        // A doubled quote ends one text and begins the next, which comes to the same.
        return Some(end(rest[1..].find(quote).map(|at| at + 2)));
    }
    if rest.starts_with("--") {
        return Some(end(rest.find('\n')));
    }
    if rest.starts_with("/*") {
        return Some(comment(rest));
    }
    if rest.starts_with("::") {
        return Some(2);
    }
    if let Some(after) = rest.strip_prefix('$') {
        let tag = &rest[..=after.find('$')? + 1];
        let inside = &tag[1..tag.len() - 1];
        if !inside.is_empty() && word(inside) != inside {
            return None;
        }
        return Some(end(rest[tag.len()..].find(tag).map(|at| at + 2 * tag.len())));
    }
    // A letter may belong to a word that ends with one of these, such as `name'`.
    let name = word(rest);
    (name.len() > 1 || (name.len() == 1 && !rest[1..].starts_with('\''))).then_some(name.len())
}

fn escaped_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Comments nest.
fn comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: &str) -> SqlValue {
        SqlValue::Text(value.to_owned())
    }

    fn check(statement: &str, expected: &str) {
        let values = vec![text("a"), text("b")];
        let numbered = number(statement, SqlParameters::Positional(values.clone())).unwrap();
        assert_eq!(numbered, Numbered { statement: expected.to_owned(), values });
    }

    #[test]
    fn question_marks_are_numbered_in_order() {
        check("SELECT ? + ?", "SELECT $1 + $2");
    }

    #[test]
    fn numbered_placeholders_stay() {
        check("SELECT $2, $1", "SELECT $2, $1");
    }

    #[test]
    fn texts_names_and_comments_hold_no_placeholder() {
        check(
            "SELECT '?''?', \"?\", E'\\'?', $$?$$, $t$ ? $$ $t$ /* ? /* ? */ ? */ -- ?\n, ?, ?",
            "SELECT '?''?', \"?\", E'\\'?', $$?$$, $t$ ? $$ $t$ /* ? /* ? */ ? */ -- ?\n, $1, $2",
        );
    }

    #[test]
    fn a_wrong_number_of_parameters_is_refused() {
        assert!(number("SELECT ?", SqlParameters::Positional(vec![])).is_ok());
        let error = number("SELECT ?", SqlParameters::Positional(vec![text("a"), text("b")])).unwrap_err();
        assert_eq!(error.to_string(), "the statement has 1 placeholders, and 2 parameters are given");
    }

    #[test]
    fn names_are_numbered_once_and_casts_are_no_names() {
        let pairs =
            vec![("a".to_owned(), text("1")), ("b_2".to_owned(), text("2")), ("c".to_owned(), text("3"))];
        let numbered = number("SELECT :b_2::int, :a, ':a', :b_2", SqlParameters::Named(pairs)).unwrap();
        assert_eq!(numbered.statement, "SELECT $1::int, $2, ':a', $1");
        assert_eq!(numbered.values, [text("2"), text("1")]);
    }

    #[test]
    fn a_name_without_a_parameter_is_refused() {
        assert!(number("SELECT :other", SqlParameters::Named(vec![])).is_err());
    }

    proptest! {
        #[test]
        fn no_statement_breaks_the_reader(statement in "[?:$'\"/*a-c E\\\\é-]{0,40}") {
            let values = vec![text("a")];
            drop(number(&statement, SqlParameters::Positional(values.clone())));
            drop(number(&statement, SqlParameters::Named(vec![("a".to_owned(), text("1"))])));
        }
    }
}
