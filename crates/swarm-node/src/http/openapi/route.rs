//! One address that runs a contract, and all that is said of it.
//!
//! The document, the explorer and the applet are made from this and know nothing else of a contract; whatever can be said in
//! these words (a chain, an address in another runtime's form) is described by them too.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde_json::Value;
use zencode::{Contract, Diagnostic};

use super::answer;
use super::field::Fields;
use crate::oracle::contracts::{Entry, Grant};

/// How data travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// In the member `data` of the body, or as JSON in the query parameter `data`.
    Data,
}

/// One address.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// The contract's name.
    pub(crate) name: String,
    /// The address below the oracle's.
    pub(crate) path: String,
    /// What it is for, in a few words.
    pub(crate) summary: String,
    /// What it is for, in its author's words.
    pub(crate) description: String,
    /// What it belongs to.
    pub(crate) tags: Vec<String>,
    /// How data travel.
    pub(crate) envelope: Envelope,
    /// What it takes.
    pub(crate) fields: Fields,
    /// An example of its data.
    pub(crate) example: Option<Value>,
    /// The schema of what it answers.
    pub(crate) answer: Value,
    /// Why it cannot run.
    pub(crate) fault: Option<Diagnostic>,
}

impl Route {
    /// What is said of a contract.
    pub(crate) fn of(entry: &Entry) -> Self {
        let preface = Preface::of(&entry.text);
        let contract = entry.contract.as_ref();
        let summary = entry.metadata.description.clone().or(preface.scenario).map(|it| sentence(&it));
        Self {
            name: entry.name.clone(),
            path: format!("/api/{}", encoded(&entry.name)),
            summary: summary.unwrap_or_else(|| entry.name.clone()),
            description: preface.comment,
            tags: tags(preface.scenarios, contract.is_ok_and(Contract::asks)),
            envelope: Envelope::Data,
            fields: contract.map(|it| fields(it, entry)).unwrap_or_default(),
            example: entry.example.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            answer: contract.map_or(Value::Bool(true), answer::answer),
            fault: contract.err().cloned(),
        }
    }
}

fn fields(contract: &Contract, entry: &Entry) -> Fields {
    let mut brought: BTreeSet<String> =
        entry.metadata.inputs.iter().map(|input| input.name().to_owned()).collect();
    brought.extend(names(&entry.keys.text));
    if entry.metadata.is_granted(Grant::Keyring) {
        brought.insert("keyring".to_owned());
    }
    Fields::of(contract, &brought, &entry.metadata.aliases)
}

/// The names that KEYS hold; the values are passed over unread.
fn names(keys: &str) -> impl Iterator<Item = String> + use<> {
    let members: std::collections::BTreeMap<String, IgnoredAny> =
        serde_json::from_str(keys).unwrap_or_default();
    members.into_keys()
}

fn tags(scenarios: Vec<String>, asks: bool) -> Vec<String> {
    let mut tags = scenarios;
    if asks {
        tags.push("connector".to_owned());
    }
    if tags.is_empty() {
        tags.push("core".to_owned());
    }
    tags
}

/// What a contract says of itself before it does anything.
#[derive(Debug, Default, PartialEq, Eq)]
struct Preface {
    /// The comment at its top.
    comment: String,
    /// The scenarios that it loads, each once.
    scenarios: Vec<String>,
    /// What the first scenario line says the contract is about.
    scenario: Option<String>,
}

impl Preface {
    fn of(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let comment = lines.clone().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let mut preface =
            Self { comment: comment.collect::<Vec<_>>().join(" ").trim().to_owned(), ..Self::default() };
        for line in lines {
            preface.read(line);
        }
        preface
    }

    fn read(&mut self, line: &str) {
        let word = line.split([' ', ':', '\'']).next().unwrap_or_default();
        if !word.eq_ignore_ascii_case("scenario") {
            return;
        }
        let (before, after) = line.split_once(':').unwrap_or((line, ""));
        if let Some(scenario) = before.split('\'').nth(1).map(str::to_lowercase)
            && !self.scenarios.contains(&scenario)
        {
            self.scenarios.push(scenario);
        }
        if self.scenario.is_none() && !after.trim().is_empty() {
            self.scenario = Some(after.trim().to_owned());
        }
    }
}

/// Words with a capital letter in front.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A contract's name as part of an address.
///
/// # Source
/// RFC 3986, section 2.3: what need not be encoded. The braces of an address template have to be.
pub(crate) fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for octet in name.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(octet))
            }
            _ => text.push_str(&format!("%{octet:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preface_is_the_comment_at_the_top_and_the_scenarios() {
        let text = "# Signs\n# an object.\n\nScenario 'ecdh': sign an asset\nScenario 'w3c': more\n# not this\nGiven nothing\n";
        let expected = Preface {
            comment: "Signs an object.".to_owned(),
            scenarios: vec!["ecdh".to_owned(), "w3c".to_owned()],
            scenario: Some("sign an asset".to_owned()),
        };
        assert_eq!(Preface::of(text), expected);
    }

    #[test]
    fn a_scenario_without_words_says_nothing() {
        assert_eq!(Preface::of("scenario 'ecdh'\nGiven nothing").scenario, None);
    }

    #[test]
    fn what_would_be_a_template_is_encoded() {
        assert_eq!(encoded("a b/{c}-é"), "a%20b/%7Bc%7D-%C3%A9");
    }
}
