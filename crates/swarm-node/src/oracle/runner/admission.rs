//! Who may come in: a bounded number of runs, of which one contract may have its share and no more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;
use zencode::{Cause, Output};

use super::{Crowd, Job, RunError, Runner};
use crate::metrics::{ContractMetrics, Counted, Outcome};

/// Counts runs from admission to end; clones share the counts.
#[derive(Debug, Clone)]
pub(super) struct Turnstile(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    runs_max: usize,
    contract_runs_max: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    runs: usize,
    /// Only contracts with runs.
    contracts: BTreeMap<Arc<str>, Contract>,
}

#[derive(Debug, Default)]
struct Contract {
    runs: usize,
    /// The concurrency that its gate lets through, and the gate.
    gate: Option<(usize, Arc<Semaphore>)>,
}

/// A place inside, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    turnstile: Turnstile,
    pub(super) contract: Arc<str>,
    gate: Option<Arc<Semaphore>>,
}

/// The right to run a contract, or several one after the other, which then count as one run; dropping it gives its
/// place to others.
#[derive(Debug)]
pub struct Admission {
    runner: Runner,
    place: Place,
    /// Whether it has been let through the contract's gate, and what keeps the gate for it.
    passed: Option<Option<OwnedSemaphorePermit>>,
    end: End,
    _under_way: Counted,
}

/// Counts a run when it ends, however it does; one that never began is not counted.
#[derive(Debug)]
struct End {
    metrics: ContractMetrics,
    begun: Instant,
    outcome: Option<(Outcome, Option<Cause>)>,
}

impl Admission {
    pub(super) fn new(runner: Runner, place: Place, metrics: ContractMetrics) -> Self {
        let under_way = metrics.under_way();
        let end = End { metrics, begun: Instant::now(), outcome: None };
        Self { runner, place, passed: None, end, _under_way: under_way }
    }

    /// Runs one contract to its end within the job's time, once as few of its runs go on as may. What is dropped on
    /// the way is given up.
    ///
    /// # Errors
    /// [`RunError`].
    pub async fn run(&mut self, job: Job) -> Result<Output, RunError> {
        self.end.outcome = Some((Outcome::Cancelled, None));
        let timeout = job.timeout.min(self.runner.timeout);
        let span = tracing::debug_span!("contract", contract = &*self.place.contract);
        let steps = async {
            if self.passed.is_none() {
                self.passed = Some(self.place.pass().await);
            }
            self.runner.steps(&self.place.contract, job, &self.end.metrics).await
        };
        let result = tokio::time::timeout(timeout, steps.instrument(span)).await;
        let result = result.unwrap_or(Err(RunError::Timeout(timeout)));
        self.ends(Some(result.as_ref().map_or_else(RunError::outcome, |_| (Outcome::Done, None))));
        result
    }

    /// Says how it ends, where that is not how its last contract ended; none: what matters has not begun.
    pub(crate) fn ends(&mut self, outcome: Option<(Outcome, Option<Cause>)>) {
        self.end.outcome = outcome;
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let Some((outcome, cause)) = self.outcome else { return };
        self.metrics.ended(outcome);
        if let Some(cause) = cause {
            self.metrics.failed(cause);
        }
        self.metrics.took(self.begun.elapsed());
    }
}

impl Turnstile {
    pub(super) fn new(runs_max: usize, contract_runs_max: usize) -> Self {
        Self(Arc::new(Counts { runs_max, contract_runs_max, inside: Mutex::default() }))
    }

    pub(super) fn enter(&self, name: &str, crowd: Crowd) -> Result<Place, RunError> {
        let contract: Arc<str> = Arc::from(name);
        let inside = &mut *self.0.lock();
        let own_max = crowd.concurrency.map_or(usize::MAX, |it| it.saturating_add(crowd.queue));
        let runs = inside.contracts.get(&contract).map_or(0, |it| it.runs);
        if runs >= own_max.min(self.0.contract_runs_max) {
            return Err(RunError::Crowded);
        }
        if inside.runs >= self.0.runs_max {
            return Err(RunError::Busy);
        }
        inside.runs += 1;
        let known = inside.contracts.entry(contract.clone()).or_default();
        known.runs += 1;
        let gate = crowd.concurrency.map(|concurrency| known.gate(concurrency));
        Ok(Place { turnstile: self.clone(), contract, gate })
    }
}

impl Counts {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contract {
    /// The gate of this concurrency; another one when the metadata has changed.
    fn gate(&mut self, concurrency: usize) -> Arc<Semaphore> {
        match &self.gate {
            Some((of, gate)) if *of == concurrency => gate.clone(),
            _ => {
                let gate = Arc::new(Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)));
                self.gate = Some((concurrency, gate.clone()));
                gate
            }
        }
    }
}

impl Place {
    /// Waits until as few runs of the contract go on as may.
    pub(super) async fn pass(&self) -> Option<OwnedSemaphorePermit> {
        match &self.gate {
            // A gate is never closed.
            Some(gate) => gate.clone().acquire_owned().await.ok(),
            None => None,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let inside = &mut *self.turnstile.0.lock();
        inside.runs -= 1;
        if let Some(known) = inside.contracts.get_mut(&self.contract) {
            known.runs -= 1;
            if known.runs == 0 {
                inside.contracts.remove(&self.contract);
            }
        }
    }
}
