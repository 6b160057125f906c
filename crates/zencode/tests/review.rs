//! A text is read to its end, and the Given phase can be looked at alone.

use zencode::{Contract, Input, InputPlace, Inputs, Library, Limits, Seed, Settings, Shape};

fn faults(text: &str) -> Vec<(Option<usize>, String)> {
    let review = Contract::review(text, Library::Language, &Limits::default());
    review.faults.into_iter().map(|fault| (fault.line, fault.message)).collect()
}

fn lines(text: &str) -> Vec<Option<usize>> {
    faults(text).into_iter().map(|(line, _)| line).collect()
}

#[test]
fn every_fault_is_found() {
    let text = "Rule foo\nGiven nothing\nWhen I frobnicate\nEndIf\nFoo bar\nThen print the lot\n";
    assert_eq!(lines(text), [Some(1), Some(3), Some(4), Some(5), Some(6)]);
}

#[test]
fn a_fault_is_told_once() {
    let text = "Given nothing\nIf I frobnicate\nWhen done\nEndIf\nThen print data\n";
    assert_eq!(lines(text), [Some(2)]);
}

#[test]
fn a_branch_that_stays_open_is_told_at_the_line_that_opens_it() {
    let text = "Given nothing\nWhen done\nIf I verify 'x' is found\nThen print data\n";
    assert_eq!(lines(text), [Some(3)]);
}

#[test]
fn a_text_without_fault_is_a_contract() {
    let review = Contract::review("Given nothing\nThen print data\n", Library::Language, &Limits::default());
    assert!(review.contract.is_some());
}

fn settings() -> Settings {
    Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits: Limits::default() }
}

fn declared(text: &str, data: &str) -> Result<String, String> {
    let contract = Contract::compile_given(text, Library::Language, &Limits::default());
    let inputs = Inputs { data, ..Inputs::default() };
    let declarations = contract.map_err(|fault| fault.to_string())?.declare(inputs, settings());
    declarations.map(|declarations| declarations.json).map_err(|failure| failure.to_string())
}

// The expected values below are the reference engine's answers under scope=given.

#[test]
fn a_missing_input_is_noted() {
    let text = "Given I have a 'string array' named 'a'\nand I have a 'foo' named 'b'\nand I have a 'foo array' named 'c'\n";
    let expected = r#"{"CODEC":{"a":{"encoding":"string","missing":true,"name":"a","zentype":"a"},"b":{"encoding":"base64","missing":true,"name":"b","zentype":"e"},"c":{"encoding":"base64","missing":true,"name":"c","zentype":"a"}}}"#;
    assert_eq!(declared(text, "").as_deref(), Ok(expected));
}

#[test]
fn what_comes_after_the_phase_is_not_read() {
    let expected = r#"{"CODEC":{"x":{"encoding":"string","missing":true,"name":"x","zentype":"e"}}}"#;
    let text = "Rule unknown ignore\nGiven foo\nGiven I have a 'string' named 'x'\nWhen foo\nfoo\n";
    assert_eq!(declared(text, "").as_deref(), Ok(expected));
}

#[test]
fn an_input_that_is_there_is_read() {
    let text = "Given I have a 'boolean' named 'a' in 'b'\nGiven I have a 'number' named 'n'\nGiven I have a 'integer' named 'i'\nGiven I have a 'time' named 't'\nGiven I have a 'number' named 's'";
    let data = r#"{"b":{"a":false},"n":2,"i":"5","t":"1600000000","s":null}"#;
    let expected = r#"{"CODEC":{"a":{"encoding":"boolean","name":"a","root":"b","zentype":"e"},"i":{"bintype":"zenroom.big","encoding":"integer","name":"i","zentype":"e"},"n":{"bintype":"zenroom.float","encoding":"float","name":"n","zentype":"e"},"s":{"encoding":"float","missing":true,"name":"s","zentype":"e"},"t":{"bintype":"zenroom.time","encoding":"time","name":"t","zentype":"e"}}}"#;
    assert_eq!(declared(text, data).as_deref(), Ok(expected));
}

#[test]
fn a_missing_section_is_a_fault() {
    let text = "Given I have a 'string' named 'a' in 'b'\n";
    assert_eq!(declared(text, ""), Err("line 1: Cannot find 'b'".to_owned()));
}

#[test]
fn an_input_that_does_not_fit_is_a_fault() {
    let text = "Given I have a 'hex' named 'a'\n";
    assert_eq!(declared(text, r#"{"a":"zz"}"#), Err("line 1: Cannot decode a with encoding hex".to_owned()));
}

#[test]
fn an_empty_text_is_there() {
    let expected =
        r#"{"CODEC":{"a":{"bintype":"zenroom.octet","encoding":"string","name":"a","zentype":"e"}}}"#;
    assert_eq!(declared("Given I have a 'string' named 'a'\n", r#"{"a":""}"#).as_deref(), Ok(expected));
}

#[test]
fn a_name_that_is_an_input_is_followed() {
    let expected = r#"{"CODEC":{"zed":{"encoding":"string","missing":true,"name":"zed","zentype":"e"}}}"#;
    assert_eq!(declared("Given I have a 'string' named by 'a'\n", r#"{"a":"zed"}"#).as_deref(), Ok(expected));
}

#[test]
fn two_missing_inputs_of_one_name_are_one() {
    let text = "Given I have a 'string' named 'x'\nGiven I have a 'hex' named 'x'\n";
    let expected = r#"{"CODEC":{"x":{"encoding":"hex","missing":true,"name":"x","zentype":"e"}}}"#;
    assert_eq!(declared(text, "").as_deref(), Ok(expected));
}

fn inputs(text: &str) -> Vec<Input> {
    Contract::compile(text, Library::Language, &Limits::default())
        .map(|contract| contract.inputs())
        .unwrap_or_default()
}

#[test]
fn an_input_tells_its_type_and_place_without_data() {
    let text = "Scenario 'eddsa'\nGiven I am 'Ada'\nGiven I have my 'eddsa public key array' named 'keys'\nThen print data\n";
    let expected = Input {
        name: Some("keys".to_owned()),
        kind: "eddsa_public_key_array".to_owned(),
        shape: Shape::Array,
        encoding: None,
        schema: Some("eddsa_public_key"),
        place: InputPlace::Section("Ada".to_owned()),
        line: 3,
    };
    assert_eq!(inputs(text), [expected]);
}

#[test]
fn a_bare_dictionary_is_a_dictionary_of_anything() {
    let inputs = inputs("Given I have a 'dictionary' named 'd'\nThen print data\n");
    assert_eq!(inputs.first().map(|input| (input.shape, input.encoding)), Some((Shape::Dictionary, None)));
}

/// Lines of every kind, right and wrong, that a random text is made of.
const LINES: &[&str] = &[
    "Rule unknown ignore",
    "Rule caller restroom-mw",
    "Rule path separator /",
    "Rule input encoding hex",
    "Rule",
    "Scenario 'eddsa'",
    "Given nothing",
    "Given I am 'a'",
    "Given I have a 'string' named 'a'",
    "Given I have my 'hex dictionary' named 'b'",
    "Given I have a 'number array' named 'c' in 'd'",
    "and I have a 'eddsa public key' from 'd'",
    "Given I have a 'string' named by 'a'",
    "Given I have a 'boolean' in path 'd.e.1'",
    "Given I have a 'string' part of 'a' after string prefix 'x'",
    "Given I have inside 'd' a 'e'",
    "Given the 'a' is valid",
    "Given I rename 'a' to 'z'",
    "and debug",
    "When I create the length of 'c'",
    "If the 'a' is found in 'c'",
    "and number 'a' is less than 'c'",
    "Foreach 'i' in 'c'",
    "EndIf",
    "EndForeach",
    "Then print as 'hex' the 'a'",
    "Then print data",
    "Foo bar",
    "# comment",
    "",
];

const INPUTS: &[&str] = &[
    "",
    "{}",
    "[1]",
    r#"{"a":"x y","b":{"c":"00"},"c":[1,2],"d":{"c":[3],"e":["true",false],"eddsa_public_key":"1"}}"#,
    r#"{"a":"","a_b":null,"d":[{"c":"x"}],"c":"no list"}"#,
    r#"{"a":{"b":{"c":"zz"}},"d":7}"#,
];

proptest::proptest! {
    #[test]
    fn any_text_is_reviewed_and_laid_out_or_refused(text in "\\PC{0,120}", lines in proptest::collection::vec(proptest::sample::select(LINES), 0..16)) {
        for text in [text, lines.join("\n")] {
            let review = Contract::review(&text, Library::Connectors, &Limits::default());
            let formed = zencode::normal_form(&text, Library::Connectors, &Limits::default());
            proptest::prop_assert_eq!(formed.is_ok(), review.faults.is_empty(), "{}", text);
            proptest::prop_assert_eq!(review.contract.is_some(), review.faults.is_empty());
        }
    }

    #[test]
    fn the_first_fault_of_a_review_is_the_fault_of_compiling(lines in proptest::collection::vec(proptest::sample::select(LINES), 0..16)) {
        let text = lines.join("\n");
        let review = Contract::review(&text, Library::Language, &Limits::default());
        let compiled = Contract::compile(&text, Library::Language, &Limits::default());
        proptest::prop_assert_eq!(compiled.err(), review.faults.into_iter().next());
    }

    #[test]
    fn any_given_phase_is_declared_or_refused(lines in proptest::collection::vec(proptest::sample::select(LINES), 0..10), data in proptest::sample::select(INPUTS)) {
        if let Ok(contract) = Contract::compile_given(&lines.join("\n"), Library::Language, &Limits::default()) {
            drop(contract.inputs());
            let inputs = Inputs { data, ..Inputs::default() };
            if let Ok(declarations) = contract.declare(inputs, settings()) {
                let found = declarations.json.starts_with(r#"{"CODEC":"#);
                proptest::prop_assert!(found);
            }
        }
    }
}

#[test]
fn a_trace_begins_with_the_lines_that_were_ignored() {
    let text = "Rule unknown ignore\nGiven foo\nGiven nothing\nThen print 'x'\n";
    let contract = Contract::compile(text, Library::Language, &Limits::default());
    let failed =
        contract.map(|contract| contract.start(Inputs::default(), settings()).and_then(|mut run| run.step()));
    let trace = failed.ok().and_then(Result::err).map(|failure| failure.trace);
    assert_eq!(trace.unwrap_or_default(), ["-2  Given foo", "+3  Given nothing", "+4  Then print 'x'"]);
}
