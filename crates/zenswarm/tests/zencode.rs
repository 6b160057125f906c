//! `zenswarm zencode` as a process: what it prints, how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FINE: &str = "Rule check version 5.38.1\n\nGiven I have a 'string' named 'x'\n\nThen print the 'x'\n";
const OLD: &str =
    "Given I have a 'string array' named 'x'\nWhen I create the length of 'x'\nThen print the 'length'\n";
const BAD: &str = "Given nothing\nWhen I frobnicate\nFoo bar\nThen print the lot\n";

fn call(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_zenswarm"))
        .arg("zencode")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that does not read its input may be gone by now.
    drop(process.stdin.take().unwrap().write_all(input.as_bytes()));
    process.wait_with_output().unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[track_caller]
fn ends(files: &[(&str, &str)], arguments: &[&str], exit: i32) -> Output {
    let folder = folder(files);
    let output = call(folder.path(), arguments, "");
    assert_eq!(output.status.code(), Some(exit), "{}{}", text(&output.stdout), text(&output.stderr));
    output
}

#[test]
fn a_run_prints_the_output_alone() {
    let files = [("a.zen", FINE), ("d.json", r#"{"x":"y"}"#)];
    let output = ends(&files, &["run", "a.zen", "--data", "d.json"], 0);
    assert_eq!(text(&output.stdout), "{\"x\":\"y\"}\n");
}

#[test]
fn a_contract_comes_from_standard_input() {
    let folder = folder(&[]);
    let output = call(folder.path(), &["run", "-"], "Given nothing\nThen print string 'a'\n");
    assert_eq!(text(&output.stdout), "{\"output\":[\"a\"]}\n");
}

#[test]
fn a_seed_repeats_a_run() {
    let files = [("a.zen", "Given nothing\nWhen I create the random 'x'\nThen print the 'x'\n")];
    let output = ends(&files, &["run", "a.zen", "--seed", &"0".repeat(128)], 0);
    assert_eq!(text(&output.stdout), "{\"x\":\"XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=\"}\n");
}

#[test]
fn a_wrong_seed_is_a_wrong_command_line() {
    ends(&[("a.zen", FINE)], &["run", "a.zen", "--seed", "00"], 2);
}

#[test]
fn a_contract_that_is_not_there_is_a_wrong_command_line() {
    ends(&[], &["run", "a.zen"], 2);
}

#[test]
fn a_missing_input_is_underlined() {
    let output = ends(&[("a.zen", FINE)], &["run", "a.zen"], 1);
    let shown = text(&output.stderr);
    assert!(shown.contains("--> a.zen:3\n   |\n 3 | Given I have a 'string' named 'x'\n   |                               ^^^"), "{shown}");
}

#[test]
fn numbers_of_the_output_are_not_rounded_in_json() {
    let files = [
        ("a.zen", "Given I have a 'number' named 'n'\nThen print the 'n'\n"),
        ("d.json", r#"{"n":10000000000}"#),
    ];
    let output = ends(&files, &["run", "a.zen", "--data", "d.json", "--json"], 0);
    assert!(text(&output.stdout).starts_with(r#"{"output":{"n":1e+10},"warnings":["#));
}

#[test]
fn a_fault_of_a_run_is_one_json_document() {
    let output = ends(&[("a.zen", BAD)], &["run", "a.zen", "--json"], 1);
    let document: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(document["error"]["place"], "a.zen:2");
}

#[test]
fn a_contract_without_findings_passes_its_check() {
    ends(&[("a.zen", FINE)], &["check", "a.zen", "--strict"], 0);
}

#[test]
fn a_check_tells_every_fault_of_every_file() {
    let output = ends(&[("a.zen", BAD), ("b.zen", BAD)], &["check", "a.zen", "b.zen"], 1);
    let shown = text(&output.stdout);
    for place in ["a.zen:2", "a.zen:3", "a.zen:4", "b.zen:2", "b.zen:3", "b.zen:4"] {
        assert!(shown.contains(place), "{place}: {shown}");
    }
}

#[test]
fn an_old_sentence_is_a_warning() {
    let output = ends(&[("a.zen", OLD)], &["check", "a.zen"], 0);
    assert!(text(&output.stdout).contains("hint: write instead: create size of ''"));
}

#[test]
fn a_warning_is_a_finding_when_strict() {
    ends(&[("a.zen", OLD)], &["check", "a.zen", "--strict"], 1);
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let output = ends(&[("b.zen", BAD)], &["check", "a.zen", "b.zen"], 2);
    assert!(text(&output.stdout).contains("b.zen:2"));
}

#[test]
fn a_check_in_json_is_one_document_per_file() {
    let output = ends(&[("a.zen", BAD), ("b.zen", FINE)], &["check", "a.zen", "b.zen", "--json"], 1);
    let documents: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let counts: Vec<usize> =
        documents.iter().map(|document| document["errors"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [3, 0]);
}

#[test]
fn an_input_that_nothing_uses_is_a_warning() {
    let contract =
        "Given I have a 'string' named 'x'\nGiven I have a 'string' named 'y'\nThen print the 'x'\n";
    let output = ends(&[("a.zen", contract)], &["check", "a.zen"], 0);
    assert!(text(&output.stdout).contains("warning: nothing uses 'y'"));
}

#[test]
fn a_type_that_does_not_exist_is_a_warning() {
    let contract = "Given I have a 'sting' named 'x'\nThen print the 'x'\n";
    let output = ends(&[("a.zen", contract)], &["check", "a.zen"], 0);
    assert!(text(&output.stdout).contains("there is no type sting"));
}

#[test]
fn a_format_changes_the_file_in_place() {
    let folder = folder(&[("a.zen", "given nothing\nthen  print data\n")]);
    call(folder.path(), &["fmt", "a.zen"], "");
    assert_eq!(
        fs::read_to_string(folder.path().join("a.zen")).unwrap(),
        "Given nothing\n\nThen print data\n"
    );
}

#[test]
fn a_format_leaves_nothing_beside_the_file() {
    let folder = folder(&[("a.zen", "given nothing\nthen  print data\n")]);
    call(folder.path(), &["fmt", "a.zen"], "");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_format_check_changes_nothing() {
    let folder = folder(&[("a.zen", "given nothing\nthen print data\n")]);
    let output = call(folder.path(), &["fmt", "--check", "a.zen"], "");
    let kept = fs::read_to_string(folder.path().join("a.zen")).unwrap();
    assert_eq!((output.status.code(), kept.as_str()), (Some(1), "given nothing\nthen print data\n"));
}

#[test]
fn a_normal_form_passes_the_format_check() {
    ends(&[("a.zen", FINE)], &["fmt", "--check", "a.zen"], 0);
}

#[test]
fn a_contract_at_fault_is_not_formatted() {
    ends(&[("a.zen", BAD)], &["fmt", "a.zen"], 1);
}

#[test]
fn a_format_of_standard_input_goes_to_standard_output() {
    let folder = folder(&[]);
    let output = call(folder.path(), &["fmt", "-"], "given nothing\nthen print data\n");
    assert_eq!(text(&output.stdout), "Given nothing\n\nThen print data\n");
}

#[test]
fn completions_know_the_verbs() {
    let output = Command::new(env!("CARGO_BIN_EXE_zenswarm")).args(["completions", "bash"]).output().unwrap();
    assert!(text(&output.stdout).contains("--without-connectors"));
}
