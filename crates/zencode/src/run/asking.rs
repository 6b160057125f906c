//! The requests of a run: which line asks next, what the host answered, where it goes.
//!
//! The lines that ask before the run do so in their order, then the run goes from its first statement to its
//! last, then the lines that ask after it follow. A request sees what the ones before it brought.

use super::{Inputs, Output, Run, Settings, Step};
use crate::diagnostic::Failure;
use crate::error::Error;
use crate::known::{Circumstances, Known, Named, compact, raw};
use crate::question::{Moment, Question, Reading, Target, Want};
use crate::request::{Answer, HttpCalls, Request};
use crate::statement::{Action, Call, Statement};
use crate::syntax::{Deed, Line, Role};
use crate::words;

/// What stands between a run and its host.
#[derive(Debug)]
pub(super) struct Desk {
    known: Known,
    /// The line that is looked at next.
    next: usize,
    /// The request that waits for its answer.
    pending: Option<Pending>,
    answer: Option<Answer>,
    /// Whether the run is under way: the lines that ask before it have had their answers.
    is_running: bool,
    /// The output, once the run is over.
    printed: Option<Output>,
}

/// A request that waits for its answer: that of one line, or of several lines that are asked together.
#[derive(Debug)]
struct Pending {
    request: Request,
    parts: Vec<Part>,
}

/// What one line has of a request.
#[derive(Debug)]
struct Part {
    line: usize,
    reading: Reading,
    target: Target,
    /// How many calls of web services are its own.
    calls: usize,
}

impl Desk {
    pub(super) fn new(inputs: Inputs<'_>, settings: &Settings) -> Self {
        let Settings { seed, now_ms, limits } = settings;
        let circumstances = Circumstances { seed: seed.clone(), now_ms: *now_ms, limits: *limits };
        Self {
            known: Known::new(inputs.data, inputs.keys, circumstances),
            next: 0,
            pending: None,
            answer: None,
            is_running: false,
            printed: None,
        }
    }

    /// The next line that asks at this moment.
    fn next_line(&mut self, lines: &[Line]) -> Option<usize> {
        let moment = if self.printed.is_some() { Moment::After } else { Moment::Before };
        let rest = lines.iter().enumerate().skip(self.next);
        let (index, _) = rest.into_iter().find(|(_, line)| line.moment() == Some(moment))?;
        self.next = index + 1;
        Some(index)
    }

    /// Adds the lines that are asked together with this one.
    fn join(&mut self, lines: &[Line], pending: &mut Pending) -> Result<(), (usize, Error)> {
        loop {
            let before = self.next;
            let Some(index) = self.next_line(lines) else { return Ok(()) };
            if matches!(lines[index].deed, Deed::Order(_)) {
                self.next = before;
                return Ok(());
            }
            let question = lines[index].question(&self.known).map_err(|error| (index, error))?;
            let joined = match (&mut pending.request, question) {
                (
                    Request::Http(all),
                    Question { want: Want::Ask(Request::Http(more), reading), target, joins: true },
                ) if all.calls.len() + more.calls.len() <= HttpCalls::CALLS_MAX => {
                    pending.parts.push(Part { line: index, reading, target, calls: more.calls.len() });
                    all.calls.extend(more.calls);
                    true
                }
                _ => false,
            };
            if !joined {
                self.next = before;
                return Ok(());
            }
        }
    }
}

impl Run {
    /// Runs until the contract ends or needs the host.
    ///
    /// # Errors
    /// When a statement fails or a limit is exceeded.
    pub fn step(&mut self) -> Result<Step, Box<Failure>> {
        loop {
            if let Some(step) = self.step_within(u64::MAX)? {
                return Ok(step);
            }
        }
    }

    /// Runs until the contract ends, needs the host, or has executed so many statements; none when there is more to
    /// do and nothing to wait for. A host that shares its time, or that may give a run up, steps in this way: what the
    /// run gives does not depend on where it was interrupted. What a request computes by itself is not interrupted.
    ///
    /// # Errors
    /// As [`Run::step`].
    pub fn step_within(&mut self, statements: u64) -> Result<Option<Step>, Box<Failure>> {
        let contract = self.contract.clone();
        let lines = &contract.parsed.lines;
        let Some(mut desk) = self.desk.take() else {
            return self.execute(lines, statements).map(|output| output.map(Step::Done));
        };
        let step = self.attend(&mut desk, lines, statements);
        self.desk = Some(desk);
        step
    }

    /// Hands over what the host found for the request that [`Run::step`] returned.
    pub fn answer(&mut self, answer: Answer) {
        if let Some(desk) = &mut self.desk {
            desk.answer = Some(answer);
        }
    }

    fn attend(
        &mut self,
        desk: &mut Desk,
        lines: &[Line],
        statements: u64,
    ) -> Result<Option<Step>, Box<Failure>> {
        if let Some(pending) = desk.pending.take() {
            match desk.answer.take() {
                Some(answer) => self.settle(desk, lines, &pending, answer)?,
                None => return Ok(Some(ask(desk, pending))),
            }
        }
        loop {
            if !desk.is_running
                && let Some(pending) = self.next_request(desk, lines)?
            {
                return Ok(Some(ask(desk, pending)));
            }
            if let Some(mut output) = desk.printed.take() {
                if !output.json.starts_with('[') {
                    output.json = desk.known.output_json();
                }
                return Ok(Some(Step::Done(output)));
            }
            desk.is_running = true;
            let Some(output) = self.execute(lines, statements)? else { return Ok(None) };
            desk.is_running = false;
            if !lines.iter().any(|line| line.moment() == Some(Moment::After)) {
                return Ok(Some(Step::Done(output)));
            }
            desk.known.print(&output.json).map_err(|error| self.failure(None, &error))?;
            desk.printed = Some(output);
            desk.next = 0;
        }
    }

    /// The next request of this moment; what can be computed is settled on the way.
    fn next_request(&mut self, desk: &mut Desk, lines: &[Line]) -> Result<Option<Pending>, Box<Failure>> {
        while let Some(index) = desk.next_line(lines) {
            desk.known.settings.limits.statements_max = self.statements_left();
            let failed = |run: &Self, (index, error): (usize, Error)| run.failure(lines.get(index), &error);
            let question =
                lines[index].question(&desk.known).map_err(|error| failed(self, (index, error)))?;
            let Question { want, target, joins } = question;
            match want {
                Want::Have { json, statements } => {
                    self.executed = self.executed.saturating_add(statements);
                    self.keep(desk, &target, &json).map_err(|error| failed(self, (index, error)))?;
                }
                Want::Ask(request, reading) => {
                    let calls = if let Request::Http(all) = &request { all.calls.len() } else { 0 };
                    let part = Part { line: index, reading, target, calls };
                    let mut pending = Pending { request, parts: vec![part] };
                    if joins {
                        desk.join(lines, &mut pending).map_err(|fault| failed(self, fault))?;
                    }
                    return Ok(Some(pending));
                }
            }
        }
        Ok(None)
    }

    fn statements_left(&self) -> u64 {
        self.machine.limits.statements_max.saturating_sub(self.executed)
    }

    fn settle(
        &mut self,
        desk: &mut Desk,
        lines: &[Line],
        pending: &Pending,
        answer: Answer,
    ) -> Result<(), Box<Failure>> {
        let mut rest = answer;
        for part in &pending.parts {
            let answer = match &mut rest {
                Answer::Http(answers) if pending.parts.len() > 1 => {
                    Answer::Http(answers.drain(..part.calls.min(answers.len())).collect())
                }
                answer => std::mem::replace(answer, Answer::Http(Vec::new())),
            };
            let kept = (part.reading)(answer).and_then(|json| self.keep(desk, &part.target, &json));
            kept.map_err(|error| self.failure(lines.get(part.line), &error))?;
        }
        Ok(())
    }

    /// Puts what a request brought where its line wants it.
    fn keep(&mut self, desk: &mut Desk, target: &Target, json: &str) -> Result<(), Error> {
        let (known, machine) = (&mut desk.known, &mut self.machine);
        let over = desk.printed.is_some();
        match target {
            Target::Nothing => {}
            Target::Held(name) => known.hold(name, raw(json)?),
            Target::Member(name) if over => known.add_to_output(name, raw(json)?)?,
            Target::Member(name) => {
                machine.take_input(name, json)?;
                known.bring(name, raw(json)?);
            }
            Target::Secret(name) => {
                if !over {
                    machine.take_input(name, json)?;
                }
                known.bring_secret(name, raw(json)?);
            }
            Target::Within { object, name } => {
                machine.take_within(object, name, json)?;
                known.bring(object, within(known.find(object)?.map(|it| it.get()), name, json)?);
            }
            Target::Members => {
                let members: Named = serde_json::from_str(json).map_err(|_| {
                    Error::input("what was read is no JSON object, so nothing in it has a name")
                })?;
                for (name, value) in members {
                    machine.take_input(&name, value.get())?;
                    known.bring(&name, value);
                }
            }
        }
        Ok(())
    }
}

fn ask(desk: &mut Desk, pending: Pending) -> Step {
    let request = pending.request.clone();
    desk.pending = Some(pending);
    Step::Ask(request)
}

/// An object with one member more.
fn within(object: Option<&str>, name: &str, json: &str) -> Result<Box<serde_json::value::RawValue>, Error> {
    let mut members: Named = serde_json::from_str(object.unwrap_or("{}")).unwrap_or_default();
    members.insert(name.to_owned(), raw(json)?);
    let members = members
        .iter()
        .map(|(name, value)| format!("{}:{}", serde_json::Value::from(name.as_str()), compact(value.get())));
    raw(&format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
}

impl Line {
    /// The statement of a line that asks the host for something.
    pub(crate) fn request(&self) -> Option<&'static Statement> {
        let statement = match &self.deed {
            Deed::Statement(found) => found.statement,
            Deed::Order(order) => order.found.statement,
            Deed::Close | Deed::Declare(_) => return None,
        };
        matches!(statement.run, Action::Ask(..) | Action::Order(..)).then_some(statement)
    }

    /// When the line asks, if it does.
    fn moment(&self) -> Option<Moment> {
        match (&self.deed, &self.request()?.run) {
            (Deed::Order(_), _) if self.role == Role::Then => Some(Moment::After),
            (_, Action::Ask(asking, _)) => Some(asking.moment),
            _ => Some(Moment::Before),
        }
    }

    fn question(&self, known: &Known) -> Result<Question, Error> {
        match &self.deed {
            Deed::Order(order) => order.question(known),
            Deed::Statement(found) => match found.statement.run {
                Action::Ask(_, ask) => {
                    ask(known, &Call { arguments: &words::quoted(&self.source), scheme: found.scheme })
                }
                _ => Err(Error::failed("the line asks nothing")),
            },
            Deed::Close | Deed::Declare(_) => Err(Error::failed("the line asks nothing")),
        }
    }
}
