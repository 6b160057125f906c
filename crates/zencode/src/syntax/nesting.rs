//! Branches and loops that are open, and what they tell the lines inside them.
//!
//! # Source
//! Zenroom `zencode.lua`: `enter_branching_and_looping`, `end_branching_and_looping`.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    If,
    Foreach,
}

/// Branches and loops that are open.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    /// Kinds from the innermost out; the innermost is not repeated.
    kinds: Vec<Block>,
    /// Lines that opened a branch or loop, and whether they added a kind.
    branches: Vec<(usize, bool)>,
    loops: Vec<(usize, bool)>,
}

impl Nesting {
    pub(super) fn open(&mut self, block: Block, line: usize) -> String {
        let adds = self.kinds.first() != Some(&block);
        if adds {
            self.kinds.insert(0, block);
        }
        self.list(block).push((line, adds));
        self.suffix()
    }

    pub(super) fn close(&mut self, block: Block, line: usize) -> Result<(), String> {
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
    pub(super) fn suffix(&self) -> String {
        let names = self.kinds.iter().take(2);
        names.map(|kind| if *kind == Block::If { "if" } else { "foreach" }).collect()
    }

    /// That nothing is open; else the first line that opened something, and what to say of it.
    pub(super) fn check_closed(&self) -> Result<(), (usize, String)> {
        for (word, list) in [("branching", &self.branches), ("looping", &self.loops)] {
            if !list.is_empty() {
                let lines: Vec<String> = list.iter().map(|(line, _)| line.to_string()).collect();
                let message = format!("Invalid {word} opened at line {} and never closed", lines.join(", "));
                return Err((list[0].0, message));
            }
        }
        Ok(())
    }
}
