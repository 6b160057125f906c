//! The licences of everything that is linked or built with: each must allow use under AGPL-3.0-or-later.
//!
//! The list of accepted licences is `xtask/licences.txt`; expressions are SPDX, where `OR` is a choice
//! and `AND` a sum.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::workspace::Metadata;

const ACCEPTED: &str = include_str!("../licences.txt");

/// Checks every resolved package, for every target and feature.
pub(crate) fn check() -> Result<()> {
    let accepted: BTreeSet<&str> = ACCEPTED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut faults = Vec::new();
    for package in &Metadata::read()?.packages {
        let expression = package.license.as_deref().unwrap_or("");
        if !is_accepted(expression, &accepted) {
            faults.push(format!(
                "{} {}: licence `{expression}` is not accepted; hint: use another crate, or add the licence to \
                 xtask/licences.txt with the reason why it is compatible",
                package.name, package.version
            ));
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// Whether an SPDX expression can be satisfied with accepted licences alone.
fn is_accepted(expression: &str, accepted: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut position = 0;
    let verdict = choice(&tokens, &mut position, accepted);
    position == tokens.len() && verdict == Some(true)
}

/// `sum OR sum OR …`; `None` when it is not an expression.
fn choice(tokens: &[&str], position: &mut usize, accepted: &BTreeSet<&str>) -> Option<bool> {
    let mut any = sum(tokens, position, accepted)?;
    while tokens.get(*position) == Some(&"OR") {
        *position += 1;
        any |= sum(tokens, position, accepted)?;
    }
    Some(any)
}

/// `licence AND licence AND …`
fn sum(tokens: &[&str], position: &mut usize, accepted: &BTreeSet<&str>) -> Option<bool> {
    let mut all = licence(tokens, position, accepted)?;
    while tokens.get(*position) == Some(&"AND") {
        *position += 1;
        all &= licence(tokens, position, accepted)?;
    }
    Some(all)
}

/// One licence, with its exception if it has one, or an expression in parentheses.
fn licence(tokens: &[&str], position: &mut usize, accepted: &BTreeSet<&str>) -> Option<bool> {
    let token = *tokens.get(*position)?;
    *position += 1;
    if token == "(" {
        let inner = choice(tokens, position, accepted)?;
        let closed = tokens.get(*position) == Some(&")");
        *position += 1;
        return closed.then_some(inner);
    }
    if tokens.get(*position) == Some(&"WITH") {
        // An exception only adds permissions.
        *position += 2;
    }
    Some(accepted.contains(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: bool) {
        assert_eq!(
            is_accepted(expression, &BTreeSet::from(["MIT", "Unicode-3.0"])),
            expected,
            "{expression}"
        );
    }

    #[test]
    fn a_choice_needs_one_accepted_licence() {
        check("GPL-2.0-only OR MIT", true);
    }

    #[test]
    fn a_sum_needs_every_licence() {
        check("MIT AND GPL-2.0-only", false);
    }

    #[test]
    fn parentheses_bind() {
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
    }

    #[test]
    fn the_old_slash_is_a_choice() {
        check("Unlicense/MIT", true);
    }

    #[test]
    fn a_package_without_a_licence_is_refused() {
        check("", false);
    }

    #[test]
    fn a_broken_expression_is_refused() {
        check("MIT OR", false);
        check("(MIT", false);
        check("MIT MIT", false);
    }
}
