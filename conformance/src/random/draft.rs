//! A contract while it is written: lines, open blocks, inputs, and what is in memory so far.

use zencode::Phase;

use super::argument::arguments;
use super::dice::Dice;
use super::given::declare;
use super::heap::{Heap, Look, look};
use super::sentence::{Sentence, excluded, table};
use crate::case::Case;
use crate::settings::Settings;

/// Draws of quoted parts for a sentence that is one of many.
const TRIES: usize = 5;
/// Draws of quoted parts for the sentence that the case is about.
const TRIES_OF_FOCUS: usize = 16;
/// Blocks inside each other, at most.
const NESTING_MAX: usize = 3;

/// A branch or a loop that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    If,
    Foreach,
}

/// What became of an attempt to write a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    Written,
    /// Written although this implementation refuses it: nothing after it matters.
    WrittenWrong,
    Dropped,
}

/// A contract while it is written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) case: Case,
    pub(super) settings: Settings,
    pub(super) heap: Heap,
    pub(super) open: Vec<Block>,
    pub(super) members: Vec<(String, String)>,
    /// Of a hundred refused lines, how many are kept.
    pub(super) wrong: usize,
    /// Whether a line of the open block is written.
    filled: bool,
    last: Option<Phase>,
}

impl Draft {
    pub(super) fn new(case: Case, settings: Settings, wrong: usize) -> Self {
        Self {
            case,
            settings,
            heap: Heap::default(),
            open: Vec::new(),
            members: Vec::new(),
            wrong,
            filled: true,
            last: None,
        }
    }

    /// Goes on with a contract that is written already; false when it is refused.
    pub(super) fn resume(&mut self) -> bool {
        match look(&self.case, "", &self.settings) {
            Look::Reached(heap) => {
                self.heap = heap;
                true
            }
            _ => false,
        }
    }

    /// Writes a Given line and the input that it declares.
    pub(super) fn declare(&mut self, dice: &mut Dice, sentence: &Sentence) -> Attempt {
        for _ in 0..TRIES {
            let declaration = declare(dice, sentence, &self.heap);
            let known = self.members.len();
            let taken = |name: &String| self.members.iter().any(|(other, _)| other == name);
            if declaration.members.iter().any(|(name, _)| taken(name)) && !dice.percent(3) {
                continue;
            }
            let before = self.case.data.clone();
            self.members.extend(declaration.members);
            self.case.data = object(&self.members);
            match self.attempt(dice, sentence, &declaration.arguments) {
                Attempt::Dropped => {
                    self.members.truncate(known);
                    self.case.data = before;
                }
                written => return written,
            }
        }
        Attempt::Dropped
    }

    /// Writes one more line of a sentence, if some draw of its quoted parts is accepted.
    pub(super) fn say(&mut self, dice: &mut Dice, sentence: &Sentence, focus: bool) -> Attempt {
        let tries = match (sentence.parameters.is_empty(), focus) {
            (true, _) => 1,
            (false, true) => TRIES_OF_FOCUS,
            (false, false) => TRIES,
        };
        for _ in 0..tries {
            let drawn = arguments(dice, sentence, &self.heap);
            if self.heap.shows_order(sentence, &drawn)
                || self.heap.asks_too_much(sentence, &drawn)
                || self.heap.says_nothing(sentence, &drawn)
            {
                continue;
            }
            match self.attempt(dice, sentence, &drawn) {
                Attempt::Dropped => {}
                written => return written,
            }
        }
        Attempt::Dropped
    }

    fn attempt(&mut self, dice: &mut Dice, sentence: &Sentence, arguments: &[String]) -> Attempt {
        let line = self.line(dice, sentence, arguments);
        let length = self.case.script.len();
        self.case.script += &line;
        let (opened, filled) = (opens(sentence.phase), self.filled);
        if let Some(block) = opened {
            self.open.push(block);
        }
        self.filled = opened.is_none();
        let looked = look(&self.case, &self.closers(), &self.settings);
        let keep = matches!(looked, Look::Panicked) || (self.wrong > 0 && dice.percent(self.wrong));
        if matches!(looked, Look::Refused | Look::Panicked) && !keep {
            self.case.script.truncate(length);
            self.open.truncate(self.open.len() - usize::from(opened.is_some()));
            self.filled = filled;
            return Attempt::Dropped;
        }
        self.last = Some(sentence.phase);
        match looked {
            Look::Reached(heap) => self.heap = heap,
            Look::PassedBy => {}
            Look::Refused | Look::Panicked => return Attempt::WrittenWrong,
        }
        Attempt::Written
    }

    fn line(&self, dice: &mut Dice, sentence: &Sentence, arguments: &[String]) -> String {
        let again = self.last == Some(sentence.phase)
            && matches!(sentence.phase, Phase::Given | Phase::When | Phase::Then)
            && self.case.script.lines().last().is_some_and(|line| !line.starts_with("End"));
        let prefix = match sentence.phase {
            _ if again && dice.percent(20) => "and",
            Phase::Given => "Given",
            Phase::When => "When",
            Phase::If => "If",
            Phase::Foreach => "Foreach",
            Phase::Then => "Then",
        };
        let mut parts = sentence.text.split("''");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (at, part) in parts.enumerate() {
            let article = if dice.percent(12) && sentence.phase != Phase::Given { "the " } else { "" };
            text += article;
            text.push('\'');
            text += &arguments
                .get(at)
                .map_or_else(String::new, |argument| argument.replace(['\'', '\n', '\r'], ""));
            text.push('\'');
            text += part;
        }
        let filler = match sentence.phase {
            Phase::Given if text.starts_with('\'') => {
                dice.pick(&["I have a ", "I have ", "I have a valid ", ""])
            }
            Phase::Foreach => "",
            _ if dice.percent(60) => "I ",
            _ => "",
        };
        format!("{prefix} {filler}{text}\n")
    }

    /// Closes the innermost block; an empty one is filled first.
    pub(super) fn close(&mut self) {
        self.case.script = format!("{}{}", self.case.script, self.closing(self.open.len().saturating_sub(1)));
        self.open.pop();
        self.filled = true;
        self.last = None;
    }

    fn closers(&self) -> String {
        self.closing(0)
    }

    /// What closes the blocks from the innermost up to the one at a depth.
    fn closing(&self, depth: usize) -> String {
        let mut text =
            if self.filled || self.open.is_empty() { String::new() } else { "When done\n".to_owned() };
        for block in self.open[depth..].iter().rev() {
            text += match block {
                Block::If => "EndIf\n",
                Block::Foreach => "EndForeach\n",
            };
        }
        text
    }

    /// One of the sentences of a phase that may stand here.
    pub(super) fn any(&self, dice: &mut Dice, phase: Phase) -> Option<&'static Sentence> {
        let loaded = |sentence: &Sentence| {
            sentence.scenario.is_none_or(|name| self.case.script.contains(&format!("Scenario '{name}'")))
        };
        let fits = |sentence: &&Sentence| {
            sentence.phase == phase && excluded(sentence).is_none() && loaded(sentence)
        };
        let choices: Vec<&Sentence> = table().iter().filter(fits).collect();
        (!choices.is_empty()).then(|| choices[dice.below(choices.len())])
    }

    /// The phase of the next line in the middle of a contract; `None` closes a block.
    pub(super) fn next_phase(&self, dice: &mut Dice) -> Option<Phase> {
        let inner = !self.open.is_empty();
        let deep = self.open.len() >= NESTING_MAX;
        match dice.below(20) {
            0..3 if !deep => Some(Phase::If),
            3..5 if !deep => Some(Phase::Foreach),
            5..10 if inner && self.filled => None,
            10 if !self.open.contains(&Block::Foreach) => Some(Phase::Then),
            _ => Some(Phase::When),
        }
    }
}

fn opens(phase: Phase) -> Option<Block> {
    match phase {
        Phase::If => Some(Block::If),
        Phase::Foreach => Some(Block::Foreach),
        _ => None,
    }
}

/// A JSON object of members, in their order.
pub(super) fn object(members: &[(String, String)]) -> String {
    if members.is_empty() {
        return String::new();
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}
