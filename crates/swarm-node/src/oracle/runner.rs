//! Runs contracts: on threads where they hold nobody up, a bounded number at once, each within its
//! limits.
//!
//! A run alternates between the contract, which needs a core, and the host, which waits for the
//! world. A worker's seat is held only for the former, and for a turn of a few milliseconds when
//! others wait; seats go round between the contracts. So neither slow web services nor a contract
//! that computes for seconds starve anybody. A run whose time is over or whose caller has gone is
//! given up at its next statement.
//!
//! Dropping the future of a run cancels it.

mod admission;
mod seats;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing::Instrument as _;
use zencode::{Cause, Contract, Diagnostic, Failure, Library, Limits, Output, Step};

use super::contracts::Secret;
use crate::config::RunConfig;
use crate::connector::{self, Connector};
use crate::metrics::{ContractMetrics, Metrics, Outcome};
pub use admission::Admission;
use admission::{Place, Turnstile};
use seats::Seats;
use work::Turn;

/// The name of contracts that came as text, in queues and metrics; no contract of a folder has it.
pub(crate) const TEXT: &str = "(text)";

/// What one run gets.
#[derive(Debug, Clone)]
pub struct Job {
    /// The contract.
    pub contract: Contract,
    /// DATA, as JSON text; empty when there is none.
    pub data: String,
    /// KEYS.
    pub(crate) keys: Secret,
    /// Wall time; never more than the oracle's own limit.
    pub timeout: Duration,
    /// What the language may use.
    pub limits: Limits,
}

/// How many runs of one contract there may be at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Crowd {
    /// Runs that may go on at once; none: as many as the pool has.
    pub concurrency: Option<usize>,
    /// Runs that may wait for one of those to end.
    pub queue: usize,
}

/// Why a run gave no output.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The contract failed.
    #[error("{0}")]
    Contract(Box<Diagnostic>),
    /// Too many runs are under way.
    #[error("too many contracts are running")]
    Busy,
    /// Too many runs of this contract are under way.
    #[error("too many runs of this contract are under way")]
    Crowded,
    /// The time is over.
    #[error("the contract did not end within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The machine failed: a panic, or no entropy.
    #[error("the contract could not be run: {0}")]
    Fault(String),
}

impl From<Box<Failure>> for RunError {
    /// Trace and heap end here: they are for who runs a contract at a desk.
    fn from(failure: Box<Failure>) -> Self {
        failure.diagnostic.into()
    }
}

impl From<Diagnostic> for RunError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Contract(Box::new(diagnostic))
    }
}

impl RunError {
    /// Message, line and hint of a contract's failure; nothing of its memory.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Contract(diagnostic) => (**diagnostic).clone(),
            other => Diagnostic {
                cause: Cause::Limit,
                message: other.to_string(),
                line: None,
                source: None,
                hint: None,
            },
        }
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Contract(_) => Outcome::Failed,
            Self::Busy | Self::Crowded => Outcome::Refused,
            Self::Timeout(_) => Outcome::Timeout,
            Self::Fault(_) => Outcome::Fault,
        }
    }
}

/// The pool that runs contracts; clones share it.
#[derive(Debug, Clone)]
pub struct Runner {
    turnstile: Turnstile,
    seats: Seats,
    timeout: Duration,
    connector: Arc<dyn Connector>,
    metrics: Arc<Metrics>,
}

impl Runner {
    /// A pool within limits.
    pub fn new(limits: &RunConfig, connector: Arc<dyn Connector>, metrics: Arc<Metrics>) -> Self {
        metrics.workers.set(i64::try_from(limits.workers).unwrap_or(i64::MAX));
        Self {
            turnstile: Turnstile::new(limits.runs_max, limits.contract_runs_max),
            seats: Seats::new(limits.workers),
            timeout: limits.timeout,
            connector,
            metrics,
        }
    }

    /// Runs one contract to its end.
    ///
    /// # Errors
    /// [`RunError`].
    pub async fn run(&self, name: &str, crowd: Crowd, job: Job) -> Result<Output, RunError> {
        self.admit(name, crowd)?.run(job).await
    }

    /// Takes a place for one run, or for several that follow each other, before any work is done for it.
    ///
    /// # Errors
    /// [`RunError::Crowded`] and [`RunError::Busy`].
    pub fn admit(&self, name: &str, crowd: Crowd) -> Result<Admission, RunError> {
        let metrics = self.metrics.contract(name);
        match self.turnstile.enter(name, crowd) {
            Ok(place) => Ok(Admission::new(self.clone(), place, metrics)),
            Err(error) => {
                metrics.ended(error.outcome());
                self.metrics.turn_away(if matches!(error, RunError::Busy) {
                    "pool_full"
                } else {
                    "contract_full"
                });
                Err(error)
            }
        }
    }

    /// Compiles a contract that came as text.
    ///
    /// # Errors
    /// [`RunError::Contract`] when it is not Zencode.
    pub async fn compile(&self, text: Arc<str>) -> Result<Contract, RunError> {
        let seat = self.seats.take(&Arc::from(TEXT)).await;
        let compiled = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            Contract::compile(&text, Library::Connectors, &Limits::default())
        });
        Ok(compiled.await.map_err(panicked)??)
    }

    /// Runs within the job's time; what is dropped on the way is given up.
    async fn execute(&self, place: &Place, job: Job, metrics: &ContractMetrics) -> Result<Output, RunError> {
        let timeout = job.timeout.min(self.timeout);
        let mut end = End { metrics, outcome: Outcome::Cancelled, begun: Instant::now() };
        let span = tracing::debug_span!("contract", contract = &*place.contract);
        let steps = async {
            let _passed = place.pass().await;
            self.steps(&place.contract, job, metrics).await
        };
        let result = tokio::time::timeout(timeout, steps.instrument(span)).await;
        let result = result.unwrap_or(Err(RunError::Timeout(timeout)));
        match &result {
            Ok(_) => end.outcome = Outcome::Done,
            Err(error) => end.failed(error),
        }
        result
    }

    async fn steps(&self, name: &Arc<str>, job: Job, metrics: &ContractMetrics) -> Result<Output, RunError> {
        let cancel = Cancel::default();
        let mut turn = Turn::Start(Box::new(job));
        loop {
            let waiting = metrics.waiting();
            let seat = self.seats.take(name).await;
            drop(waiting);
            match self.work(turn, seat, &cancel).await? {
                Turn::Stopped(_, Step::Done(output)) => return Ok(output),
                Turn::Stopped(mut run, Step::Ask(request)) => {
                    run.answer(self.ask(request).await);
                    turn = Turn::Go(run);
                }
                again => turn = again,
            }
        }
    }

    /// Works for one turn on a thread of its own.
    async fn work(&self, turn: Turn, seat: seats::Seat, cancel: &Cancel) -> Result<Turn, RunError> {
        let (connector, cancel) = (self.connector.clone(), cancel.0.clone());
        let busy = crate::metrics::Counted::new(&self.metrics.workers_busy);
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let _busy = busy;
            span.in_scope(|| turn.take(&*connector, &seat, &cancel))
        });
        // A panic's own words may quote the contract's memory.
        done.await.map_err(panicked)?
    }

    /// Lets the host answer.
    async fn ask(&self, request: zencode::Request) -> zencode::Answer {
        let kind = connector::kind(&request);
        let begun = Instant::now();
        let span = tracing::debug_span!("connector", kind);
        let answer = self.connector.answer(request).instrument(span).await;
        let refused = matches!(answer, zencode::Answer::Refused(_));
        self.metrics.connector(kind, begun.elapsed(), refused);
        tracing::debug!(kind, refused, us = begun.elapsed().as_micros(), "connector answered");
        answer
    }
}

fn panicked(_: tokio::task::JoinError) -> RunError {
    RunError::Fault("it panicked".to_owned())
}

/// Tells the thread that works for a run to stop, once nobody waits for it.
#[derive(Debug, Default)]
struct Cancel(Arc<AtomicBool>);

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Counts a run when it ends, however it does.
struct End<'a> {
    metrics: &'a ContractMetrics,
    outcome: Outcome,
    begun: Instant,
}

impl End<'_> {
    fn failed(&mut self, error: &RunError) {
        self.outcome = error.outcome();
        if let RunError::Contract(diagnostic) = error {
            self.metrics.failed(diagnostic.cause);
        }
    }
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.metrics.ended(self.outcome);
        self.metrics.took(self.begun.elapsed());
    }
}

#[cfg(test)]
mod tests;
