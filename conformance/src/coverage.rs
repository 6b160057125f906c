//! What the recordings say about each statement: in how many cases it is used, and how many of them agree.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use zencode::{Contract, Library};

use crate::case::Case;
use crate::catalogue::key;
use crate::compare::{Verdict, compare};
use crate::difference::KnownDifferences;
use crate::ours;
use crate::recording::Recording;
use crate::settings::Settings;
use crate::suite::committed_cases;

mod page;

pub(crate) use page::page;

/// Cases, and how many of them agree: both engines printed the same octets or refused on the same line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) agree: usize,
    pub(crate) cases: usize,
}

impl Count {
    fn add(&mut self, agrees: bool) {
        self.cases += 1;
        self.agree += usize::from(agrees);
    }
}

/// The comparison of every committed case with its recording.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// By `SCENARIO/STATEMENT`.
    statements: BTreeMap<String, Count>,
    /// By the name of the case.
    agreements: BTreeMap<String, bool>,
    /// Cases in which both engines printed the same octets.
    same_output: usize,
    /// Cases in which both refused.
    both_fail: usize,
    /// Cases that the compiler refuses: they use no statement.
    not_compiled: Count,
    known: KnownDifferences,
}

impl Coverage {
    /// Runs every committed case.
    ///
    /// # Errors
    /// When a case, its recording or the list of differences cannot be read.
    pub(crate) fn measure() -> Result<Self> {
        let (cases, known) = committed_cases()?;
        let mut coverage = Self { known, ..Self::default() };
        for case in &cases {
            coverage.count(case).with_context(|| case.name.clone())?;
        }
        Ok(coverage)
    }

    /// The cases that use a statement.
    pub(crate) fn of(&self, statement: &str) -> Count {
        self.statements.get(statement).copied().unwrap_or_default()
    }

    fn count(&mut self, case: &Case) -> Result<()> {
        let settings = case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf)?;
        let recording = Recording::read(case)?.context("no recording; hint: run `cargo xtask generate`")?;
        let verdict = compare(&ours::run(case, &settings), &recording.outcome()?);
        let agrees = verdict.is_agreement();
        self.same_output += usize::from(verdict == Verdict::SameOutput);
        self.both_fail += usize::from(verdict == Verdict::BothFail);
        self.agreements.insert(case.name.clone(), agrees);
        // With connectors, so that the line that an example's case skips is counted.
        match Contract::compile(&case.script, Library::Connectors, &settings.limits) {
            Ok(contract) => {
                let used: BTreeSet<String> =
                    contract.uses().iter().map(|used| key(used.scenario, used.statement)).collect();
                for statement in used {
                    self.statements.entry(statement).or_default().add(agrees);
                }
            }
            Err(_) => self.not_compiled.add(agrees),
        }
        Ok(())
    }
}
