//! One call of a contract or a chain, whoever makes it.

use std::sync::Arc;

use zencode::Diagnostic;

use super::Shared;
use super::chain::{self, ChainError, Ended, Why};
use super::contracts::{Entry, Precondition, Program};
use super::runner::{Job, RunError};
use crate::connector::{Caller, Scope, Writes};

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

/// Runs an entry on DATA (JSON text, empty when there are none).
///
/// # Errors
/// [`CallError`].
pub(crate) async fn run(
    oracle: &Shared,
    entry: &Entry,
    data: String,
    caller: Option<Caller>,
) -> Result<Ended, CallError> {
    let timeout = oracle.config.runs.timeout;
    let ended = match &entry.program {
        Program::Contract(contract) => {
            let contract = contract.clone().map_err(|diagnostic| CallError::Run(diagnostic.into()))?;
            let job = Job {
                contract,
                data,
                keys: entry.keys.clone(),
                timeout,
                scope: Arc::new(entry.scope(caller)),
                seed: entry.configuration.seed,
                limits: chain::limits(&entry.configuration.limits),
            };
            let output = oracle.runner.run(job).await.map_err(CallError::Run)?;
            Ended { json: output.json, context: None }
        }
        Program::Chain(plan) => {
            let plan = plan.as_ref().map_err(|diagnostic| CallError::NoChain(diagnostic.clone()))?;
            let call = chain::Call { data, keys: entry.keys.clone(), timeout, caller };
            chain::run(&oracle.runner, plan, call).await.map_err(CallError::Chain)?
        }
    };
    oracle.metrics.runs_done.add();
    Ok(ended)
}

/// Runs what must end well before the entry is run.
///
/// # Errors
/// As the contract's.
pub(crate) async fn precondition(
    oracle: &Shared,
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
    oracle.runner.run(job).await.map(drop)
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
