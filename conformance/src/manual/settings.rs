//! The pages about `Rule` lines and about the configuration string.

use std::fmt::Write;

use crate::markdown::{cell, code};

/// A line that sets something.
struct Row {
    /// As it is written; a value that may be another stands last.
    line: &'static str,
    does: &'static str,
    /// What holds without it.
    absent: &'static str,
}

const RULES: &[Row] = &[
    Row {
        line: "Rule check version 5.38.1",
        does: "Says for which version of the language the contract was written. Another version is a warning, not an error.",
        absent: "a warning that no version was checked",
    },
    Row {
        line: "Rule input encoding hex",
        does: "The encoding in which texts of the input are read where a type names none. A name that is no encoding is a warning and changes nothing.",
        absent: "`base64`",
    },
    Row {
        line: "Rule output encoding hex",
        does: "The encoding in which octets are printed that did not come in with an encoding of their own.",
        absent: "`base64`",
    },
    Row {
        line: "Rule input format json",
        does: "The format of the input. There is only JSON.",
        absent: "`json`",
    },
    Row {
        line: "Rule output format json",
        does: "The format of the output. There is only JSON.",
        absent: "`json`",
    },
    Row {
        line: "Rule input number strict",
        does: "Numbers of the input are never taken as times.",
        absent: "a number from 1500000000 to 4102444800 is a time",
    },
    Row {
        line: "Rule output sorting false",
        does: "With any value but `true`, says that the order of the output does not matter. It is sorted in any case.",
        absent: "`true`",
    },
    Row {
        line: "Rule path separator /",
        does: "One ASCII character: what stands between the names of a path.",
        absent: "`.`",
    },
    Row {
        line: "Rule set hash sha512",
        does: "The hash function of sentences that name none.",
        absent: "`sha256`",
    },
    Row {
        line: "Rule set fsp insecure",
        does: "Lets the sentences of the scenario `fsp` run although their cipher uses one key stream for several messages, as the reference engine does.",
        absent: "these sentences are an error",
    },
    Row {
        line: "Rule set reflow strict",
        does: "`verify reflow signature fingerprint is new` refuses a fingerprint that the seal holds already.",
        absent: "such a fingerprint is a warning",
    },
    Row {
        line: "Rule unknown ignore",
        does: "`Given` lines before the first known one, and `Then` lines after the last known one, may be unknown. They are skipped with a warning: they are \
               for a host that understands them.",
        absent: "an unknown line is an error",
    },
    Row {
        line: "Rule set name value",
        does: "Any other name: taken with a warning, and without effect.",
        absent: "",
    },
    Row { line: "Rule input untagged", does: "Taken and without effect.", absent: "" },
    Row { line: "Rule output versioning", does: "Taken and without effect.", absent: "" },
    Row {
        line: "Rule collision ignore",
        does: "Keys may hold names that the data holds too, and win over them. Deprecated: give them different names.",
        absent: "a name in both is an error",
    },
    Row {
        line: "Rule caller restroom-mw",
        does: "What contracts for older servers say: `unknown ignore` and `collision ignore` in one. Deprecated.",
        absent: "",
    },
];

const CONFIGURATION: &[Row] = &[
    Row {
        line: "rngseed=hex:…",
        does: "128 hexadecimal digits. The generator of the run starts from them, so that a contract draws the same values each time.",
        absent: "fresh entropy",
    },
    Row {
        line: "logfmt=json",
        does: "The log on standard error is a JSON array of lines. `text` is the other value.",
        absent: "`text`",
    },
    Row { line: "maxiter=dec:1000", does: "How often one loop may turn.", absent: "1000" },
    Row { line: "maxmem=dec:1024", does: "Mebibytes of memory that a contract may use.", absent: "1024" },
    Row {
        line: "debug=1, verbose=1",
        does: "How much of a failure is told on standard error, from 0 to 3.",
        absent: "`2`",
    },
    Row {
        line: "scope=given",
        does: "The `Given` phase alone is read, and what it declares is printed instead of a result. `full` runs the whole contract.",
        absent: "`full`",
    },
    Row {
        line: "memblocknum=64, memblocksize=256",
        does: "Taken and without effect: they tell the reference engine how to keep its memory.",
        absent: "",
    },
];

/// The page about rules.
pub(super) fn rules() -> String {
    page(
        "# Rules\n\nA `Rule` line sets an option of the contract. Rules come before the first `Given`, in any order among `Scenario` lines. Letters \
         outside the value may be of any case. A rule that is not in this list is an error.\n",
        "rule",
        RULES,
    )
}

/// The page about the configuration string.
pub(super) fn configuration() -> String {
    page(
        "# Configuration\n\n`zenswarm zenroom -c 'debug=1,rngseed=hex:…' …` and the first line of `zenswarm zencode-exec` take a configuration: keys and \
         values with `=` between, split by commas, 3 to 512 octets of letters, digits, blanks and `,:=`. A key that is not in this list is an error.\n\n\
         An oracle is not configured by this string: it gives each run its own seed, and its limits are in its configuration file.\n",
        "setting",
        CONFIGURATION,
    )
}

fn page(introduction: &str, kind: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "{introduction}\n[All statements](README.md)\n\n| {kind} | does | without it |\n|---|---|---|\n"
    );
    for Row { line, does, absent } in rows {
        writeln!(text, "| {} | {} | {absent} |", cell(&code(line)), cell(does))
            .expect("a String takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use zencode::{Contract, Library, Limits};

    use super::*;

    fn compiles(rule: &str) -> bool {
        let contract = format!("{rule}\nGiven nothing\nThen print data\n");
        Contract::compile(&contract, Library::Language, &Limits::default()).is_ok()
    }

    #[test]
    fn every_rule_of_the_page_is_taken() {
        for row in RULES {
            assert!(compiles(row.line), "{}", row.line);
        }
    }

    #[test]
    fn a_rule_that_is_not_on_the_page_is_an_error() {
        assert!(!compiles("Rule colour blue"));
    }
}
