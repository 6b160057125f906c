//! Differential tests: the same contract, the same inputs and the same seed through this
//! implementation and through the reference engine (npm `zenroom`), compared octet for octet.
//!
//! A case is a contract beside its inputs: `NAME.zen`, `NAME.data.json`, `NAME.keys.json`,
//! `NAME.conf`. What the reference engine answered is recorded next to it, as `NAME.out.json` when it
//! printed something and as `NAME.fail.json` when it refused. The recordings let plain `cargo test`
//! compare without Node.js; `cargo xtask test` asks the real engine again. The examples in the
//! documentation of the language's statements are cases too.
//!
//! Two runs agree when both print the same octets, or when both fail and blame the same line.
//! The wording of a failure is ours and is shown, not compared.
//!
//! ```
//! use conformance::{Case, Outcome, Settings, compare, ours};
//!
//! let case = Case::from_text("greeting", "Given nothing\nThen print string 'hello'\n");
//! let here = ours::run(&case, &Settings::default());
//! assert!(compare(&here, &here).is_agreement());
//! # let _: Outcome = here;
//! ```

mod case;
mod catalogue;
mod compare;
mod coverage;
mod difference;
mod document;
mod example;
pub mod fuzz;
mod host;
mod manual;
mod markdown;
pub mod ours;
pub mod random;
mod recording;
mod reference;
mod report;
mod scenarios;
mod settings;
mod suite;
mod vocabulary;

pub use case::Case;
pub use catalogue::{Entry, Example, catalogue};
pub use compare::{Outcome, Verdict, compare};
pub use difference::KnownDifferences;
pub use document::{Document, documents, stale_documents, write_documents};
pub use example::{host_examples, statements_without_example};
pub use host::HostExample;
pub use recording::Recording;
pub use reference::{Measured, Reference, default_parts_folder};
pub use report::{Row, Table};
pub use settings::Settings;
pub use suite::{CASES_FOLDER, committed_cases, folder_of};
