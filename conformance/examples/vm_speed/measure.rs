//! Executions per second of one contract on either side.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use conformance::{Case, Outcome, Reference, Settings};
use zencode::{Contract, Inputs, KeyCache, Library, Step};

/// How long one round of ours lasts.
const ROUND: Duration = Duration::from_millis(300);
/// Executions of ours between two looks at the clock take about as long.
const GLANCE: Duration = Duration::from_millis(2);
/// How long one round of the reference engine lasts, about.
const REFERENCE_ROUND: Duration = Duration::from_millis(400);
/// Executions of the reference engine per round, at least and at most.
const REFERENCE_EXECUTIONS: std::ops::RangeInclusive<u32> = 3..=15;

/// Executions per second: the median of rounds that alternate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speed {
    pub(crate) ours: f64,
    pub(crate) reference: f64,
}

/// Measures one case on both sides.
pub(crate) fn speed(
    case: &Case,
    reference: &mut Reference,
    settings: &Settings,
    rounds: usize,
) -> Result<Speed> {
    // The first round of either side warms caches and is thrown away.
    our_round(case, settings)?;
    let first = reference_round(reference, case, settings, *REFERENCE_EXECUTIONS.start())?;
    let fitting = (REFERENCE_ROUND.as_secs_f64() * first) as u32;
    let count = fitting.clamp(*REFERENCE_EXECUTIONS.start(), *REFERENCE_EXECUTIONS.end());
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..rounds.max(1) {
        theirs.push(reference_round(reference, case, settings, count)?);
        ours.push(our_round(case, settings)?);
    }
    Ok(Speed { ours: median(ours), reference: median(theirs) })
}

/// Executions per second of this implementation in one round.
fn our_round(case: &Case, settings: &Settings) -> Result<f64> {
    let contract = match Contract::compile(&case.script, Library::Language, &settings.limits) {
        Ok(contract) => contract,
        Err(diagnostic) => bail!("{}: {diagnostic}", case.name),
    };
    // An oracle grants the same keys to a contract again and again.
    let keys = KeyCache::default();
    let started = Instant::now();
    execute(case, &contract, settings, &keys)?;
    let glance = (GLANCE.as_secs_f64() / started.elapsed().as_secs_f64()).clamp(1.0, 64.0) as u32;
    let started = Instant::now();
    let processor = processor_seconds()?;
    let mut executions = 0_u32;
    while started.elapsed() < ROUND {
        for _ in 0..glance {
            execute(case, &contract, settings, &keys)?;
        }
        executions += glance;
    }
    Ok(f64::from(executions) / (processor_seconds()? - processor))
}

/// Processor time of this thread, from the kernel's scheduler.
fn processor_seconds() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")
        .context("processor time is read from Linux")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse().context("schedstat")?;
    Ok(nanoseconds / 1e9)
}

fn execute(case: &Case, contract: &Contract, settings: &Settings, keys: &KeyCache) -> Result<()> {
    let inputs = Inputs { extra: "", data: &case.data, keys: &case.keys };
    // Oracles serve with fresh entropy; the reference's slow generator is for comparisons of output.
    let settings = zencode::Settings {
        seed: zencode::Seed::Fresh([7; 32]),
        now_ms: settings.now_ms,
        limits: settings.limits,
    };
    match contract.start_with(inputs, settings, keys).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => {
            std::hint::black_box(output);
            Ok(())
        }
        Ok(Step::Ask(_)) => bail!("{} asks its host, which is not measured here", case.name),
        Err(failure) => bail!("{}: {failure}", case.name),
    }
}

/// Executions per second of the reference engine in one round.
fn reference_round(
    reference: &mut Reference,
    case: &Case,
    settings: &Settings,
    executions: u32,
) -> Result<f64> {
    let measured = reference.measure(case, settings, executions)?;
    if let Outcome::Failed { message, .. } = &measured.outcome {
        bail!("the reference engine refuses {}: {message}", case.name);
    }
    // Its garbage collector works on other threads: the smaller of the two times is the one in its favour.
    let times = measured.wall_us.iter().zip(&measured.cpu_us).map(|(wall, cpu)| wall.min(cpu));
    let per_execution: Vec<f64> = times.map(|us| *us as f64).collect();
    Ok(1e6 / median(per_execution))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
