//! One statement: words, documentation and deed in one record, filled by the attributes.

use crate::error::Error;
use crate::given::Given;
use crate::known::Known;
use crate::machine::Machine;
use crate::order::{Form, Ordering};
use crate::question::{Asking, Moment, Question};
use crate::scheme::SignatureScheme;

/// The table of statements that a line is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Inputs are declared.
    Given,
    /// Memory is worked on.
    When,
    /// A branch is chosen.
    If,
    /// A loop turns.
    Foreach,
    /// Results are printed.
    Then,
}

impl Phase {
    /// The name used in tables and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::When => "when",
            Self::If => "if",
            Self::Foreach => "foreach",
            Self::Then => "then",
        }
    }
}

/// A statement of the language, as its attribute wrote it down.
#[derive(Debug)]
pub struct Statement {
    /// Name of the function that performs it.
    pub name: &'static str,
    /// The sentences it is found by; `''` stands for a quoted part, `{scheme}` for an algorithm's name.
    pub patterns: &'static [&'static str],
    /// What it does, in Markdown.
    pub docs: &'static str,
    /// Names of the quoted parts, in order.
    pub parameters: &'static [&'static str],
    /// What to write instead, when the sentence is on its way out.
    pub deprecated: Option<&'static str>,
    /// Source file.
    pub file: &'static str,
    /// Line of that file.
    pub line: u32,
    pub(crate) run: Action,
}

/// The heading in a statement's documentation that its example stands under.
const EXAMPLE: &str = "# Example";
/// What opens and closes a block of the example.
const FENCE: &str = "```";

impl Statement {
    /// The first line of its documentation.
    pub fn summary(&self) -> &'static str {
        self.docs.lines().next().unwrap_or_default()
    }

    /// Whether it changes something outside: a file, a log, a store, a ledger.
    pub fn writes(&self) -> bool {
        match self.run {
            Action::Ask(asking, _) => asking.writes,
            Action::Order(form, _) => form.writes,
            _ => false,
        }
    }

    /// Whether it is a request that follows the run, wherever the line stands.
    pub fn follows(&self) -> bool {
        matches!(self.run, Action::Ask(Asking { moment: Moment::After, .. }, _))
    }

    /// Its documentation without the example.
    pub fn documentation(&self) -> String {
        let mut shown = true;
        let lines = self.docs.lines().filter(|line| {
            if line.starts_with("# ") {
                shown = *line != EXAMPLE;
            }
            shown
        });
        lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// A block of its example: `zencode` is the contract, `json data` and `json keys` are its inputs,
    /// `json answer` is what the host of a connector brings.
    pub fn example(&self, kind: &str) -> Option<String> {
        let mut lines = self.docs.lines().skip_while(|line| *line != EXAMPLE);
        lines.find(|line| line.strip_prefix(FENCE) == Some(kind))?;
        let text = lines.take_while(|line| *line != FENCE);
        Some(text.flat_map(|line| [line, "\n"]).collect())
    }
}

/// What a statement does, by phase: the first parameter is all it can touch.
pub(crate) enum Action {
    Given(fn(&mut Given, &Call<'_>) -> Result<(), Error>),
    When(fn(&mut Machine, &Call<'_>) -> Result<(), Error>),
    Check(fn(&mut Machine, &Call<'_>) -> Result<(), Error>),
    Foreach(fn(&mut Machine, &Call<'_>) -> Result<(), Error>),
    Then(fn(&mut Machine, &Call<'_>) -> Result<(), Error>),
    Ask(Asking, fn(&Known, &Call<'_>) -> Result<Question, Error>),
    Order(&'static Form, Ordering),
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "Given",
            Self::When(_) => "When",
            Self::Check(_) => "Check",
            Self::Foreach(_) => "Foreach",
            Self::Then(_) => "Then",
            Self::Ask(..) => "Ask",
            Self::Order(..) => "Order",
        })
    }
}

/// One use of a statement: its quoted parts, and the algorithm that the sentence named.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) arguments: &'a [Box<str>],
    pub(crate) scheme: Option<&'static SignatureScheme>,
}

impl<'a> Call<'a> {
    /// The quoted part at a position; the parser has counted them against the pattern.
    pub(crate) fn argument(&self, index: usize) -> &'a str {
        self.arguments.get(index).map_or("", |text| text)
    }
}

/// Readers of the `scheme` parameter.
pub(crate) struct Scheme;

impl Scheme {
    /// The algorithm of this use; a statement without one was listed in a scenario without a row.
    pub(crate) fn of(call: &Call<'_>) -> Result<&'static SignatureScheme, Error> {
        call.scheme.ok_or_else(|| Error::failed("the statement names no algorithm"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented(docs: &'static str) -> Statement {
        Statement {
            name: "x",
            patterns: &["x"],
            docs,
            parameters: &[],
            deprecated: None,
            file: "x.rs",
            line: 1,
            run: Action::When(|_, _| Ok(())),
        }
    }

    const DOCS: &str =
        "Does it.\n\n# Example\n```zencode\nGiven nothing\n```\n```json data\n{}\n```\n\n# Source\nA book.";

    #[test]
    fn the_example_is_no_documentation() {
        assert_eq!(documented(DOCS).documentation(), "Does it.\n\n# Source\nA book.");
    }

    #[test]
    fn an_example_has_blocks_by_kind() {
        let statement = documented(DOCS);
        assert_eq!(statement.example("zencode").as_deref(), Some("Given nothing\n"));
        assert_eq!(statement.example("json data").as_deref(), Some("{}\n"));
        assert_eq!(statement.example("json keys"), None);
    }

    #[test]
    fn a_block_outside_the_example_is_none() {
        assert_eq!(documented("Does it.\n```zencode\nGiven nothing\n```").example("zencode"), None);
    }
}
