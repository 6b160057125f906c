//! YAML, read into serde types within limits: chains and keys come as such.
//!
//! A text of a few octets can stand for gigabytes (aliases of aliases) or overflow a stack (nesting).
//! The reader counts as it goes and stops at the limit.

use serde::de::DeserializeOwned;

/// Levels of sequences and mappings.
pub(crate) const DEPTH_MAX: usize = 32;
/// Scalars, sequences and mappings, those that aliases repeat included.
pub(crate) const NODES_MAX: usize = 50_000;
/// Aliases.
const ALIASES_MAX: usize = 1_000;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlFault {
    /// The line, counted from 1.
    pub(crate) line: Option<usize>,
    /// What was found; may quote the text.
    pub(crate) cause: String,
}

/// Reads one document of YAML 1.2.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlFault> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            flow_nesting_limit: DEPTH_MAX,
            max_nodes: NODES_MAX,
            max_events: 4 * NODES_MAX,
            max_aliases: ALIASES_MAX,
            max_anchors: ALIASES_MAX,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: NODES_MAX,
            max_replay_stack_depth: DEPTH_MAX,
        },
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().and_then(|place| usize::try_from(place.line()).ok());
        let message = error.to_string();
        let cause = message.lines().next().unwrap_or("it is no YAML");
        YamlFault { line: line.filter(|line| *line > 0), cause: cause.to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn scalars_have_the_types_of_yaml_1_2() {
        let value: Value = read("a: 1\nb: true\nc: yes\nd: '1'\ne: null\nf: [x, 2.5]\n").unwrap();
        assert_eq!(value, json!({"a": 1, "b": true, "c": "yes", "d": "1", "e": null, "f": ["x", 2.5]}));
    }

    #[test]
    fn json_is_yaml() {
        let value: Value = read("{\"a\": {\"b\": [1, \"x\"]}}").unwrap();
        assert_eq!(value, json!({"a": {"b": [1, "x"]}}));
    }

    #[test]
    fn a_block_keeps_its_lines() {
        let value: Value = read("zencode: |\n  Given nothing\n  Then print data\n").unwrap();
        assert_eq!(value["zencode"], "Given nothing\nThen print data\n");
    }

    #[test]
    fn a_fault_has_its_line() {
        assert_eq!(read::<Value>("a: 1\nb: [1\nc: 2\n").unwrap_err().line.map(|line| line > 1), Some(true));
    }

    #[test]
    fn a_name_given_twice_is_a_fault() {
        assert!(read::<Value>("a: 1\na: 2\n").is_err());
    }

    #[test]
    fn aliases_of_aliases_end_at_the_limit() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", below.trim_end_matches(", ")));
        }
        assert!(read::<Value>(&bomb).is_err());
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        assert!(read::<Value>(&"[".repeat(100_000)).is_err());
        assert!(
            read::<Value>(&(0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>())
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}", lines in prop::collection::vec("[ ]{0,6}[-a-z:&*!|>'\"{}\\[\\],#0-9 ]{0,12}", 0..20)) {
            drop(read::<Value>(&text));
            drop(read::<Value>(&lines.join("\n")));
        }
    }
}
