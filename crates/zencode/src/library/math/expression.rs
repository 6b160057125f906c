//! Expressions: from a line of signs, numbers and names to operations in their order.

use crate::arithmetic::Operator;

/// One step of an expression in reverse Polish notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A number or a name.
    Operand(&'a str),
    /// Takes two values, leaves one.
    Operator(Operator),
    /// Turns the sign of a value.
    Negation,
}

/// The steps of an expression, or what is wrong with it.
///
/// A minus is a sign only in front of everything and behind an opening bracket. A percent sign is an
/// operator only between brackets, and an opening bracket that is never closed counts as a name: both
/// as in the reference engine.
///
/// # Source
/// Zenroom `zencode_math.lua`, `create result of ''`.
pub(super) fn steps(expression: &str) -> Result<Vec<Item<'_>>, &'static str> {
    let mut steps = Vec::new();
    let mut waiting: Vec<&str> = Vec::new();
    let mut sign_expected = true;
    for word in words(expression) {
        match word {
            "-" if sign_expected => waiting.push("~"),
            "(" => waiting.push(word),
            ")" => {
                take(&mut steps, &mut waiting, |top| top != "(");
                waiting.pop().ok_or("Paranthesis not balanced")?;
            }
            _ => match priority(word) {
                Some(own) => {
                    take(&mut steps, &mut waiting, |top| {
                        top != "(" && priority(top).is_some_and(|priority| priority >= own)
                    });
                    waiting.push(word);
                }
                None => steps.push(Item::Operand(word)),
            },
        }
        sign_expected = word == "(";
    }
    take(&mut steps, &mut waiting, |_| true);
    Ok(steps)
}

fn take<'a>(steps: &mut Vec<Item<'a>>, waiting: &mut Vec<&'a str>, moves: impl Fn(&str) -> bool) {
    while let Some(top) = waiting.pop_if(|top| moves(top)) {
        steps.push(item(top));
    }
}

fn priority(word: &str) -> Option<u8> {
    match word {
        "+" | "-" => Some(0),
        "*" | "/" | "%" => Some(1),
        "~" => Some(2),
        _ => None,
    }
}

fn item(word: &str) -> Item<'_> {
    match word {
        "+" => Item::Operator(Operator::Add),
        "-" => Item::Operator(Operator::Subtract),
        "*" => Item::Operator(Operator::Multiply),
        "/" => Item::Operator(Operator::Divide),
        "%" => Item::Operator(Operator::Remainder),
        "~" => Item::Negation,
        other => Item::Operand(other),
    }
}

/// Signs one by one, and what is between them without blanks around.
fn words(expression: &str) -> Vec<&str> {
    let sign = |character: char| matches!(character, '(' | ')' | '*' | '-' | '/' | '+');
    let mut words = Vec::new();
    let mut rest = expression;
    while let Some(at) = rest.find(sign) {
        words.push(bare(&rest[..at]));
        words.push(&rest[at..=at]);
        rest = &rest[at + 1..];
    }
    words.push(bare(rest));
    words.retain(|word| !word.is_empty());
    words
}

fn bare(word: &str) -> &str {
    word.trim_matches(|character: char| character.is_ascii_whitespace() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: &str) {
        let steps = steps(expression).map(|steps| {
            let text = steps.iter().map(|step| match step {
                Item::Operand(word) => (*word).to_owned(),
                Item::Negation => "~".to_owned(),
                Item::Operator(operator) => format!("{operator:?}"),
            });
            text.collect::<Vec<_>>().join(" ")
        });
        assert_eq!(steps.as_deref(), Ok(expected));
    }

    #[test]
    fn products_come_before_sums() {
        check("a_+_b_*_c", "a b c Multiply Add");
    }

    #[test]
    fn brackets_come_first() {
        check("(a + b) / c", "a b Add c Divide");
    }

    #[test]
    fn a_leading_minus_is_a_sign() {
        check("-a_*_(-b_-_c)", "a ~ b ~ c Subtract Multiply");
    }

    #[test]
    fn a_percent_sign_needs_brackets_around() {
        check("(a)%(b)", "a b Remainder");
        check("a%b", "a%b");
    }

    #[test]
    fn a_closing_bracket_needs_an_opening_one() {
        assert_eq!(steps("a)"), Err("Paranthesis not balanced"));
    }
}
