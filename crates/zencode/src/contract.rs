//! A contract: compiled once, started per input, stepped to its end.

use std::sync::Arc;

use crate::diagnostic::{Cause, Diagnostic, Failure};
use crate::given::Input;
use crate::key_cache::KeyCache;
use crate::limits::Limits;
use crate::run::{Inputs, Run, Settings};
use crate::syntax::{Deed, Parsed, parse};

/// Which statements a contract may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Library {
    /// The language alone, as the reference interpreter has it.
    #[default]
    Language,
    /// The language and the connectors, as the reference servers have it.
    Connectors,
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
