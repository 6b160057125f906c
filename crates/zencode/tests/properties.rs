//! Random input of every kind ends in an output or in a clear failure: it never panics, and never runs on.

use proptest::prelude::*;
use zencode::{Cause, Contract, Inputs, LIBRARY, Library, Limits, Seed, Settings, Step};

/// Limits small enough that a thousand hostile runs take a second.
fn limits() -> Limits {
    Limits { statements_max: 2_000, iterations_max: 50, heap_octets_max: 1 << 20, ..Limits::default() }
}

fn settings() -> Settings {
    Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits: limits() }
}

/// Compiles and runs; what matters is that it comes back.
fn run(script: &str, data: &str, keys: &str) {
    let Ok(contract) = Contract::compile(script, Library::Connectors, &limits()) else { return };
    let inputs = Inputs { extra: "", data, keys };
    if let Ok(mut run) = contract.start(inputs, settings()) {
        let _ = run.step();
    }
}

/// Every sentence of the language, as a line of its phase.
fn sentences() -> Vec<(String, String)> {
    let all = LIBRARY.iter().flat_map(zencode::Scenario::sentences);
    all.map(|(phase, sentence, _)| (phase.name().to_owned(), sentence)).collect()
}

/// A line with random names in its quoted parts.
fn line(phase: &'static str) -> impl Strategy<Value = String> {
    let lines: Vec<String> =
        sentences().into_iter().filter(|(found, _)| found == phase).map(|(_, sentence)| sentence).collect();
    let name = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("list".to_owned()),
        Just("map".to_owned()),
        Just("string".to_owned()),
        Just("1".to_owned()),
        Just("-3.5".to_owned()),
        Just("keyring".to_owned()),
        "[ -~]{0,12}".prop_map(|text| text.replace('\'', "")),
    ];
    (prop::sample::select(lines), prop::collection::vec(name, 8)).prop_map(move |(sentence, names)| {
        let mut text = format!("{phase} I ");
        let mut names = names.into_iter().cycle();
        for (index, part) in sentence.split("''").enumerate() {
            if index > 0 {
                text.push_str(&format!("'{}'", names.next().unwrap_or_default()));
            }
            text.push_str(part);
        }
        text
    })
}

const DATA: &str =
    r#"{"a":"text","b":12.5,"list":["1","2","3"],"map":{"x":"y","z":{"a":true}},"t":1700000000}"#;

const DECLARED: &str = "Given I have a 'string' named 'a'\nGiven I have a 'number' named 'b'\n\
                        Given I have a 'string array' named 'list'\nGiven I have a 'string dictionary' named 'map'\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_contract_or_a_fault(script in "\\PC{0,300}") {
        run(&script, "{}", "");
    }

    #[test]
    fn any_text_is_an_input_or_a_fault(data in "\\PC{0,300}") {
        run("Given I have a 'string' named 'a'\nThen print data", &data, "");
    }

    #[test]
    fn any_mutation_of_an_input_is_an_input_or_a_fault(at in 0..DATA.len(), octet in 32_u8..127) {
        let mut octets = DATA.as_bytes().to_vec();
        octets[at] = octet;
        let data = String::from_utf8(octets).expect("printable ASCII is UTF-8");
        run(&format!("{DECLARED}Then print data"), &data, "");
    }

    #[test]
    fn statements_in_any_order_end(
        given in prop::collection::vec(line("given"), 0..3),
        when in prop::collection::vec(line("when"), 0..6),
        then in prop::collection::vec(line("then"), 0..3),
    ) {
        let script = format!("{DECLARED}{}\n{}\n{}", given.join("\n"), when.join("\n"), then.join("\n"));
        run(&script, DATA, "");
    }

    #[test]
    fn branches_and_loops_in_any_order_end(
        condition in line("if"),
        turn in line("foreach"),
        body in prop::collection::vec(line("when"), 1..4),
    ) {
        let body = body.join("\n");
        run(&format!("{DECLARED}{condition}\n{body}\nEndIf\n{turn}\n{body}\nEndForeach\nThen print data"), DATA, "");
    }

    #[test]
    fn any_keyring_is_read_or_refused(name in "[a-z0-9_]{1,12}", key in "[ -~]{0,64}") {
        let key = key.replace(['"', '\\'], "");
        let keys = format!(r#"{{"keyring":{{"{name}":"{key}"}}}}"#);
        run("Given I have a 'keyring'\nThen print the keyring", "", &keys);
    }
}

/// Runs to the failure.
fn fails(script: &str, limits: Limits) -> Cause {
    let contract = Contract::compile(script, Library::Language, &limits).expect("it compiles");
    let settings = Settings { limits, ..settings() };
    let mut run = contract.start(Inputs::default(), settings).expect("it starts");
    match run.step() {
        Ok(Step::Done(output)) => panic!("it ended with {}", output.json),
        Ok(Step::Ask(request)) => panic!("it asked {request:?}"),
        Err(failure) => failure.diagnostic.cause,
    }
}

#[test]
fn a_loop_ends_at_its_limit() {
    let script = "Given nothing\nWhen I write number '1' in 'from'\nWhen I write number '1000' in 'to'\n\
                  Foreach 'i' in sequence from 'from' to 'to' with step 'from'\nWhen I done\nEndForeach\nThen print data";
    assert_eq!(fails(script, limits()), Cause::Limit);
}

#[test]
fn an_object_that_doubles_stops_at_the_memory_limit() {
    let doubling = "When I copy 'a' to 'b'\nWhen I append 'b' to 'a'\nWhen I remove 'b'\n".repeat(40);
    let script = format!("Given nothing\nWhen I create the random 'a'\n{doubling}Then print data");
    assert_eq!(fails(&script, limits()), Cause::Limit);
}

#[test]
fn a_dictionary_put_into_itself_again_and_again_stops_at_the_nesting_limit() {
    let deeper =
        "When I create the new dictionary named 'b'\nWhen I move 'a' in 'b'\nWhen I rename 'b' to 'a'\n";
    let script = format!(
        "Given nothing\nWhen I create the new dictionary named 'a'\n{}Then print data",
        deeper.repeat(300)
    );
    assert_eq!(fails(&script, limits()), Cause::Limit);
}

#[test]
fn a_random_object_larger_than_memory_is_refused_before_it_is_made() {
    let script = "Given nothing\nWhen I create the random of '900000000' bytes\nThen print data";
    assert_eq!(fails(script, limits()), Cause::Limit);
}

#[test]
fn an_input_over_its_limit_is_refused() {
    let limits = Limits { input_octets_max: 10, ..limits() };
    let contract = Contract::compile("Given nothing\nThen print data", Library::Language, &limits);
    let inputs = Inputs { data: r#"{"a":"0123456789"}"#, ..Inputs::default() };
    let failure = contract.expect("it compiles").start(inputs, Settings { limits, ..settings() });
    assert_eq!(failure.expect_err("it is too large").diagnostic.cause, Cause::Limit);
}
