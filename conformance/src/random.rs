//! Contracts and inputs made from a seed, to look for differences where nobody thought of writing a case.
//!
//! A case is one of a few dozen templates with random values. The same seed makes the same cases, so a
//! difference found by one person is found by everybody.

mod value;

use crate::case::Case;
use value::Dice;

/// Types that an input may be declared as.
const TYPES: &[&str] = &[
    "string",
    "number",
    "integer",
    "hex",
    "base64",
    "url64",
    "base58",
    "boolean",
    "time",
    "string array",
    "number array",
    "integer array",
    "hex array",
    "base64 array",
    "string dictionary",
    "number dictionary",
    "base64 dictionary",
    "time array",
    "float",
    "binary",
];
/// Encodings that a value may be printed as.
const ENCODINGS: &[&str] =
    &["string", "hex", "base64", "url64", "base58", "binary", "base32", "integer", "number"];
/// Statements over one structured object `v`, with the name of what they make. The size of a dictionary is
/// not among them: the reference engine crashes on it.
const DIGESTS: &[(&str, &str)] = &[
    ("create the hash of 'v'", "hash"),
    ("create the hash of 'v' using 'sha512'", "hash"),
    ("create the mpack of 'v'", "mpack"),
    ("create the json escaped string of 'v'", "json escaped string"),
    ("create the flat array of contents in 'v'", "flat array"),
    ("create the flat array of keys in 'v'", "flat array"),
    ("create the ecdh signature of 'v'", "ecdh signature"),
    ("create the ecdh deterministic signature of 'v'", "ecdh deterministic signature"),
    ("create the eddsa signature of 'v'", "eddsa signature"),
];
/// Statements over an array `v`, with the name of what they make or change.
const ARRAYS: &[(&str, &str)] = &[
    ("create the size of 'v'", "size"),
    ("create the copy of last element from 'v'", "copy of last element"),
    ("create the copy of element '2' from array 'v'", "copy"),
    ("create the random pick from 'v'", "random pick"),
    ("create the random array with '3' elements from 'v'", "random array"),
    ("randomize the 'v' array", "v"),
    ("create the hashes of each object in 'v'", "hashes"),
    ("create the flat array of contents in 'v'", "flat array"),
    ("verify the elements in 'v' are equal", "v"),
    ("create the hash of 'v'", "hash"),
];
/// Statements over two strings `a` and `b`, with the name of what they make or change.
const STRINGS: &[(&str, &str)] = &[
    ("append 'b' to 'a'", "a"),
    ("append string 'b c' to 'a'", "a"),
    ("prepend string 'x' to 'a'", "a"),
    ("append the 'hex' of 'b' to 'a'", "a"),
    ("split the leftmost '2' bytes of 'a'", "leftmost"),
    ("split the rightmost '3' bytes of 'a'", "a"),
    ("verify 'a' is equal to 'b'", "a"),
    ("verify 'a' is not equal to 'b'", "a"),
    ("verify 'a' has prefix 'b'", "a"),
    ("verify 'a' has suffix 'b'", "a"),
    ("create the count of char 'e' found in 'a'", "count"),
    ("remove spaces in 'a'", "a"),
    ("create the array by splitting 'a' at 'b'", "array"),
    ("create the HMAC of 'a' with key 'b'", "HMAC"),
    ("create the 'base64' string of 'a'", "base64"),
];
/// Comparisons of two numbers.
const COMPARISONS: &[&str] = &["less than", "more than", "less or equal than", "more or equal than"];
/// What signs, for the templates that need a key.
const KEYS: &str = r#"{"keyring":{"ecdh":"B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=","eddsa":"7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH"}}"#;

/// Makes `count` cases from a seed.
pub fn cases(seed: u64, count: usize) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    (0..count).map(|number| Case { name: format!("random/{seed}/{number}"), ..case(&mut dice) }).collect()
}

fn case(dice: &mut Dice) -> Case {
    match dice.below(7) {
        0 => printed(dice),
        1 => printed_as(dice),
        2 => digest(dice),
        3 => array(dice),
        4 => strings(dice),
        5 => arithmetic(dice),
        _ => comparison(dice),
    }
}

fn printed(dice: &mut Dice) -> Case {
    let kind = dice.pick(TYPES);
    let value = dice.value_for(kind);
    with_data(format!("Given I have a '{kind}' named 'v'\nThen print the 'v'\n"), &[("v", value)])
}

fn printed_as(dice: &mut Dice) -> Case {
    let (kind, encoding) = (dice.pick(TYPES), dice.pick(ENCODINGS));
    let value = dice.value_for(kind);
    with_data(
        format!("Given I have a '{kind}' named 'v'\nThen print the 'v' as '{encoding}'\n"),
        &[("v", value)],
    )
}

fn digest(dice: &mut Dice) -> Case {
    let (statement, made) = dice.pick(DIGESTS);
    let kind = dice.pick(&["string dictionary", "string array", "string", "number dictionary", "base64"]);
    let value = dice.value_for(kind);
    let script = format!(
        "Scenario 'ecdh': keys\nScenario 'eddsa': keys\nGiven I have a 'keyring'\n\
         Given I have a '{kind}' named 'v'\nWhen I {statement}\nThen print the '{made}'\n"
    );
    Case { keys: KEYS.into(), ..with_data(script, &[("v", value)]) }
}

fn array(dice: &mut Dice) -> Case {
    let (statement, made) = dice.pick(ARRAYS);
    let kind = dice.pick(&["string array", "number array", "base64 array", "integer array"]);
    let value = dice.value_for(kind);
    with_data(
        format!("Given I have a '{kind}' named 'v'\nWhen I {statement}\nThen print the '{made}'\n"),
        &[("v", value)],
    )
}

fn strings(dice: &mut Dice) -> Case {
    let (statement, made) = dice.pick(STRINGS);
    let (a, b) = (dice.value_for("string"), dice.value_for("string"));
    let script = format!(
        "Given I have a 'string' named 'a'\nGiven I have a 'string' named 'b'\n\
         When I {statement}\nThen print the '{made}'\n"
    );
    with_data(script, &[("a", a), ("b", b)])
}

fn arithmetic(dice: &mut Dice) -> Case {
    let kind = dice.pick(&["number", "integer", "time"]);
    // The reference engine never returns from a division of integers by zero.
    let operator = dice.pick(if kind == "number" { &["+", "-", "*", "/", "%"] } else { &["+", "-", "*"] });
    let (a, b) = (dice.value_for(kind), dice.value_for(kind));
    let script = format!(
        "Given I have a '{kind}' named 'a'\nGiven I have a '{kind}' named 'b'\n\
         When I create the result of 'a' {operator} 'b'\nThen print the 'result'\n"
    );
    with_data(script, &[("a", a), ("b", b)])
}

fn comparison(dice: &mut Dice) -> Case {
    let kind = dice.pick(&["number", "integer", "time"]);
    let comparison = dice.pick(COMPARISONS);
    let (a, b) = (dice.value_for(kind), dice.value_for(kind));
    let script = format!(
        "Given I have a '{kind}' named 'a'\nGiven I have a '{kind}' named 'b'\n\
         If I verify number 'a' is {comparison} 'b'\nWhen I write string 'it is' in 'word'\nEndIf\n\
         If I verify 'a' is equal to 'b'\nThen print string 'equal'\nEndIf\n\
         If I verify 'word' is not found\nThen print string 'it is not'\nEndIf\nThen print data\n"
    );
    with_data(script, &[("a", a), ("b", b)])
}

/// A case whose data is an object of JSON texts, kept as they were written.
fn with_data(script: String, members: &[(&str, String)]) -> Case {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    Case { data: format!("{{{}}}", members.join(",")), ..Case::from_text("", &script) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_cases() {
        assert_eq!(cases(7, 50), cases(7, 50));
        assert_ne!(cases(7, 50), cases(8, 50));
    }

    #[test]
    fn a_smaller_count_is_the_beginning() {
        assert_eq!(cases(7, 50)[..10], cases(7, 10));
    }
}
