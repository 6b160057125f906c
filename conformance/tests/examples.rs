//! Statements without a runnable example in their documentation: fewer with each change, never more.

use conformance::statements_without_example;

/// Statements that still lack an example. Lower it after writing one; never raise it.
const WITHOUT_EXAMPLE: usize = 6;

#[test]
fn a_new_statement_has_an_example() {
    let without = statements_without_example();
    assert!(
        without.len() <= WITHOUT_EXAMPLE,
        "{} statements lack an example, at most {WITHOUT_EXAMPLE} may; write one for yours:\n{}",
        without.len(),
        without.join("\n")
    );
}

#[test]
fn the_count_of_missing_examples_is_lowered_when_one_is_written() {
    let without = statements_without_example().len();
    assert!(without >= WITHOUT_EXAMPLE, "lower WITHOUT_EXAMPLE to {without}");
}
