//! Almost valid: one change that a hurried author, or a careless program, might make.

use super::dice::Dice;
use crate::case::Case;

/// Changes the contract or its input in one place.
pub(super) fn mutate(dice: &mut Dice, case: &mut Case) {
    if dice.percent(30) && !case.data.is_empty() {
        mutate_data(dice, case);
    } else {
        mutate_script(dice, case);
    }
}

fn mutate_script(dice: &mut Dice, case: &mut Case) {
    let mut lines: Vec<String> = case.script.lines().map(str::to_owned).collect();
    let at = dice.below(lines.len());
    let Some(line) = lines.get(at).cloned() else { return };
    match dice.below(22) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, line),
        2 => {
            let other = dice.below(lines.len());
            lines.swap(at, other);
        }
        3 => lines.insert(
            at,
            dice.pick(&["", "   ", "# a comment", "\t# 'quoted'", "#", "Suddenly it rains"]).into(),
        ),
        4 => lines.insert(
            at,
            dice.pick(&["EndIf", "EndForeach", "When done", "Then nothing", "Given nothing"]).into(),
        ),
        5 => lines.insert(
            at,
            dice.pick(&["Scenario 'ecdh'", "Scenario nothing: x", "Rule caller x", "Rule"]).into(),
        ),
        6 => {
            let ending = dice.pick(&["\r\n", "\r", "\n\n"]);
            case.script = lines.join(ending) + ending;
            return;
        }
        _ => lines[at] = mutate_line(dice, &line),
    }
    case.script = lines.join("\n") + if dice.percent(90) { "\n" } else { "" };
}

fn mutate_line(dice: &mut Dice, line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let at = dice.below(words.len());
    let with = |word: &str| {
        words[..at].iter().chain(&[word]).chain(&words[at..]).copied().collect::<Vec<_>>().join(" ")
    };
    match dice.below(15) {
        0 => line.replacen('\'', "", 1),
        1 => line.replace('\'', "\""),
        2 => line.to_uppercase(),
        3 => line.to_lowercase(),
        4 => format!("  {}\t ", line.replace(' ', "  ")),
        5 => with(dice.pick(&[
            "the", "the the", "a", "an", "valid", "all", "inside", "that", "I", "i", "have", "known as",
        ])),
        6 => words
            .iter()
            .enumerate()
            .filter(|(word, _)| *word != at)
            .map(|(_, word)| *word)
            .collect::<Vec<_>>()
            .join(" "),
        7 => format!("{line} # and a comment"),
        8 => format!("{line} '{}'", "x".repeat(1020)),
        9 => {
            let phase = dice
                .pick(&["Given", "When", "If", "Foreach", "Then", "And", "and", "Rule", "Scenario", "EndIf"]);
            format!("{phase} {}", words.get(1..).unwrap_or_default().join(" "))
        }
        10 => line.replace(" in ", " inside "),
        11 => line.chars().take(dice.below(line.chars().count())).collect(),
        12 => format!("{line}."),
        13 => line.replacen("' ", "'", 1),
        _ => line.replacen('\'', "''", 1),
    }
}

/// Changes the input in one place.
pub(super) fn mutate_data(dice: &mut Dice, case: &mut Case) {
    let data: Vec<char> = case.data.chars().collect();
    if data.is_empty() {
        return;
    }
    let at = dice.below(data.len());
    let (head, tail): (String, String) = (data[..at].iter().collect(), data[at..].iter().collect());
    let rest: String = data[at + 1..].iter().collect();
    case.data = match dice.below(12) {
        0 => head + &rest,
        1 => {
            head + dice
                .pick(&["0", "1", "9", "\"", ",", "}", "]", "{", "[", ":", " ", "-", "e", "\\", "null"])
                + &tail
        }
        2 => format!("[{}]", case.data),
        3 => head,
        4 => format!(" \n\t{}\n", case.data),
        5 => format!("\u{feff}{}", case.data),
        6 => case.data.replacen(',', ",,", 1),
        7 => case.data.replacen(']', ",]", 1),
        8 => case.data.replacen(']', ",null]", 1),
        9 => case.data.replacen("{", "{\"beta\":\"twice\",", 1),
        10 => swapped_value(dice, &case.data),
        _ => format!("{head}{}{rest}", dice.pick(&["0", "1", "a", "z", "é", "\\u0000", "5"])),
    };
}

/// The input with one of its texts or numbers replaced.
fn swapped_value(dice: &mut Dice, data: &str) -> String {
    let places: Vec<usize> = data.match_indices(':').map(|(at, _)| at + 1).collect();
    let Some(at) = places.get(dice.below(places.len())) else { return data.to_owned() };
    let kind = dice.kind();
    let value = dice.value_for(&kind);
    let end = data[*at..].find([',', '}', ']']).map_or(data.len(), |length| at + length);
    format!("{}{value}{}", &data[..*at], &data[end..])
}
