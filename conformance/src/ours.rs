//! A case through this implementation.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zencode::{Contract, Diagnostic, Inputs, Library, Step};

use crate::case::Case;
use crate::compare::Outcome;
use crate::settings::Settings;

/// Runs the case. A panic is caught and told apart from a refusal, so that one bad case does not hide the others.
pub fn run(case: &Case, settings: &Settings) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| execute(case, settings))).unwrap_or_else(|_| Outcome::Failed {
        // No contract has a line 0, so a panic never agrees with a refusal that names its line.
        line: Some(0),
        message: "the interpreter panicked".into(),
    })
}

fn execute(case: &Case, settings: &Settings) -> Outcome {
    let contract = match Contract::compile(&case.script, Library::Language, &settings.limits) {
        Ok(contract) => contract,
        Err(diagnostic) => return failed(&diagnostic),
    };
    let inputs = Inputs { extra: "", data: &case.data, keys: &case.keys };
    let run = zencode::Settings {
        seed: settings.language_seed(),
        now_ms: settings.now_ms,
        limits: settings.limits,
    };
    let mut run = match contract.start(inputs, run) {
        Ok(run) => run,
        Err(failure) => return failed(&failure.diagnostic),
    };
    match run.step() {
        Ok(Step::Done(output)) => Outcome::Printed(output.json + "\n"),
        Ok(Step::Ask(request)) => Outcome::Failed {
            line: None,
            message: format!(
                "the contract asks its host for {request:?}, which the reference engine has not"
            ),
        },
        Err(failure) => failed(&failure.diagnostic),
    }
}

fn failed(diagnostic: &Diagnostic) -> Outcome {
    Outcome::Failed { line: diagnostic.line, message: diagnostic.message.clone() }
}
