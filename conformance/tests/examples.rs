//! Every statement is shown at work in its documentation, and no example stands for two.

use std::collections::BTreeMap;

use conformance::{Recording, Settings, committed_cases, host_examples, statements_without_example};

#[test]
fn every_statement_has_an_example() {
    let without = statements_without_example();
    assert!(without.is_empty(), "statements without an example:\n{}", without.join("\n"));
}

#[test]
fn no_two_examples_are_the_same() {
    let (cases, _) = committed_cases().expect("the committed cases can be read");
    let mut known = BTreeMap::new();
    for case in cases.into_iter().filter(|case| case.name.starts_with("example/")) {
        let twin = known.insert((case.script, case.data, case.keys), case.name.clone());
        assert!(twin.is_none(), "{} is the same as {twin:?}", case.name);
    }
}

#[test]
fn a_connectors_example_asks_its_host_for_what_the_sentence_says() {
    for example in host_examples().expect("the examples can be read") {
        let (asked, _) = example.run(&Settings::default()).expect(example.statement);
        let expected = EXPECTED.iter().find(|(statement, _)| *statement == example.statement);
        let (_, expected) = expected.unwrap_or_else(|| panic!("{}: {asked:?} is new", example.statement));
        assert_eq!(asked.map(|request| request.target()).as_deref(), *expected, "{}", example.statement);
    }
}

/// What the examples ask for; nothing where it is computed.
const EXPECTED: &[(&str, Option<&str>)] = &[
    ("have_endpoint", Some("GET http://192.0.2.7")),
    ("connect", Some("GET https://weather.example")),
    ("connect_and_pass", Some("POST https://archive.example")),
    ("read_request", Some("caller")),
    ("parallel_get", Some("GET https://weather.example")),
    ("parallel_get_array", Some("GET https://weather.example and 1 more")),
    ("parallel_post", Some("POST https://archive.example")),
    ("parallel_post_array", Some("POST https://a.example and 1 more")),
    ("parallel_post_array_within", Some("POST https://a.example")),
    ("parallel_post_each", Some("POST https://a.example and 1 more")),
    ("pass_output", Some("POST https://archive.example")),
    ("get", Some("GET https://weather.example")),
    ("submit", Some("POST https://archive.example")),
    ("read_content", Some("read office.json")),
    ("read_content_into", Some("read 2026/prices.json")),
    ("list_content", Some("list 2026")),
    ("store", Some("store 2026/report.json")),
    ("download", Some("extract https://releases.example into releases/7")),
    ("read_file", Some("read 2027/prices.json")),
    ("read_verbatim", Some("read poems/1.txt")),
    ("store_in_file", Some("store poems/2.txt")),
    ("list_directory", Some("list poems")),
    ("verify_file", Some("verify poems/3.txt")),
    ("download_and_extract", Some("extract https://releases.example into releases/8")),
    ("fetch_local_timestamp", Some("time")),
    ("fetch_time", Some("time")),
    ("append", Some("log oracle.log")),
    ("append_named", Some("log gates/north.log")),
    ("append_array", Some("log gates.log")),
    ("resolve_from", Some("did did:dyne:sandbox:4Qx1Cd")),
    ("resolve", Some("did did:dyne:sandbox:7Rb2Ef")),
    ("have_redis", Some("redis://cache.example:6379")),
    ("read_key", Some("redis://cache.example")),
    ("read_keys_containing", Some("redis://cache.example")),
    ("increment_key", Some("redis://cache.example")),
    ("write_output", Some("redis://cache.example")),
    ("write_output_named", Some("redis://cache.example")),
    ("write_value", Some("redis://cache.example")),
    ("remove_key", Some("redis://cache.example")),
    ("write_object", Some("redis://cache.example")),
    ("read_from_redis", Some("redis://cache.example")),
    ("delete_key", Some("redis://cache.example")),
    ("have_database", Some("sqlite archive.db")),
    ("have_table", Some("sqlite archive.db")),
    ("execute_statement", Some("postgres://db.example")),
    ("execute_with_parameters", Some("postgres://db.example")),
    ("read_record", Some("postgres://db.example")),
    ("save_output", Some("sqlite archive.db")),
    ("save_value", Some("sqlite archive.db")),
    ("execute_sql", Some("sqlite archive.db")),
    ("execute_parametrized", Some("sqlite archive.db")),
    ("read_record_of_table", Some("sqlite archive.db")),
    ("save_variable", Some("sqlite archive.db")),
    ("verify_path", Some("git notes")),
    ("clone_into", Some("git copies/notes from https://git.example")),
    ("make_commit", Some("git notes")),
    ("verify_repository", Some("git notes")),
    ("clone_repository", Some("git copies/more notes from https://git.example")),
    ("create_commit", Some("git notes")),
    ("connect_influx", Some("https://meters.example:8086")),
    ("execute_flux", Some("https://meters.example:8086")),
    ("execute_flux_array", Some("https://meters.example:8086")),
    ("write_lines", Some("https://meters.example:8086")),
    ("get_member", None),
    ("set_member", None),
    ("merge", None),
    ("omit", None),
    ("concat", None),
    ("compact", None),
    ("pick", None),
    ("delete", None),
    ("create_qr_code", None),
    ("execute_zencode", None),
    ("validate_json", None),
];

#[test]
fn a_connectors_example_prints_what_the_reference_prints_of_the_same_answer() {
    for example in host_examples().expect("the examples can be read") {
        let (_, printed) = example.run(&Settings::default()).expect(example.statement);
        let recorded = Recording::read(&example.case).expect("a recording can be read");
        let recorded = recorded.expect("every case has one").outcome().expect("a recording can be read");
        assert_eq!(conformance::Outcome::Printed(printed), recorded, "{}", example.statement);
    }
}
