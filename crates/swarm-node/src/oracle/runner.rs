//! Runs contracts: on threads where they hold nobody up, a bounded number at once, each within its
//! wall time.
//!
//! A run alternates between the contract, which needs a core, and the host, which waits for the
//! world. A worker's seat is held only for the former, so slow web services starve nobody. A run
//! whose time is over is answered at once; its thread ends by the language's own limits, and keeps
//! its seat until then, so that hostile contracts occupy no more than the seats there are.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use zencode::{
    Cause, Contract, Diagnostic, Failure, Inputs, Library, Limits, Output, Run, Seed, Settings, Step,
};

use super::contracts::Secret;
use crate::config::RunConfig;
use crate::connector::{Connector, Scope, now_ms};

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

/// Why a run gave no output.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The contract failed.
    #[error("{0}")]
    Contract(Box<Diagnostic>),
    /// Too many runs are under way.
    #[error("too many contracts are running")]
    Busy,
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
}

/// The pool that runs contracts.
#[derive(Debug, Clone)]
pub struct Runner {
    admitted: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    timeout: Duration,
    connector: Arc<dyn Connector>,
}

impl Runner {
    /// A pool within limits.
    pub fn new(limits: &RunConfig, connector: Arc<dyn Connector>) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(limits.runs_max)),
            workers: Arc::new(Semaphore::new(limits.workers)),
            timeout: limits.timeout,
            connector,
        }
    }

    /// Runs a contract to its end.
    ///
    /// # Errors
    /// [`RunError`].
    pub async fn run(&self, job: Job) -> Result<Output, RunError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| RunError::Busy)?;
        let timeout = job.timeout.min(self.timeout);
        tokio::time::timeout_at(Instant::now() + timeout, self.steps(job))
            .await
            .unwrap_or(Err(RunError::Timeout(timeout)))
    }

    /// Compiles a contract that came as text.
    ///
    /// # Errors
    /// [`RunError::Contract`] when it is not Zencode.
    pub async fn compile(&self, text: Arc<str>) -> Result<Contract, RunError> {
        let compile = move || Contract::compile(&text, Library::Connectors, &Limits::default());
        self.work(move || Ok(compile()?)).await
    }

    async fn steps(&self, job: Job) -> Result<Output, RunError> {
        let seed = job.seed.map_or_else(fresh_seed, |seed| Ok(Seed::Reference(seed)))?;
        let (connector, scope) = (self.connector.clone(), job.scope.clone());
        let (mut run, mut step) = self.work(move || start(&job, seed, &*connector)).await?;
        loop {
            match step {
                Step::Done(output) => return Ok(output),
                Step::Ask(request) => {
                    run.answer(self.connector.answer(request, &scope).await);
                    let (connector, scope) = (self.connector.clone(), scope.clone());
                    (run, step) = self.work(move || advance(run, &*connector, &scope)).await?;
                }
            }
        }
    }

    /// Does work that needs a core on a thread of its own, when a worker's seat is free.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, RunError> + Send + 'static,
    ) -> Result<T, RunError> {
        let seat = self.workers.clone().acquire_owned().await;
        let seat = seat.map_err(|_| RunError::Fault("the pool is closed".to_owned()))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(seat);
            done
        });
        // A panic's own words may quote the contract's memory.
        done.await.map_err(|_| RunError::Fault("it panicked".to_owned()))?
    }
}

fn fresh_seed() -> Result<Seed, RunError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| RunError::Fault(error.to_string()))?;
    Ok(Seed::Fresh(seed))
}

fn start(job: &Job, seed: Seed, connector: &dyn Connector) -> Result<(Run, Step), RunError> {
    let inputs = Inputs { extra: "", data: &job.data, keys: &job.keys.text };
    let settings = Settings { seed, now_ms: now_ms(), limits: job.limits };
    advance(job.contract.start_with(inputs, settings, &job.keys.cache)?, connector, &job.scope)
}

/// Steps until the contract ends or must wait; what takes no waiting is answered on the spot.
fn advance(mut run: Run, connector: &dyn Connector, scope: &Scope) -> Result<(Run, Step), RunError> {
    loop {
        let step = run.step()?;
        let answer = match &step {
            Step::Ask(request) => connector.answer_now(request, scope),
            Step::Done(_) => None,
        };
        match answer {
            Some(answer) => run.answer(answer),
            None => return Ok((run, step)),
        }
    }
}
