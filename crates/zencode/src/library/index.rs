//! How a sentence finds its statement.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{ALWAYS_LOADED, GROUPS, LIBRARY, Legacy, Load};
use crate::order::{self, Door, Form, Order, Parts};
use crate::schema::Schema;
use crate::scheme::SignatureScheme;
use crate::statement::{Action, Phase, Statement};

/// A statement that matched, with the algorithm that the sentence named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) statement: &'static Statement,
    pub(crate) scheme: Option<&'static SignatureScheme>,
    /// The row of the old sentence that led here.
    pub(crate) legacy: Option<&'static Legacy>,
    pub(crate) scenario: usize,
}

impl Found {
    /// Whether it is there only where connectors are.
    pub(crate) fn is_connector(&self) -> bool {
        LIBRARY[self.scenario].load == Load::Connectors
    }

    /// What to write instead of a sentence that is on its way out.
    pub(crate) fn instead(&self) -> Option<&'static str> {
        self.legacy.map(|row| row.new).or(self.statement.deprecated)
    }

    /// The quoted parts in the order that the statement takes them.
    pub(crate) fn ordered(&self, arguments: Vec<Box<str>>) -> Vec<Box<str>> {
        match self.legacy {
            Some(row) => row.ordered(arguments),
            None => arguments,
        }
    }
}

/// The scenarios that a contract loaded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    names: Vec<usize>,
}

pub(super) struct Index {
    pub(super) sentences: BTreeMap<(Phase, String), Found>,
    /// By phase, what the sentence begins with, and phrase.
    pub(super) orders: BTreeMap<(Phase, Option<Door>, String), Phrase>,
    schemas: BTreeMap<&'static str, (usize, &'static Schema)>,
}

/// A phrase as its statement has it.
pub(super) struct Phrase {
    pub(super) found: Found,
    pub(super) form: &'static Form,
    pub(super) text: &'static str,
}

pub(super) static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { sentences: BTreeMap::new(), orders: BTreeMap::new(), schemas: BTreeMap::new() };
    for (scenario, row) in LIBRARY.iter().enumerate() {
        for schema in row.schemas {
            index.schemas.insert(schema.name, (scenario, schema));
        }
        for (phase, sentence, statement) in row.sentences() {
            let found = Found { statement, scheme: row.scheme, legacy: None, scenario };
            match statement.run {
                Action::Order(form, _) => index.orders.extend(form.phrases.iter().map(|phrase| {
                    ((phase, form.door, order::normal(phrase, phase)), Phrase { found, form, text: phrase })
                })),
                _ => drop(index.sentences.insert((phase, sentence), found)),
            }
        }
    }
    index
});

impl Loaded {
    /// Loads a scenario; false when there is none of that name.
    pub(crate) fn load(&mut self, name: &str) -> bool {
        match GROUPS.iter().find(|(group, _)| *group == name) {
            Some((_, members)) => members.iter().all(|member| self.load_one(member)),
            None => self.load_one(name),
        }
    }

    fn load_one(&mut self, name: &str) -> bool {
        match LIBRARY.iter().position(|row| row.name == name && row.load != Load::Connectors) {
            Some(position) => {
                self.names.push(position);
                true
            }
            None => ALWAYS_LOADED.contains(&name),
        }
    }

    pub(super) fn has(&self, scenario: usize, connectors: bool) -> bool {
        match LIBRARY[scenario].load {
            Load::Always => true,
            Load::OnDemand => self.names.contains(&scenario),
            Load::Connectors => connectors,
        }
    }

    /// The statement of a sentence, one of today's or an old one.
    pub(crate) fn find(&self, phase: Phase, sentence: &str, connectors: bool) -> Option<Found> {
        if let Some(found) = INDEX.sentences.get(&(phase, sentence.to_owned())) {
            return self.has(found.scenario, connectors).then_some(*found);
        }
        let row = Legacy::of(phase, sentence)?;
        let found = INDEX.sentences.get(&(phase, row.new.to_owned()))?;
        self.has(found.scenario, connectors).then_some(Found { legacy: Some(row), ..*found })
    }

    /// The statement of a sentence that was taken apart; none when there is no such phrase.
    pub(crate) fn order(&self, phase: Phase, parts: Parts) -> Option<Result<Order, String>> {
        let Phrase { found, form, text } = INDEX.orders.get(&(phase, parts.door, parts.phrase.clone()))?;
        Some(Order::fit(*found, form, text, parts))
    }

    /// The schema of a name.
    pub(crate) fn schema(&self, name: &str) -> Option<&'static Schema> {
        let (scenario, schema) = INDEX.schemas.get(name)?;
        self.has(*scenario, false).then_some(*schema)
    }
}
