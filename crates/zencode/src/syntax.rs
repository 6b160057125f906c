//! From text to matched lines: prefixes, transitions, scenarios, rules.
//!
//! # Source
//! Zenroom `zencode.lua`: `ZEN:begin`, `ZEN:parse`; `zen_parse.c`: `lua_parse_prefix`.

use crate::diagnostic::{Cause, Diagnostic};
use crate::given::{Declaration, Given};
use crate::library::{Found, Loaded};
use crate::rules::Rules;
use crate::statement::{Action, Call, Phase};
use crate::words;

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
}

/// A contract after parsing.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) lines: Vec<Line>,
    pub(crate) rules: Rules,
    pub(crate) loaded: Loaded,
    pub(crate) warnings: Vec<String>,
}

/// Octets of one line, at most.
const LINE_OCTETS_MAX: usize = 1023;

/// Octets of a contract, at least.
const CONTRACT_OCTETS_MIN: usize = 9;

/// Parses and matches a contract.
///
/// # Errors
/// The first fault.
pub(crate) fn parse(text: &str, connectors: bool) -> Result<Parsed, Box<Diagnostic>> {
    if text.len() < CONTRACT_OCTETS_MIN {
        return Err(fault(Cause::Syntax, None, "Zencode text too short to parse".to_owned()));
    }
    let mut parser = Parser {
        parsed: Parsed::default(),
        state: State::Init,
        nesting: Nesting::default(),
        connectors,
        last_valid: false,
        last_prefix: String::new(),
        phase: Phase::Given,
    };
    for (index, line) in numbered_lines(text) {
        parser.line(index, line)?;
    }
    parser.nesting.check_closed().map_err(|message| fault(Cause::Syntax, None, message))?;
    Ok(parser.parsed)
}

/// Lines with their numbers. A carriage return ends a line too, so that `\r\n` counts twice, as the
/// reference engine counts.
fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(['\n', '\r']).enumerate().map(|(index, line)| (index + 1, line))
}

fn fault(cause: Cause, place: Option<(usize, &str)>, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic {
        cause,
        message,
        line: place.map(|(line, _)| line),
        source: place.map(|(_, source)| source.trim().to_owned()),
        hint: None,
    })
}

/// The state of the grammar: which kind of line came last, inside what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Init,
    Rule,
    Scenario,
    Given,
    When,
    Then,
    If,
    WhenIf,
    ThenIf,
    EndIf,
    Foreach,
    WhenForeach,
    ForeachIf,
    WhenForeachIf,
    IfForeach,
    WhenIfForeach,
    EndForeach,
}

impl State {
    /// The state that an event leads to.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rule" => Self::Rule,
            "scenario" => Self::Scenario,
            "given" => Self::Given,
            "when" => Self::When,
            "then" => Self::Then,
            "if" => Self::If,
            "whenif" => Self::WhenIf,
            "thenif" => Self::ThenIf,
            "endif" => Self::EndIf,
            "foreach" => Self::Foreach,
            "whenforeach" => Self::WhenForeach,
            "foreachif" => Self::ForeachIf,
            "whenforeachif" => Self::WhenForeachIf,
            "ifforeach" => Self::IfForeach,
            "whenifforeach" => Self::WhenIfForeach,
            "endforeach" => Self::EndForeach,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Rule => "rule",
            Self::Scenario => "scenario",
            Self::Given => "given",
            Self::When => "when",
            Self::Then => "then",
            Self::If => "if",
            Self::WhenIf => "whenif",
            Self::ThenIf => "thenif",
            Self::EndIf => "endif",
            Self::Foreach => "foreach",
            Self::WhenForeach => "whenforeach",
            Self::ForeachIf => "foreachif",
            Self::WhenForeachIf => "whenforeachif",
            Self::IfForeach => "ifforeach",
            Self::WhenIfForeach => "whenifforeach",
            Self::EndForeach => "endforeach",
        }
    }

    /// The states that may come before.
    fn predecessors(self) -> &'static [Self] {
        use State::{
            EndForeach, EndIf, Foreach, ForeachIf, Given, If, IfForeach, Init, Rule, Scenario, Then, ThenIf,
            When, WhenForeach, WhenForeachIf, WhenIf, WhenIfForeach,
        };
        match self {
            Init => &[],
            Rule | Scenario => &[Init, Rule, Scenario],
            Given => &[Init, Rule, Scenario, Given],
            When | Then => &[Given, When, Then, EndIf, EndForeach],
            If => &[Given, When, Then, EndIf, EndForeach, If, WhenIf, ThenIf, ForeachIf],
            WhenIf | ThenIf => &[If, WhenIf, ThenIf, EndForeach, EndIf],
            EndIf => &[WhenIf, WhenIfForeach, ThenIf, EndForeach, EndIf],
            Foreach => &[Given, When, EndIf, Foreach, EndForeach, WhenForeach],
            WhenForeach => &[Foreach, WhenForeach, EndIf, EndForeach],
            ForeachIf => &[If, WhenIf, EndForeach, ForeachIf, WhenForeachIf, IfForeach, WhenIfForeach, EndIf],
            WhenForeachIf => &[ForeachIf, WhenForeachIf, EndIf, EndForeach],
            IfForeach => {
                &[Foreach, WhenForeach, IfForeach, WhenIfForeach, ForeachIf, WhenForeachIf, EndIf, EndForeach]
            }
            WhenIfForeach => &[IfForeach, WhenIfForeach, EndForeach, EndIf],
            EndForeach => &[WhenForeach, WhenForeachIf, EndIf, EndForeach],
        }
    }

    /// Whether `and` may follow.
    fn repeats(self) -> bool {
        !matches!(self, Self::Init | Self::Rule | Self::Scenario | Self::EndIf | Self::EndForeach)
    }

    /// The table that a line in this state is looked up in, and its role.
    fn lookup(self) -> Option<(Phase, Role)> {
        Some(match self {
            Self::Given => (Phase::Given, Role::Given),
            Self::When | Self::WhenIf | Self::WhenForeach | Self::WhenForeachIf | Self::WhenIfForeach => {
                (Phase::When, Role::Plain)
            }
            Self::Then | Self::ThenIf => (Phase::Then, Role::Then),
            Self::If | Self::IfForeach => (Phase::If, Role::If),
            Self::Foreach | Self::ForeachIf => (Phase::Foreach, Role::Foreach),
            Self::Init | Self::Rule | Self::Scenario | Self::EndIf | Self::EndForeach => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    If,
    Foreach,
}

/// Branches and loops that are open.
#[derive(Debug, Default)]
struct Nesting {
    /// Kinds from the innermost out; the innermost is not repeated.
    kinds: Vec<Block>,
    /// Lines that opened a branch or loop, and whether they added a kind.
    branches: Vec<(usize, bool)>,
    loops: Vec<(usize, bool)>,
}

impl Nesting {
    fn open(&mut self, block: Block, line: usize) -> String {
        let adds = self.kinds.first() != Some(&block);
        if adds {
            self.kinds.insert(0, block);
        }
        self.list(block).push((line, adds));
        self.suffix()
    }

    fn close(&mut self, block: Block, line: usize) -> Result<(), String> {
        let (word, other) = match block {
            Block::If => ("branching", "foreach"),
            Block::Foreach => ("loop", "if"),
        };
        if self.list(block).is_empty() {
            return Err(format!("Ivalid {word} closing at line {line}: nothing to be closed"));
        }
        if self.kinds.first() != Some(&block) {
            return Err(format!("Invalid {word} closing at line {line}: need to close first the {other}"));
        }
        if let Some((_, true)) = self.list(block).pop() {
            self.kinds.remove(0);
        }
        Ok(())
    }

    fn list(&mut self, block: Block) -> &mut Vec<(usize, bool)> {
        match block {
            Block::If => &mut self.branches,
            Block::Foreach => &mut self.loops,
        }
    }

    /// The two innermost kinds, as the state machine's events name them.
    fn suffix(&self) -> String {
        let names = self.kinds.iter().take(2);
        names.map(|kind| if *kind == Block::If { "if" } else { "foreach" }).collect()
    }

    fn check_closed(&self) -> Result<(), String> {
        for (word, list) in [("branching", &self.branches), ("looping", &self.loops)] {
            if !list.is_empty() {
                let lines: Vec<String> = list.iter().map(|(line, _)| line.to_string()).collect();
                return Err(format!("Invalid {word} opened at line {} and never closed", lines.join(", ")));
            }
        }
        Ok(())
    }
}

struct Parser {
    parsed: Parsed,
    state: State,
    nesting: Nesting,
    connectors: bool,
    /// Whether the last line matched; what `rule unknown ignore` turns on.
    last_valid: bool,
    last_prefix: String,
    phase: Phase,
}

impl Parser {
    fn line(&mut self, number: usize, text: &str) -> Result<(), Box<Diagnostic>> {
        let prefix = text.split_ascii_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        if prefix.is_empty() || prefix.starts_with('#') {
            return Ok(());
        }
        let place = Some((number, text));
        let syntax = |message: String| fault(Cause::Syntax, place, message);
        if text.trim().len() > LINE_OCTETS_MAX {
            return Err(syntax(format!("the line has more than {LINE_OCTETS_MAX} octets")));
        }
        let event = self.event(&prefix, number).map_err(syntax)?;
        self.phase = match event.as_str() {
            event if event.starts_with("when") || event.starts_with("if") || event.starts_with("foreach") => {
                Phase::When
            }
            event if event.starts_with("then") => Phase::Then,
            _ => self.phase,
        };
        let target = match event.as_str() {
            "and" => Some(self.state),
            event => State::named(event),
        };
        let Some(target) = target else { return self.unknown_prefix(number, text) };
        let allowed =
            if event == "and" { self.state.repeats() } else { target.predecessors().contains(&self.state) };
        if !allowed {
            let message = format!("Invalid transition from: {} to: {}", self.state.name(), text.trim());
            let mut diagnostic = syntax(message);
            diagnostic.hint = Some(transition_hint(self.state).to_owned());
            return Err(diagnostic);
        }
        self.state = target;
        match target {
            State::Scenario => self.scenario(text),
            State::Rule => self.parsed.rules.apply(text.trim()).map_err(syntax)?,
            State::EndIf | State::EndForeach => {
                let role = if target == State::EndIf { Role::EndIf } else { Role::EndForeach };
                self.close(number, text, role)?;
            }
            _ => self.sentence(number, text)?,
        }
        Ok(())
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

    fn unknown_prefix(&mut self, number: usize, text: &str) -> Result<(), Box<Diagnostic>> {
        let ignorable = self.parsed.rules.ignore_unknown
            && ((self.phase == Phase::Given && !self.last_valid) || self.phase == Phase::Then);
        if ignorable {
            if self.phase == Phase::Then {
                self.last_valid = false;
            }
            self.ignore(number, text);
            return Ok(());
        }
        let what = if self.parsed.rules.ignore_unknown { "line" } else { "prefix" };
        let mut diagnostic =
            fault(Cause::Syntax, Some((number, text)), format!("Invalid Zencode {what} {number}: '{text}'"));
        let hint =
            "a line begins with Rule, Scenario, Given, When, If, EndIf, Foreach, EndForeach, Then, And or #";
        diagnostic.hint = Some(hint.to_owned());
        Err(diagnostic)
    }

    fn ignore(&mut self, number: usize, text: &str) {
        self.parsed.warnings.push(format!("Zencode line {number} pattern ignored: {}", text.trim()));
    }

    fn scenario(&mut self, text: &str) {
        let lower = text.trim().to_lowercase();
        let head = lower.split(':').next().unwrap_or_default();
        let Some(name) = head.split(' ').nth(1) else { return };
        let name = name.trim_matches(|c: char| c == '\'' || c.is_ascii_whitespace());
        if !name.is_empty() && !self.parsed.loaded.load(name) {
            self.parsed.warnings.push(format!("required extension not found: zencode_{name}"));
        }
    }

    fn close(&mut self, number: usize, text: &str, role: Role) -> Result<(), Box<Diagnostic>> {
        let word = if role == Role::EndIf { "endif" } else { "endforeach" };
        if words::sentence(text.trim(), Phase::When) != word {
            return self.no_match(number, text, word);
        }
        self.push(number, text, role, Deed::Close);
        Ok(())
    }

    fn push(&mut self, number: usize, text: &str, role: Role, deed: Deed) {
        let arguments = words::arguments(text).into_boxed_slice();
        self.parsed.lines.push(Line { number, source: text.trim().into(), role, deed, arguments });
        self.last_valid = true;
    }

    fn sentence(&mut self, number: usize, text: &str) -> Result<(), Box<Diagnostic>> {
        let Some((phase, role)) = self.state.lookup() else { return Ok(()) };
        let sentence = words::sentence(text.trim(), phase);
        let Some(found) = self.parsed.loaded.find(phase, &sentence, self.connectors) else {
            return self.unmatched(number, text, phase, &sentence);
        };
        if self.parsed.rules.ignore_unknown && phase == Phase::Then && !self.last_valid {
            let message = format!(
                "Zencode line {number} found valid statement after an invalid one in the then phase: {}",
                text.trim()
            );
            return Err(fault(Cause::Syntax, Some((number, text)), message));
        }
        let deed = match found.statement.run {
            Action::Given(declare) => {
                let arguments = words::arguments(text);
                let mut given = Given::default();
                let call = Call { arguments: &arguments, scheme: found.scheme };
                declare(&mut given, &call)
                    .map_err(|error| fault(Cause::Syntax, Some((number, text)), error.to_string()))?;
                match given.into_declaration() {
                    Some(declaration) => Deed::Declare(declaration),
                    None => Deed::Statement(found),
                }
            }
            _ => Deed::Statement(found),
        };
        self.push(number, text, role, deed);
        Ok(())
    }

    fn unmatched(
        &mut self,
        number: usize,
        text: &str,
        phase: Phase,
        sentence: &str,
    ) -> Result<(), Box<Diagnostic>> {
        if !self.parsed.rules.ignore_unknown {
            let mut diagnostic = self.no_match(number, text, phase.name());
            if let Err(diagnostic) = &mut diagnostic {
                diagnostic.hint = self.parsed.loaded.suggest(phase, sentence, self.connectors);
            }
            return diagnostic;
        }
        let refused = match phase {
            Phase::Given if self.last_valid => "found invalid statement after a valid one in the given phase",
            Phase::Given | Phase::Then => {
                self.last_valid = false;
                self.ignore(number, text);
                return Ok(());
            }
            _ => "found invalid statement out of given or then phase",
        };
        let message = format!("Zencode line {number} {refused}: {}", text.trim());
        let mut diagnostic = fault(Cause::UnknownStatement, Some((number, text)), message);
        diagnostic.hint = self.parsed.loaded.suggest(phase, sentence, self.connectors);
        Err(diagnostic)
    }

    fn no_match(&self, number: usize, text: &str, table: &str) -> Result<(), Box<Diagnostic>> {
        let message = format!("Zencode line {number} pattern not found ({table}): {}", text.trim());
        Err(fault(Cause::UnknownStatement, Some((number, text)), message))
    }
}

/// What may follow, in words.
fn transition_hint(state: State) -> &'static str {
    match state {
        State::Init | State::Rule | State::Scenario => "a contract goes on with Rule, Scenario or Given",
        State::Given => "the Given phase goes on with Given, And, When, If, Foreach or Then",
        State::If | State::IfForeach => "a branch needs at least one When or Then before its EndIf",
        State::Foreach | State::ForeachIf => "a loop needs at least one When before its EndForeach",
        _ => "Given, Scenario and Rule come before everything else; a Foreach cannot follow a Then",
    }
}
