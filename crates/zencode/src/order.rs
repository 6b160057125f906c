//! Sentences that are put together of parts: where to connect, what to send, what to do, where the output goes.
//!
//! ```text
//! Given|Then I [connect to 'x' and | open 'x' and] [send NAME 'y' and …] PHRASE [and output [secret] into 'z']
//! Prepare|Compute ['z' | secret 'z']: [connect to 'x' and | open 'x' and] PHRASE [with NAME 'y', … | where NAME is 'y', …]
//! ```
//!
//! A statement says its parts once (`#[order(…)]`); the order of what is sent is free. Everything quoted is a
//! name, looked up in DATA, then in KEYS.
//!
//! # Source
//! The grammar of slangroom.

use crate::error::Error;
use crate::known::Known;
use crate::library::Found;
use crate::question::{Question, Target, Want};
use crate::statement::Phase;
use crate::words;

/// What a sentence begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Door {
    /// `connect to ''`.
    Connect,
    /// `open ''`.
    Open,
}

impl Door {
    fn opening(self) -> &'static str {
        match self {
            Self::Connect => "connect to '' and ",
            Self::Open => "open '' and ",
        }
    }
}

/// A name after `send`.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) optional: bool,
}

/// The parts that the sentence of a statement has.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) door: Option<Door>,
    pub(crate) sends: &'static [Parameter],
    pub(crate) phrases: &'static [&'static str],
    /// Whether it changes something outside.
    pub(crate) writes: bool,
}

impl Form {
    /// The sentence of a phrase as a person writes it, each name its own.
    pub(crate) fn written(&self, phrase: &str) -> String {
        let door = self.door.map_or("", Door::opening).replace("''", "'address'");
        let sends = self.sends.iter().map(|it| format!("send {0} '{0}' and ", it.name));
        format!("{door}{}{phrase} and output into 'output'", sends.collect::<String>())
    }
}

/// A phrase as a line that says it is looked up by.
pub(crate) fn normal(phrase: &str, phase: Phase) -> String {
    // With something in front, as in a line: the words that go depend on where they stand.
    let sentence = words::sentence(&format!("{} I connect to 'x' and {phrase}", phase.name()), phase);
    sentence.strip_prefix(Door::Connect.opening()).unwrap_or_default().to_owned()
}

/// A line that says an order, and its quoted parts.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) found: Found,
    pub(crate) phrase: &'static str,
    pub(crate) address: Option<Box<str>>,
    /// What is sent: the parameter, and the name that it takes its value from.
    pub(crate) sent: Vec<(&'static str, Box<str>)>,
    pub(crate) target: Target,
}

/// The parts of a sentence, before it is known whether there is such a statement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) door: Option<Door>,
    pub(crate) address: Option<Box<str>>,
    pub(crate) sent: Vec<(String, Box<str>)>,
    /// What to do, as it is looked up.
    pub(crate) phrase: String,
    pub(crate) target: Target,
}

impl Parts {
    /// Whether the sentence can hardly be anything else.
    pub(crate) fn is_evident(&self) -> bool {
        self.door.is_some() || !self.sent.is_empty() || self.target != Target::Nothing
    }
}

/// Takes a sentence of the form `Given|Then I …` apart.
pub(crate) fn read(sentence: &str, line: &str) -> Option<Parts> {
    let mut names = words::quoted(line).into_iter();
    let mut rest = sentence;
    let door = take_door(&mut rest);
    let address = if door.is_some() { Some(names.next()?) } else { None };
    let mut sent = Vec::new();
    while let Some((name, after)) = rest.strip_prefix("send ").and_then(|text| text.split_once(" '' and ")) {
        sent.push((name.to_owned(), names.next()?));
        rest = after;
    }
    let (phrase, into) = match rest.strip_suffix(" into ''") {
        Some(front) => (front, Some(names.next()?)),
        None => (rest, None),
    };
    let (phrase, target) = match into {
        None => (phrase, Target::Nothing),
        Some(name) => match phrase.strip_suffix(" and output secret") {
            Some(phrase) => (phrase, Target::Secret(name.into())),
            None => (phrase.strip_suffix(" and output")?, Target::Member(name.into())),
        },
    };
    let whole = !phrase.contains('\'') && names.next().is_none();
    whole.then(|| Parts { door, address, sent, phrase: phrase.to_owned(), target })
}

fn take_door(rest: &mut &str) -> Option<Door> {
    for door in [Door::Connect, Door::Open] {
        if let Some(after) = rest.strip_prefix(door.opening()) {
            *rest = after;
            return Some(door);
        }
    }
    None
}

/// The words that begin a line of the second form, and the phase that each is for.
const HEADS: &[(&str, Phase)] =
    &[("prepare", Phase::Given), ("before", Phase::Given), ("compute", Phase::Then), ("after", Phase::Then)];

/// The phase of a line whose first word begins the second form.
pub(crate) fn head(first: &str) -> Option<Phase> {
    let word = first.strip_suffix(':').unwrap_or(first);
    HEADS.iter().find(|(head, _)| *head == word).map(|(_, phase)| *phase)
}

/// Takes a line of the form `Prepare|Compute …: …` apart.
pub(crate) fn read_prepared(line: &str, phase: Phase) -> Option<Parts> {
    let body = line[words::first(line).trim_end_matches(':').len()..].trim_start();
    let (front, body) = split_at_colon(body)?;
    let front = words::trimmed(front);
    let mut target_names = words::quoted(front).into_iter();
    let target = match (front.to_ascii_lowercase().starts_with("secret "), target_names.next()) {
        (true, name) => Target::Secret(name?.into()),
        (false, Some(name)) => Target::Member(name.into()),
        (false, None) => Target::Nothing,
    };
    let body = body.replace(',', " , ");
    let sentence = words::sentence(&format!("{} I {}", phase.name(), words::trimmed(&body)), phase);
    let mut names = words::quoted(&body).into_iter();
    let mut rest = sentence.as_str();
    let door = take_door(&mut rest);
    let address = if door.is_some() { Some(names.next()?) } else { None };
    let (phrase, list, filler) = match (rest.split_once(" with "), rest.split_once(" where ")) {
        (Some((phrase, list)), _) => (phrase, list, " ''"),
        (None, Some((phrase, list))) => (phrase, list, " is ''"),
        (None, None) => (rest, "", ""),
    };
    let mut sent = Vec::new();
    for item in list.split(" , ").filter(|item| !item.is_empty()) {
        sent.push((item.strip_suffix(filler)?.to_owned(), names.next()?));
    }
    let whole = !phrase.contains('\'') && names.next().is_none();
    whole.then(|| Parts { door, address, sent, phrase: phrase.to_owned(), target })
}

/// A line before and after its first colon outside quotes.
fn split_at_colon(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = text.char_indices().find(|(_, letter)| {
        quoted ^= *letter == '\'';
        *letter == ':' && !quoted
    })?;
    Some((&text[..at.0], &text[at.0 + 1..]))
}

impl Order {
    /// Fits the parts to the form of the statement that has the phrase.
    ///
    /// # Errors
    /// What is sent twice, in vain, or not at all.
    pub(crate) fn fit(
        found: Found,
        form: &'static Form,
        phrase: &'static str,
        parts: Parts,
    ) -> Result<Self, String> {
        let mut sent: Vec<(&'static str, Box<str>)> = Vec::new();
        for (name, source) in parts.sent {
            let Some(parameter) = form.sends.iter().find(|it| it.name == name) else {
                let names: Vec<_> = form.sends.iter().map(|it| it.name).collect();
                let takes = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
                return Err(format!("'{phrase}' takes no {name}: it takes {takes}"));
            };
            if sent.iter().any(|(known, _)| *known == parameter.name) {
                return Err(format!("{name} is sent twice"));
            }
            sent.push((parameter.name, source));
        }
        let absent =
            form.sends.iter().find(|it| !it.optional && !sent.iter().any(|(name, _)| *name == it.name));
        if let Some(absent) = absent {
            return Err(format!("'{phrase}' needs a {0}: write `send {0} '…' and`", absent.name));
        }
        Ok(Self { found, phrase, address: parts.address, sent, target: parts.target })
    }

    /// The question that the line asks.
    ///
    /// # Errors
    /// When a name is missing, or what it stands for does not fit.
    pub(crate) fn question(&self, known: &Known) -> Result<Question, Error> {
        let crate::statement::Action::Order(_, run) = &self.found.statement.run else {
            return Err(Error::failed("the line orders nothing"));
        };
        let want = run(&Ordered { known, order: self })?;
        Ok(Question::new(want, self.target.clone()))
    }
}

/// What the function of an order gets: its parts, and what the names stand for.
pub(crate) struct Ordered<'a> {
    pub(crate) known: &'a Known,
    order: &'a Order,
}

/// What the function of an order gives.
pub(crate) type Ordering = fn(&Ordered<'_>) -> Result<Want, Error>;

impl Ordered<'_> {
    /// The phrase of the line, as its statement has it.
    pub(crate) fn phrase(&self) -> &'static str {
        self.order.phrase
    }

    /// The addresses that `connect to ''` or `open ''` names: one, or an array of them.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn addresses(&self) -> Result<Vec<String>, Error> {
        let name = self.order.address.as_deref().unwrap_or_default();
        let addresses = self.known.texts(name)?;
        if addresses.is_empty() { Err(Error::input(format!("'{name}' is empty"))) } else { Ok(addresses) }
    }

    /// The first of the addresses.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn address(&self) -> Result<String, Error> {
        Ok(self.addresses()?.swap_remove(0))
    }

    /// The name that a parameter takes its value from.
    pub(crate) fn source(&self, parameter: &str) -> Option<&str> {
        self.order.sent.iter().find(|(name, _)| *name == parameter).map(|(_, source)| &**source)
    }

    fn needed(&self, parameter: &str) -> Result<&str, Error> {
        self.source(parameter).ok_or_else(|| Error::failed(format!("{parameter} is not sent")))
    }

    /// The text that a parameter stands for.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn text(&self, parameter: &str) -> Result<String, Error> {
        self.known.text(self.needed(parameter)?)
    }

    /// The value that a parameter stands for, as JSON text.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn json(&self, parameter: &str) -> Result<String, Error> {
        self.known.json(self.needed(parameter)?)
    }

    /// The value that a parameter stands for.
    ///
    /// # Errors
    /// When there is none, or it is nested too deep.
    pub(crate) fn value(&self, parameter: &str) -> Result<serde_json::Value, Error> {
        let source = self.needed(parameter)?;
        let value = serde_json::from_str(self.known.value(source)?.get());
        value.map_err(|fault| Error::input(format!("'{source}' cannot be read: {fault}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<Parts> {
        let line = words::trimmed(line);
        match head(&words::first(line).to_ascii_lowercase()) {
            Some(phase) => read_prepared(line, phase),
            None => read(&words::sentence(line, Phase::Given), line),
        }
    }

    fn expected(target: Target) -> Option<Parts> {
        Some(Parts {
            door: Some(Door::Connect),
            address: Some("my url".into()),
            sent: vec![("object".to_owned(), "a".into()), ("headers".to_owned(), "b c".into())],
            phrase: "do post".to_owned(),
            target,
        })
    }

    const GIVEN: &str = "Given I connect to 'my url' and send object 'a' and send headers 'b c' and do post";

    #[test]
    fn a_sentence_is_taken_apart() {
        assert_eq!(parts(GIVEN), expected(Target::Nothing));
        let into = Target::Member("r s".to_owned());
        assert_eq!(parts(&format!("{GIVEN} and output into 'r s'")), expected(into));
        let secret = Target::Secret("r".to_owned());
        assert_eq!(parts(&format!("{GIVEN} and output secret into 'r'")), expected(secret));
    }

    #[test]
    fn the_second_form_says_the_same() {
        let body = "connect to 'my url' and do post with object 'a', headers 'b c'";
        assert_eq!(parts(&format!("Prepare: {body}")), expected(Target::Nothing));
        assert_eq!(parts(&format!("prepare 'r : s': {body}")), expected(Target::Member("r : s".to_owned())));
        assert_eq!(parts(&format!("Compute secret 'r': {body}")), expected(Target::Secret("r".to_owned())));
        let body = "connect to 'my url' and do post where object is 'a',headers is 'b c'";
        assert_eq!(parts(&format!("After 'r':{body}")), expected(Target::Member("r".to_owned())));
    }

    #[test]
    fn what_has_more_quoted_parts_is_no_order() {
        assert_eq!(parts("Given I connect to 'x' and do 'get'"), None);
        assert_eq!(parts("Given I connect to 'x' and save the output into 'y'"), None);
        assert_eq!(parts("Prepare connect to 'x' and do get"), None);
    }
}
