//! One call of a contract or a chain, whoever makes it.

use std::sync::Arc;

use zencode::{Cause, Diagnostic};

use super::Shared;
use super::chain::{self, ChainError, Ended, Why};
use super::contracts::{Entry, Precondition, Program};
use super::runner::{Admission, Job, RunError};
use crate::connector::{Caller, Scope, Writes};
use crate::metrics::Outcome;

/// Why a call gave nothing.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The contract failed, or could not be run.
    Run(RunError),
    /// The chain is not one.
    NoChain(Diagnostic),
    /// A step of the chain failed.
    Chain(Box<ChainError>),
}

/// Takes a place for one call of an entry: its precondition, and all steps of a chain.
///
/// # Errors
/// When too many are under way.
pub(crate) fn admit(oracle: &Shared, entry: &Entry) -> Result<Admission, RunError> {
    oracle.runner.admit(&entry.name, entry.metadata.limits.crowd())
}

/// Runs an entry on DATA (JSON text, empty when there are none).
///
/// # Errors
/// [`CallError`].
pub(crate) async fn run(
    oracle: &Shared,
    admission: &mut Admission,
    entry: &Entry,
    data: String,
    caller: Option<Caller>,
) -> Result<Ended, CallError> {
    let ended = program(oracle, admission, entry, data, caller).await;
    admission.ends(Some(ended.as_ref().map_or_else(CallError::outcome, |_| (Outcome::Done, None))));
    ended
}

async fn program(
    oracle: &Shared,
    admission: &mut Admission,
    entry: &Entry,
    data: String,
    caller: Option<Caller>,
) -> Result<Ended, CallError> {
    let timeout = entry.metadata.limits.timeout(oracle.config.runs.timeout);
    match &entry.program {
        Program::Contract(contract) => {
            let contract = contract.clone().map_err(|diagnostic| CallError::Run(diagnostic.into()))?;
            let job = Job {
                contract,
                data,
                keys: entry.keys.clone(),
                timeout,
                scope: Arc::new(entry.scope(caller)),
                seed: entry.configuration.seed,
                limits: entry.limits(),
            };
            let output = admission.run(job).await.map_err(CallError::Run)?;
            Ok(Ended { json: output.json, context: None })
        }
        Program::Chain(plan) => {
            let plan = plan.as_ref().map_err(|diagnostic| CallError::NoChain(diagnostic.clone()))?;
            let limits = entry.metadata.limits;
            let call = chain::Call { data, keys: entry.keys.clone(), timeout, limits, caller };
            chain::run(admission, plan, call).await.map_err(CallError::Chain)
        }
    }
}

/// Runs what must end well before the entry is run.
///
/// # Errors
/// As the contract's.
pub(crate) async fn precondition(
    oracle: &Shared,
    admission: &mut Admission,
    precondition: &Precondition,
    data: String,
    caller: Option<Caller>,
) -> Result<(), RunError> {
    let job = Job {
        contract: precondition.contract.clone(),
        data: precondition.keys.over(data),
        keys: precondition.keys.clone(),
        timeout: oracle.config.runs.timeout,
        scope: Arc::new(Scope { writes: Writes::Allowed, caller, ..Scope::default() }),
        seed: None,
        limits: zencode::Limits::default(),
    };
    admission.run(job).await?;
    // Whoever is refused after this was not run.
    admission.ends(None);
    Ok(())
}

impl CallError {
    /// The failure of a run in it; none when nothing ran.
    pub(crate) fn run_error(&self) -> Option<&RunError> {
        match self {
            Self::Run(error) => Some(error),
            Self::Chain(error) => match &error.why {
                Why::Run(error) => Some(error),
                Why::Flow(_) => None,
            },
            Self::NoChain(_) => None,
        }
    }

    /// How the call is counted.
    pub(crate) fn outcome(&self) -> (Outcome, Option<Cause>) {
        match (self.run_error(), self) {
            (Some(error), _) => error.outcome(),
            (None, Self::NoChain(diagnostic)) => (Outcome::Failed, Some(diagnostic.cause)),
            (None, _) => (Outcome::Failed, Some(Cause::Statement)),
        }
    }

    /// What happened, in a line; nothing of a contract's memory.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Run(error) => Self::told(&error.diagnostic()),
            Self::NoChain(diagnostic) => Self::told(diagnostic),
            Self::Chain(error) => {
                let why = match &error.why {
                    Why::Run(error) => Self::told(&error.diagnostic()),
                    Why::Flow(message) => message.clone(),
                };
                format!("{} failed with error: {why}", error.step)
            }
        }
    }

    /// A diagnostic and its hint.
    pub(crate) fn told(diagnostic: &Diagnostic) -> String {
        match &diagnostic.hint {
            Some(hint) => format!("{diagnostic}\nhint: {hint}"),
            None => diagnostic.to_string(),
        }
    }
}
