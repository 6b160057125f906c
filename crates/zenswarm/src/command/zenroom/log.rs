//! The log of the reference interpreter, as text or as a JSON array.

use zencode::{Cause, Diagnostic, Failure, Note};
use zencode_crypto::encoding::base64;

/// A log on standard error.
pub(super) struct Log {
    layout: Layout,
    /// How much is said: from 1 on what to do, from 2 on how it went.
    debug: u64,
    open: bool,
}

/// How the log is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Lines of text.
    Text,
    /// One JSON array of texts.
    Json,
}

impl Log {
    pub(super) fn new(layout: Layout, debug: u64) -> Self {
        Self { layout, debug, open: false }
    }

    /// One entry that only informs.
    fn notice(&mut self, text: &str) {
        if self.debug >= 1 {
            self.entry("[*]", text);
        }
    }

    /// One entry: a mark of three letters, and a text.
    fn entry(&mut self, mark: &str, text: &str) {
        if self.layout == Layout::Text {
            eprintln!("{mark}  {text}");
            return;
        }
        self.begin();
        eprintln!("{},", serde_json::Value::from(format!("{mark} {text}")));
    }

    /// One entry as it is.
    fn line(&mut self, text: &str) {
        if self.layout == Layout::Text {
            eprintln!("{text}");
            return;
        }
        self.begin();
        eprintln!("{},", serde_json::Value::from(text));
    }

    fn begin(&mut self) {
        if !self.open {
            self.open = true;
            eprintln!("[ \"ZENROOM JSON LOG START\",");
        }
    }

    pub(super) fn warnings(&mut self, warnings: &[String]) {
        for warning in warnings {
            self.entry("[W]", warning);
        }
    }

    pub(super) fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            match note {
                Note::Trace(lines) => self.trace(lines),
                Note::Heap(text) => self.heap(text),
                Note::Text(text) => self.entry("[W]", text),
            }
        }
    }

    fn heap(&mut self, text: &str) {
        if self.layout == Layout::Json {
            self.line(&format!("J64 HEAP: {}", base64::encode(text.as_bytes())));
        } else {
            self.entry("[W]", text);
        }
    }

    fn trace(&mut self, lines: &[String]) {
        if self.layout == Layout::Json {
            let array = serde_json::Value::from(lines.to_vec()).to_string();
            self.line(&format!("J64 TRACE: {}", base64::encode(array.as_bytes())));
        } else {
            for line in lines {
                self.line(line);
            }
        }
    }

    /// Ends the log of a run that succeeded.
    pub(super) fn success(&mut self) {
        if self.debug >= 2 {
            self.entry(" . ", "Zenroom execution completed.");
        }
        self.end();
    }

    fn end(&mut self) {
        self.notice("Zenroom teardown.");
        if self.layout == Layout::Json {
            self.begin();
            eprintln!("\"ZENROOM JSON LOG END\" ]");
        }
    }

    /// Ends the log of something that failed before a contract ran.
    pub(super) fn end_with(&mut self, messages: &[String]) {
        for message in messages {
            self.entry("[!]", message);
        }
        self.end();
    }

    pub(super) fn parser_error(&mut self, diagnostic: &Diagnostic) {
        /// The picture of memory before any line has run.
        const NOTHING: &str =
            "{\n    a_CODEC_ack = {},\n    b_GIVEN_in = {},\n    c_WHEN_ack = {},\n    d_THEN_out = {}\n}";
        // The reference shows it when a sentence matches nothing; clients look for the trace.
        if diagnostic.cause == Cause::UnknownStatement {
            self.heap(NOTHING);
            self.trace(&[]);
        }
        self.entry("[!]", "Zencode parser error");
        self.entry("[!]", &diagnostic.message);
        self.hint(diagnostic);
        self.entry("[!]", "Execution aborted with errors.");
        self.end();
    }

    pub(super) fn run_failure(&mut self, failure: &Failure) {
        let diagnostic = &failure.diagnostic;
        self.warnings(&failure.warnings);
        self.notes(&failure.notes);
        self.heap(&failure.heap);
        let mut trace = failure.trace.clone();
        if let Some(line) = diagnostic.line {
            trace.push(format!("[!] Error at Zencode line {line}"));
        }
        trace.push(format!("[!] {}", diagnostic.message));
        self.trace(&trace);
        self.entry("[!]", "Zencode runtime error");
        let place = diagnostic.line.map(|line| format!("Zencode line {line}: ")).unwrap_or_default();
        self.entry("[!]", &format!("{place}{}", diagnostic.message));
        self.hint(diagnostic);
        self.entry("[!]", "Execution aborted with errors.");
        self.end();
    }

    fn hint(&mut self, diagnostic: &Diagnostic) {
        if let Some(hint) = &diagnostic.hint {
            self.notice(&format!("hint: {hint}"));
        }
    }
}
