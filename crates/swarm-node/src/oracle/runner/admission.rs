//! Who may come in: a bounded number of runs, of which one contract may have its share and no more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zencode::Output;

use super::{Crowd, Job, RunError, Runner};
use crate::metrics::{ContractMetrics, Counted};

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

/// The right to run a contract, or several one after the other; dropping it gives its place to others.
#[derive(Debug)]
pub struct Admission {
    runner: Runner,
    place: Place,
    metrics: ContractMetrics,
    _under_way: Counted,
}

impl Admission {
    pub(super) fn new(runner: Runner, place: Place, metrics: ContractMetrics) -> Self {
        let under_way = metrics.under_way();
        Self { runner, place, metrics, _under_way: under_way }
    }

    /// Runs one contract to its end, once as few of its runs go on as may.
    ///
    /// # Errors
    /// [`RunError`].
    pub async fn run(&self, job: Job) -> Result<Output, RunError> {
        self.runner.execute(&self.place, job, &self.metrics).await
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
