//! What to do about a line that the grammar refuses.

use super::state::State;
use crate::words;

/// What may follow, in words.
pub(super) fn transition_hint(from: State, to: State) -> &'static str {
    match (from, to) {
        (_, State::Init) => "a contract begins with Rule, Scenario or Given",
        (State::Init | State::Rule | State::Scenario, _) => {
            "Given comes first: a contract without input says 'Given nothing'"
        }
        (_, State::Given | State::Rule | State::Scenario) => {
            "Rule, Scenario and Given come before everything else"
        }
        (State::If | State::IfForeach, State::EndIf) => {
            "a branch needs at least one When or Then before its EndIf"
        }
        (State::Foreach | State::ForeachIf, State::EndForeach) => {
            "a loop needs at least one When before its EndForeach"
        }
        (State::Then | State::ThenIf, State::Foreach | State::ForeachIf) => {
            "a loop cannot follow a Then: put a When between them"
        }
        (State::Given, _) => "the Given phase goes on with Given, And, When, If, Foreach or Then",
        _ => "this line cannot follow the one before it",
    }
}

/// What may be wrong with the first word of a line.
pub(super) fn prefix_hint(text: &str) -> &'static str {
    if text.starts_with('\u{feff}') {
        return "the file begins with a byte order mark: save it as UTF-8 without one";
    }
    match words::first(text).to_ascii_lowercase().trim_end_matches(':') {
        "feature" => "a Feature line is a comment here: begin it with #",
        "scenario" | "rule" | "given" | "when" | "then" | "if" | "and" | "foreach" => {
            "put a blank behind the first word, and nothing else"
        }
        "else" | "elseif" => {
            "there is no else: close with EndIf, and open another If with the opposite condition"
        }
        "but" | "or" => "only And goes on with the line before",
        "for" => "a loop begins with Foreach, in one word, and ends with EndForeach",
        "end" => "branches end with EndIf, loops with EndForeach, each in one word",
        _ => "a line begins with Rule, Scenario, Given, When, If, EndIf, Foreach, EndForeach, Then, And or #",
    }
}
