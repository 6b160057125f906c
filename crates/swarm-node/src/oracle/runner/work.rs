//! One turn of a run on a worker: statements until the contract ends, must wait, or has worked long enough while
//! others wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing::Level;
use zencode::{Inputs, Run, Seed, Settings, Step};

use super::seats::Seat;
use super::{Job, RunError};
use crate::connector::{Connector, now_ms};

/// How long a run works while others wait for its seat.
const TURN: Duration = Duration::from_millis(5);
/// Statements between two looks at the clock and at whether the run is still wanted.
const SLICE_STATEMENTS: u64 = 16;

/// Where a run stands between two turns.
pub(super) enum Turn {
    /// It has not begun.
    Start(Box<Job>),
    /// It has statements to execute.
    Go(Box<Run>),
    /// It ended, or waits for the host.
    Stopped(Box<Run>, Step),
}

impl Turn {
    /// Works on the run for one turn.
    pub(super) fn take(
        self,
        connector: &dyn Connector,
        seat: &Seat,
        cancelled: &AtomicBool,
    ) -> Result<Self, RunError> {
        let begun = Instant::now();
        let mut run = match self {
            _ if cancelled.load(Ordering::Relaxed) => return Err(gone()),
            Self::Start(job) => start(&job)?,
            Self::Go(run) => run,
            stopped @ Self::Stopped(..) => return Ok(stopped),
        };
        loop {
            match slice(&mut run)? {
                Some(Step::Ask(request)) => match connector.answer_now(&request) {
                    Some(answer) => run.answer(answer),
                    None => return Ok(Self::Stopped(run, Step::Ask(request))),
                },
                Some(done) => return Ok(Self::Stopped(run, done)),
                None if cancelled.load(Ordering::Relaxed) => return Err(gone()),
                None if seat.is_wanted() && begun.elapsed() >= TURN => return Ok(Self::Go(run)),
                None => {}
            }
        }
    }
}

/// What a cancelled run ends with; nobody is left to read it.
fn gone() -> RunError {
    RunError::Fault("nobody waits for it any more".to_owned())
}

fn start(job: &Job) -> Result<Box<Run>, RunError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| RunError::Fault(error.to_string()))?;
    let inputs = Inputs { extra: "", data: &job.data, keys: &job.keys.text };
    let settings = Settings { seed: Seed::Fresh(seed), now_ms: now_ms(), limits: job.limits };
    Ok(Box::new(job.contract.start_with(inputs, settings, &job.keys.cache)?))
}

/// A few statements; one at a time when each is to be logged.
fn slice(run: &mut Run) -> Result<Option<Step>, RunError> {
    if !tracing::enabled!(Level::TRACE) {
        return Ok(run.step_within(SLICE_STATEMENTS)?);
    }
    let begun = Instant::now();
    let step = run.step_within(1);
    if let Some((line, statement)) = run.last_line()
        && !matches!(step, Ok(Some(_)))
    {
        // Words of the contract, never of its memory.
        let (us, failed) = (begun.elapsed().as_micros(), step.is_err());
        tracing::trace!(line, statement, us, failed, "statement");
    }
    Ok(step?)
}
