//! A case through this implementation.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zencode::{Contract, Diagnostic, Inputs, Library, Note, Step};

use crate::case::Case;
use crate::compare::Outcome;
use crate::settings::Settings;

/// A run and what its debugging statements showed.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) outcome: Outcome,
    pub(crate) notes: Vec<Note>,
}

/// Runs the case. A panic is caught and told apart from a refusal, so that one bad case does not hide the others.
pub fn run(case: &Case, settings: &Settings) -> Outcome {
    observe(case, settings).outcome
}

/// Runs the case and keeps what its debugging statements showed.
pub(crate) fn observe(case: &Case, settings: &Settings) -> Observed {
    catch_unwind(AssertUnwindSafe(|| execute(case, settings))).unwrap_or_else(|_| Observed {
        // No contract has a line 0, so a panic never agrees with a refusal that names its line.
        outcome: Outcome::Failed { line: Some(0), message: "the interpreter panicked".into() },
        notes: Vec::new(),
    })
}

fn execute(case: &Case, settings: &Settings) -> Observed {
    let contract = match Contract::compile(&case.script, Library::Language, &settings.limits) {
        Ok(contract) => contract,
        Err(diagnostic) => return failed(&diagnostic, Vec::new()),
    };
    let inputs = Inputs { extra: "", data: &case.data, keys: &case.keys };
    let run = zencode::Settings {
        seed: settings.language_seed(),
        now_ms: settings.now_ms,
        limits: settings.limits,
    };
    let mut run = match contract.start(inputs, run) {
        Ok(run) => run,
        Err(failure) => return failed(&failure.diagnostic, failure.notes),
    };
    match run.step() {
        Ok(Step::Done(output)) => {
            Observed { outcome: Outcome::Printed(output.json + "\n"), notes: output.notes }
        }
        Ok(Step::Ask(request)) => Observed {
            outcome: Outcome::Failed {
                line: None,
                message: format!(
                    "the contract asks its host for {request:?}, which the reference engine has not"
                ),
            },
            notes: Vec::new(),
        },
        Err(failure) => failed(&failure.diagnostic, failure.notes),
    }
}

fn failed(diagnostic: &Diagnostic, notes: Vec<Note>) -> Observed {
    let outcome = Outcome::Failed { line: diagnostic.line, message: diagnostic.message.clone() };
    Observed { outcome, notes }
}
