//! A contract: compiled once, started per input, stepped to its end.

use std::sync::Arc;

use crate::diagnostic::{Cause, Diagnostic, Failure};
use crate::given::Input;
use crate::key_cache::KeyCache;
use crate::library::{LIBRARY, Scenario};
use crate::limits::Limits;
use crate::run::{Inputs, Run, Settings};
use crate::statement::{Phase, Statement};
use crate::syntax::{Deed, Parsed, Role, parse};
use crate::words;

/// Which statements a contract may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Library {
    /// The language alone, as the reference interpreter has it.
    #[default]
    Language,
    /// The language and the connectors, as the reference servers have it.
    Connectors,
}

/// A line of a contract, and the statement that it says.
#[derive(Debug, Clone)]
pub struct Use {
    /// Line of the text, counted from 1.
    pub line: usize,
    /// The text of the line, trimmed.
    pub source: String,
    /// The table that the line was looked up in.
    pub phase: Phase,
    /// What the line was looked up by: no case, no filler words, nothing between quotes.
    pub sentence: String,
    /// The scenario that lists the statement; for sentences that name an algorithm, that algorithm's.
    pub scenario: &'static Scenario,
    /// The statement.
    pub statement: &'static Statement,
}

/// A compiled contract, cheap to clone and free of any run's state.
#[derive(Debug, Clone)]
pub struct Contract {
    pub(crate) parsed: Arc<Parsed>,
}

impl Contract {
    /// Parses and matches every line.
    ///
    /// # Errors
    /// The first fault, with its line and a hint.
    pub fn compile(text: &str, library: Library, limits: &Limits) -> Result<Self, Diagnostic> {
        if text.len() > limits.contract_octets_max {
            return Err(Diagnostic {
                cause: Cause::Limit,
                message: format!(
                    "the contract has {} octets, at most {} are taken",
                    text.len(),
                    limits.contract_octets_max
                ),
                line: None,
                source: None,
                hint: Some("the host that runs the contract sets this limit".to_owned()),
            });
        }
        let parsed = parse(text, library == Library::Connectors).map_err(|fault| *fault)?;
        Ok(Self { parsed: Arc::new(parsed) })
    }

    /// The inputs that the contract declares, in the order of its lines.
    pub fn inputs(&self) -> Vec<Input> {
        let declared = self.parsed.lines.iter().filter_map(|line| match &line.deed {
            Deed::Declare(declaration) => declaration.input(line.number),
            _ => None,
        });
        declared.collect()
    }

    /// The statements that the contract uses, in the order of its lines.
    pub fn uses(&self) -> Vec<Use> {
        let lines = self.parsed.lines.iter().filter_map(|line| {
            let phase = match line.role {
                Role::Given => Phase::Given,
                Role::Plain => Phase::When,
                Role::If => Phase::If,
                Role::Foreach => Phase::Foreach,
                Role::Then => Phase::Then,
                Role::EndIf | Role::EndForeach => return None,
            };
            let sentence = words::sentence(&line.source, phase);
            let found = self.parsed.loaded.find(phase, &sentence, true)?;
            Some(Use {
                line: line.number,
                source: line.source.to_string(),
                phase,
                sentence,
                scenario: &LIBRARY[found.scenario],
                statement: found.statement,
            })
        });
        lines.collect()
    }

    /// Whether running it may need the host.
    pub fn asks(&self) -> bool {
        self.parsed.lines.iter().any(|line| line.asks())
    }

    /// What the compiler had to say.
    pub fn warnings(&self) -> Vec<String> {
        let rules = self.parsed.rules.warnings.iter();
        rules.chain(&self.parsed.warnings).cloned().collect()
    }

    /// Starts a run.
    ///
    /// # Errors
    /// When an input is not JSON, too large, or collides with another.
    pub fn start(&self, inputs: Inputs<'_>, settings: Settings) -> Result<Run, Box<Failure>> {
        self.start_with(inputs, settings, &KeyCache::default())
    }

    /// Starts a run on KEYS that were granted before, with what is kept of them.
    ///
    /// # Errors
    /// As [`Contract::start`].
    pub fn start_with(
        &self,
        inputs: Inputs<'_>,
        settings: Settings,
        keys: &KeyCache,
    ) -> Result<Run, Box<Failure>> {
        Run::start(self.clone(), inputs, settings, keys.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(text: &str) -> Vec<(usize, &'static str, &'static str)> {
        let contract = Contract::compile(text, Library::Language, &Limits::default()).unwrap();
        contract.uses().iter().map(|used| (used.line, used.scenario.name, used.statement.name)).collect()
    }

    #[test]
    fn a_contract_names_the_statement_of_each_line() {
        let text = "# a note\nGiven nothing\nWhen I create the new array\nand I create the ecdh key\nThen print data\n";
        assert_eq!(
            uses(text),
            [
                (2, "given", "nothing"),
                (3, "array", "create_new_array"),
                (4, "ecdh", "create_key"),
                (5, "then", "print_data"),
            ]
        );
    }

    #[test]
    fn what_closes_a_branch_is_no_statement() {
        let text = "Given nothing\nIf I verify 'a' is found\nWhen I done\nEndIf\nThen print data\n";
        assert_eq!(uses(text).len(), 4);
    }
}
