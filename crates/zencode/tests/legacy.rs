//! Old sentences run, and say what to write today.

use zencode::{Concern, Contract, Inputs, Library, Limits, Phase, Seed, Settings, Step};

fn compile(text: &str) -> Contract {
    Contract::compile(text, Library::Language, &Limits::default()).expect("the contract compiles")
}

fn run(text: &str, data: &str) -> Result<String, String> {
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits: Limits::default() };
    let inputs = Inputs { data, ..Inputs::default() };
    let step = compile(text).start(inputs, settings).and_then(|mut run| run.step());
    match step.map_err(|failure| failure.to_string())? {
        Step::Done(output) => Ok(output.json),
        Step::Ask(request) => Err(format!("{request:?}")),
    }
}

#[track_caller]
fn check(text: &str, data: &str, expected: &str) {
    assert_eq!(run(text, data).as_deref(), Ok(expected));
}

const LIST: &str = r#"{"list":["a","b"],"x":"c","n":1,"m":2,"d":{"k":"v"},"same":["a","a"]}"#;

#[test]
fn insert_moves() {
    let text = "Given I have a 'string array' named 'list'\nand I have a 'string' named 'x'\n\
                When I insert 'x' in 'list'\nThen print data\n";
    check(text, LIST, r#"{"list":["a","b","c"]}"#);
}

#[test]
fn a_length_is_named_length() {
    let text = "Given I have a 'string array' named 'list'\nWhen I create the length of 'list'\nThen print the 'length'\n";
    check(text, LIST, r#"{"length":2}"#);
}

#[test]
fn a_length_leaves_a_size_alone() {
    let text = "Given I have a 'string array' named 'list'\nand I have a 'string' named 'x'\n\
                When I rename the 'x' to 'size'\nWhen I create the length of 'list'\n\
                Then print the 'length'\nThen print the 'size'\n";
    check(text, LIST, r#"{"length":2,"size":"c"}"#);
}

#[test]
fn a_second_length_is_refused() {
    let text = "Given I have a 'string array' named 'list'\nWhen I create the length of 'list'\n\
                When I create the length of 'list'\nThen print the 'length'\n";
    assert_eq!(run(text, LIST), Err("line 3: Cannot overwrite existing object: length".to_owned()));
}

#[test]
fn a_number_is_compared_without_verify() {
    let text = "Given I have a 'number' named 'n'\nand I have a 'number' named 'm'\n\
                If number 'n' is less than 'm'\nThen print string 'less'\nEndIf\n\
                If number 'n' is more or equal than 'm'\nThen print string 'more'\nEndIf\n";
    check(text, LIST, r#"{"output":["less"]}"#);
}

#[test]
fn elements_are_compared_without_verify() {
    let text = "Given I have a 'string array' named 'list'\nand I have a 'string array' named 'same'\n\
                If the elements in 'list' are not equal\nThen print string 'differ'\nEndIf\n\
                If the elements in 'same' are equal\nThen print string 'agree'\nEndIf\n";
    check(text, LIST, r#"{"output":["differ","agree"]}"#);
}

#[test]
fn something_is_found_without_verify() {
    let text = "Given I have a 'string array' named 'list'\nand I have a 'string' named 'x'\n\
                If the 'x' is not found in 'list'\nThen print string 'absent'\nEndIf\n\
                If 'x' is found\nThen print string 'present'\nEndIf\n";
    check(text, LIST, r#"{"output":["absent","present"]}"#);
}

#[test]
fn a_member_is_copied_out_of_its_dictionary() {
    let text = "Given I have a 'string dictionary' named 'd'\nWhen I create the copy of 'k' in 'd'\nThen print the 'copy'\n";
    check(text, LIST, r#"{"copy":"v"}"#);
}

#[test]
fn a_section_may_come_before_the_name() {
    let text = "Given I have inside 'd' a 'string'\nThen print the 'string'\n";
    check(text, r#"{"d":{"string":"v"}}"#, r#"{"string":"v"}"#);
}

#[test]
fn an_encoding_may_come_before_the_name() {
    check("Given I have a 'string' named 'x'\nThen print as 'hex' the 'x'\n", LIST, r#"{"x":"63"}"#);
}

#[test]
fn json_is_named_json() {
    let text = "Given I have a 'string dictionary' named 'd'\nWhen I create the json of 'd'\nThen print the 'json'\n";
    check(text, LIST, r#"{"json":"{\"k\":\"v\"}"}"#);
}

#[test]
fn the_warning_names_line_and_successor() {
    let contract = compile("Given nothing\nWhen I create the length of 'list'\nThen print data\n");
    let warnings: Vec<String> = contract.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["DEPRECATED: create length of '', use instead: create size of '' (line 2)"]);
}

#[test]
fn a_sentence_that_still_runs_but_is_deprecated_warns_the_same_way() {
    let contract = compile("Given nothing\nWhen I create the random object of '256' bits\nThen print data\n");
    assert_eq!(
        contract.warnings().iter().map(|warning| warning.concern).collect::<Vec<_>>(),
        [Concern::Deprecated]
    );
}

#[test]
fn a_sentence_without_successor_says_what_to_write() {
    let text = "Given nothing\nWhen I create the keypair\nThen print data\n";
    let fault = Contract::compile(text, Library::Language, &Limits::default()).expect_err("it is gone");
    assert!(fault.hint.is_some_and(|hint| hint.contains("create the ecdh key")));
}

#[test]
fn the_rule_of_old_servers_lets_unknown_lines_pass() {
    let text = "Rule caller restroom-mw\nGiven I connect to 'x' and save the output into 'y'\n\
                Given I have a 'string' named 'x'\nThen print the 'x'\nThen publish it\n";
    check(text, LIST, r#"{"x":"c"}"#);
}

#[test]
fn the_rule_of_old_servers_lets_keys_win_over_data() {
    let contract =
        compile("Rule caller restroom-mw\nGiven I have a 'string' named 'x'\nThen print the 'x'\n");
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits: Limits::default() };
    let inputs = Inputs { extra: "", data: r#"{"x":"data"}"#, keys: r#"{"x":"keys"}"# };
    let step = contract.start(inputs, settings).and_then(|mut run| run.step());
    assert!(matches!(step, Ok(Step::Done(output)) if output.json == r#"{"x":"keys"}"#));
}

#[test]
fn every_old_condition_is_an_old_statement_too() {
    let rows = zencode::LEGACY;
    for row in rows.iter().filter(|row| row.phase == Phase::If) {
        assert!(rows.iter().any(|other| other.phase == Phase::When && other.old == row.old), "{}", row.old);
    }
}
