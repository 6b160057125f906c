//! Every committed case against what the reference engine answered when it was recorded. Needs no Node.js.

use conformance::{Recording, Row, Settings, Table, committed_cases, compare, ours};

#[test]
fn every_case_has_a_recording() {
    let (cases, _) = committed_cases().expect("the committed cases can be read");
    for case in cases {
        let recording = Recording::read(&case).expect("a recording can be read");
        assert!(recording.is_some(), "{} has no recording: run `cargo xtask generate`", case.name);
    }
}

#[test]
fn every_case_agrees_with_its_recording_or_says_why_not() {
    let (cases, known) = committed_cases().expect("the committed cases can be read");
    let mut rows = Vec::new();
    for case in cases {
        let settings = case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf);
        let settings = settings.expect("the conf of a committed case can be read");
        let recorded = Recording::read(&case).expect("a recording can be read").expect("every case has one");
        let recorded = recorded.outcome().expect("a recording can be read");
        rows.push(Row { case: case.name.clone(), verdict: compare(&ours::run(&case, &settings), &recorded) });
    }
    let table = Table::new(rows, known);
    assert!(table.unexplained().is_empty() && table.stale().is_empty(), "{}", table.text(false));
}
