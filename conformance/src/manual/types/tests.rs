use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Map, Value};

use super::*;
use crate::compare::Outcome;
use crate::recording::Recording;
use crate::suite::committed_cases;

/// Types that the reference engine cannot print, or that no contract prints under their own name.
const NOT_PRINTED: &[&str] = &[
    "multihash_sha256",
    "multihash_sha512",
    "multihash_sha3_512",
    "multihash_sha3_256",
    "multihash_shake256",
    "multihash_keccak256",
];

/// What the reference engine printed under the names of types, by contracts with the usual encodings.
fn printed() -> BTreeMap<String, Vec<Value>> {
    let mut printed: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let (cases, _) = committed_cases().unwrap();
    for case in cases.iter().filter(|case| !case.script.contains("encoding") && case.conf.is_none()) {
        let Some(recording) = Recording::read(case).unwrap() else { continue };
        let Ok(Outcome::Printed(output)) = recording.outcome() else { continue };
        let members: Map<String, Value> = serde_json::from_str(&output).unwrap_or_default();
        for (name, value) in members {
            printed.entry(name).or_default().push(value);
        }
    }
    printed
}

fn octets_in(text: &str, encoding: Option<&str>) -> Option<usize> {
    match encoding {
        None => BASE64.decode(text.as_bytes()).ok().map(|octets| octets.len()),
        Some("base58") => bs58::decode(text).into_vec().ok().map(|octets| octets.len()),
        Some("hex") => {
            let digits = text.strip_prefix("0x").unwrap_or(text).to_lowercase();
            HEXLOWER.decode(digits.as_bytes()).ok().map(|octets| octets.len())
        }
        Some(other) => panic!("octets in {other}"),
    }
}

/// Whether a value is one of a type, as its description says.
fn is_one(shape: &Shape, value: &Value) -> bool {
    let has = |value: &Value, members: &[&str]| members.iter().all(|name| value.get(name).is_some());
    match &shape.form {
        Form::Octets(lengths) => {
            let found = value.as_str().and_then(|text| octets_in(text, shape.encoding));
            found.is_some_and(|found| lengths.is_empty() || lengths.contains(&found))
        }
        Form::Text => value.is_string(),
        Form::Dictionary(members) => value.is_object() && has(value, members),
        Form::Array(members) => value
            .as_array()
            .is_some_and(|items| !items.is_empty() && items.iter().all(|item| has(item, members))),
    }
}

#[test]
fn every_type_of_the_library_is_described_once_and_in_its_order() {
    let types: Vec<&str> = zencode::LIBRARY.iter().flat_map(zencode::Scenario::types).collect();
    assert_eq!(SHAPES.iter().map(|shape| shape.name).collect::<Vec<_>>(), types);
    assert_eq!(types.iter().collect::<BTreeSet<_>>().len(), types.len());
}

#[test]
fn the_reference_engine_printed_each_type_as_it_is_described() {
    let printed = printed();
    let shown = |shape: &&Shape| {
        printed.get(shape.name).is_some_and(|values| values.iter().any(|it| is_one(shape, it)))
    };
    let without: Vec<&str> = SHAPES.iter().filter(|shape| !shown(shape)).map(|shape| shape.name).collect();
    assert_eq!(without, NOT_PRINTED);
}

#[test]
fn a_description_says_form_and_remark() {
    let shape = SHAPES.iter().find(|shape| shape.name == "eddsa_signature").unwrap();
    assert_eq!(description(shape), "64 octets: RFC 8032");
    let shape = SHAPES.iter().find(|shape| shape.name == "ecdh_signature").unwrap();
    assert_eq!(description(shape), "a dictionary of `r`, `s`: 32 octets each");
}
