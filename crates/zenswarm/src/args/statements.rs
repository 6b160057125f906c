//! `zenswarm statements`.

use clap::Args;
use clap::builder::PossibleValuesParser;
use zencode::LIBRARY;

/// The list of statements, or a search in it.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Statements {
    /// Only statements that can be said in this phase.
    #[arg(long, value_parser = PossibleValuesParser::new(["given", "when", "if", "foreach", "then"]))]
    pub(crate) phase: Option<String>,
    /// Only statements of this scenario.
    #[arg(long, value_parser = PossibleValuesParser::new(LIBRARY.iter().map(|scenario| scenario.name)))]
    pub(crate) scenario: Option<String>,
    /// What to look for.
    #[arg(value_name = "WORD")]
    pub(crate) search: Vec<String>,
}

/// What stands below the options.
const HELP: &str = "\
The words of a search come in any order. They are looked for in the sentences first, then in the
documentation. A whole sentence, with or without its quoted parts, finds its statement alone. Where
one statement is left, its documentation and its example are shown.

Examples:
  zenswarm statements                            every statement
  zenswarm statements random array               statements about arrays of random values
  zenswarm statements create the hash of ''      this one, with its example
  zenswarm statements --phase then encoding      what prints in an encoding

With --json, one document per statement and line, best match first:
  scenario       the scenario that lists it
  loaded         always, scenario (after a Scenario line) or connectors (on an oracle)
  sentences      as a person writes them, each with its phase; parameters stand between the quotes
  patterns       as the compiler looks them up; '' is a quoted part
  parameters     names of the quoted parts, in order
  documentation  Markdown, without the example
  example        contract, data, keys and the host's answer (texts or null), or null
  deprecated     what to write instead, or null
  source         FILE:LINE";
