//! What a person or a program sees at the end: a result, or an error with place and hint.

use std::process::ExitCode;

use serde_json::{Value, json};

/// How results and errors are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Sentences.
    Human,
    /// One JSON document per line.
    Json,
}

/// What the process ends with; the list stands in `--help` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// A contract, a verification or a query failed.
    Failed = 1,
    /// The command line, a file or the configuration is wrong.
    Usage = 2,
    /// The other side cannot be reached.
    Unreachable = 3,
    /// The other side refused.
    Refused = 4,
    /// A fault of this program.
    Internal = 70,
}

impl Exit {
    /// The word for it in JSON.
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Internal => "internal",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a verb did not do its work: message, place, hint, exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What was found and what was expected, lower case, without full stop.
    pub(crate) message: String,
    /// The file, line, address or flag to blame.
    pub(crate) place: Option<String>,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// The exit code.
    pub(crate) exit: Exit,
}

impl Failure {
    /// A failure without place or hint.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, hint: None, exit }
    }

    /// Adds the place.
    pub(crate) fn at(mut self, place: impl std::fmt::Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A fault of this program.
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::new(Exit::Internal, error.to_string())
    }
}

/// Where results and errors go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    format: Format,
}

impl Console {
    /// A console that prints in one format.
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// The format, for verbs that print as they go.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Prints a result on standard output: the sentence, or the document.
    pub(crate) fn print(&self, human: &str, document: &Value) {
        let text = match self.format {
            Format::Human => human.to_owned(),
            Format::Json => document.to_string(),
        };
        write_line(std::io::stdout(), &text);
    }

    /// Prints a failure on standard error, and says what to end with.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        let text = match self.format {
            Format::Human => human(failure),
            Format::Json => json!({
                "error": {
                    "kind": failure.exit.word(),
                    "message": failure.message,
                    "place": failure.place,
                    "hint": failure.hint,
                    "exit": failure.exit as u8,
                }
            })
            .to_string(),
        };
        write_line(std::io::stderr(), &text);
        failure.exit
    }
}

fn human(failure: &Failure) -> String {
    let mut text = format!("error: {}", failure.message);
    if let Some(place) = &failure.place {
        text.push_str("\n   at: ");
        text.push_str(place);
    }
    if let Some(hint) = &failure.hint {
        text.push_str("\n hint: ");
        text.push_str(hint);
    }
    text
}

/// A reader that went away (`zenswarm … | head`) is no reason to fail.
fn write_line(mut stream: impl std::io::Write, text: &str) {
    drop(writeln!(stream, "{text}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_message_place_and_hint() {
        let failure =
            Failure::new(Exit::Usage, "port 70000 is no port").at("--listen").hint("use 0 to 65535");
        assert_eq!(human(&failure), "error: port 70000 is no port\n   at: --listen\n hint: use 0 to 65535");
    }

    #[test]
    fn the_help_lists_every_exit_code() {
        use clap::CommandFactory as _;
        let help = crate::args::Arguments::command().render_long_help().to_string();
        for exit in [Exit::Done, Exit::Failed, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Internal]
        {
            assert!(help.contains(&format!("\n{:>4}  ", exit as u8)), "{exit:?} is missing");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        crate::args::Arguments::command().debug_assert();
    }
}
