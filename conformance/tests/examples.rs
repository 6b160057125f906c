//! Every statement is shown at work in its documentation, and no example stands for two.

use std::collections::BTreeMap;

use conformance::{Recording, Settings, committed_cases, host_examples, statements_without_example};
use zencode::{HttpMethod, HttpRequest, Request};

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
    let get = |url: &str| http(HttpMethod::Get, url, None);
    let file = |path: &str| Request::File { path: path.to_owned() };
    let letter = "{\"text\":\"Meet me.\",\"to\":\"Ugo\"}";
    let expected = BTreeMap::from([
        ("fetch_local_timestamp", Request::Time),
        ("have_endpoint", get("http://192.0.2.7/books")),
        ("connect", get("https://weather.example/ivrea")),
        ("connect_and_pass", http(HttpMethod::Post, "https://archive.example/letters", Some(letter))),
        ("read_content", file("office.json")),
        ("read_content_into", file("2026/prices.json")),
    ]);
    let examples = host_examples().expect("the examples can be read");
    let asked = examples.iter().map(|example| {
        let (request, _) = example.run(&Settings::default()).expect(example.statement);
        (example.statement, request)
    });
    assert_eq!(asked.collect::<BTreeMap<_, _>>(), expected);
}

#[test]
fn a_connectors_example_prints_what_the_reference_prints_of_the_same_answer() {
    for example in host_examples().expect("the examples can be read") {
        let (_, printed) = example.run(&Settings::default()).expect(example.statement);
        let recorded = Recording::read(&example.case).expect("a recording can be read");
        let recorded = recorded.expect("every case has one").outcome().expect("a recording can be read");
        assert_eq!(conformance::Outcome::Printed(printed), recorded, "{}", example.statement);
    }
}

fn http(method: HttpMethod, url: &str, body: Option<&str>) -> Request {
    Request::Http(HttpRequest { method, url: url.to_owned(), body: body.map(str::to_owned) })
}
