//! From text to matched lines: prefixes, transitions, scenarios, rules.
//!
//! # Source
//! Zenroom `zencode.lua`: `ZEN:begin`, `ZEN:parse`; `zen_parse.c`: `lua_parse_prefix`.

use crate::diagnostic::{Cause, Concern, Diagnostic, Warning};
use crate::given::{Declaration, Given};
use crate::library::{self, Found, Loaded};
use crate::order::{self, Order};
use crate::rules::Rules;
use crate::statement::{Action, Call, Phase};
use crate::words;

mod assembled;
mod hint;
mod nesting;
mod state;
mod unmatched;

use hint::{prefix_hint, transition_hint};
use nesting::{Block, Nesting};
use state::State;

/// One line that does something at run time.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Line of the text, counted from 1.
    pub(crate) number: usize,
    /// The text, trimmed.
    pub(crate) source: Box<str>,
    pub(crate) role: Role,
    pub(crate) deed: Deed,
    pub(crate) arguments: Box<[Box<str>]>,
}

/// What a line means to branches and loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Given,
    Plain,
    If,
    EndIf,
    Foreach,
    EndForeach,
    Then,
}

/// What a line does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// It closes a branch or a loop.
    Close,
    Declare(Declaration),
    Statement(Found),
    Order(Box<Order>),
}

/// A contract after parsing.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) lines: Vec<Line>,
    pub(crate) rules: Rules,
    pub(crate) loaded: Loaded,
    pub(crate) warnings: Vec<Warning>,
}

/// Octets of one line, at most.
const LINE_OCTETS_MAX: usize = 1023;

/// Octets of the first word of a line, at most.
const WORD_OCTETS_MAX: usize = 1024;

/// Octets of a contract, at least.
const CONTRACT_OCTETS_MIN: usize = 9;

/// How much of a contract is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// What comes before the first line that works, branches, loops or prints.
    Given,
}

/// Parses and matches a contract.
///
/// # Errors
/// The first fault.
pub(crate) fn parse(text: &str, connectors: bool, extent: Extent) -> Result<Parsed, Box<Diagnostic>> {
    readable(text)?;
    let mut parser = Parser::new(connectors, extent);
    for (number, line) in numbered_lines(text) {
        parser.line(number, line)?;
        if parser.ended {
            break;
        }
    }
    parser.end()?;
    Ok(parser.parsed)
}

/// Parses a contract to its end and gives every fault, in the order of the lines.
///
/// A line at fault is left out; the lines after it are judged as if it had been right, so that one
/// fault is told once.
pub(crate) fn survey(text: &str, connectors: bool) -> (Parsed, Vec<Diagnostic>) {
    if let Err(fault) = readable(text) {
        return (Parsed::default(), vec![*fault]);
    }
    let mut parser = Parser::new(connectors, Extent::Whole);
    let lines = numbered_lines(text).map(|(number, line)| parser.line(number, line));
    let mut faults: Vec<Diagnostic> = lines.filter_map(Result::err).map(|fault| *fault).collect();
    faults.extend(parser.end().err().map(|fault| *fault));
    (parser.parsed, faults)
}

/// That a text can be a contract at all.
fn readable(text: &str) -> Result<(), Box<Diagnostic>> {
    if text.len() < CONTRACT_OCTETS_MIN {
        return Err(fault(Cause::Syntax, None, "Zencode text too short to parse".to_owned()));
    }
    // The reference engine takes it for the end of the text, and runs what comes before.
    match numbered_lines(text).find(|(_, line)| line.contains('\0')) {
        Some(place) => Err(fault(Cause::Syntax, Some(place), "the text holds a NUL character".to_owned())),
        None => Ok(()),
    }
}

/// Lines with their numbers. A carriage return ends a line too, so that `\r\n` counts twice, as the
/// reference engine counts.
pub(crate) fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(['\n', '\r']).enumerate().map(|(index, line)| (index + 1, line))
}

fn fault(cause: Cause, place: Option<(usize, &str)>, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic {
        cause,
        message,
        line: place.map(|(line, _)| line),
        source: place.map(|(_, source)| words::trimmed(source).to_owned()),
        hint: None,
    })
}

/// One line of the text, blanks around it dropped, with its number.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    number: usize,
    /// The line as it is written.
    raw: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn fault(self, cause: Cause, message: String) -> Box<Diagnostic> {
        fault(cause, Some((self.number, self.text)), message)
    }

    fn syntax(self, message: String) -> Box<Diagnostic> {
        self.fault(Cause::Syntax, message)
    }
}

struct Parser {
    parsed: Parsed,
    state: State,
    nesting: Nesting,
    connectors: bool,
    extent: Extent,
    /// Whether the part that is read is over.
    ended: bool,
    /// Whether the last line matched; what `rule unknown ignore` turns on.
    last_valid: bool,
    last_prefix: String,
    phase: Phase,
}

impl Parser {
    fn new(connectors: bool, extent: Extent) -> Self {
        let mut parsed = Parsed::default();
        // The reference engine lets unknown lines pass when it reads this part alone.
        parsed.rules.ignore_unknown = extent == Extent::Given;
        Self {
            parsed,
            state: State::Init,
            nesting: Nesting::default(),
            connectors,
            extent,
            ended: false,
            last_valid: false,
            last_prefix: String::new(),
            phase: Phase::Given,
        }
    }

    fn line(&mut self, number: usize, raw: &str) -> Result<(), Box<Diagnostic>> {
        let place = Place { number, raw, text: words::trimmed(raw) };
        let mut prefix = words::first(place.text).to_ascii_lowercase();
        let prepared = if self.connectors { order::head(&prefix) } else { None };
        if let Some(phase) = prepared {
            phase.name().clone_into(&mut prefix);
        }
        if prefix.len() > WORD_OCTETS_MAX {
            return Err(too_long(place));
        }
        if prefix.is_empty() || prefix.starts_with('#') {
            return Ok(());
        }
        if self.extent == Extent::Given && matches!(prefix.as_str(), "when" | "then" | "if" | "foreach") {
            self.ended = true;
            return Ok(());
        }
        let event = self.event(&prefix, number).map_err(|message| place.syntax(message))?;
        // Of the events inside branches and loops, none moves on to another phase.
        self.phase = match event.as_str() {
            "when" | "if" | "foreach" => Phase::When,
            "then" => Phase::Then,
            _ => self.phase,
        };
        let target = match event.as_str() {
            "and" => Some(self.state),
            event => State::named(event),
        };
        let Some(target) = target else { return self.unknown_prefix(place) };
        let before = std::mem::replace(&mut self.state, target);
        let allowed = if event == "and" { before.repeats() } else { target.predecessors().contains(&before) };
        if !allowed {
            let message = format!("Invalid transition from: {} to: {}", before.name(), place.text);
            let mut diagnostic = place.syntax(message);
            diagnostic.hint = Some(transition_hint(before, target).to_owned());
            return Err(diagnostic);
        }
        match target {
            State::Scenario => {
                self.scenario(place);
                Ok(())
            }
            State::Rule => self.rule(place),
            _ if place.text.len() > LINE_OCTETS_MAX => Err(too_long(place)),
            State::EndIf => self.close(place, Role::EndIf),
            State::EndForeach => self.close(place, Role::EndForeach),
            _ => match prepared {
                Some(phase) => self.prepared(place, phase),
                None => self.sentence(place),
            },
        }
    }

    /// What can only be said once every line is read.
    fn end(&self) -> Result<(), Box<Diagnostic>> {
        self.nesting.check_closed().map_err(|(line, message)| {
            let mut diagnostic = fault(Cause::Syntax, None, message);
            diagnostic.line = Some(line);
            diagnostic.hint = Some(
                "every If, and every And after it, needs its own EndIf; so does a Foreach its EndForeach"
                    .to_owned(),
            );
            diagnostic
        })
    }

    /// The event of a prefix: branches and loops tell `when` and `then` what they are in.
    fn event(&mut self, prefix: &str, number: usize) -> Result<String, String> {
        let opens = |word: &str| prefix == word || (prefix == "and" && self.last_prefix == word);
        if opens("if") {
            "if".clone_into(&mut self.last_prefix);
            return Ok(self.nesting.open(Block::If, number));
        }
        if opens("foreach") {
            "foreach".clone_into(&mut self.last_prefix);
            return Ok(self.nesting.open(Block::Foreach, number));
        }
        prefix.clone_into(&mut self.last_prefix);
        match prefix {
            "endif" => self.nesting.close(Block::If, number)?,
            "endforeach" => self.nesting.close(Block::Foreach, number)?,
            "when" | "then" => return Ok(format!("{prefix}{}", self.nesting.suffix())),
            _ => {}
        }
        Ok(prefix.to_owned())
    }

    fn unknown_prefix(&mut self, place: Place<'_>) -> Result<(), Box<Diagnostic>> {
        let Place { number, raw, .. } = place;
        let ignorable = self.parsed.rules.ignore_unknown
            && ((self.phase == Phase::Given && !self.last_valid) || self.phase == Phase::Then);
        if ignorable {
            if self.phase == Phase::Then {
                self.last_valid = false;
            }
            self.ignore(place);
            return Ok(());
        }
        let what = if self.parsed.rules.ignore_unknown { "line" } else { "prefix" };
        let mut diagnostic = place.syntax(format!("Invalid Zencode {what} {number}: '{raw}'"));
        diagnostic.hint = Some(prefix_hint(place.text).to_owned());
        Err(diagnostic)
    }

    fn warn(&mut self, place: Place<'_>, concern: Concern, message: String, hint: Option<String>) {
        let source = Some(place.text.to_owned());
        self.parsed.warnings.push(Warning { concern, message, line: Some(place.number), source, hint });
    }

    fn ignore(&mut self, place: Place<'_>) {
        let message = format!("Zencode line {} pattern ignored: {}", place.number, place.text);
        let hint = "the contract's rule 'unknown ignore' lets it pass";
        self.warn(place, Concern::Ignored, message, Some(hint.to_owned()));
    }

    fn scenario(&mut self, place: Place<'_>) {
        let lower = place.text.to_ascii_lowercase();
        let head = lower.split(':').next().unwrap_or_default();
        let Some(name) = head.split(' ').nth(1) else { return };
        let name = name.trim_matches(|c: char| c == '\'' || c.is_ascii_whitespace());
        if !name.is_empty() && !self.parsed.loaded.load(name) {
            let message = format!("required extension not found: zencode_{name}");
            let hint = library::unknown_scenario(name);
            self.warn(place, Concern::Scenario, message, Some(hint));
        }
    }

    fn rule(&mut self, place: Place<'_>) -> Result<(), Box<Diagnostic>> {
        let remarks = self.parsed.rules.apply(place.text).map_err(|message| place.syntax(message))?;
        if let Some(remark) = remarks {
            self.warn(place, remark.concern, remark.message, remark.hint.map(str::to_owned));
        }
        Ok(())
    }

    fn close(&mut self, place: Place<'_>, role: Role) -> Result<(), Box<Diagnostic>> {
        let word = if role == Role::EndIf { "endif" } else { "endforeach" };
        if words::sentence(place.text, Phase::When) != word {
            return Err(not_found(place, word));
        }
        self.push(place, role, Deed::Close, words::arguments(place.text));
        Ok(())
    }

    fn push(&mut self, place: Place<'_>, role: Role, deed: Deed, arguments: Vec<Box<str>>) {
        let (number, source) = (place.number, place.text.into());
        self.parsed.lines.push(Line { number, source, role, deed, arguments: arguments.into() });
        self.last_valid = true;
    }

    fn sentence(&mut self, place: Place<'_>) -> Result<(), Box<Diagnostic>> {
        let Some((phase, role)) = self.state.lookup() else { return Ok(()) };
        let sentence = words::sentence(place.text, phase);
        let Some(found) = self.parsed.loaded.find(phase, &sentence, self.connectors) else {
            return self.assembled(place, phase, role, &sentence);
        };
        // Where unknown lines pass, the reference engine lets pass what it does not know as a connector's, too.
        let (connector, before) = (found.is_connector(), self.last_valid);
        if self.parsed.rules.ignore_unknown && phase == Phase::Then && !self.last_valid && !connector {
            return Err(place.syntax(format!(
                "Zencode line {} found valid statement after an invalid one in the then phase: {}",
                place.number, place.text
            )));
        }
        if let Some(instead) = found.instead() {
            let message = format!("DEPRECATED: {sentence}, use instead: {instead}");
            self.warn(place, Concern::Deprecated, message, Some(format!("write instead: {instead}")));
        }
        let arguments = found.ordered(words::arguments(place.text));
        let deed = match found.statement.run {
            Action::Given(declare) => {
                let mut given = Given::default();
                let call = Call { arguments: &arguments, scheme: found.scheme };
                declare(&mut given, &call).map_err(|error| place.syntax(error.to_string()))?;
                match given.into_declaration() {
                    Some(declaration) => Deed::Declare(declaration),
                    None => Deed::Statement(found),
                }
            }
            _ => Deed::Statement(found),
        };
        self.push(place, role, deed, arguments);
        if connector {
            self.last_valid = before;
        }
        Ok(())
    }
}

fn too_long(place: Place<'_>) -> Box<Diagnostic> {
    place.syntax(format!("the line has {} octets, at most {LINE_OCTETS_MAX} are taken", place.text.len()))
}

fn not_found(place: Place<'_>, table: &str) -> Box<Diagnostic> {
    let message = format!("Zencode line {} pattern not found ({table}): {}", place.number, place.text);
    place.fault(Cause::UnknownStatement, message)
}
