//! Sentences of older versions of the language, which 5.38.1 no longer has and old contracts still say.
//!
//! A row makes an old sentence run as today's, with a deprecation warning. What has no equal today is
//! not run: [`GONE`] tells the author what to write.
//!
//! # Source
//! Zenroom's history: the statements of every release from 1.0.5 to 5.37.2, compared with those of 5.38.1.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::codec::Object;
use crate::error::Error;
use crate::machine::Machine;
use crate::statement::Phase;

/// An old sentence and what stands for it today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Legacy {
    /// The table that the old sentence was found in.
    pub phase: Phase,
    /// The old sentence; `''` stands for a quoted part.
    pub old: &'static str,
    /// Today's sentence, in the same table.
    pub new: &'static str,
    /// First version without the old sentence.
    pub gone_in: &'static str,
    /// What else differs; empty when nothing does.
    pub differs: &'static str,
    /// Which quoted part of the old sentence each one of the new sentence is; empty keeps their order.
    pub(crate) order: &'static [usize],
    /// The name that the old sentence gave its result, and the one that it has today.
    pub(crate) result: Option<(&'static str, &'static str)>,
}

const fn row(phase: Phase, old: &'static str, new: &'static str, gone_in: &'static str) -> Legacy {
    Legacy { phase, old, new, gone_in, differs: "", order: &[], result: None }
}

const fn when(old: &'static str, new: &'static str) -> Legacy {
    row(Phase::When, old, new, "4.0.0")
}

const fn condition(old: &'static str, new: &'static str) -> Legacy {
    row(Phase::If, old, new, "4.0.0")
}

/// Every old sentence that runs.
pub const LEGACY: &[Legacy] = &[
    Legacy {
        order: &[1, 0],
        differs: "the section is named second",
        ..row(Phase::Given, "inside '' ''", "'' in ''", "2.0.0")
    },
    row(Phase::Given, "introduce myself as ''", "am ''", "2.0.0"),
    when("insert '' in ''", "move '' in ''"),
    Legacy {
        result: Some(("length", "size")),
        differs: "the result is named size",
        ..when("create length of ''", "create size of ''")
    },
    when("create copy of element '' in array ''", "create copy of element '' from array ''"),
    when("create copy of last element in ''", "create copy of last element from ''"),
    when("create copy of '' in ''", "create copy of '' from ''"),
    when("copy '' in '' to ''", "copy '' from '' to ''"),
    Legacy {
        result: Some(("json", "json_escaped_string")),
        differs: "the result is named json_escaped_string",
        ..when("create json of ''", "create json escaped string of ''")
    },
    Legacy { gone_in: "2.0.0", ..when("write '' in ''", "write string '' in ''") },
    Legacy { gone_in: "2.0.0", ..when("create aggregation of ''", "create aggregation of array ''") },
    when("number '' is less than ''", "verify number '' is less than ''"),
    condition("number '' is less than ''", "verify number '' is less than ''"),
    when("number '' is less or equal than ''", "verify number '' is less or equal than ''"),
    condition("number '' is less or equal than ''", "verify number '' is less or equal than ''"),
    when("number '' is more than ''", "verify number '' is more than ''"),
    condition("number '' is more than ''", "verify number '' is more than ''"),
    when("number '' is more or equal than ''", "verify number '' is more or equal than ''"),
    condition("number '' is more or equal than ''", "verify number '' is more or equal than ''"),
    when("verify length of '' is less than ''", "verify size of '' is less than ''"),
    condition("verify length of '' is less than ''", "verify size of '' is less than ''"),
    when("verify length of '' is less or equal than ''", "verify size of '' is less or equal than ''"),
    condition("verify length of '' is less or equal than ''", "verify size of '' is less or equal than ''"),
    when("verify length of '' is more than ''", "verify size of '' is more than ''"),
    condition("verify length of '' is more than ''", "verify size of '' is more than ''"),
    when("verify length of '' is more or equal than ''", "verify size of '' is more or equal than ''"),
    condition("verify length of '' is more or equal than ''", "verify size of '' is more or equal than ''"),
    when("the elements in '' are equal", "verify elements in '' are equal"),
    condition("the elements in '' are equal", "verify elements in '' are equal"),
    when("the elements in '' are not equal", "verify elements in '' are not equal"),
    condition("the elements in '' are not equal", "verify elements in '' are not equal"),
    when("'' is found", "verify '' is found"),
    condition("'' is found", "verify '' is found"),
    when("'' is not found", "verify '' is not found"),
    condition("'' is not found", "verify '' is not found"),
    when("'' is found in ''", "verify '' is found in ''"),
    condition("'' is found in ''", "verify '' is found in ''"),
    when("'' is not found in ''", "verify '' is not found in ''"),
    condition("'' is not found in ''", "verify '' is not found in ''"),
    when("the '' is found in ''", "verify '' is found in ''"),
    condition("the '' is found in ''", "verify '' is found in ''"),
    when("the '' is not found in ''", "verify '' is not found in ''"),
    condition("the '' is not found in ''", "verify '' is not found in ''"),
    when("the '' is found in '' at least '' times", "verify '' is found in '' at least '' times"),
    condition("the '' is found in '' at least '' times", "verify '' is found in '' at least '' times"),
    Legacy {
        order: &[1, 0],
        differs: "the encoding is named second",
        ..row(Phase::Then, "print as '' ''", "print '' as ''", "2.0.0")
    },
    Legacy {
        order: &[1, 2, 0],
        differs: "the owner is named second, the encoding third",
        ..row(Phase::Then, "print as '' '' in ''", "print '' from '' as ''", "2.0.0")
    },
];

/// Old sentences that nothing today does, and what to do instead.
const GONE: &[(Phase, &str, &str)] = &[
    (
        Phase::When,
        "create copy of '' in '' in ''",
        "name the way from the root: pickup from path 'root.branch.member'",
    ),
    (Phase::When, "create keypair", "create the keyring's keys by algorithm: create the ecdh key"),
    (Phase::When, "create keypair with secret key ''", "write: create the ecdh key with secret key ''"),
    (Phase::When, "create keys", "write: create the keyring; what was keys is named keyring"),
    (Phase::Then, "print keys", "write: print the keyring"),
    (Phase::Then, "print my keys", "write: print my keyring"),
    (Phase::When, "set '' to ''", "name the encoding: set '' to '' as ''"),
    (Phase::When, "set '' to '' formatted as ''", "write: set '' to '' as ''"),
    (Phase::When, "append '' to '' formatted as ''", "write: append the '' of '' to ''"),
    (Phase::When, "create zpack of ''", "write: create mpack of ''"),
    (Phase::When, "create '' decoded from zpack ''", "write: create '' decoded from mpack ''"),
    (Phase::When, "create cbor of ''", "write: create mpack of '' (MessagePack, another format)"),
    (
        Phase::When,
        "create hash to point '' of each object in ''",
        "loop: Foreach '' in '', create the hash to point '' of '', move 'hash_to_point' in ''",
    ),
    (Phase::When, "verify '' is signed by ''", "write: verify '' has a ecdh signature in '' by ''"),
    (
        Phase::When,
        "create jws signature of ''",
        "write a header first: create jws signature of header '' and payload ''",
    ),
    (
        Phase::When,
        "create jws signature using ecdh signature in ''",
        "write a header first: create jws signature of header '' and payload ''",
    ),
    (Phase::When, "create verificationmethod", "write: create verificationMethod of ''"),
    (Phase::When, "create serviceendpoint", "write: create serviceEndpoint of ''"),
];

static INDEX: LazyLock<BTreeMap<(Phase, &'static str), &'static Legacy>> =
    LazyLock::new(|| LEGACY.iter().map(|row| ((row.phase, row.old), row)).collect());

impl Legacy {
    /// The row of an old sentence.
    pub(super) fn of(phase: Phase, sentence: &str) -> Option<&'static Self> {
        INDEX.get(&(phase, sentence)).copied()
    }

    /// The quoted parts in the order of the new sentence.
    pub(super) fn ordered(&self, arguments: Vec<Box<str>>) -> Vec<Box<str>> {
        if self.order.is_empty() {
            return arguments;
        }
        self.order.iter().filter_map(|position| arguments.get(*position).cloned()).collect()
    }

    /// Runs what stands for the old sentence, and gives the result its old name.
    ///
    /// An object that bears the new name stays as it is.
    pub(crate) fn perform(
        &self,
        machine: &mut Machine,
        run: impl FnOnce(&mut Machine) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some((old, new)) = self.result else { return run(machine) };
        machine.empty(old)?;
        let kept = machine.objects.remove(new);
        let ran = run(machine);
        let made = ran.is_ok().then(|| machine.objects.remove(new)).flatten();
        if let Some(kept) = kept {
            machine.objects.insert(new.to_owned(), kept);
        }
        if let Some(Object { value, mut codec }) = made {
            old.clone_into(&mut codec.name);
            machine.objects.insert(old.to_owned(), Object { value, codec });
        }
        ran
    }
}

/// What to write instead of an old sentence that nothing today does.
pub(super) fn gone(phase: Phase, sentence: &str) -> Option<&'static str> {
    GONE.iter().find(|(table, old, _)| *table == phase && *old == sentence).map(|(_, _, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Loaded;
    use crate::words;

    #[test]
    fn every_row_leads_to_a_sentence_of_today() {
        for row in LEGACY {
            assert!(Loaded::default().find(row.phase, row.new, false).is_some(), "{} {}", row.old, row.new);
        }
    }

    #[test]
    fn no_old_sentence_is_one_of_today() {
        for (phase, old) in
            LEGACY.iter().map(|row| (row.phase, row.old)).chain(GONE.iter().map(|row| (row.0, row.1)))
        {
            let found = Loaded::default().find(phase, old, true);
            assert!(found.is_none_or(|found| found.legacy.is_some()), "{old}");
        }
    }

    #[test]
    fn every_old_sentence_survives_its_own_normalisation() {
        for row in LEGACY {
            let line = format!("{} {}", row.phase.name(), row.old.replace("''", "'x'"));
            assert_eq!(words::sentence(&line, row.phase), row.old);
        }
    }

    #[test]
    fn quoted_parts_are_as_many_in_old_and_new() {
        for row in LEGACY {
            assert_eq!(row.old.matches("''").count(), row.new.matches("''").count(), "{}", row.old);
        }
    }

    #[test]
    fn every_order_is_a_permutation() {
        for row in LEGACY.iter().filter(|row| !row.order.is_empty()) {
            let mut order = row.order.to_vec();
            order.sort_unstable();
            assert_eq!(order, (0..row.old.matches("''").count()).collect::<Vec<_>>(), "{}", row.old);
        }
    }
}
