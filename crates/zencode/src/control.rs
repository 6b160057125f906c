//! Branches and loops: which statement comes next.
//!
//! # Source
//! Zenroom `zencode.lua`: `manage_branching`, `manage_foreach`, `AST_iterator`.

use num_bigint::BigInt;

use crate::error::Error;
use crate::syntax::{Line, Role};

/// The counters of branches and loops.
#[derive(Debug, Default)]
pub(crate) struct Control {
    /// Branches entered, and how many of them are true.
    depth: usize,
    valid: usize,
    /// Loops by the index of the line that opens them.
    loops: Vec<Loop>,
    /// The innermost loop that runs.
    head: Option<usize>,
}

/// The state of one loop.
#[derive(Debug, Clone)]
pub(crate) struct Loop {
    open: usize,
    close: usize,
    /// The turn, counted from 1; zero once it is over.
    pub(crate) turn: u64,
    /// Variables to be dropped at the end.
    pub(crate) names: Vec<String>,
    parent: Option<usize>,
    /// Where a sequence stands.
    pub(crate) counter: Option<Counter>,
}

/// Where a sequence stands.
#[derive(Debug, Clone)]
pub(crate) enum Counter {
    Integer(BigInt),
    Float(f32),
}

/// What to do with a line.
enum Verdict {
    Run,
    Skip,
    Jump(usize),
}

impl Control {
    /// Forgets everything and notes the loops of a contract.
    pub(crate) fn reset(&mut self, lines: &[Line]) {
        *self = Self::default();
        let mut open = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            match line.role {
                Role::Foreach => {
                    open.push(self.loops.len());
                    self.loops.push(Loop {
                        open: index,
                        close: index,
                        turn: 1,
                        names: Vec::new(),
                        parent: None,
                        counter: None,
                    });
                }
                Role::EndForeach => {
                    if let Some(opened) = open.pop()
                        && let Some(state) = self.loops.get_mut(opened)
                    {
                        state.close = index;
                    }
                }
                _ => {}
            }
        }
    }

    /// The innermost loop that runs.
    pub(crate) fn current(&mut self) -> Option<&mut Loop> {
        self.head.and_then(|head| self.loops.get_mut(head))
    }

    /// A condition did not hold.
    pub(crate) fn refuse(&mut self) {
        self.valid = self.valid.saturating_sub(1);
    }

    /// The next line to run, from an index on.
    pub(crate) fn next(
        &mut self,
        lines: &[Line],
        mut index: usize,
        iterations_max: u64,
    ) -> Result<Option<usize>, Error> {
        // The last line of a contract always runs: it closes what is open or prints.
        while index + 1 < lines.len() {
            match self.verdict(lines[index].role, index, iterations_max)? {
                Verdict::Run => return Ok(Some(index)),
                Verdict::Skip => index += 1,
                Verdict::Jump(target) => index = target,
            }
        }
        Ok((index < lines.len()).then_some(index))
    }

    fn verdict(&mut self, role: Role, index: usize, iterations_max: u64) -> Result<Verdict, Error> {
        if self.branching(role) {
            return Ok(Verdict::Skip);
        }
        self.looping(role, index, iterations_max)
    }

    /// Whether a branch skips the line.
    fn branching(&mut self, role: Role) -> bool {
        if self.head.and_then(|head| self.loops.get(head)).is_some_and(|state| state.turn == 0) {
            return false;
        }
        match role {
            Role::If => {
                self.depth += 1;
                if self.valid == self.depth - 1 {
                    self.valid += 1;
                    return false;
                }
                true
            }
            Role::EndIf => {
                if self.valid == self.depth {
                    self.valid = self.valid.saturating_sub(1);
                }
                self.depth = self.depth.saturating_sub(1);
                true
            }
            _ => self.depth != 0 && self.depth > self.valid,
        }
    }

    fn looping(&mut self, role: Role, index: usize, iterations_max: u64) -> Result<Verdict, Error> {
        if role == Role::Foreach {
            return Ok(self.enter(index));
        }
        let Some(head) = self.head else { return Ok(Verdict::Run) };
        if role == Role::EndForeach {
            let state = &mut self.loops[head];
            if state.turn > 0 {
                state.turn += 1;
                return Ok(Verdict::Jump(state.open));
            }
            state.turn = 1;
            state.counter = None;
            self.head = state.parent.take();
        }
        let Some(state) = self.current() else { return Ok(Verdict::Run) };
        if state.turn > iterations_max {
            return Err(Error::Limit(format!("Limit of iterations exceeded: {iterations_max}")));
        }
        Ok(if state.turn == 0 { Verdict::Jump(state.close) } else { Verdict::Run })
    }

    fn enter(&mut self, index: usize) -> Verdict {
        let previous = self.head;
        if let Some(state) = previous.and_then(|head| self.loops.get(head))
            && state.turn == 0
        {
            return Verdict::Jump(state.close);
        }
        let entered = self.loops.iter().position(|state| state.open == index);
        self.head = entered;
        if let Some(state) = entered.and_then(|entered| self.loops.get_mut(entered))
            && state.turn == 1
            && previous != entered
        {
            state.parent = previous;
        }
        Verdict::Run
    }
}
