//! Chains: sequences of contracts, output to input.
//!
//! Both formats in use are read into one plan, which is checked in whole when the folder is read:
//! `blocks` is restroom-mw's, `steps` is slangroom-chain's. The plan does nothing by itself; `run`
//! carries it out.

mod blocks;
mod execution;
mod items;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use zencode::{Cause, Configuration, Contract, Diagnostic};
use zeroize::Zeroizing;

use super::contracts::fault::{self, explained};
use super::contracts::{ContractLimits, Secret};
use crate::connector::egress::Rule;
use crate::yaml::{self, YamlFault};
pub(crate) use execution::{Call, ChainError, Ended, Why, limits, run};

/// Steps of one chain.
pub const STEPS_MAX: usize = 100;
/// Contracts that one call of a chain runs, turns of loops included.
pub const RUNS_MAX: usize = 1_000;
/// Octets of the outputs that a chain keeps for later steps.
pub const KEPT_OCTETS_MAX: usize = 64 * 1024 * 1024;

/// The format that a chain is written in; it decides what flows from step to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// restroom-mw's: the output of a block is the DATA of the next.
    Blocks,
    /// slangroom-chain's: a step names where its DATA and KEYS come from.
    Steps,
}

/// A chain, ready to run.
#[derive(Debug)]
pub struct Plan {
    pub(crate) format: Format,
    pub(crate) steps: Vec<Step>,
    /// Whether the answer shows what each step had and gave.
    pub(crate) debug: bool,
    /// Files of contracts that are steps, as the chain names them.
    pub(crate) files: BTreeSet<String>,
    /// Whether a step is granted a key of the oracle's.
    pub(crate) is_granted: bool,
    /// Whether its own text holds keys.
    pub(crate) holds_keys: bool,
    /// What its author should look at.
    pub(crate) warnings: Vec<String>,
}

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) task: Task,
    /// Runs the step once for each item of a member of DATA.
    pub(crate) each: Option<Each>,
    /// Must end well, or the step is left out.
    pub(crate) precondition: Option<Task>,
    /// Runs before the step; its output is dropped.
    pub(crate) before: Option<Task>,
    /// Runs after the step; its output is dropped.
    pub(crate) after: Option<Task>,
    /// Makes the step's DATA of what they would be.
    pub(crate) data_transform: Option<Task>,
    /// Makes the step's KEYS of what they would be.
    pub(crate) keys_transform: Option<Task>,
    pub(crate) on_error: Option<Rescue>,
}

/// A contract with what it is given.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) contract: Contract,
    pub(crate) data: Source,
    pub(crate) keys: Keys,
    /// The oracle's keyring, where it is granted.
    pub(crate) keyring: Option<Zeroizing<String>>,
    /// Destinations that it may reach although they are not public.
    pub(crate) egress: Vec<Rule>,
    /// What it may take, where its own metadata say so.
    pub(crate) limits: ContractLimits,
    pub(crate) configuration: Configuration,
}

/// Where DATA come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// None; the first step that runs gets what the caller sent.
    Nothing,
    /// What the caller sent, or what the block before gave.
    Flow,
    /// JSON text.
    Text(String),
    /// The output of an earlier step.
    Step(usize),
}

/// Where KEYS come from.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// None; the first step that runs gets the chain's own.
    Nothing,
    /// These, the granted keyring included.
    Fixed(Secret),
    /// The output of an earlier step.
    Step(usize),
}

/// A loop over a member of DATA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Each {
    /// The member: an array, or an object.
    pub(crate) name: String,
    /// The name under which the contract finds the item.
    pub(crate) index: String,
}

/// What happens when a step fails.
#[derive(Debug, Clone)]
pub(crate) struct Rescue {
    pub(crate) task: Task,
    /// Whether the chain fails all the same.
    pub(crate) fail: bool,
}

/// A contract that is a file of its own.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) contract: Contract,
    /// What its own metadata grant it.
    pub(crate) grants: Grants,
}

/// What metadata grant a contract, and what they allow it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grants {
    /// The oracle's keyring.
    pub(crate) keyring: bool,
    /// Destinations that are not public.
    pub(crate) egress: Vec<Rule>,
    /// What it may take.
    pub(crate) limits: ContractLimits,
}

/// What a chain takes from the files around it.
pub(crate) trait Files {
    /// The folder of the chain, relative to the contracts folder; empty for that itself.
    fn folder(&self) -> &str;
    /// What the chain's own metadata grant the contracts in its text.
    fn grants(&self) -> Grants;
    /// A contract from a file.
    fn contract(&mut self, path: &str) -> Result<Piece, fault::Cause>;
    /// A contract from the chain's own text.
    fn compile(&mut self, text: &str) -> Result<Contract, Diagnostic>;
    /// A file of keys, as JSON.
    fn keys(&mut self, path: &str) -> Result<Zeroizing<String>, fault::Cause>;
    /// Another file.
    fn text(&mut self, path: &str) -> Result<Zeroizing<String>, fault::Cause>;
    /// The keyring that grants are about.
    fn keyring(&self) -> &Zeroizing<String>;
}

/// The members that tell the formats apart.
#[derive(Deserialize)]
struct Outline {
    #[serde(default)]
    start: Option<IgnoredAny>,
    #[serde(default)]
    blocks: Option<IgnoredAny>,
    #[serde(default)]
    steps: Option<IgnoredAny>,
}

/// Reads and checks a chain; none when the text is YAML of another kind.
///
/// # Errors
/// The first fault, with its line where it is known.
pub(crate) fn read(text: &str, files: &mut dyn Files) -> Result<Option<Plan>, Box<Diagnostic>> {
    let outline: Outline = match yaml::read(text) {
        Ok(outline) => outline,
        Err(fault) => return Err(Box::new(unreadable(fault))),
    };
    match (outline.steps, outline.blocks.or(outline.start)) {
        (Some(_), None) => steps::read(text, files).map(Some),
        (None, Some(_)) => blocks::read(text, files).map(Some),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Box::new(wrong(None, "it has both `steps` and `blocks`: one must go"))),
    }
}

fn unreadable(fault: YamlFault) -> Diagnostic {
    wrong(fault.line, explained(&fault.cause))
}

/// A fault of the chain's text.
fn wrong(line: Option<usize>, message: impl Into<String>) -> Diagnostic {
    Diagnostic { cause: Cause::Syntax, message: message.into(), line, source: None, hint: None }
}

impl Plan {
    fn new(format: Format) -> Self {
        Self {
            format,
            steps: Vec::new(),
            debug: false,
            files: BTreeSet::new(),
            is_granted: false,
            holds_keys: false,
            warnings: Vec::new(),
        }
    }

    /// Every contract in it.
    pub(crate) fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.steps.iter().flat_map(Step::tasks).map(|task| &task.contract)
    }

    fn push(&mut self, step: Step) {
        self.is_granted |= step.tasks().any(|task| task.keyring.is_some());
        self.steps.push(step);
    }
}

impl Step {
    fn tasks(&self) -> impl Iterator<Item = &Task> {
        let others =
            [&self.precondition, &self.before, &self.after, &self.data_transform, &self.keys_transform];
        std::iter::once(&self.task)
            .chain(others.into_iter().flatten())
            .chain(self.on_error.iter().map(|rescue| &rescue.task))
    }
}

/// The contract of a file or of a text, exactly one of them, with what it is granted.
fn piece(
    files: &mut dyn Files,
    plan: &mut Plan,
    file: Option<&str>,
    inline: Option<&str>,
    names: (&str, &str),
) -> Result<Piece, String> {
    match (file, inline) {
        (Some(path), None) => {
            let piece = files.contract(path).map_err(|cause| place(path, &cause))?;
            plan.files.insert(path.to_owned());
            Ok(piece)
        }
        (None, Some(text)) => {
            let contract = files.compile(text).map_err(|diagnostic| format!("its contract, {diagnostic}"))?;
            Ok(Piece { contract, grants: files.grants() })
        }
        (Some(_), Some(_)) => Err(format!("it has both `{}` and `{}`: one must go", names.0, names.1)),
        (None, None) => Err(format!("it has neither `{}` nor `{}`", names.0, names.1)),
    }
}

fn place(path: &str, cause: &fault::Cause) -> String {
    match cause.line {
        Some(line) => format!("{path}, line {line}: {}", cause.text),
        None => format!("{path}: {}", cause.text),
    }
}

/// The text of a path without its last part.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
