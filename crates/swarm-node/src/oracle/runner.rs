//! Runs contracts: on threads where they hold nobody up, a bounded number at once, each within its
//! limits.
//!
//! A run alternates between the contract, which needs a core, and the host, which waits for the
//! world. A worker's seat is held only for the former, and for a turn of a few milliseconds when
//! others wait; seats go round between the contracts. So neither slow web services nor a contract
//! that computes for seconds starve anybody. A run whose time is over or whose caller has gone is
//! given up at its next statement.
//!
//! A contract whose turns have all been short is executed where its request is answered: handing it to another thread
//! would take as long as it takes.
//!
//! Dropping the future of a run cancels it.

mod admission;
pub(crate) mod pace;
mod seats;
mod work;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing::Instrument as _;
use zencode::{Cause, Contract, Diagnostic, Failure, Library, Limits, Output, Step};

use super::contracts::Secret;
use crate::config::RunConfig;
use crate::connector::{self, Connector, Scope};
use crate::metrics::{ContractMetrics, Counted, Metrics, Outcome};
pub use admission::Admission;
use admission::Turnstile;
use seats::Seats;
use work::{Desk, Turn};

/// The name of contracts that came as text, in queues and metrics; no contract of a folder has it.
pub(crate) const TEXT: &str = "(text)";
/// The same of the preconditions of static files.
pub(crate) const PRECONDITION: &str = "(precondition)";

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
    /// On whose behalf the contract asks the world.
    pub scope: Arc<Scope>,
    /// The seed of every draw; none: draws are fresh.
    pub seed: Option<[u8; 64]>,
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

    /// How a run ended that ended so, and why its contract failed.
    pub(crate) fn outcome(&self) -> (Outcome, Option<Cause>) {
        match self {
            Self::Contract(diagnostic) => (Outcome::Failed, Some(diagnostic.cause)),
            Self::Busy | Self::Crowded => (Outcome::Refused, None),
            Self::Timeout(_) => (Outcome::Timeout, None),
            Self::Fault(_) => (Outcome::Fault, None),
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
                metrics.ended(error.outcome().0);
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
        Ok(compiled.await.map_err(|_| panicked())??)
    }

    async fn steps(&self, name: &Arc<str>, job: Job, metrics: &ContractMetrics) -> Result<Output, RunError> {
        let (cancel, scope) = (Cancel::default(), job.scope.clone());
        let mut turn = Turn::Start(Box::new(job));
        loop {
            let waiting = metrics.waiting();
            let seat = self.seats.take(name).await;
            drop(waiting);
            match self.work(turn, seat, &scope, &cancel, metrics).await? {
                Turn::Stopped(_, Step::Done(output)) => return Ok(output),
                Turn::Stopped(mut run, Step::Ask(request)) => {
                    run.answer(self.ask(request, &scope).await);
                    turn = Turn::Go(run);
                }
                again => turn = again,
            }
        }
    }

    /// Works for one turn: here when the contract's turns are short, and on a thread of its own when they are not.
    async fn work(
        &self,
        turn: Turn,
        seat: seats::Seat,
        scope: &Arc<Scope>,
        cancel: &Cancel,
        metrics: &ContractMetrics,
    ) -> Result<Turn, RunError> {
        let busy = Counted::new(&self.metrics.workers_busy);
        let pace = metrics.pace();
        if pace.is_short() {
            let desk = Desk { connector: &*self.connector, scope };
            let begun = Instant::now();
            let work = || turn.take(desk, &seat, &cancel.0, Some(pace::SHORT));
            let done = std::panic::catch_unwind(AssertUnwindSafe(work));
            pace.took(begun.elapsed());
            drop(busy);
            return done.map_err(|_| panicked())?;
        }
        let (connector, scope, cancel) = (self.connector.clone(), scope.clone(), cancel.0.clone());
        let metrics = metrics.clone();
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let _busy = busy;
            let desk = Desk { connector: &*connector, scope: &scope };
            let begun = Instant::now();
            let done = span.in_scope(|| turn.take(desk, &seat, &cancel, None));
            metrics.pace().took(begun.elapsed());
            done
        });
        done.await.map_err(|_| panicked())?
    }

    /// Lets the host answer.
    async fn ask(&self, request: zencode::Request, scope: &Scope) -> zencode::Answer {
        let kind = connector::kind(&request);
        let begun = Instant::now();
        let span = tracing::debug_span!("connector", kind);
        let answer = self.connector.answer(request, scope).instrument(span).await;
        let refused = matches!(answer, zencode::Answer::Refused(_));
        self.metrics.connector(kind, begun.elapsed(), refused);
        tracing::debug!(kind, refused, us = begun.elapsed().as_micros(), "connector answered");
        answer
    }
}

/// A panic's own words may quote the contract's memory.
fn panicked() -> RunError {
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

#[cfg(test)]
mod tests;
