//! Facts about reading JSON.

use super::*;

fn text(value: &str) -> Json {
    Json::Text(value.to_owned())
}

#[test]
fn trailing_commas_and_leading_zeros_are_read() {
    let expected = [("a".to_owned(), Json::Array(vec![Json::Number(Number::Integer(7))]))];
    assert_eq!(decode(r#"{"a":[007,],}"#, 9), Ok(Json::Object(expected.into())));
}

#[test]
fn a_duplicate_name_is_refused() {
    assert_eq!(
        decode(r#"{"a":1,"a":2}"#, 9).unwrap_err(),
        "The JSON input is not valid: duplicate key 'a' at line 1 col 11"
    );
}

#[test]
fn concatenated_objects_are_merged() {
    let expected = [("a".to_owned(), text("y")), ("b".to_owned(), text("z"))];
    assert_eq!(decode(r#"{"a":"x"} {"a":"y","b":"z"}"#, 9), Ok(Json::Object(expected.into())));
}

#[test]
fn surrogate_pairs_are_joined_and_lone_ones_refused() {
    assert_eq!(decode(r#"["\ud83d\ude00"]"#, 9), Ok(Json::Array(vec![text("😀")])));
    assert!(decode(r#"["\ud83d"]"#, 9).is_err());
}

#[test]
fn nesting_has_a_limit() {
    assert!(decode(&format!("{}{}", "[".repeat(12), "]".repeat(12)), 9).is_err());
}

#[test]
fn sixteen_digits_make_a_big_integer() {
    let expected = Json::Array(vec![Json::Integer(BigInt::from(1_234_567_890_123_456_i64))]);
    assert_eq!(decode("[1234567890123456]", 9), Ok(expected));
}
