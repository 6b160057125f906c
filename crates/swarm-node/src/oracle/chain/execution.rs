//! Carries a plan out: step after step through the runner, which admits it once, within one time and one memory.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;
use zencode::Limits;
use zeroize::Zeroizing;

use super::items::{Items, result};
use super::{Each, Format, KEPT_OCTETS_MAX, Keys, Plan, RUNS_MAX, Source, Step, Task};
use crate::connector::{Caller, Scope, Writes};
use crate::members::{Members, raw};
use crate::oracle::contracts::{ContractLimits, Secret};
use crate::oracle::runner::{Admission, Job, RunError};

/// The name under which an `onError` contract finds what happened.
const ERROR: &str = "slangroomChainError";

/// What a chain gave.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The output of the last step.
    pub(crate) json: String,
    /// What each step had and gave, for chains that show it.
    pub(crate) context: Option<Value>,
}

/// Why a chain gave nothing.
#[derive(Debug)]
pub(crate) struct ChainError {
    /// The step that failed.
    pub(crate) step: String,
    pub(crate) why: Why,
    /// As [`Ended::context`].
    pub(crate) context: Option<Value>,
}

/// What failed in a step.
#[derive(Debug)]
pub(crate) enum Why {
    /// The contract, or the pool that runs it.
    Run(RunError),
    /// What flows from step to step.
    Flow(String),
}

impl From<RunError> for Why {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// What a chain is called with.
#[derive(Debug)]
pub(crate) struct Call {
    /// DATA as JSON text; empty when there is none.
    pub(crate) data: String,
    /// The chain's own keys.
    pub(crate) keys: Secret,
    /// Wall time of all steps together.
    pub(crate) timeout: Duration,
    /// What each step may take, where its own metadata do not say.
    pub(crate) limits: ContractLimits,
    /// The HTTP request that the chain answers.
    pub(crate) caller: Option<Caller>,
}

/// Runs a chain to its end.
///
/// # Errors
/// [`ChainError`].
pub(crate) async fn run(
    admission: &mut Admission,
    plan: &Plan,
    call: Call,
) -> Result<Ended, Box<ChainError>> {
    let mut execution = Execution {
        admission,
        deadline: Instant::now() + call.timeout,
        timeout: call.timeout,
        limits: call.limits,
        caller: call.caller,
        runs: 0,
        outputs: vec![None; plan.steps.len()],
        flow: call.data,
        has_output: false,
        keys: Some(call.keys),
        trace: plan.debug.then(Map::new),
    };
    for (index, step) in plan.steps.iter().enumerate() {
        match execution.step(plan, index, step).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                let context = execution.context(&step.id);
                return Err(Box::new(ChainError { step: step.id.clone(), why, context }));
            }
        }
    }
    let last = plan.steps.last().map_or("", |step| step.id.as_str());
    let context = execution.context(last);
    let json = if execution.has_output { execution.flow } else { "{}".to_owned() };
    Ok(Ended { json, context })
}

struct Execution<'a> {
    /// One for all steps: a chain is one run.
    admission: &'a mut Admission,
    deadline: Instant,
    timeout: Duration,
    limits: ContractLimits,
    caller: Option<Caller>,
    runs: usize,
    /// Outputs of steps, for those that take from them.
    outputs: Vec<Option<String>>,
    /// What goes on to the next block, and in the end to the caller.
    flow: String,
    /// Whether a step gave something.
    has_output: bool,
    /// The chain's own keys, until the first step has had them.
    keys: Option<Secret>,
    trace: Option<Map<String, Value>>,
}

impl Execution<'_> {
    /// Runs one step; the answer says whether the chain goes on.
    async fn step(&mut self, plan: &Plan, index: usize, step: &Step) -> Result<bool, Why> {
        if let Some(precondition) = &step.precondition
            && !self.holds(precondition).await?
        {
            return Ok(true);
        }
        let (data, keys) = self.inputs(plan, step).await?;
        self.note(step, &data, &keys);
        self.hook(step.before.as_ref()).await?;
        let output = match &step.each {
            Some(each) => self.each(step, each, &data, &keys).await,
            None => self.task(&step.task, data, keys).await.map_err(Why::from),
        };
        let output = match (output, &step.on_error) {
            (Ok(output), _) => output,
            (Err(Why::Run(RunError::Contract(diagnostic))), Some(rescue)) => {
                let rescued = self.rescue(&rescue.task, &diagnostic.to_string()).await?;
                if rescue.fail {
                    return Err(Why::Run(RunError::Contract(diagnostic)));
                }
                (self.flow, self.has_output) = (rescued, true);
                return Ok(false);
            }
            (Err(why), _) => return Err(why),
        };
        self.hook(step.after.as_ref()).await?;
        self.keep(plan, index, step, output)?;
        Ok(true)
    }

    async fn holds(&mut self, precondition: &Task) -> Result<bool, Why> {
        match self.aside(precondition, None).await {
            Ok(_) => Ok(true),
            Err(Why::Run(RunError::Contract(_)) | Why::Flow(_)) => Ok(false),
            Err(why) => Err(why),
        }
    }

    async fn hook(&mut self, task: Option<&Task>) -> Result<(), Why> {
        match task {
            Some(task) => self.aside(task, None).await.map(drop),
            None => Ok(()),
        }
    }

    async fn rescue(&mut self, task: &Task, error: &str) -> Result<String, Why> {
        self.aside(task, Some(error)).await
    }

    /// Runs a contract besides a step's own.
    async fn aside(&mut self, task: &Task, error: Option<&str>) -> Result<String, Why> {
        let data = self.source(&task.data)?;
        let mut keys = self.secret(task)?;
        if let Some(error) = error {
            let mut members = Members::parse(&keys.text).map_err(|_| flow("the keys are no object"))?;
            members.set(ERROR, raw(&error));
            keys = Secret::new(Some(Zeroizing::new(members.json())), None).map_err(|it| flow(it.text))?;
        }
        Ok(self.task(task, data, keys).await?)
    }

    /// DATA and KEYS of a step, transformed.
    async fn inputs(&mut self, plan: &Plan, step: &Step) -> Result<(String, Secret), Why> {
        let mut data = self.source(&step.task.data)?;
        let mut keys = self.secret(&step.task)?;
        // The first step that runs gets what the chain was called with, where it has nothing itself.
        if plan.format == Format::Steps
            && let Some(own) = self.keys.take()
        {
            if data.is_empty() {
                data.clone_from(&self.flow);
            }
            if matches!(step.task.keys, Keys::Nothing) && !own.is_empty() {
                let own = Zeroizing::new(own.text.to_string());
                keys = Secret::new(Some(own), step.task.keyring.as_ref()).map_err(|it| flow(it.text))?;
            }
        }
        if let Some(transform) = &step.data_transform {
            let own = self.secret(transform)?;
            data = none_if_empty(self.task(transform, data, own).await?);
        }
        if let Some(transform) = &step.keys_transform {
            let (text, own) = (keys.text.to_string(), self.secret(transform)?);
            let changed = Zeroizing::new(self.task(transform, text, own).await?);
            keys = Secret::new(Some(changed), None).map_err(|it| flow(it.text))?;
        }
        Ok((data, keys))
    }

    fn source(&self, source: &Source) -> Result<String, Why> {
        match source {
            Source::Nothing => Ok(String::new()),
            Source::Flow => Ok(none_if_empty(self.flow.clone())),
            Source::Text(text) => Ok(none_if_empty(text.clone())),
            Source::Step(index) => self.output(*index, "data").map(none_if_empty),
        }
    }

    fn secret(&self, task: &Task) -> Result<Secret, Why> {
        let own = match &task.keys {
            Keys::Fixed(keys) => return Ok(keys.clone()),
            Keys::Nothing => None,
            Keys::Step(index) => Some(Zeroizing::new(self.output(*index, "keys")?)),
        };
        Secret::new(own, task.keyring.as_ref()).map_err(|cause| flow(cause.text))
    }

    fn output(&self, index: usize, what: &str) -> Result<String, Why> {
        let output = self.outputs.get(index).cloned().flatten();
        output.ok_or_else(|| flow(format!("its {what} come from a step that was left out")))
    }

    /// Runs one contract.
    async fn task(&mut self, task: &Task, data: String, keys: Secret) -> Result<String, RunError> {
        self.runs += 1;
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(RunError::Timeout(self.timeout));
        }
        let scope =
            Scope { egress: task.egress.clone(), writes: Writes::Allowed, caller: self.caller.clone() };
        let job = Job {
            contract: task.contract.clone(),
            data: keys.over(data),
            keys,
            timeout: task.limits.timeout(left),
            scope: Arc::new(scope),
            seed: task.configuration.seed,
            limits: task.limits.language(self.limits.language(limits(&task.configuration.limits))),
        };
        match self.admission.run(job).await {
            // The time was the chain's, and so is what is said of it.
            Err(RunError::Timeout(_)) if Instant::now() >= self.deadline => {
                Err(RunError::Timeout(self.timeout))
            }
            other => other.map(|output| output.json),
        }
    }

    /// Runs a step once for each item, and collects what it gave in the form of the collection.
    async fn each(&mut self, step: &Step, each: &Each, data: &str, keys: &Secret) -> Result<String, Why> {
        let name = &each.name;
        let mut members = Members::parse(data).map_err(|_| flow("the data are no object"))?;
        let items = members
            .get(name)
            .ok_or_else(|| flow(format!("there is no {name:?} in the data to go through")))?;
        let items = Items::parse(items.get()).ok_or_else(|| {
            flow(format!("{name:?} is neither an array nor an object: there is nothing to go through"))
        })?;
        if self.runs + items.len() > RUNS_MAX {
            return Err(flow(format!(
                "{name:?} has {} items, a chain runs {RUNS_MAX} contracts at most",
                items.len()
            )));
        }
        let mut done = Vec::with_capacity(items.len());
        for item in items.values() {
            members.set(&each.index, item.clone());
            let output = self.task(&step.task, members.json(), keys.clone()).await?;
            done.push(result(&each.index, &output));
        }
        let mut output = Members::default();
        output.set(name, items.with(done));
        Ok(output.json())
    }

    /// Keeps an output for the caller, the next block, and the steps that name it.
    fn keep(&mut self, plan: &Plan, index: usize, step: &Step, output: String) -> Result<(), Why> {
        if let Some(Value::Object(noted)) = self.trace.as_mut().and_then(|trace| trace.get_mut(&step.id)) {
            noted.insert("output".to_owned(), serde_json::from_str(&output).unwrap_or_default());
        }
        if plan.format == Format::Steps {
            self.outputs[index] = Some(output.clone());
            let kept: usize = self.outputs.iter().flatten().map(String::len).sum();
            if kept > KEPT_OCTETS_MAX {
                return Err(flow(format!(
                    "the outputs of the steps are larger than {KEPT_OCTETS_MAX} octets"
                )));
            }
        }
        (self.flow, self.has_output) = (output, true);
        Ok(())
    }

    /// Notes what a step gets, for chains in debug mode. Of keys only the names are shown.
    fn note(&mut self, step: &Step, data: &str, keys: &Secret) {
        if let Some(trace) = &mut self.trace {
            let names: Vec<&str> = keys.names().collect();
            let data: Value = serde_json::from_str(data).unwrap_or_default();
            trace.insert(step.id.clone(), json!({ "keys": names, "data": data }));
        }
    }

    fn context(&mut self, current: &str) -> Option<Value> {
        let trace = self.trace.take()?;
        let mut context = Map::new();
        context.insert("debugEnabled".to_owned(), json!(true));
        context.insert("currentBlock".to_owned(), json!(current));
        context.extend(trace);
        Some(Value::Object(context))
    }
}

/// A chain may ask for less than a contract gets, never for more.
pub(crate) fn limits(asked: &Limits) -> Limits {
    let usual = Limits::default();
    Limits {
        iterations_max: asked.iterations_max,
        heap_octets_max: asked.heap_octets_max.min(usual.heap_octets_max),
        ..usual
    }
}

/// Empty objects and arrays are no data: `Given nothing` wants none.
fn none_if_empty(json: String) -> String {
    let text = json.trim();
    let inside = [('{', '}'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    if inside.is_some_and(|inside| inside.trim().is_empty()) { String::new() } else { json }
}

fn flow(message: impl Into<String>) -> Why {
    Why::Flow(message.into())
}
