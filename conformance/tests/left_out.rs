//! Says what plain `cargo test` left out, so that nobody takes a part for the whole.

use std::io::Write;

use conformance::committed_cases;

#[test]
fn plain_cargo_test_says_what_it_left_out() {
    let (cases, _) = committed_cases().expect("the committed cases can be read");
    // Straight to the standard error: the test runner swallows what `eprintln!` prints.
    let written = writeln!(
        std::io::stderr(),
        "left out here: the {} conformance cases against the real reference engine, lints, licences and generated files. \
         `cargo xtask test` runs them all.",
        cases.len()
    );
    assert!(written.is_ok());
}
