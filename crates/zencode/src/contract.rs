//! A contract: compiled once, started per input, stepped to its end.

use std::sync::Arc;

use zencode_crypto::random::Seed;

use crate::diagnostic::{Cause, Diagnostic, Failure};
use crate::limits::Limits;
use crate::request::{Answer, Request};

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
    text: Arc<str>,
}

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

/// One run of a contract.
#[derive(Debug)]
pub struct Run {
    contract: Contract,
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
}

impl Contract {
    /// Parses and matches every line.
    ///
    /// # Errors
    /// The first fault, with its line and a hint.
    pub fn compile(text: &str, library: Library, limits: &Limits) -> Result<Self, Diagnostic> {
        let _ = (library, limits);
        Ok(Self { text: text.into() })
    }

    /// Starts a run.
    ///
    /// # Errors
    /// When an input is not JSON, too large, or collides with another.
    pub fn start(&self, inputs: Inputs<'_>, settings: Settings) -> Result<Run, Failure> {
        let _ = (inputs, settings);
        Ok(Run { contract: self.clone() })
    }
}

impl Run {
    /// Runs until the contract ends or needs the host.
    ///
    /// # Errors
    /// When a statement fails or a limit is exceeded.
    pub fn step(&mut self) -> Result<Step, Failure> {
        Err(Failure {
            diagnostic: Diagnostic {
                cause: Cause::Statement,
                message: format!("no statement is built in yet, {} octets of text", self.contract.text.len()),
                line: None,
                source: None,
                hint: None,
            },
            trace: Vec::new(),
            heap: String::new(),
            warnings: Vec::new(),
        })
    }

    /// Hands over what the host found for the request that [`Run::step`] returned.
    pub fn answer(&mut self, answer: Answer) {
        let _ = answer;
    }
}
