//! A contract: compiled once, started per input, stepped to its end.

use std::sync::Arc;

use crate::declared::{Declarations, Input};
use crate::diagnostic::{Cause, Diagnostic, Failure, Warning};
use crate::given::Declaration;
use crate::key_cache::KeyCache;
use crate::library::{LIBRARY, Scenario};
use crate::limits::Limits;
use crate::order;
use crate::review::remarks;
use crate::run::{Inputs, Run, Settings};
use crate::statement::{Phase, Statement};
use crate::syntax::{Deed, Extent, Parsed, Role, parse, survey};
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

/// A line that asks the host for something.
#[derive(Debug, Clone, Copy)]
pub struct Effect {
    /// Line of the text, counted from 1.
    pub line: usize,
    /// What it says.
    pub statement: &'static Statement,
    /// Whether it changes something outside: a file, a log, a store, a ledger.
    pub writes: bool,
}

/// A compiled contract, cheap to clone and free of any run's state.
#[derive(Debug, Clone)]
pub struct Contract {
    pub(crate) parsed: Arc<Parsed>,
}

/// Everything that can be said of a text without running it.
#[derive(Debug, Clone)]
pub struct Review {
    /// Every fault, in the order of the lines.
    pub faults: Vec<Diagnostic>,
    /// What its author should look at besides.
    pub warnings: Vec<Warning>,
    /// The contract, when there is no fault.
    pub contract: Option<Contract>,
}

impl Contract {
    /// Parses and matches every line.
    ///
    /// # Errors
    /// The first fault, with its line and a hint.
    pub fn compile(text: &str, library: Library, limits: &Limits) -> Result<Self, Diagnostic> {
        Self::compile_extent(text, library, limits, Extent::Whole)
    }

    /// Parses and matches what comes before the first line that works, branches, loops or prints.
    ///
    /// # Errors
    /// The first fault of that part.
    pub fn compile_given(text: &str, library: Library, limits: &Limits) -> Result<Self, Diagnostic> {
        Self::compile_extent(text, library, limits, Extent::Given)
    }

    fn compile_extent(
        text: &str,
        library: Library,
        limits: &Limits,
        extent: Extent,
    ) -> Result<Self, Diagnostic> {
        short_enough(text, limits)?;
        let parsed = parse(text, library == Library::Connectors, extent).map_err(|fault| *fault)?;
        Ok(Self { parsed: Arc::new(parsed) })
    }

    /// Reads a text to its end, whatever is wrong with it.
    pub fn review(text: &str, library: Library, limits: &Limits) -> Review {
        if let Err(fault) = short_enough(text, limits) {
            return Review { faults: vec![fault], warnings: Vec::new(), contract: None };
        }
        let (parsed, faults) = survey(text, library == Library::Connectors);
        let mut warnings = parsed.warnings.clone();
        let contract = faults.is_empty().then(|| Self { parsed: Arc::new(parsed) });
        if let Some(contract) = &contract {
            warnings.extend(remarks(&contract.parsed, &contract.inputs()));
            warnings.sort_by_key(|warning| warning.line);
        }
        Review { faults, warnings, contract }
    }

    /// The inputs that the contract declares, in the order of its lines.
    pub fn inputs(&self) -> Vec<Input> {
        let Parsed { lines, rules, loaded, .. } = self.parsed.as_ref();
        let mut who = None;
        let mut inputs = Vec::new();
        for line in lines {
            if let Deed::Declare(declaration) = &line.deed {
                if let Declaration::Identity(name) = declaration {
                    who = Some(name.as_str());
                }
                inputs.extend(declaration.input(line.number, loaded, rules.input_encoding, who));
            }
        }
        inputs
    }

    /// The encoding of texts whose type names none: `base64`, unless a rule says otherwise.
    pub fn input_encoding(&self) -> &'static str {
        self.parsed.rules.input_encoding.name()
    }

    /// The encoding that octets are printed in when nothing says so: `base64`, unless a rule says otherwise.
    pub fn output_encoding(&self) -> &'static str {
        self.parsed.rules.output_encoding.name()
    }

    /// What stands between the parts of a path: `.`, unless a rule says otherwise.
    pub fn path_separator(&self) -> char {
        self.parsed.rules.path_separator
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
            let (found, sentence) = match &line.deed {
                Deed::Order(order) => (order.found, order::normal(order.phrase, phase)),
                _ => (self.parsed.loaded.find(phase, &sentence, true)?, sentence),
            };
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
        self.parsed.lines.iter().any(|line| line.request().is_some())
    }

    /// The lines that ask the host for something, in the order of the text.
    pub fn effects(&self) -> Vec<Effect> {
        let lines = self.parsed.lines.iter().filter_map(|line| {
            let statement = line.request()?;
            Some(Effect { line: line.number, statement, writes: statement.writes() })
        });
        lines.collect()
    }

    /// What the compiler had to say.
    pub fn warnings(&self) -> &[Warning] {
        &self.parsed.warnings
    }

    /// Starts a run.
    ///
    /// # Errors
    /// When an input is not JSON, too large, or collides with another.
    pub fn start(&self, inputs: Inputs<'_>, settings: Settings) -> Result<Run, Box<Failure>> {
        self.start_with(inputs, settings, &KeyCache::default())
    }

    /// Carries out the Given phase alone; an input that is not there is noted, not refused.
    ///
    /// # Errors
    /// When an input cannot be read, or does not fit what is declared of it.
    ///
    /// # Source
    /// Zenroom's configuration `scope=given`.
    pub fn declare(&self, inputs: Inputs<'_>, settings: Settings) -> Result<Declarations, Box<Failure>> {
        self.start(inputs, settings)?.declare()
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

pub(crate) fn short_enough(text: &str, limits: &Limits) -> Result<(), Diagnostic> {
    let limit = limits.contract_octets_max;
    if text.len() <= limit {
        return Ok(());
    }
    Err(Diagnostic {
        cause: Cause::Limit,
        message: format!("the contract has {} octets, at most {limit} are taken", text.len()),
        line: None,
        source: None,
        hint: Some("the host that runs the contract sets this limit".to_owned()),
    })
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
