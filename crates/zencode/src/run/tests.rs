//! Runs that are interrupted.

use super::{Inputs, Run, Settings, Step};
use crate::contract::{Contract, Library};
use crate::limits::Limits;
use crate::request::{Answer, Request};
use zencode_crypto::random::Seed;

const LOOP: &str = "\
Given I have a 'number array' named 'numbers'
When I create the 'number array' named 'doubled'
Foreach 'number' in 'numbers'
When I create the result of 'number' + 'number'
When I move 'result' in 'doubled'
EndForeach
When I create the random 'nonce'
Then print the 'doubled'
Then print the 'nonce'
";

fn start(text: &str, library: Library, data: &str) -> Run {
    let contract = Contract::compile(text, library, &Limits::default()).unwrap();
    let settings = Settings { seed: Seed::Reference([7; 64]), now_ms: 0, limits: Limits::default() };
    contract.start(Inputs { data, ..Inputs::default() }, settings).unwrap()
}

fn looping() -> Run {
    start(LOOP, Library::Language, r#"{"numbers":[1,2,3]}"#)
}

fn done(step: Step) -> String {
    match step {
        Step::Done(output) => output.json,
        Step::Ask(request) => panic!("asks {request:?}"),
    }
}

#[test]
fn an_interrupted_run_gives_what_an_uninterrupted_one_gives() {
    let whole = done(looping().step().unwrap());
    assert!(whole.contains(r#""doubled":[2,4,6]"#), "{whole}");
    for statements in 1..20 {
        let mut run = looping();
        let output = loop {
            if let Some(step) = run.step_within(statements).unwrap() {
                break done(step);
            }
        };
        assert_eq!(output, whole, "{statements} at a time");
    }
}

#[test]
fn a_slice_ends_after_as_many_statements_as_it_is_given() {
    let mut run = looping();
    assert_eq!(run.step_within(2).unwrap(), None);
    assert_eq!(run.executed, 2);
    assert_eq!(run.last_line(), Some((2, "When I create the 'number array' named 'doubled'")));
}

#[test]
fn the_limit_of_statements_counts_over_all_slices() {
    let mut run = looping();
    run.machine.limits.statements_max = 5;
    let failure = loop {
        if let Err(failure) = run.step_within(1) {
            break failure;
        }
    };
    assert!(failure.diagnostic.message.contains("5 statements"), "{failure:?}");
}

#[test]
fn a_request_interrupts_a_slice() {
    let text = "Given I fetch the local timestamp and store it into 'now'\n\
        Given I have a 'string' named 'now'\nThen print the 'now'\n";
    let mut run = start(text, Library::Connectors, "");
    assert_eq!(run.step_within(100).unwrap(), Some(Step::Ask(Request::Time)));
    assert_eq!(run.step_within(100).unwrap(), Some(Step::Ask(Request::Time)));
    run.answer(Answer::Time(12));
    assert!(run.step_within(100).unwrap().is_some());
}
