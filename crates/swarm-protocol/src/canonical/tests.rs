//! Facts about strict reading and canonical writing.

use serde_json::json;

use super::*;

fn refused(json: &str) -> JsonError {
    parse(json.as_bytes(), 1 << 20).unwrap_err()
}

#[test]
fn the_example_of_rfc_8785_is_written_as_published() {
    let value: Value = serde_json::from_str(
        r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
    )
    .unwrap();
    assert_eq!(
        text(&value),
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
         \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
    );
}

#[test]
fn keys_are_sorted_by_utf_16_units() {
    assert_eq!(
        text(&json!({"\u{fb33}": 1, "\u{1f600}": 2, "\u{20ac}": 3})),
        "{\"€\":3,\"😀\":2,\"\u{fb33}\":1}"
    );
}

#[test]
fn a_key_twice_is_refused_at_any_depth() {
    assert_eq!(refused(r#"{"a":1,"a":1}"#), JsonError::DuplicateKey { key: "a".to_owned() });
    assert_eq!(refused(r#"[{"x":{"b":1,"\u0062":2}}]"#), JsonError::DuplicateKey { key: "b".to_owned() });
}

#[test]
fn numbers_that_change_are_refused() {
    for number in
        ["9007199254740992", "-9007199254740992", "1e400", "1e-400", "-0", "-0.0", "0.1000000000000000055511"]
    {
        assert!(matches!(refused(number), JsonError::Number { position: 0, .. }), "{number}");
    }
    assert!(matches!(refused("[1, 333333333.33333329]"), JsonError::Number { position: 4, .. }));
}

#[test]
fn numbers_that_stay_are_read() {
    for (written, canonical) in [
        ("9007199254740991", "9007199254740991"),
        ("1.50", "1.5"),
        ("1E2", "100"),
        ("0.1", "0.1"),
        ("1e300", "1e+300"),
    ] {
        assert_eq!(parse(written.as_bytes(), 64).map(|value| text(&value)), Ok(canonical.to_owned()));
    }
}

#[test]
fn digits_in_strings_are_no_numbers() {
    assert_eq!(parse(br#""99999999999999999999\"1e999""#, 64), Ok(json!("99999999999999999999\"1e999")));
}

#[test]
fn deep_nesting_is_refused_with_its_place() {
    let deep = "[".repeat(100_000);
    assert_eq!(refused(&deep), JsonError::TooDeep { nesting_max: 64, position: 64 });
    assert!(parse(("[".repeat(64) + &"]".repeat(64)).as_bytes(), 200).is_ok());
}

#[test]
fn a_long_text_is_refused_unread() {
    assert_eq!(parse(b"[1,2]", 4), Err(JsonError::TooLarge { octets: 5, octets_max: 4 }));
}

#[test]
fn what_is_not_json_names_line_and_column() {
    assert!(matches!(refused("{\"a\":\n tru}"), JsonError::Syntax { line: 2, .. }));
    assert!(matches!(refused("1 2"), JsonError::Syntax { .. }));
    assert!(matches!(refused(""), JsonError::Syntax { .. }));
    assert!(parse(b"\"\xff\"", 64).is_err());
    assert!(parse(br#""\ud800""#, 64).is_err());
}
