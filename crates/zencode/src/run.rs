//! One run of a contract: inputs read, requests asked, statements executed, output printed.

use zencode_crypto::random::Seed;

use crate::contract::Contract;
use crate::diagnostic::{Cause, Concern, Diagnostic, Failure, Note};
use crate::error::Error;
use crate::key_cache::KeyCache;
use crate::limits::Limits;
use crate::machine::{Machine, Noted};
use crate::picture::Values;
use crate::request::Request;
use crate::statement::{Action, Call};
use crate::syntax::{Deed, Line, Role};

mod asking;
mod declare;
mod inputs;

use asking::Desk;
pub(crate) use inputs::Root;

/// The JSON texts a run starts from; an empty text is an absent one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'a> {
    /// EXTRA: yields silently to the other two.
    pub extra: &'a str,
    /// DATA: what the caller sends.
    pub data: &'a str,
    /// KEYS: what the host grants.
    pub keys: &'a str,
}

/// What a run takes from its host besides its inputs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where random octets come from.
    pub seed: Seed,
    /// The present time, in milliseconds since 1970.
    pub now_ms: i64,
    /// The limits.
    pub limits: Limits,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It ended: this is what it printed.
    Done(Output),
    /// It waits for the host.
    Ask(Request),
}

/// What a run printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Compact JSON, keys sorted, without a newline at the end.
    pub json: String,
    /// Warnings given on the way.
    pub warnings: Vec<String>,
    /// What debugging statements wrote; may hold values of the contract's memory.
    pub notes: Vec<Note>,
}

/// One run of a contract.
#[derive(Debug)]
pub struct Run {
    contract: Contract,
    machine: Machine,
    /// What stands between the run and its host; none when the contract asks for nothing.
    desk: Option<Box<Desk>>,
    /// The line that is executed next, before branches and loops have their say.
    next: usize,
    /// The line executed last.
    last: Option<usize>,
    /// Indices of the lines executed.
    trace: Vec<u32>,
    executed: u64,
}

/// Lines kept of a run's trace; a long loop would fill memory otherwise.
const TRACE_LINES_MAX: usize = 10_000;

impl Run {
    pub(crate) fn start(
        contract: Contract,
        inputs: Inputs<'_>,
        settings: Settings,
        keys: KeyCache,
    ) -> Result<Self, Box<Failure>> {
        let parsed = &contract.parsed;
        let mut machine = Machine::new(
            parsed.rules.clone(),
            parsed.loaded.clone(),
            &settings.seed,
            settings.now_ms,
            settings.limits,
        );
        machine.key_cache = keys;
        for warning in contract.warnings() {
            machine.warn(warning.to_string());
        }
        if !parsed.rules.version_checked {
            machine.warn("Zencode is missing version check, please add: rule check version N.N.N");
        }
        let desk = contract.asks().then(|| Box::new(Desk::new(inputs, &settings)));
        let read = machine.read_inputs(inputs);
        machine.control.reset(&parsed.lines);
        let run = Self { contract, machine, desk, next: 0, last: None, trace: Vec::new(), executed: 0 };
        match read {
            Ok(()) => Ok(run),
            Err(error) => Err(run.failure(None, &error)),
        }
    }

    /// Statements executed so far.
    pub(crate) fn executed(&self) -> u64 {
        self.executed
    }

    /// Line number and text of the statement executed last.
    pub fn last_line(&self) -> Option<(usize, &str)> {
        let line = self.contract.parsed.lines.get(self.last?)?;
        Some((line.number, &line.source))
    }

    /// Executes so many statements at most; none when there are more.
    fn execute(&mut self, lines: &[Line], statements: u64) -> Result<Option<Output>, Box<Failure>> {
        let limits = self.machine.limits;
        for _ in 0..statements {
            let next = self.machine.control.next(lines, self.next, limits.iterations_max);
            let index = match next {
                Ok(Some(index)) => index,
                Ok(None) => return self.end(lines).map(Some),
                Err(error) => return Err(self.failure(lines.get(self.next), &error)),
            };
            let line = &lines[index];
            if line.role != Role::Given && !self.machine.inputs.is_empty() {
                self.machine.forget_inputs();
            }
            self.executed += 1;
            if self.executed > limits.statements_max {
                let message =
                    format!("Zencode execution limit exceeded: {} statements", limits.statements_max);
                return Err(self.failure(Some(line), &Error::Limit(message)));
            }
            self.trace(index);
            self.last = Some(index);
            if let Err(error) = self.perform(line) {
                return Err(self.failure(Some(line), &error));
            }
            self.next = index + 1;
        }
        Ok(None)
    }

    fn end(&mut self, lines: &[Line]) -> Result<Output, Box<Failure>> {
        match self.machine.write_output() {
            Ok(json) => Ok(Output {
                json,
                warnings: std::mem::take(&mut self.machine.warnings),
                notes: self.notes(lines),
            }),
            Err(error) => Err(self.failure(None, &error)),
        }
    }

    fn trace(&mut self, index: usize) {
        if self.trace.len() < TRACE_LINES_MAX {
            self.trace.push(u32::try_from(index).unwrap_or(u32::MAX));
            self.machine.traced = self.trace.len();
        }
    }

    fn perform(&mut self, line: &Line) -> Result<(), Error> {
        let machine = &mut self.machine;
        let found = match &line.deed {
            Deed::Close => return Ok(()),
            Deed::Declare(declaration) => return machine.declare(declaration),
            Deed::Order(_) => return Ok(()),
            Deed::Statement(found) => found,
        };
        let call = Call { arguments: &line.arguments, scheme: found.scheme };
        match found.statement.run {
            Action::When(run) | Action::Foreach(run) | Action::Then(run) => match found.legacy {
                Some(row) => row.perform(machine, |machine| run(machine, &call)),
                None => run(machine, &call),
            },
            Action::Check(check) => match check(machine, &call) {
                Err(Error::Refused(_)) if line.role == Role::If => {
                    machine.control.refuse();
                    Ok(())
                }
                other => other,
            },
            Action::Given(_) | Action::Ask(..) | Action::Order(..) => Ok(()),
        }
    }

    /// The failure of an error at a line.
    fn failure(&self, line: Option<&Line>, error: &Error) -> Box<Failure> {
        let cause = match error {
            Error::Limit(_) => Cause::Limit,
            Error::Input(_) => Cause::Input,
            _ if line.is_some_and(|line| line.request().is_some()) => Cause::Host,
            _ => Cause::Statement,
        };
        Box::new(Failure {
            diagnostic: Diagnostic {
                cause,
                message: error.to_string(),
                line: line.map(|line| line.number),
                source: line.map(|line| line.source.to_string()),
                hint: error.hint().or_else(|| input_hint(error, line)),
            },
            trace: self.trace_lines(&self.contract.parsed.lines, self.trace.len()),
            heap: self.machine.heap_shape(Values::Hidden),
            warnings: self.machine.warnings.clone(),
            notes: self.notes(&self.contract.parsed.lines),
        })
    }

    /// The lines ignored, then the first `count` of those executed, as the reference engine traces them.
    fn trace_lines(&self, lines: &[Line], count: usize) -> Vec<String> {
        let ignored = self.contract.warnings().iter().filter(|warning| warning.concern == Concern::Ignored);
        let ignored = ignored.map(|warning| {
            format!(
                "-{}  {}",
                warning.line.unwrap_or_default(),
                warning.source.as_deref().unwrap_or_default()
            )
        });
        let executed = self.trace.iter().take(count);
        let executed = executed.filter_map(|index| lines.get(usize::try_from(*index).ok()?));
        ignored.chain(executed.map(|line| format!("+{}  {}", line.number, line.source))).collect()
    }

    fn notes(&self, lines: &[Line]) -> Vec<Note> {
        let notes = self.machine.notes.iter().map(|note| match note {
            Noted::Trace(count) => Note::Trace(self.trace_lines(lines, *count)),
            Noted::Heap(text) => Note::Heap(text.clone()),
            Noted::Text(text) => Note::Text(text.clone()),
        });
        notes.collect()
    }
}

/// What to do about an input that does not fit.
fn input_hint(error: &Error, line: Option<&Line>) -> Option<String> {
    match (error, line) {
        (Error::Input(_), Some(_)) => {
            Some("compare the input (DATA and KEYS) with what this line declares".to_owned())
        }
        (Error::Input(_), None) => Some("the inputs are JSON objects with different member names".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
