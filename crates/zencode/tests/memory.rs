//! Contracts that try to fill memory: each ends at a limit, names its line, and leaves the process small.

use std::sync::Mutex;

use zencode::{Cause, Contract, Inputs, Library, Limits, Settings};
use zencode_crypto::random::Seed;

const HEAP_OCTETS: usize = 32 * 1024 * 1024;

/// What the process may take beside the heap limit, and how often a value may be there while it is copied.
const PROCESS_OCTETS: usize = 32 * 1024 * 1024;
const COPIES: usize = 2;

/// The process is measured, so that only one contract may run in it.
static ALONE: Mutex<()> = Mutex::new(());

/// The most memory that this process ever had, in octets; zero where the system does not say.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kibibytes.map_or(0, |kibibytes| kibibytes * 1024)
}

/// Runs a contract that has to stop at a limit in a line, in bounded memory.
fn check(script: &str, data: &str, line: Option<usize>) {
    assert_eq!(line_that_stops(script, data), line);
}

fn line_that_stops(script: &str, data: &str) -> Option<usize> {
    let _alone = ALONE.lock();
    let limits = Limits { heap_octets_max: HEAP_OCTETS, statements_max: 50_000, ..Limits::default() };
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits };
    let contract = Contract::compile(script, Library::Language, &limits).expect("it compiles");
    let run = contract.start(Inputs { data, ..Inputs::default() }, settings);
    let failure = match run {
        Ok(mut run) => run.step().expect_err("it has to stop"),
        Err(failure) => failure,
    };
    assert_eq!(failure.diagnostic.cause, Cause::Limit, "{}", failure.diagnostic.message);
    assert!(failure.diagnostic.message.contains(char::is_numeric), "{}", failure.diagnostic.message);
    assert!(peak() < COPIES * HEAP_OCTETS + PROCESS_OCTETS, "{} octets were taken", peak());
    failure.diagnostic.line
}

/// A loop of a thousand turns over these lines, the first of which is line 4.
fn turns(declared: &str, body: &str) -> String {
    format!(
        "Given I have a 'string array' named 'turns'\n{declared}\nForeach 'turn' in 'turns'\n{body}\nEndForeach\n\
         Then print data"
    )
}

fn data(other: &str) -> String {
    let turns: Vec<String> = (0..1000).map(|turn| format!("\"{turn}\"")).collect();
    format!("{{\"turns\":[{}],{other}}}", turns.join(","))
}

#[test]
fn a_text_that_doubles_stops() {
    let script = turns("Given I have a 'string' named 'x'", "When I append 'x' to 'x'");
    check(&script, &data(r#""x":"abc""#), Some(4));
}

#[test]
fn a_text_that_grows_by_much_each_turn_stops() {
    let script =
        turns("Given I have a 'string' named 'x'", "When I append the 'binary' of 'turns text' to 'x'");
    let script = script.replace("'turns text'", "'x'");
    check(&script, &data(r#""x":"abc""#), Some(4));
}

#[test]
fn a_text_that_is_encoded_again_and_again_stops() {
    let body = "When I copy 'x' as 'binary' to 'y'\nWhen I remove 'x'\nWhen I rename 'y' to 'x'";
    check(&turns("Given I have a 'string' named 'x'", body), &data(r#""x":"abc""#), Some(4));
}

#[test]
fn a_json_text_of_json_texts_stops() {
    let body = "When I create the json escaped string of 'x'\nWhen I remove 'k' from 'x'\n\
                When I move 'json escaped string' to 'k' in 'x'";
    check(
        &turns("Given I have a 'string dictionary' named 'x'", body),
        &data(r#""x":{"k":"\"\""}"#),
        Some(4),
    );
}

#[test]
fn an_array_that_doubles_stops() {
    let script = turns("Given I have a 'string array' named 'x'", "When I copy the contents of 'x' in 'x'");
    check(&script, &data(r#""x":["a"]"#), Some(4));
}

#[test]
fn an_array_of_itself_stops() {
    let script = turns("Given I have a 'string array' named 'x'", "When I copy the 'x' in 'x'");
    check(&script, &data(r#""x":["a"]"#), Some(4));
}

#[test]
fn copies_of_a_large_array_stop() {
    let items = vec!["\"y\""; 50_000].join(",");
    let script =
        turns("Given I have a 'string array' named 'x'", "When I copy 'x' to 'y'\nWhen I remove 'y'");
    check(&script, &data(&format!("\"x\":[{items}]")), Some(4));
}

#[test]
fn a_text_split_into_many_parts_stops() {
    let script = turns(
        "Given I have a 'string' named 'x'",
        "When I write string ',' in 's'\nWhen I create the array by splitting 'x' at 's'\nWhen I remove 's'\n\
         When I rename 'array' to 'kept'\nWhen I remove 'kept'",
    );
    check(&script, &data(&format!("\"x\":\"{}\"", "a,".repeat(400_000))), Some(5));
}

#[test]
fn loops_inside_loops_stop_at_the_statement_limit() {
    let script = turns(
        "Given I have a 'string array' named 'x'",
        "Foreach 'other' in 'turns'\nForeach 'third' in 'turns'\nWhen done\nEndForeach\nEndForeach",
    );
    let line = line_that_stops(&script, &data(r#""x":["a"]"#));
    assert!(line.is_some_and(|line| (3..=8).contains(&line)), "line {line:?} is not in a loop");
}

#[test]
fn tables_shared_in_many_places_stop() {
    let script = turns(
        "Given I have a 'string dictionary' named 'x'",
        "When I create the new array\nWhen I copy 'x' to 'y' in 'new array'\nWhen I rename 'turn' to 'name'\n\
         When I copy 'x' to 'z' in 'new array'\nWhen I copy 'name' in 'x'\nWhen I rename 'name' to 'turn'\n\
         When I remove 'name' from 'x'\nWhen I remove 'new array'",
    );
    let text = "y".repeat(40_000);
    check(&script, &data(&format!("\"x\":{{\"a\":\"{text}\"}}")), Some(5));
}

#[test]
fn an_input_of_many_small_values_is_refused() {
    let inner = format!("[{}]", vec!["0"; 100_000].join(","));
    let script = "Given I have a 'float array' named 'x'\nThen print 'x'";
    check(script, &format!("{{\"x\":[{}]}}", vec![inner; 70].join(",")), None);
}

#[test]
fn printing_much_in_a_long_encoding_stops() {
    let copies: Vec<String> = (0..20).map(|copy| format!("When I copy 'x' to 'x{copy}'\n")).collect();
    let script = format!("Given I have a 'string' named 'x'\n{}Then print data as 'binary'", copies.concat());
    check(&script, &format!("{{\"x\":\"{}\"}}", "abc".repeat(200_000)), Some(22));
}
