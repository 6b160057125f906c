//! Contracts and inputs made from a seed, to look for differences where nobody thought of writing a case.
//!
//! A contract is composed of the language's own table of statements, line after line. This implementation is
//! asked behind each line what is in memory, so that most lines do something and contracts get long; a part of
//! the contracts is made wrong on purpose. Each case is about one sentence of the table in turn, so that every
//! statement gets its share. The same seed and number make the same case on every machine.

mod argument;
mod corpus;
mod dice;
mod draft;
mod given;
mod heap;
mod mutation;
mod sentence;
mod value;

use zencode::Phase;

use crate::case::Case;
use crate::settings::Settings;
use dice::Dice;
use draft::{Attempt, Draft};

pub(crate) use sentence::{Sentence, excluded, sentences_of, table};

/// Lines between the Given and the last Then lines, at most.
const BODY_LINES_MAX: usize = 14;
/// Inputs declared, at most.
const INPUTS_MAX: usize = 6;
/// What signs, and what a contract may find among its keys.
const KEYS: &str = r#"{"keyring":{"ecdh":"B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=","eddsa":"7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH"}}"#;
/// Lines that set rules, right ones.
const RULES: &[&str] = &[
    "Rule check version 5.0.0",
    "Rule check version 2.0.0",
    "Rule output encoding hex",
    "Rule output encoding url64",
    "Rule output encoding base58",
    "Rule output encoding string",
    "Rule output encoding unheard",
    "Rule input encoding hex",
    "Rule input encoding string",
    "Rule input encoding url64",
    "Rule input encoding unheard",
    "Rule input number strict",
    "Rule input untagged",
    "Rule input format json",
    "Rule output format json",
    "Rule output versioning",
    "Rule unknown ignore",
    "rule  UNKNOWN   ignore",
    "Rule path separator /",
    "Rule set hash sha512",
    "Rule set maxiter 3",
];

/// What cases are composed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// Every statement, and now and then the beginning of a committed case.
    #[default]
    Everything,
    /// Statements that need no scenario, and no committed case: the cases stay the same until the core changes.
    Core,
}

impl Source {
    /// The sentences that it is composed of.
    pub(crate) fn sentences(self) -> impl Iterator<Item = &'static Sentence> {
        table().iter().filter(move |sentence| self == Self::Everything || sentence.scenario.is_none())
    }
}

/// The case of a number. Case `n` is about sentence `n` of the table, counted round and round.
pub fn case(source: Source, seed: u64, number: u64) -> Case {
    let mut dice = Dice::of_case(seed, number);
    let sentences: Vec<&'static Sentence> = source.sentences().collect();
    let count = sentences.len() as u64;
    let focus = sentences[usize::try_from(number % count).expect("a position in the table is a usize")];
    let settings = settings(&mut dice);
    let start = Case {
        name: format!("random/{seed}/{number}"),
        conf: Some(settings.conf.clone()),
        ..Case::from_text("", "")
    };
    let wrong = if dice.percent(30) { 12 } else { 0 };
    let mut draft = Draft::new(start, settings, wrong);
    compose(&mut dice, &mut draft, focus, source);
    let mut case = draft.case;
    if dice.percent(20) {
        mutation::mutate(&mut dice, &mut case);
    }
    case
}

/// A seed of its own, and now and then a limit of turns.
fn settings(dice: &mut Dice) -> Settings {
    let seed: String = (0..8).map(|_| format!("{:016x}", dice.word())).collect();
    let turns = if dice.percent(5) { ",maxiter=dec:3" } else { "" };
    let conf = format!("debug=1,rngseed=hex:{seed}{turns}");
    Settings::from_conf(&conf).expect("the configuration is written as it is read")
}

fn compose(dice: &mut Dice, draft: &mut Draft, focus: &'static Sentence, source: Source) {
    let borrowed = source == Source::Everything && dice.percent(40) && borrow(dice, draft, focus);
    if !borrowed {
        open(dice, draft, focus);
    }
    let mut pending = !borrowed && focus.phase != Phase::Given && excluded(focus).is_none();
    let length = 1 + dice.below(BODY_LINES_MAX);
    for _ in 0..length {
        if pending && focus.phase != Phase::Then {
            match draft.say(dice, focus, true) {
                Attempt::Written => pending = false,
                Attempt::WrittenWrong => return finish(dice, draft, None),
                Attempt::Dropped => {}
            }
        }
        let attempt = match draft.next_phase(dice) {
            None => {
                draft.close();
                continue;
            }
            Some(phase) => draft.any(dice, phase).map(|sentence| draft.say(dice, sentence, false)),
        };
        if attempt == Some(Attempt::WrittenWrong) {
            return finish(dice, draft, None);
        }
    }
    finish(dice, draft, Some(focus).filter(|focus| pending && focus.phase == Phase::Then));
}

/// Starts with a committed case that uses the sentence, without what it prints; false when there is none.
fn borrow(dice: &mut Dice, draft: &mut Draft, focus: &'static Sentence) -> bool {
    let choices = corpus::cases_with(focus);
    if choices.is_empty() {
        return false;
    }
    let example = dice.pick(choices);
    let keep_print = dice.percent(30) || focus.phase == Phase::Then;
    let script: String = example
        .script
        .lines()
        .filter(|line| keep_print || !line.trim_start().starts_with("Then"))
        .map(|line| format!("{line}\n"))
        .collect();
    let borrowed =
        Case { script, data: example.data.clone(), keys: example.keys.clone(), ..draft.case.clone() };
    let empty = std::mem::replace(&mut draft.case, borrowed);
    if dice.percent(40) {
        mutation::mutate_data(dice, &mut draft.case);
    }
    let usable = draft.resume() && !draft.heap.shows_order_anywhere(&draft.case.script);
    if !usable {
        draft.case = empty;
    }
    usable
}

/// Writes rules, scenarios and Given lines.
fn open(dice: &mut Dice, draft: &mut Draft, focus: &'static Sentence) {
    if let Some(name) = focus.scenario {
        draft.case.script += &format!("Scenario '{name}'\n");
    }
    while dice.percent(22) {
        draft.case.script += dice.pick(RULES);
        draft.case.script.push('\n');
    }
    let keyring = focus.text.contains("signature") || focus.text.contains("key") || dice.percent(10);
    if keyring && dice.percent(80) {
        draft.case.keys = KEYS.to_owned();
        draft.case.script += "Given I have a 'keyring'\n";
    }
    if focus.phase == Phase::Given && focus.text.contains("my") && !focus.text.contains("my name") {
        draft.case.script += &format!("Given I am '{}'\n", given::IDENTITY);
    }
    let named = |sentence: &&Sentence| sentence.phase == Phase::Given && sentence.text == "'' named ''";
    let plain = table().iter().find(named);
    for _ in 0..=dice.below(INPUTS_MAX) {
        let rare = dice.percent(25).then(|| draft.any(dice, Phase::Given)).flatten();
        if let Some(sentence) = rare.or(plain) {
            draft.declare(dice, sentence);
        }
    }
    if focus.phase == Phase::Given && excluded(focus).is_none() {
        draft.declare(dice, focus);
    }
    if !draft.case.script.lines().any(|line| line.starts_with("Given")) {
        draft.case.script += "Given nothing\n";
    }
    draft.resume();
}

/// Closes what is open and prints.
fn finish(dice: &mut Dice, draft: &mut Draft, focus: Option<&'static Sentence>) {
    while !draft.open.is_empty() {
        draft.close();
    }
    draft.resume();
    if let Some(focus) = focus {
        draft.say(dice, focus, true);
    }
    for _ in 0..dice.below(4) {
        if let Some(sentence) = draft.any(dice, Phase::Then) {
            draft.say(dice, sentence, false);
        }
    }
    if !draft.case.script.contains("Then") || dice.percent(60) {
        draft.case.script += "Then print data\n";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_number_make_the_same_case() {
        for number in 0..20 {
            assert_eq!(case(Source::Core, 7, number), case(Source::Core, 7, number));
            assert_ne!(case(Source::Core, 7, number), case(Source::Core, 8, number));
        }
    }

    #[test]
    fn most_cases_are_about_their_sentence() {
        let count = 200;
        let about = (0..count).filter(|number| {
            let focus = &table()[usize::try_from(*number).unwrap() % table().len()];
            let script = case(Source::Everything, 3, *number).script;
            sentences_of(&script).values().any(|found| std::ptr::eq(*found, focus))
        });
        assert!(about.count() as u64 * 10 > count * 7);
    }
}
